package dispatch_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/dispatch"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
)

// work is what a process is at when it is killed: one use case, which its client sends again, or a look of the clock.
type work func(ctx context.Context, d *dispatch.Dispatcher) error

func once(name string) desk.Once { return desk.Once{Route: name, Key: "key"} }

// useCases prepare a world, and say what is done in it.
var useCases = map[string]func(t *testing.T, w *world) work{
	"enrol again, under another name": func(t *testing.T, w *world) work {
		w.books(t, w.enrolled(t, "ben"), w.slot(t, 1, mentoring.Instant, 100*time.Hour))
		e := mentoring.Enrolment{Profile: mentoring.Profile{Name: "Ada Byron", TimeZone: "UTC"}}
		return func(ctx context.Context, d *dispatch.Dispatcher) error {
			return ignored(d.Desk.Enrol(ctx, w.ada, e, nil))
		}
	},
	"declare a conflict": func(t *testing.T, w *world) work {
		ben := w.enrolled(t, "ben")
		w.books(t, ben, w.slot(t, 1, mentoring.Instant, 100*time.Hour))
		e := mentoring.Enrolment{Profile: mentoring.Profile{Name: "ben", TimeZone: "UTC", DeclaredConflicts: []mentoring.PersonID{w.ada.ID}}}
		return func(ctx context.Context, d *dispatch.Dispatcher) error {
			return ignored(d.Desk.Enrol(ctx, ben, e, nil))
		}
	},
	"be erased, with somebody in a slot of theirs": func(t *testing.T, w *world) work {
		w.books(t, w.enrolled(t, "ben"), w.slot(t, 1, mentoring.Instant, 20*time.Hour))
		w.news(t) // or the booking's mails are sent or no longer true, as their row comes before that of the erasure or after
		return func(ctx context.Context, d *dispatch.Dispatcher) error { return d.Desk.Erase(ctx, w.ada) }
	},
	"raise a concern": func(t *testing.T, w *world) work {
		ben := w.enrolled(t, "ben")
		raise := mentoring.Raise{About: w.ada.ID, Category: "conduct", Text: "She shouted at me."}
		return func(ctx context.Context, d *dispatch.Dispatcher) error {
			return ignored(d.Desk.Raise(ctx, ben, raise, once("raise")))
		}
	},
	"say what a topic is": func(t *testing.T, w *world) work {
		dana := desk.Caller{ID: mentoring.PersonIDFor("https://issuer.example", "dana"), Coordinator: true}
		c := mentoring.Curate{Slug: "finance", Label: "Money", Status: mentoring.TopicDeprecated, MergedInto: "sales"}
		return func(ctx context.Context, d *dispatch.Dispatcher) error {
			return ignored(d.Desk.Curate(ctx, dana, c, nil))
		}
	},
	"publish": func(t *testing.T, w *world) work {
		draft := draftAt(w.now.Add(100 * time.Hour))
		return func(ctx context.Context, d *dispatch.Dispatcher) error {
			return ignored(d.Desk.Publish(ctx, w.ada, draft, once("publish")))
		}
	},
	"publish several": func(t *testing.T, w *world) work {
		drafts := []mentoring.SlotDraft{draftAt(w.now.Add(100 * time.Hour)), draftAt(w.now.Add(101 * time.Hour))}
		return func(ctx context.Context, d *dispatch.Dispatcher) error {
			return ignored(d.Desk.PublishAll(ctx, w.ada, drafts, once("batch")))
		}
	},
	"book":                  booking(mentoring.Instant, 0),
	"ask for a seat":        booking(mentoring.OnRequest, 0),
	"join the waiting list": booking(mentoring.Instant, 1),
	"approve": func(t *testing.T, w *world) work {
		id := w.books(t, w.enrolled(t, "ben"), w.slot(t, 1, mentoring.OnRequest, 100*time.Hour))
		return func(ctx context.Context, d *dispatch.Dispatcher) error {
			return ignored(d.Desk.Approve(ctx, w.ada, id, once("approve")))
		}
	},
	"decline, with somebody waiting": func(t *testing.T, w *world) work {
		slot := w.slot(t, 1, mentoring.OnRequest, 100*time.Hour)
		id := w.books(t, w.enrolled(t, "ben"), slot)
		w.books(t, w.enrolled(t, "eve"), slot)
		return func(ctx context.Context, d *dispatch.Dispatcher) error {
			return ignored(d.Desk.Decline(ctx, w.ada, id, mentoring.Decline{Reason: mentoring.NotMyArea}, once("decline")))
		}
	},
	"cancel, with somebody waiting": func(t *testing.T, w *world) work {
		slot, ben := w.slot(t, 1, mentoring.Instant, 100*time.Hour), w.enrolled(t, "ben")
		id := w.books(t, ben, slot)
		w.books(t, w.enrolled(t, "eve"), slot)
		return func(ctx context.Context, d *dispatch.Dispatcher) error {
			return ignored(d.Desk.Cancel(ctx, ben, id, mentoring.Cancel{}, once("cancel")))
		}
	},
	"cancel late, as the expert": func(t *testing.T, w *world) work {
		id := w.books(t, w.enrolled(t, "ben"), w.slot(t, 1, mentoring.Instant, 20*time.Hour))
		return func(ctx context.Context, d *dispatch.Dispatcher) error {
			return ignored(d.Desk.Cancel(ctx, w.ada, id, mentoring.Cancel{}, once("cancel")))
		}
	},
	"move, with somebody waiting": func(t *testing.T, w *world) work {
		slot, ben := w.slot(t, 1, mentoring.Instant, 100*time.Hour), w.enrolled(t, "ben")
		id, to := w.books(t, ben, slot), w.slot(t, 1, mentoring.Instant, 110*time.Hour)
		w.books(t, w.enrolled(t, "eve"), slot)
		return func(ctx context.Context, d *dispatch.Dispatcher) error {
			return ignored(d.Desk.Move(ctx, ben, id, mentoring.Move{To: to, NoConflict: true}, once("move")))
		}
	},
	"move everybody in time": func(t *testing.T, w *world) work {
		slot := w.slot(t, 2, mentoring.Instant, 100*time.Hour)
		w.books(t, w.enrolled(t, "ben"), slot)
		w.books(t, w.enrolled(t, "eve"), slot)
		r := mentoring.Revision{StartsAt: new(w.now.Add(110 * time.Hour))}
		return func(ctx context.Context, d *dispatch.Dispatcher) error {
			return ignored(d.Desk.Revise(ctx, w.ada, slot, r, nil))
		}
	},
	"close, with somebody waiting": func(t *testing.T, w *world) work {
		slot := w.slot(t, 1, mentoring.Instant, 100*time.Hour)
		w.books(t, w.enrolled(t, "ben"), slot)
		w.books(t, w.enrolled(t, "eve"), slot)
		return func(ctx context.Context, d *dispatch.Dispatcher) error {
			return ignored(d.Desk.Close(ctx, w.ada, slot, once("close")))
		}
	},
	"call a session off": func(t *testing.T, w *world) work {
		slot := w.slot(t, 2, mentoring.Instant, 100*time.Hour)
		for _, name := range []string{"ben", "eve", "kim"} {
			w.books(t, w.enrolled(t, name), slot)
		}
		return func(ctx context.Context, d *dispatch.Dispatcher) error {
			return ignored(d.Desk.CancelSlot(ctx, w.ada, slot, mentoring.Cancel{}, once("cancel slot")))
		}
	},
	"give somebody a manager": func(t *testing.T, w *world) work {
		ben, dana := w.enrolled(t, "ben"), desk.Caller{ID: mentoring.PersonIDFor("https://issuer.example", "dana"), Coordinator: true}
		w.books(t, ben, w.slot(t, 1, mentoring.Instant, 100*time.Hour))
		return func(ctx context.Context, d *dispatch.Dispatcher) error {
			return ignored(d.Desk.Assign(ctx, dana, ben.ID, mentoring.Assignment{Manager: w.ada.ID}, nil))
		}
	},
	"block somebody": func(t *testing.T, w *world) work {
		ben := w.enrolled(t, "ben")
		return func(ctx context.Context, d *dispatch.Dispatcher) error {
			return d.Desk.Block(ctx, w.ada, mentoring.Block{Of: ben.ID, On: true})
		}
	},
	"answer a survey": func(t *testing.T, w *world) work {
		people, bookings := w.met(t, "ben")
		a := mentoring.Answers{
			mentoring.TookPlace: choice("held"), mentoring.NoteToExpert: {Text: "Thank you."}, mentoring.NextStep: {Text: "Write to Kim"},
		}
		done[desk.SurveyView](t)(w.desk.AnswerSurvey(t.Context(), w.ada, bookings[0], mentoring.Pulse, mentoring.Answers{mentoring.TookPlace: choice("held")}, nil))
		return func(ctx context.Context, d *dispatch.Dispatcher) error {
			return ignored(d.Desk.AnswerSurvey(ctx, people[0], bookings[0], mentoring.Pulse, a, nil))
		}
	},
	"say who came": func(t *testing.T, w *world) work {
		_, bookings := w.met(t, "ben")
		return func(ctx context.Context, d *dispatch.Dispatcher) error {
			return ignored(d.Desk.SayAttendance(ctx, w.ada, bookings[0], mentoring.Testify{Outcome: mentoring.RequesterAbsent}, once("attendance")))
		}
	},
	"close a booking": func(t *testing.T, w *world) work {
		people, bookings := w.met(t, "ben")
		return func(ctx context.Context, d *dispatch.Dispatcher) error {
			return ignored(d.Desk.WriteDebrief(ctx, people[0], bookings[0], mentoring.WriteDebrief{Achieved: "Much."}, nil))
		}
	},
	"set out to do something": func(t *testing.T, w *world) work {
		people, bookings := w.met(t, "ben")
		return func(ctx context.Context, d *dispatch.Dispatcher) error {
			return ignored(d.Desk.AddTask(ctx, people[0], bookings[0], mentoring.AddTask{Kind: "course", Text: "Take it"}, once("task")))
		}
	},
	"a session ends": func(t *testing.T, w *world) work {
		w.met(t, "ben")
		return func(ctx context.Context, d *dispatch.Dispatcher) error { return d.Tick(ctx) }
	},
	"a strike is counted": ticking(72*time.Hour, func(t *testing.T, w *world) {
		_, bookings := w.met(t, "ben")
		w.tick(t, 0)
		done[desk.BookingView](t)(w.desk.SayAttendance(t.Context(), w.ada, bookings[0], mentoring.Testify{Outcome: mentoring.RequesterAbsent}, desk.Once{}))
	}),
	"a booking closes by itself": ticking(14*24*time.Hour, func(t *testing.T, w *world) {
		w.met(t, "ben")
		w.tick(t, 3*24*time.Hour)
	}),
	"a request runs out, with somebody waiting": ticking(48*time.Hour, func(t *testing.T, w *world) {
		slot := w.slot(t, 1, mentoring.OnRequest, 100*time.Hour)
		w.books(t, w.enrolled(t, "ben"), slot)
		w.books(t, w.enrolled(t, "eve"), slot)
	}),
	"the day before": ticking(76*time.Hour, func(t *testing.T, w *world) {
		w.books(t, w.enrolled(t, "ben"), w.slot(t, 1, mentoring.Instant, 100*time.Hour))
	}),
	"too few come": ticking(98*time.Hour, func(t *testing.T, w *world) {
		draft := draftAt(w.now.Add(100 * time.Hour))
		draft.Format, draft.Capacity, draft.MinAttendees = mentoring.Circle, new(3), new(2)
		view, err := w.desk.Publish(t.Context(), w.ada, draft, desk.Once{})
		if err != nil {
			t.Fatal(err)
		}
		w.books(t, w.enrolled(t, "ben"), view.Slot.ID)
	}),
}

func ignored[T any](_ T, err error) error { return err }

func draftAt(start time.Time) mentoring.SlotDraft {
	return mentoring.SlotDraft{Title: "Reading a balance sheet", Topic: "finance", Format: mentoring.OneToOne, StartsAt: start, DurationMinutes: 30}
}

// booking is a booking of a slot of one seat, of which so many are taken.
func booking(approval mentoring.Approval, taken int) func(t *testing.T, w *world) work {
	return func(t *testing.T, w *world) work {
		slot, ben := w.slot(t, 1, approval, 100*time.Hour), w.enrolled(t, "ben")
		for i := range taken {
			w.books(t, w.enrolled(t, fmt.Sprint("holder-", i)), slot)
		}
		return func(ctx context.Context, d *dispatch.Dispatcher) error {
			return ignored(d.Desk.Book(ctx, ben, slot, wish, once("book")))
		}
	}
}

// ticking is a look of the clock, so long after what is prepared was told of.
func ticking(later time.Duration, prepare func(t *testing.T, w *world)) func(t *testing.T, w *world) work {
	return func(t *testing.T, w *world) work {
		prepare(t, w)
		w.news(t)
		w.now = w.now.Add(later)
		return func(ctx context.Context, d *dispatch.Dispatcher) error { return d.Tick(ctx) }
	}
}

// outcome is how a world is in the end: what is stored of slots and bookings, and who was sent what how often.
type outcome struct {
	Stored []string
	Sent   map[string]int
}

// play has a process with a life of its own at work, has its client ask once more, and others carry on.
func play(t *testing.T, l *life, prepare func(t *testing.T, w *world) work, wrap func(table.Table) table.Table) outcome {
	t.Helper()
	w := open(t, nil)
	do := prepare(t, w)
	d, ctx := w.process(t, l, w.post, wrap)
	_ = do(ctx, d)
	again, ctx := w.process(t, &life{}, w.post, wrap)
	if err := do(ctx, again); err != nil {
		t.Errorf("asked again: %v", err)
	}
	for range 6 {
		w.now = w.now.Add(5 * time.Minute) // longer than a claim
		if err := again.Tick(ctx); err != nil {
			t.Error(err)
		}
	}
	if rows := append(w.due(t), w.rows(t, "DEAD")...); len(rows) != 0 {
		t.Errorf("rows are left: %v", rows)
	}
	return outcome{w.stored(t), w.sent()}
}

func (w *world) sent() map[string]int {
	w.post.mu.Lock()
	defer w.post.mu.Unlock()
	counts := map[string]int{}
	for _, m := range w.post.sent {
		counts[m.To+": "+string(m.Kind)]++
	}
	return counts
}

// stored are slots and bookings, without ids, which differ from run to run.
func (w *world) stored(t *testing.T) (all []string) {
	t.Helper()
	err := w.engine.Each(t.Context(), func(r table.Record) error {
		switch {
		case r.SK == "BOOKING":
			var b mentoring.Booking
			err := json.Unmarshal(r.Data, &b)
			all = append(all, fmt.Sprint(b.Requester.Name, " with ", b.Expert.Name, " ", b.Status, " ", b.StartsAt, " ", b.ConflictKnown, len(b.History)))
			return err
		case r.SK == "META":
			var s mentoring.Slot
			err := json.Unmarshal(r.Data, &s)
			all = append(all, fmt.Sprint(s.Host.Name, " ", s.Status, " ", s.StartsAt, " ", s.Capacity))
			return err
		case r.PK == "TOPICS":
			all = append(all, string(r.Data))
		case strings.HasPrefix(r.SK, "SURVEY#"), r.SK == "DEBRIEF", r.SK == "TASKS":
			all = append(all, fmt.Sprint(r.SK, " ", r.Version))
		case strings.HasPrefix(r.SK, "SEAT#"):
			var s mentoring.Seat
			err := json.Unmarshal(r.Data, &s)
			all = append(all, fmt.Sprint("seat ", s.Number, " ", s.Booking != "", s.Gone))
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(all)
	return all
}

// differs says how an outcome differs from what it should be, but for copies of mails that were out and not recorded.
func (o outcome) differs(from outcome, copies int) string {
	for what, n := range o.Sent {
		if more := n - from.Sent[what]; from.Sent[what] > 0 && more > 0 && more <= copies {
			o.Sent[what], copies = from.Sent[what], copies-more
		}
	}
	return gocmp.Diff(from, o)
}

// R5 (proof.md): whichever call of a use case to the table, or of the clock to the table or the mail service, is the last of
// its process, made or not: once the client has asked again and others have carried on, everything is as if nothing had
// happened. No booking is without its messages, no message without its booking.
func TestKilledInEveryUseCase(t *testing.T) {
	kills := 0
	for name, prepare := range useCases {
		t.Run(name, func(t *testing.T) {
			whole := &life{}
			want := play(t, whole, prepare, nil)
			if whole.steps < 2 {
				t.Fatalf("it takes %d steps", whole.steps)
			}
			for n := 1; n <= whole.steps; n++ {
				for _, after := range []bool{false, true} {
					l := &life{ends: n, after: after}
					if wrong := play(t, l, prepare, nil).differs(want, l.open); wrong != "" {
						t.Errorf("killed at step %d (%s, after %v) (-want +got):\n%s", n, l.last, after, wrong)
					}
					kills++
				}
			}
		})
	}
	t.Logf("figure R5: %d use cases killed %d times, before and after each call: as if nothing had happened", len(useCases), kills)
}

// halved is a table whose commits are two: what a use case changes, and then the rows of the outbox.
type halved struct{ table.Table }

func (h halved) Commit(ctx context.Context, writes ...table.Write) error {
	inOrder := slices.Clone(writes)
	slices.SortStableFunc(inOrder, func(a, b table.Write) int { return cmp.Compare(place(a), place(b)) })
	at := slices.IndexFunc(inOrder, func(w table.Write) bool { return place(w) == 1 })
	if at <= 0 {
		return h.Table.Commit(ctx, writes...)
	}
	return errors.Join(h.Table.Commit(ctx, inOrder[:at]...), h.Table.Commit(ctx, inOrder[at:]...))
}

func place(w table.Write) int {
	if strings.HasPrefix(w.Record.PK, "OUTBOX#") {
		return 1
	}
	return 0
}

// The control of the test above: where state and row are not one commit, there are bookings without messages.
func TestKilledBetweenStateAndMessage(t *testing.T) {
	whole, wrong := &life{}, 0
	want := playHalved(t, whole)
	for n := 1; n <= whole.steps; n++ {
		if playHalved(t, &life{ends: n}).differs(want, 0) != "" {
			wrong++
		}
	}
	if wrong == 0 {
		t.Error("nothing is lost: the test above shows nothing")
	}
}

// playHalved books on a table of halves: each half is a call of its own, so a process can be killed between the two.
func playHalved(t *testing.T, l *life) outcome {
	t.Helper()
	w := open(t, nil)
	do := useCases["book"](t, w)
	ctx, die := context.WithCancel(t.Context())
	defer die()
	l.die = die
	d := w.dispatcher(t, halved{mortal{w.engine, w.post, l}}, w.post)
	_ = do(ctx, d)
	again, ctx := w.process(t, &life{}, w.post, nil)
	_ = do(ctx, again)
	for range 6 {
		w.tick(t, 5*time.Minute)
	}
	return outcome{w.stored(t), w.sent()}
}
