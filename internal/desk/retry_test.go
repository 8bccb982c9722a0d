package desk_test

import (
	"context"
	"crypto/sha256"
	"maps"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
)

// post is a use case of a POST, ready to be called once on a table, or again and again.
type post struct {
	name string
	// events is how many wait in the outbox afterwards, of the call alone.
	events int
	open   func(t *testing.T, o *office) posted
}

type posted struct {
	call   func(*office, context.Context, desk.Once) (any, error)
	people []desk.Caller
	slots  []mentoring.SlotID
}

var posts = []post{
	{"publish", 0, func(t *testing.T, o *office) posted {
		ada := o.enrolled(t, "ada")
		return posted{func(o *office, ctx context.Context, once desk.Once) (any, error) {
			return o.Publish(ctx, ada, circle(2, 50*time.Hour), once)
		}, []desk.Caller{ada}, nil}
	}},
	{"publish a batch", 0, func(t *testing.T, o *office) posted {
		ada := o.enrolled(t, "ada")
		return posted{func(o *office, ctx context.Context, once desk.Once) (any, error) {
			return o.PublishAll(ctx, ada, []mentoring.SlotDraft{circle(2, 50*time.Hour), onRequest(1, 60*time.Hour)}, once)
		}, []desk.Caller{ada}, nil}
	}},
	{"book", 1, bookingOf(circle(12, 50*time.Hour), 0)},
	{"request", 1, bookingOf(onRequest(12, 50*time.Hour), 0)},
	{"wait", 1, bookingOf(circle(2, 50*time.Hour), 2)},
	{"approve", 1, answering(func(o *office, ctx context.Context, ada desk.Caller, id mentoring.BookingID, once desk.Once) (any, error) {
		return o.Approve(ctx, ada, id, once)
	})},
	{"decline, and promote", 2, answering(func(o *office, ctx context.Context, ada desk.Caller, id mentoring.BookingID, once desk.Once) (any, error) {
		return o.Decline(ctx, ada, id, mentoring.Decline{Reason: mentoring.NotMyArea, Note: "Ask Bob."}, once)
	})},
	{"cancel, and promote", 2, func(t *testing.T, o *office) posted {
		ada, ben, eve := o.enrolled(t, "ada"), o.enrolled(t, "ben"), o.enrolled(t, "eve")
		slot := o.published(t, ada, circle(1, 50*time.Hour))
		id := o.booked(t, ben, slot)
		o.booked(t, eve, slot)
		return posted{func(o *office, ctx context.Context, once desk.Once) (any, error) {
			return o.Cancel(ctx, ben, id, mentoring.Cancel{Reason: "A trip."}, once)
		}, []desk.Caller{ada, ben, eve}, []mentoring.SlotID{slot}}
	}},
	{"move, and promote", 2, func(t *testing.T, o *office) posted {
		ada, bob, ben, eve := o.enrolled(t, "ada"), o.enrolled(t, "bob"), o.enrolled(t, "ben"), o.enrolled(t, "eve")
		from, to := o.published(t, ada, circle(1, 50*time.Hour)), o.published(t, bob, onRequest(1, 60*time.Hour))
		id := o.booked(t, ben, from)
		o.booked(t, eve, from)
		return posted{func(o *office, ctx context.Context, once desk.Once) (any, error) {
			return o.Move(ctx, ben, id, mentoring.Move{To: to, NoConflict: true}, once)
		}, []desk.Caller{ada, bob, ben, eve}, []mentoring.SlotID{from, to}}
	}},
	{"close", 1, onSlot(func(o *office, ctx context.Context, ada desk.Caller, id mentoring.SlotID, once desk.Once) (any, error) {
		return o.Close(ctx, ada, id, once)
	})},
	{"cancel a slot, late", 2, onSlot(func(o *office, ctx context.Context, ada desk.Caller, id mentoring.SlotID, once desk.Once) (any, error) {
		return o.CancelSlot(ctx, ada, id, mentoring.Cancel{Reason: "I am ill."}, once)
	})},
	{"say who came", 1, afterwards(func(o *office, ctx context.Context, ada desk.Caller, id mentoring.BookingID, once desk.Once) (any, error) {
		return o.SayAttendance(ctx, ada, id, mentoring.Testify{Outcome: mentoring.RequesterAbsent}, once)
	})},
	{"propose an action", 1, afterwards(func(o *office, ctx context.Context, ada desk.Caller, id mentoring.BookingID, once desk.Once) (any, error) {
		return o.AddTask(ctx, ada, id, mentoring.AddTask{Kind: "course", Text: "Take it"}, once)
	})},
}

// afterwards is something the expert does when a session is over.
func afterwards(
	call func(*office, context.Context, desk.Caller, mentoring.BookingID, desk.Once) (any, error),
) func(*testing.T, *office) posted {
	return func(t *testing.T, o *office) posted {
		slot, ada, people := o.met(t, 1)
		return posted{func(o *office, ctx context.Context, once desk.Once) (any, error) {
			return call(o, ctx, ada, people[0].id, once)
		}, []desk.Caller{ada, people[0].who}, []mentoring.SlotID{slot}}
	}
}

// bookingOf books a slot in which some have booked before.
func bookingOf(d mentoring.SlotDraft, before int) func(*testing.T, *office) posted {
	return func(t *testing.T, o *office) posted {
		ada, ben := o.enrolled(t, "ada"), o.enrolled(t, "ben")
		slot, others := o.published(t, ada, d), o.crowd(t, before)
		for _, c := range others {
			o.booked(t, c, slot)
		}
		return posted{func(o *office, ctx context.Context, once desk.Once) (any, error) {
			return o.Book(ctx, ben, slot, waiting(), once)
		}, append(others, ada, ben), []mentoring.SlotID{slot}}
	}
}

// answering answers a request for the only seat of a slot, for which somebody else waits.
func answering(
	call func(*office, context.Context, desk.Caller, mentoring.BookingID, desk.Once) (any, error),
) func(*testing.T, *office) posted {
	return func(t *testing.T, o *office) posted {
		ada, ben, eve := o.enrolled(t, "ada"), o.enrolled(t, "ben"), o.enrolled(t, "eve")
		slot := o.published(t, ada, onRequest(1, 50*time.Hour))
		id := o.booked(t, ben, slot)
		o.booked(t, eve, slot)
		return posted{func(o *office, ctx context.Context, once desk.Once) (any, error) {
			return call(o, ctx, ada, id, once)
		}, []desk.Caller{ada, ben, eve}, []mentoring.SlotID{slot}}
	}
}

// onSlot is a command on a full slot within its notice, for which somebody waits.
func onSlot(
	call func(*office, context.Context, desk.Caller, mentoring.SlotID, desk.Once) (any, error),
) func(*testing.T, *office) posted {
	return func(t *testing.T, o *office) posted {
		ada, people := o.enrolled(t, "ada"), o.crowd(t, 4)
		slot := o.published(t, ada, circle(3, 20*time.Hour))
		for _, c := range people {
			o.booked(t, c, slot)
		}
		return posted{func(o *office, ctx context.Context, once desk.Once) (any, error) {
			return call(o, ctx, ada, slot, once)
		}, append(people, ada), []mentoring.SlotID{slot}}
	}
}

// everyPost runs a test on each use case of a POST, on a table where nothing waits in the outbox.
func everyPost(t *testing.T, test func(t *testing.T, p post, o *office, ready posted)) {
	for _, p := range posts {
		t.Run(p.name, func(t *testing.T) {
			o := officeOn(openEngine(t), nil)
			ready := p.open(t, o)
			o.workOff(t)
			test(t, p, o, ready)
			if n := o.outbox(t); n != p.events {
				t.Errorf("%d events wait, want %d", n, p.events)
			}
			for _, wrong := range o.unsound(t, ready.people, ready.slots...) {
				t.Error(wrong)
			}
		})
	}
}

// another is a desk of another process, at the same time.
func (o *office) another(engine table.Table, wrap func(table.Table) table.Table) *office {
	other := officeOn(engine, wrap)
	other.now = o.clock()
	return other
}

// R4: fifty calls with one key have one effect and one answer.
func TestOneKeyOneEffect(t *testing.T) {
	posts := 0
	everyPost(t, func(t *testing.T, _ post, o *office, ready posted) {
		far := o.another(o.engine, slow)
		views := make([]any, 50)
		answers := together(len(views), func(i int) (err error) {
			views[i], err = ready.call(far, context.Background(), key("k"))
			return err
		})
		if want := map[mentoring.Code]int{"": 50}; !maps.Equal(want, answers) {
			t.Fatalf("answers %v, want %v", answers, want)
		}
		for i, view := range views {
			if diff := cmp.Diff(views[0], view); diff != "" {
				t.Fatalf("answers 0 and %d differ:\n%s", i, diff)
			}
		}
		other := key("k")
		other.Body = sha256.Sum256([]byte("another body"))
		if _, err := ready.call(o, t.Context(), other); codeOf(err) != mentoring.KeyReused {
			t.Errorf("with another body: %v", err)
		}
		posts++
	})
	t.Logf("figure R4: %d routes, 50 calls each with one Idempotency-Key: one effect and one answer", posts)
}

// R4: a process that is killed after its commit, before it could answer: another one gives the client that tries again the
// answer the first one would have given.
func TestKilledAfterTheCommit(t *testing.T) {
	everyPost(t, func(t *testing.T, _ post, o *office, ready posted) {
		dying, kill := context.WithCancel(t.Context())
		doomed := o.another(o.engine, func(under table.Table) table.Table { return &lastCommit{under, kill} })
		if _, err := ready.call(doomed, dying, key("k")); err == nil {
			t.Fatal("the process that was killed answered")
		}
		first, err := ready.call(o, t.Context(), key("k"))
		if err != nil {
			t.Fatal(err)
		}
		again, err := ready.call(o, t.Context(), key("k"))
		if diff := cmp.Diff(first, again); err != nil || diff != "" {
			t.Errorf("%v\n%s", err, diff)
		}
	})
}

// R4: where the reply to a commit is lost, the use case finds its own effect when it looks again, with a key or without, and
// answers what it would have answered.
func TestLostRepliesAreRecognised(t *testing.T) {
	for name, once := range map[string]desk.Once{"with a key": key("k"), "without": {}} {
		t.Run(name, func(t *testing.T) {
			everyPost(t, func(t *testing.T, p post, o *office, ready posted) {
				lossy := &loseNext{Table: o.engine, replies: 1}
				view, err := ready.call(o.another(lossy, nil), t.Context(), once)
				if err != nil || lossy.replies != 0 {
					t.Fatalf("%v, %d replies left to lose", err, lossy.replies)
				}
				if once.Key == "" {
					return
				}
				again, err := ready.call(o, t.Context(), once)
				if diff := cmp.Diff(view, again); err != nil || diff != "" {
					t.Errorf("%v\n%s", err, diff)
				}
			})
		})
	}
}

// A profile has no key: it is found to be as asked.
func TestAProfileWithALostReply(t *testing.T) {
	lossy := &loseNext{}
	o := openOffice(t, func(engine table.Table) table.Table { lossy.Table = engine; return lossy })
	ben := o.enrolled(t, "ben")
	lossy.replies = 1
	if me, err := o.Enrol(t.Context(), ben, enrolment("Ben"), new(int64(1))); err != nil || me.Version != 2 {
		t.Errorf("changing the profile with a lost reply: %+v, %v", me, err)
	}
}
