package tabletest_test

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"flashmentoring/internal/table"
	"flashmentoring/internal/table/tabletest"
)

// What passes between calls is not counted, and what passes during several is counted once.
func TestStopwatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		on := tabletest.NewStopwatch(slow(t))
		commit(t, on, table.Insert(record("a", "")))
		time.Sleep(time.Second)
		var all sync.WaitGroup
		for range 3 {
			all.Go(func() { get(t, on, "a") })
		}
		all.Go(func() {
			time.Sleep(readTime / 2)
			get(t, on, "a")
		})
		all.Wait()
		if want := commitTime + readTime + readTime/2; on.Spent() != want {
			t.Errorf("%v were spent in the table, want %v", on.Spent(), want)
		}
		on.Reset()
		if err := querying("", "p")(t.Context(), on); err != nil || on.Spent() != readTime {
			t.Errorf("a query took %v, %v", on.Spent(), err)
		}
	})
}
