package desk_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
	"flashmentoring/internal/table/bolttable"
)

// rewritten writes all records of a partition's place as a release far ahead of this one would, and returns them.
func (o *office) rewritten(t *testing.T, partition, place string) (all []table.Record) {
	t.Helper()
	for _, r := range o.records(t, partition, place) {
		r.Data = bytes.Replace(r.Data, []byte(`{"s":1,`), []byte(`{"s":99,"later":"what this release knows nothing of",`), 1)
		must(t, o.engine.Commit(t.Context(), table.Update(r)))
	}
	return o.records(t, partition, place)
}

func (o *office) records(t *testing.T, partition, place string) (all []table.Record) {
	t.Helper()
	err := o.engine.(*bolttable.Table).Each(t.Context(), func(r table.Record) error {
		if strings.HasPrefix(r.PK, partition) && strings.HasPrefix(r.SK, place) {
			r.Data = slices.Clone(r.Data)
			all = append(all, r)
		}
		return nil
	})
	if err != nil || len(all) == 0 {
		t.Fatalf("no record %s/%s: %v", partition, place, err)
	}
	return all
}

// withoutCheck is an office on whose table may be what this release would not write.
func withoutCheck(t *testing.T) *office {
	engine, err := bolttable.Open(t.TempDir()+"/table", bolttable.NoSync())
	must(t, err)
	t.Cleanup(func() { engine.Close() })
	return officeOn(engine, nil)
}

// A record of a later release is neither shown nor written over: whoever meets one is told to come again.
func TestARecordOfALaterReleaseIsLeftAlone(t *testing.T) {
	for place, partition := range map[string]string{"BOOKING": "BOOKING#", "SEAT#": "SLOT#", "META": "SLOT#", "AGENDA": "PERSON#", "PROFILE": "PERSON#"} {
		t.Run(strings.ToLower(strings.Trim(place, "#")), func(t *testing.T) {
			o := withoutCheck(t)
			ada, ben := o.enrolled(t, "ada"), o.enrolled(t, "ben")
			slot := o.published(t, ada, circle(2, 48*time.Hour))
			view, err := o.Book(t.Context(), ben, slot, request, desk.Once{})
			must(t, err)

			before := o.rewritten(t, partition, place)
			if _, err := o.Cancel(t.Context(), ben, view.Booking.ID, mentoring.Cancel{}, desk.Once{}); codeOf(err) != mentoring.Busy {
				t.Errorf("cancelled: %v", err)
			}
			if diff := cmp.Diff(before, o.records(t, partition, place)); diff != "" {
				t.Errorf("the record was changed: %s", diff)
			}
		})
	}
}

// The outbox and the clock leave the rows of a later release to it: they are neither parked nor dropped.
func TestRowsOfALaterReleaseAreLeftToIt(t *testing.T) {
	o := withoutCheck(t)
	ada, ben := o.enrolled(t, "ada"), o.enrolled(t, "ben")
	_, err := o.Book(t.Context(), ben, o.published(t, ada, circle(2, 48*time.Hour)), request, desk.Once{})
	must(t, err)
	o.advance(48 * time.Hour)

	for _, row := range o.rewritten(t, "OUTBOX#", "") {
		if got, err := o.OutboxRow(t.Context(), row.Key); got != nil || !errors.Is(err, desk.ErrLater) || errors.Is(err, desk.ErrDamaged) {
			t.Errorf("row: %v, %v", got, err)
		}
	}
	wakes := o.rewritten(t, "DUE#", "")
	for _, wake := range wakes {
		if _, err := o.Wake(t.Context(), wake.Key); !errors.Is(err, desk.ErrLater) || errors.Is(err, desk.ErrDamaged) {
			t.Errorf("wake: %v", err)
		}
	}
	if diff := cmp.Diff(wakes, o.records(t, "DUE#", "")); diff != "" {
		t.Errorf("a wake was changed: %s", diff)
	}
}
