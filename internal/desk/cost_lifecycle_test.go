package desk_test

import (
	"context"
	"testing"
	"time"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
	"flashmentoring/internal/table/tabletest"
)

// costly prepares a use case on a table of its own; what it returns is counted.
type costly func(t *testing.T, o *office) func(context.Context) error

// P3, the rest of the life of bookings and slots: what each step costs, exactly. All of them come with an Idempotency-Key
// where a client can give one.
func TestCostOfTheLifecycle(t *testing.T) {
	for _, c := range []struct {
		name string
		open costly
		want tabletest.Usage
	}{
		{"book", func(t *testing.T, o *office) func(context.Context) error {
			slot, ben := o.published(t, o.enrolled(t, "ada"), circle(1, 50*time.Hour)), o.enrolled(t, "ben")
			return func(ctx context.Context) error { return ignore(o.Book(ctx, ben, slot, waiting(), key("k"))) }
		}, tabletest.Usage{Rounds: 2, Gets: 1, Queries: 1, Commits: 1, Writes: 5, RCU: 4, WCU: 10, IndexWCU: 2}},
		{"book of a capped expert", func(t *testing.T, o *office) func(context.Context) error {
			slot, ben := o.published(t, o.capped(t, "ada", 3), circle(1, 50*time.Hour)), o.enrolled(t, "ben")
			return func(ctx context.Context) error { return ignore(o.Book(ctx, ben, slot, waiting(), key("k"))) }
		}, tabletest.Usage{Rounds: 3, Gets: 2, Queries: 1, Commits: 1, Writes: 6, RCU: 5, WCU: 12, IndexWCU: 2}},
		{"request", func(t *testing.T, o *office) func(context.Context) error {
			slot, ben := o.published(t, o.enrolled(t, "ada"), onRequest(1, 50*time.Hour)), o.enrolled(t, "ben")
			return func(ctx context.Context) error { return ignore(o.Book(ctx, ben, slot, waiting(), key("k"))) }
		}, tabletest.Usage{Rounds: 2, Gets: 1, Queries: 1, Commits: 1, Writes: 6, RCU: 4, WCU: 14, IndexWCU: 2}},
		{"wait", func(t *testing.T, o *office) func(context.Context) error {
			slot, _, _ := o.full(t, circle(1, 50*time.Hour), 0)
			kim := o.enrolled(t, "kim")
			return func(ctx context.Context) error { return ignore(o.Book(ctx, kim, slot, waiting(), key("k"))) }
		}, tabletest.Usage{Rounds: 2, Gets: 1, Queries: 1, Commits: 1, Writes: 6, RCU: 4, WCU: 14, IndexWCU: 2}},
		{"approve", func(t *testing.T, o *office) func(context.Context) error {
			_, ada, held := o.full(t, onRequest(1, 50*time.Hour), 0)
			return func(ctx context.Context) error { return ignore(o.Approve(ctx, ada, held[0].id, key("k"))) }
		}, tabletest.Usage{Rounds: 3, Gets: 3, Queries: 1, Commits: 1, Writes: 5, RCU: 7, WCU: 12}},
		{"decline", func(t *testing.T, o *office) func(context.Context) error {
			_, ada, held := o.full(t, onRequest(1, 50*time.Hour), 0)
			return func(ctx context.Context) error {
				return ignore(o.Decline(ctx, ada, held[0].id, mentoring.Decline{Reason: mentoring.NotMyArea}, key("k")))
			}
		}, tabletest.Usage{Rounds: 3, Gets: 3, Queries: 1, Commits: 1, Writes: 5, RCU: 7, WCU: 12}},
		{"cancel", func(t *testing.T, o *office) func(context.Context) error {
			_, _, held := o.full(t, circle(1, 50*time.Hour), 0)
			return func(ctx context.Context) error {
				return ignore(o.Cancel(ctx, held[0].who, held[0].id, mentoring.Cancel{}, key("k")))
			}
		}, tabletest.Usage{Rounds: 3, Gets: 2, Queries: 1, Commits: 1, Writes: 5, RCU: 5, WCU: 12}},
		{"cancel, and promote the first of three", func(t *testing.T, o *office) func(context.Context) error {
			_, _, held := o.full(t, circle(1, 50*time.Hour), 3)
			return func(ctx context.Context) error {
				return ignore(o.Cancel(ctx, held[0].who, held[0].id, mentoring.Cancel{}, key("k")))
			}
		}, tabletest.Usage{Rounds: 4, Gets: 3, Queries: 1, Commits: 1, Writes: 9, RCU: 14, WCU: 22}},
		{"move", func(t *testing.T, o *office) func(context.Context) error {
			_, _, held := o.full(t, circle(1, 50*time.Hour), 0)
			to := o.published(t, o.enrolled(t, "bob"), circle(1, 60*time.Hour))
			return func(ctx context.Context) error {
				return ignore(o.Move(ctx, held[0].who, held[0].id, mentoring.Move{To: to, NoConflict: true}, key("k")))
			}
		}, tabletest.Usage{Rounds: 3, Gets: 2, Queries: 2, Commits: 1, Writes: 6, RCU: 6, WCU: 14, IndexWCU: 4}},
		{"patch a text of a full circle", func(t *testing.T, o *office) func(context.Context) error {
			slot, ada, _ := o.full(t, circle(12, 50*time.Hour), 0)
			return func(ctx context.Context) error {
				return ignore(o.Revise(ctx, ada, slot, mentoring.Revision{Title: new("Reading a cash flow statement")}, nil))
			}
		}, tabletest.Usage{Rounds: 3, Gets: 2, Queries: 1, Commits: 1, Writes: 27, RCU: 39, WCU: 78, IndexWCU: 2}},
		{"patch the time of a full circle", func(t *testing.T, o *office) func(context.Context) error {
			slot, ada, _ := o.full(t, circle(12, 50*time.Hour), 0)
			return func(ctx context.Context) error {
				return ignore(o.Revise(ctx, ada, slot, mentoring.Revision{StartsAt: new(morning.Add(60 * time.Hour))}, nil))
			}
		}, tabletest.Usage{Rounds: 4, Gets: 3, Queries: 1, Commits: 1, Writes: 41, RCU: 40, WCU: 106, IndexWCU: 54}},
		{"close a full circle", func(t *testing.T, o *office) func(context.Context) error {
			slot, ada, _ := o.full(t, circle(12, 50*time.Hour), 0)
			return func(ctx context.Context) error { return ignore(o.Close(ctx, ada, slot, key("k"))) }
		}, tabletest.Usage{Rounds: 3, Gets: 2, Queries: 1, Commits: 1, Writes: 16, RCU: 40, WCU: 32, IndexWCU: 2}},
		{"cancel a full circle", func(t *testing.T, o *office) func(context.Context) error {
			slot, ada, _ := o.full(t, circle(12, 50*time.Hour), 0)
			return func(ctx context.Context) error {
				return ignore(o.CancelSlot(ctx, ada, slot, mentoring.Cancel{}, key("k")))
			}
		}, tabletest.Usage{Rounds: 3, Gets: 2, Queries: 1, Commits: 1, Writes: 41, RCU: 40, WCU: 106, IndexWCU: 2}},
		{"publish", func(t *testing.T, o *office) func(context.Context) error {
			ada := o.enrolled(t, "ada")
			return func(ctx context.Context) error { return ignore(o.Publish(ctx, ada, circle(1, 50*time.Hour), key("k"))) }
		}, tabletest.Usage{Rounds: 2, Gets: 2, Commits: 1, Writes: 6, RCU: 4, WCU: 12, IndexWCU: 3}},
		{"publish twenty", func(t *testing.T, o *office) func(context.Context) error {
			ada := o.enrolled(t, "ada")
			var drafts []mentoring.SlotDraft
			for i := range 20 {
				drafts = append(drafts, circle(1, time.Duration(50+i)*time.Hour))
			}
			return func(ctx context.Context) error { return ignore(o.PublishAll(ctx, ada, drafts, key("k"))) }
		}, tabletest.Usage{Rounds: 2, Gets: 2, Commits: 1, Writes: 63, RCU: 4, WCU: 162, IndexWCU: 60}},
		{"tend where there is nothing to do", func(t *testing.T, o *office) func(context.Context) error {
			slot, _, _ := o.full(t, circle(12, 50*time.Hour), 0)
			o.workOff(t)
			return func(ctx context.Context) error { return o.Tend(ctx, slot, time.Time{}) }
		}, tabletest.Usage{Rounds: 1, Queries: 1, RCU: 1}},
		{"wake where there is nothing to do", func(t *testing.T, o *office) func(context.Context) error {
			o.published(t, o.enrolled(t, "ada"), circle(12, 50*time.Hour))
			return waking(t, o, 26*time.Hour)
		}, tabletest.Usage{Rounds: 4, Gets: 2, Queries: 1, Commits: 1, Writes: 2, RCU: 3, WCU: 4}},
		{"wake for the reminders of a full circle", func(t *testing.T, o *office) func(context.Context) error {
			o.full(t, circle(12, 50*time.Hour), 0)
			o.workOff(t)
			return waking(t, o, 26*time.Hour)
		}, tabletest.Usage{Rounds: 4, Gets: 2, Queries: 1, Commits: 1, Writes: 3, RCU: 3, WCU: 6}},
		{"wake for the end of a session of two", func(t *testing.T, o *office) func(context.Context) error {
			o.full(t, circle(1, 50*time.Hour), 0)
			o.advance(50 * time.Hour)
			o.workOff(t)
			return waking(t, o, 30*time.Minute)
		}, tabletest.Usage{Rounds: 5, Gets: 3, Queries: 1, Commits: 1, Writes: 7, RCU: 9, WCU: 16}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var counting *tabletest.Counting
			o := openOffice(t, func(engine table.Table) table.Table {
				counting = tabletest.NewCounting(engine)
				return counting
			})
			call := c.open(t, o)
			counting.Reset()
			if err := call(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := counting.Usage(); got != c.want {
				t.Errorf("costs %s, want %s", show(got), show(c.want))
			}
			documented(t, c.name, c.want)
		})
	}
}

// waking does what is due first, after so long.
func waking(t *testing.T, o *office, later time.Duration) func(context.Context) error {
	o.advance(later)
	keys := o.due(t, o.DueShards, o.WakesDue)
	return func(ctx context.Context) error { return ignore(o.Wake(ctx, keys[0])) }
}

// holder is somebody with a seat.
type holder struct {
	who desk.Caller
	id  mentoring.BookingID
}

// full is a slot of ada's whose seats are all taken, and for which so many wait.
func (o *office) full(t testing.TB, d mentoring.SlotDraft, wait int) (slot mentoring.SlotID, ada desk.Caller, held []holder) {
	t.Helper()
	ada = o.enrolled(t, "ada")
	slot = o.published(t, ada, d)
	for _, c := range o.crowd(t, *d.Capacity+wait) {
		held = append(held, holder{c, o.booked(t, c, slot)})
	}
	return slot, ada, held
}
