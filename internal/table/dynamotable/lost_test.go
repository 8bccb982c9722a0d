package dynamotable_test

import (
	"errors"
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/dynamolocal"
	"flashmentoring/internal/table"
	"flashmentoring/internal/table/dynamotable"
)

// lossy loses the next replies: the server has answered, and the client sees a broken connection.
type lossy struct{ losses atomic.Int32 }

func (l *lossy) Do(r *http.Request) (*http.Response, error) {
	response, err := http.DefaultClient.Do(r)
	if err == nil && l.losses.Add(-1) >= 0 {
		_ = response.Body.Close()
		return nil, errConnection{}
	}
	return response, err
}

type errConnection struct{}

func (errConnection) Error() string         { return "connection reset by peer" }
func (errConnection) ConnectionError() bool { return true }

// On the real DynamoDB Local: a commit whose reply is lost is applied once, and says so or that it does not
// know. It never says that somebody else was faster.
func TestLostReplies(t *testing.T) {
	server := dynamolocal.ForTest(t)
	transport := new(lossy)
	cfg := server.Config()
	cfg.HTTPClient = transport
	engine := dynamotable.New(dynamotable.Connect(cfg), server.TableForTest(t))

	version := func(t *testing.T, r table.Record) int64 {
		t.Helper()
		transport.losses.Store(0)
		records, err := engine.Get(t.Context(), r.Key)
		if err != nil {
			t.Fatal(err)
		}
		if len(records) == 0 {
			return 0
		}
		return records[0].Version
	}
	commit := func(t *testing.T, losses int32, want error, writes ...table.Write) {
		t.Helper()
		transport.losses.Store(losses)
		if err := engine.Commit(t.Context(), writes...); !errors.Is(err, want) {
			t.Errorf("got error %v, want %v", err, want)
		}
	}
	first, second := record("first", 0), record("second", 0)

	commit(t, 2, nil, table.Insert(first), table.Insert(second))
	if got := []int64{version(t, first), version(t, second)}; !cmp.Equal(got, []int64{1, 1}) {
		t.Errorf("after a transaction: versions %v, want 1 and 1", got)
	}
	first.Version = 1
	commit(t, 1, table.ErrUnavailable, table.Update(first))
	if got := version(t, first); got != 2 {
		t.Errorf("after an update: version %d, want 2", got)
	}
	commit(t, 1, nil, table.Drop(first.Key))
	if got := version(t, first); got != 0 {
		t.Errorf("after a drop: version %d, want none", got)
	}
	commit(t, 1, table.ErrUnavailable, table.Insert(first))
	if got := version(t, first); got != 1 {
		t.Errorf("after an insert: version %d, want 1", got)
	}
}
