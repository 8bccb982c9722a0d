package desk_test

import (
	"context"
	"testing"
	"time"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/report"
	"flashmentoring/internal/table"
	"flashmentoring/internal/table/tabletest"
)

var held = mentoring.Answers{mentoring.TookPlace: {Choices: []string{"held"}}}

// met is a session that is over, and told of, with so many people.
func (o *office) met(t testing.TB, seats int) (mentoring.SlotID, desk.Caller, []holder) {
	t.Helper()
	slot, ada, people := o.full(t, circle(seats, 50*time.Hour), 0)
	o.advance(51 * time.Hour)
	o.workOff(t)
	return slot, ada, people
}

// P3, what comes after a session: what each step costs, exactly. The clock's steps for a full circle fit one commit each.
func TestCostAfterTheSession(t *testing.T) {
	for _, c := range []struct {
		name string
		open costly
		want tabletest.Usage
	}{
		{"say who came", func(t *testing.T, o *office) func(context.Context) error {
			_, ada, people := o.met(t, 1)
			return func(ctx context.Context) error {
				return ignore(o.SayAttendance(ctx, ada, people[0].id, mentoring.Testify{Outcome: mentoring.Held}, key("k")))
			}
		}, tabletest.Usage{Rounds: 2, Gets: 2, Commits: 1, Writes: 3, RCU: 10, WCU: 10}},
		{"take back who came", func(t *testing.T, o *office) func(context.Context) error {
			_, ada, people := o.met(t, 1)
			must(t, ignore(o.SayAttendance(t.Context(), ada, people[0].id, mentoring.Testify{Outcome: mentoring.Held}, desk.Once{})))
			return func(ctx context.Context) error { return ignore(o.RetractAttendance(ctx, ada, people[0].id)) }
		}, tabletest.Usage{Rounds: 2, Gets: 2, Commits: 1, Writes: 2, RCU: 9, WCU: 6}},
		{"see a survey", func(t *testing.T, o *office) func(context.Context) error {
			_, _, people := o.met(t, 1)
			return func(ctx context.Context) error {
				return ignore(o.Survey(ctx, people[0].who, people[0].id, mentoring.Pulse))
			}
		}, tabletest.Usage{Rounds: 1, Gets: 2, RCU: 9}},
		{"answer a survey", func(t *testing.T, o *office) func(context.Context) error {
			_, _, people := o.met(t, 1)
			return func(ctx context.Context) error {
				return ignore(o.AnswerSurvey(ctx, people[0].who, people[0].id, mentoring.Pulse, held, nil))
			}
		}, tabletest.Usage{Rounds: 2, Gets: 2, Commits: 1, Writes: 4, RCU: 9, WCU: 10}},
		{"close a booking", func(t *testing.T, o *office) func(context.Context) error {
			_, _, people := o.met(t, 1)
			return func(ctx context.Context) error {
				return ignore(o.WriteDebrief(ctx, people[0].who, people[0].id, mentoring.WriteDebrief{Achieved: "Much"}, nil))
			}
		}, tabletest.Usage{Rounds: 2, Gets: 2, Commits: 1, Writes: 3, RCU: 9, WCU: 8}},
		{"write takeaways", func(t *testing.T, o *office) func(context.Context) error {
			_, _, people := o.met(t, 1)
			return func(ctx context.Context) error {
				return ignore(o.WriteTakeaways(ctx, people[0].who, people[0].id, mentoring.WriteTakeaways{Learned: "Much"}, nil))
			}
		}, tabletest.Usage{Rounds: 2, Gets: 2, Commits: 1, Writes: 2, RCU: 9, WCU: 6}},
		{"see what was written", func(t *testing.T, o *office) func(context.Context) error {
			_, _, people := o.met(t, 1)
			return func(ctx context.Context) error { return ignore(o.Papers(ctx, people[0].who, people[0].id)) }
		}, tabletest.Usage{Rounds: 1, Gets: 1, RCU: 7}},
		{"set out to do something", func(t *testing.T, o *office) func(context.Context) error {
			_, _, people := o.met(t, 1)
			return func(ctx context.Context) error {
				return ignore(o.AddTask(ctx, people[0].who, people[0].id, mentoring.AddTask{Kind: "course", Text: "Take it"}, key("k")))
			}
		}, tabletest.Usage{Rounds: 2, Gets: 2, Commits: 1, Writes: 4, RCU: 10, WCU: 10}},
		{"have done it", func(t *testing.T, o *office) func(context.Context) error {
			_, _, people := o.met(t, 1)
			ben, id := people[0].who, people[0].id
			task, err := o.AddTask(t.Context(), ben, id, mentoring.AddTask{Kind: "course", Text: "Take it"}, desk.Once{})
			must(t, err)
			return func(ctx context.Context) error {
				return ignore(o.ReviseTask(ctx, ben, id, task.Task.ID, mentoring.ReviseTask{Status: new(mentoring.TaskDone)}, nil))
			}
		}, tabletest.Usage{Rounds: 2, Gets: 2, Commits: 1, Writes: 3, RCU: 9, WCU: 8}},
		{"say what became of it", func(t *testing.T, o *office) func(context.Context) error {
			_, _, people := o.met(t, 1)
			o.advance(30 * 24 * time.Hour)
			a := mentoring.Answers{mentoring.Recommend: {Number: new(9)}}
			return func(ctx context.Context) error {
				return ignore(o.AnswerSurvey(ctx, people[0].who, people[0].id, mentoring.OutcomeWave, a, nil))
			}
		}, tabletest.Usage{Rounds: 2, Gets: 2, Commits: 1, Writes: 3, RCU: 9, WCU: 8}},
		{"complete a full circle", func(t *testing.T, o *office) func(context.Context) error {
			slot, _, _ := o.full(t, circle(12, 50*time.Hour), 0)
			o.advance(50*time.Hour + 29*time.Minute)
			o.workOff(t)
			o.advance(time.Minute)
			return func(ctx context.Context) error { return o.Tend(ctx, slot, o.clock()) }
		}, tabletest.Usage{Rounds: 4, Gets: 2, Queries: 1, Commits: 1, Writes: 17, RCU: 41, WCU: 58}},
		{"count twelve strikes and the expert's", func(t *testing.T, o *office) func(context.Context) error {
			slot, _, people := o.met(t, 12)
			for _, p := range people {
				if err := ignore(o.SayAttendance(t.Context(), p.who, p.id, mentoring.Testify{Outcome: mentoring.BothAbsent}, desk.Once{})); err != nil {
					t.Fatal(err)
				}
			}
			o.workOff(t)
			o.advance(72 * time.Hour)
			return func(ctx context.Context) error { return o.Tend(ctx, slot, o.clock()) }
		}, tabletest.Usage{Rounds: 3, Gets: 1, Queries: 1, Commits: 1, Writes: 38, RCU: 39, WCU: 100}},
		{"close a full circle by time", func(t *testing.T, o *office) func(context.Context) error {
			slot, _, _ := o.met(t, 12)
			o.advance(72 * time.Hour)
			o.workOff(t)
			o.advance(11 * 24 * time.Hour)
			return func(ctx context.Context) error { return o.Tend(ctx, slot, o.clock()) }
		}, tabletest.Usage{Rounds: 3, Gets: 1, Queries: 1, Commits: 1, Writes: 13, RCU: 39, WCU: 50}},
		{"all of it at once, by a clock that was down", func(t *testing.T, o *office) func(context.Context) error {
			slot, _, people := o.full(t, circle(12, 50*time.Hour), 0)
			o.advance(50*time.Hour + 29*time.Minute)
			o.workOff(t)
			o.advance(time.Hour)
			for _, p := range people {
				must(t, ignore(o.SayAttendance(t.Context(), p.who, p.id, mentoring.Testify{Outcome: mentoring.BothAbsent}, desk.Once{})))
			}
			o.advance(20 * 24 * time.Hour)
			return func(ctx context.Context) error { return o.Tend(ctx, slot, o.clock()) }
		}, tabletest.Usage{Rounds: 3, Gets: 1, Queries: 1, Commits: 1, Writes: 42, RCU: 39, WCU: 108}},
		{"count a session", func(t *testing.T, o *office) func(context.Context) error {
			slot, _, people := o.full(t, circle(1, 50*time.Hour), 0)
			o.advance(51 * time.Hour)
			e := mentoring.Event{Kind: mentoring.SessionEnded, Slot: slot, Bookings: []mentoring.BookingID{people[0].id}, At: o.clock()}
			return func(ctx context.Context) error { return o.RecordFacts(ctx, e) }
		}, tabletest.Usage{Rounds: 5, Gets: 4, Queries: 1, Commits: 1, Writes: 2, RCU: 16, WCU: 4}},
		{"report a month", func(t *testing.T, o *office) func(context.Context) error {
			o.met(t, 12)
			q := report.Query{From: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), To: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)}
			return func(ctx context.Context) error { return ignore(o.Report(ctx, coordinator, q)) }
		}, tabletest.Usage{Rounds: 30, Queries: 30, RCU: 31}},
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
