package desk_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
)

func bounce(at time.Time) desk.Suppression {
	return desk.Suppression{Reason: desk.SuppressedBounce, At: at, MessageID: "id-1"}
}

func complaint(at time.Time) desk.Suppression {
	return desk.Suppression{Reason: desk.SuppressedComplaint, At: at, MessageID: "id-2"}
}

// Each step is an event, or the lifting, and what is in force after it.
func TestSuppression(t *testing.T) {
	o := openOffice(t, nil)
	const address = "ben@example.org"
	steps := []struct {
		name    string
		event   desk.Suppression // without Reason it is lifted
		changed bool
		want    desk.Suppression // without Reason there is none
	}{
		{"a bounce", bounce(morning), true, bounce(morning)},
		{"the same again", bounce(morning), false, bounce(morning)},
		{"a later one", bounce(morning.Add(time.Hour)), false, bounce(morning)},
		{"a complaint weighs more", complaint(morning.Add(time.Hour)), true, complaint(morning.Add(time.Hour))},
		{"a bounce weighs less", bounce(morning.Add(2 * time.Hour)), false, complaint(morning.Add(time.Hour))},
		{"lifted", desk.Suppression{}, false, desk.Suppression{}},
		{"lifted again", desk.Suppression{}, false, desk.Suppression{}},
		{"an event from before", complaint(morning.Add(time.Hour)), false, desk.Suppression{}},
		{"a new one", bounce(morning.Add(11 * time.Hour)), true, bounce(morning.Add(11 * time.Hour))},
	}
	for _, step := range steps {
		o.advance(time.Hour)
		if step.event.Reason == "" {
			must(t, o.LiftSuppression(t.Context(), strings.ToUpper(address)))
		} else {
			changed, err := o.Suppress(t.Context(), " Ben@Example.org", step.event)
			if err != nil || changed != step.changed {
				t.Errorf("%s: changed %v, %v", step.name, changed, err)
			}
		}
		got, err := o.Suppression(t.Context(), address)
		must(t, err)
		if got == nil {
			got = &desk.Suppression{}
		}
		if diff := cmp.Diff(&step.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", step.name, diff)
		}
	}
	if other, err := o.Suppression(t.Context(), "ada@example.org"); other != nil || err != nil {
		t.Errorf("another address: %v, %v", other, err)
	}
}

// No record holds the address, not even in its key.
func TestSuppressionNamesNobody(t *testing.T) {
	engine := &remembering{Table: openEngine(t)}
	o := officeOn(engine, nil)
	_, err := o.Suppress(t.Context(), "ben@example.org", bounce(morning))
	must(t, err)
	if len(engine.written) != 1 {
		t.Fatalf("%d records", len(engine.written))
	}
	if r := engine.written[0].Record; strings.Contains(r.PK+r.SK+string(r.Data), "ben") {
		t.Errorf("the record %v %s", r.Key, r.Data)
	}
}

// A message to a suppressed address is settled for good; one that was sent before stays sent.
func TestNoMailToASuppressedAddress(t *testing.T) {
	o := openOffice(t, nil)
	n := mentoring.Notice{
		Kind: mentoring.BookingConfirmed, Booking: mentoring.Booking{ID: mentoring.NewBookingID([16]byte{1})},
		Reader: mentoring.Person{ID: person("ben").ID, Email: "ben@example.org"},
	}
	claim, err := o.ClaimMessage(t.Context(), n, 0, time.Minute)
	must(t, err)
	must(t, o.Sent(t.Context(), claim, "id-0"))
	_, err = o.Suppress(t.Context(), "ben@example.org", bounce(morning))
	must(t, err)
	if _, err := o.ClaimMessage(t.Context(), n, 0, time.Minute); !errors.Is(err, desk.ErrSettled) {
		t.Errorf("sent before: %v", err)
	}
	n.Booking.Version++
	for _, want := range []error{desk.ErrSuppressed, desk.ErrSettled} {
		if _, err := o.ClaimMessage(t.Context(), n, 0, time.Minute); !errors.Is(err, want) {
			t.Errorf("suppressed: %v, want %v", err, want)
		}
	}
	must(t, o.LiftSuppression(t.Context(), "ben@example.org"))
	if _, err := o.ClaimMessage(t.Context(), n, 1, time.Minute); !errors.Is(err, desk.ErrSettled) {
		t.Errorf("old news, after it was lifted: %v", err)
	}
	n.Booking.Version++
	if _, err := o.ClaimMessage(t.Context(), n, 0, time.Minute); err != nil {
		t.Errorf("a new message, after it was lifted: %v", err)
	}
}

// What is refused for good is not tried again, but in the next round.
func TestARefusalHoldsForARound(t *testing.T) {
	o := openOffice(t, nil)
	n := mentoring.Notice{Kind: mentoring.BookingConfirmed, Booking: mentoring.Booking{ID: mentoring.NewBookingID([16]byte{1})}}
	for round := range 2 {
		claim, err := o.ClaimMessage(t.Context(), n, round, time.Minute)
		must(t, err)
		if _, err := o.ClaimMessage(t.Context(), n, round, time.Minute); !errors.Is(err, desk.ErrClaimed) {
			t.Errorf("round %d, claimed: %v", round, err)
		}
		must(t, o.Refused(t.Context(), claim, "refused"))
		if _, err := o.ClaimMessage(t.Context(), n, round, time.Minute); !errors.Is(err, desk.ErrRefused) {
			t.Errorf("round %d, refused: %v", round, err)
		}
	}
}

// Troubles of the table are told as busy, and nothing is taken for granted.
func TestSuppressionWithoutATable(t *testing.T) {
	o := openOffice(t, func(table.Table) table.Table { return gone{} })
	if _, err := o.Suppression(t.Context(), "ben@example.org"); codeOf(err) != mentoring.Busy {
		t.Errorf("reading: %v", err)
	}
	if _, err := o.DeadLetters(t.Context(), coordinator, "", 10); codeOf(err) != mentoring.Busy {
		t.Errorf("listing dead letters: %v", err)
	}
}

// gone is a table that does not answer.
type gone struct{ table.Table }

func (gone) Get(context.Context, ...table.Key) ([]table.Record, error) {
	return nil, table.ErrUnavailable
}

func (gone) Query(context.Context, table.Range) (table.Page, error) {
	return table.Page{}, table.ErrUnavailable
}

// remembering keeps what was written.
type remembering struct {
	table.Table
	written []table.Write
}

func (r *remembering) Commit(ctx context.Context, writes ...table.Write) error {
	r.written = append(r.written, writes...)
	return r.Table.Commit(ctx, writes...)
}
