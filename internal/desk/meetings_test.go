package desk_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
)

func ignore[T any](_ T, err error) error { return err }

var pairs = []pair{
	{"both sides answer", []string{"BOOKING"}, 0, func(t *testing.T, o *office) meeting {
		_, ada, people := o.met(t, 1)
		ben, id := people[0].who, people[0].id
		answer := func(who desk.Caller) func(*office) error {
			return func(o *office) error {
				return ignore(o.AnswerSurvey(context.Background(), who, id, mentoring.Pulse, held, nil))
			}
		}
		return meeting{
			one: answer(ada), other: answer(ben), people: []desk.Caller{ada, ben},
			wrong: func(o *office, _, _ error) string {
				b, err := o.Booking(context.Background(), ada, id)
				if err != nil || !b.Booking.After.Answered.Both() || b.Booking.After.Attendance.Requester != mentoring.Held || b.Booking.After.Attendance.Expert != mentoring.Held {
					return fmt.Sprintf("both answered, and it says %+v, %v", b.Booking.After, err)
				}
				return ""
			},
		}
	}},
	{"attendance is contested while strikes are counted", []string{"BOOKING", "AGENDA"}, 0, func(t *testing.T, o *office) meeting {
		slot, ada, people := o.met(t, 1)
		ben, id := people[0].who, people[0].id
		if err := ignore(o.SayAttendance(context.Background(), ada, id, mentoring.Testify{Outcome: mentoring.RequesterAbsent}, desk.Once{})); err != nil {
			t.Fatal(err)
		}
		o.advance(71*time.Hour + 29*time.Minute)
		return meeting{
			one: func(o *office) error {
				return ignore(o.SayAttendance(context.Background(), ben, id, mentoring.Testify{Outcome: mentoring.Held}, desk.Once{}))
			},
			other: func(o *office) error {
				o.advance(time.Minute)
				return o.Tend(context.Background(), slot, time.Time{})
			},
			people: []desk.Caller{ada, ben},
			wrong: func(o *office, contested, _ error) string {
				b, err := o.Booking(context.Background(), ada, id)
				agenda, _ := o.engine.Get(context.Background(), table.Key{PK: "PERSON#" + string(ben.ID), SK: "AGENDA"})
				struck := len(agenda) > 0 && strings.Contains(string(agenda[0].Data), "strikes")
				if stands := b.Booking.After.Attendance.Result() == mentoring.RequesterAbsent; err != nil || stands != struck || stands == (contested == nil) {
					return fmt.Sprintf("contesting answers %v, attendance is %+v, struck %v", contested, b.Booking.After, struck)
				}
				return ""
			},
		}
	}},
	{"each side says that the other did not come", []string{"BOOKING"}, 0, func(t *testing.T, o *office) meeting {
		_, ada, people := o.met(t, 1)
		ben, id := people[0].who, people[0].id
		say := func(who desk.Caller, what mentoring.Outcome) func(*office) error {
			return func(o *office) error {
				return ignore(o.SayAttendance(context.Background(), who, id, mentoring.Testify{Outcome: what}, desk.Once{}))
			}
		}
		return meeting{
			one: say(ada, mentoring.RequesterAbsent), other: say(ben, mentoring.ExpertAbsent), people: []desk.Caller{ada, ben},
			wrong: func(o *office, _, _ error) string {
				b, err := o.Booking(context.Background(), ada, id)
				if got := b.Booking.After.Attendance; err != nil || got.Result() != mentoring.Contested {
					return fmt.Sprintf("each says something else, and it says %+v, %v", got, err)
				}
				return ""
			},
		}
	}},
	{"debrief while the booking closes by itself", []string{"BOOKING"}, 0, func(t *testing.T, o *office) meeting {
		slot, ada, people := o.met(t, 1)
		ben, id := people[0].who, people[0].id
		o.advance(72 * time.Hour)
		o.workOff(t)
		o.advance(11*24*time.Hour - 31*time.Minute) // a minute before it closes
		return meeting{
			one: func(o *office) error {
				return ignore(o.WriteDebrief(context.Background(), ben, id, mentoring.WriteDebrief{Achieved: "Much"}, nil))
			},
			other: func(o *office) error {
				o.advance(time.Minute)
				return o.Tend(context.Background(), slot, time.Time{})
			},
			people: []desk.Caller{ada, ben}, slots: []mentoring.SlotID{slot},
			wrong: func(o *office, debriefed, _ error) string {
				p, err := o.Papers(context.Background(), ben, id)
				want := mentoring.AutoClosed
				if debriefed == nil {
					want = mentoring.Debriefed
				}
				after := p.Booking.After
				if err != nil || after.Closure != want || after.Stage != mentoring.Settled || (p.Debrief.Version > 0) != (debriefed == nil) {
					return fmt.Sprintf("debriefing answers %v, it says %+v, %v", debriefed, after, err)
				}
				return ""
			},
		}
	}},
	{"two actions at once", []string{"BOOKING", "TASKS"}, 0, func(t *testing.T, o *office) meeting {
		_, ada, people := o.met(t, 1)
		ben, id := people[0].who, people[0].id
		add := func(who desk.Caller) func(*office) error {
			return func(o *office) error {
				return ignore(o.AddTask(context.Background(), who, id, mentoring.AddTask{Kind: "course", Text: "Take it"}, desk.Once{}))
			}
		}
		return meeting{
			one: add(ada), other: add(ben), people: []desk.Caller{ada, ben},
			wrong: func(o *office, one, other error) string {
				p, err := o.Papers(context.Background(), ben, id)
				if n := len(p.Tasks.Tasks); err != nil || one != nil || other != nil || n != 2 {
					return fmt.Sprintf("%d of two actions are left: %v, %v, %v", n, one, other, err)
				}
				return ""
			},
		}
	}},
	{"approve against expiry", []string{"SEAT#", "BOOKING", "AGENDA"}, 2, func(t *testing.T, o *office) meeting {
		ada, ben, eve := o.enrolled(t, "ada"), o.enrolled(t, "ben"), o.enrolled(t, "eve")
		slot := o.published(t, ada, onRequest(1, 100*time.Hour))
		asked := o.booked(t, ben, slot)
		o.booked(t, eve, slot) // waits
		return meeting{
			one: func(o *office) error { return ignore(o.Approve(context.Background(), ada, asked, desk.Once{})) },
			other: func(o *office) error {
				o.advance(48 * time.Hour)
				return o.Tend(context.Background(), slot, time.Time{})
			},
			people: []desk.Caller{ada, ben, eve}, slots: []mentoring.SlotID{slot},
			wrong: func(o *office, approved, _ error) string {
				if status := o.status(t, ada, asked); (approved == nil) != (status == mentoring.Confirmed) {
					return fmt.Sprintf("approving answers %v, the booking is %s", approved, status)
				}
				return ""
			},
		}
	}},
	{"two promotions", []string{"QUEUE#", "BOOKING", "AGENDA"}, 2, func(t *testing.T, o *office) meeting {
		ada, ben, eve, kim := o.enrolled(t, "ada"), o.enrolled(t, "ben"), o.enrolled(t, "eve"), o.enrolled(t, "kim")
		slot := o.published(t, ada, circle(2, 50*time.Hour))
		one, other := o.booked(t, ben, slot), o.booked(t, eve, slot)
		o.booked(t, kim, slot) // waits
		return meeting{
			one:    cancelling(ben, one),
			other:  cancelling(eve, other),
			people: []desk.Caller{ada, ben, eve, kim}, slots: []mentoring.SlotID{slot},
		}
	}},
	{"promotion against leaving", []string{"QUEUE#", "BOOKING", "AGENDA"}, 2, func(t *testing.T, o *office) meeting {
		ada, ben, eve := o.enrolled(t, "ada"), o.enrolled(t, "ben"), o.enrolled(t, "eve")
		slot := o.published(t, ada, circle(1, 50*time.Hour))
		held, waits := o.booked(t, ben, slot), o.booked(t, eve, slot)
		return meeting{
			one:    cancelling(ben, held),
			other:  cancelling(eve, waits),
			people: []desk.Caller{ada, ben, eve}, slots: []mentoring.SlotID{slot},
			wrong: func(o *office, _, left error) string {
				if status := o.status(t, ada, waits); left == nil && status != mentoring.Cancelled {
					return "who left is " + string(status)
				}
				return ""
			},
		}
	}},
	{"promotion against a session elsewhere", []string{"AGENDA"}, 2, func(t *testing.T, o *office) meeting {
		ada, bob, ben, eve := o.enrolled(t, "ada"), o.enrolled(t, "bob"), o.enrolled(t, "ben"), o.enrolled(t, "eve")
		slot, elsewhere := o.published(t, ada, circle(1, 50*time.Hour)), o.published(t, bob, circle(1, 50*time.Hour))
		held := o.booked(t, ben, slot)
		o.booked(t, eve, slot) // waits
		return meeting{
			one:    cancelling(ben, held),
			other:  booking(eve, elsewhere),
			people: []desk.Caller{ada, bob, ben, eve}, slots: []mentoring.SlotID{slot, elsewhere},
		}
	}},
	{"capacity down against book", []string{"SEAT#"}, 2, func(t *testing.T, o *office) meeting {
		ada, ben, eve := o.enrolled(t, "ada"), o.enrolled(t, "ben"), o.enrolled(t, "eve")
		slot := o.published(t, ada, circle(3, 50*time.Hour))
		for _, c := range []desk.Caller{ben, eve} {
			o.booked(t, c, slot)
		}
		kim := o.enrolled(t, "kim")
		return meeting{
			one:    revising(ada, slot, mentoring.Revision{Capacity: new(2)}),
			other:  booking(kim, slot),
			people: []desk.Caller{ada, ben, eve, kim}, slots: []mentoring.SlotID{slot},
			wrong: func(_ *office, revised, booked error) string {
				if (revised == nil) == (booked == nil) {
					return fmt.Sprintf("making the last seat go answers %v, booking it %v", revised, booked)
				}
				return ""
			},
		}
	}},
	{"patch of the time against book", []string{"SEAT#"}, 2, func(t *testing.T, o *office) meeting {
		ada, ben, eve := o.enrolled(t, "ada"), o.enrolled(t, "ben"), o.enrolled(t, "eve")
		slot := o.published(t, ada, circle(2, 50*time.Hour))
		o.booked(t, ben, slot)
		return meeting{
			one:    revising(ada, slot, mentoring.Revision{StartsAt: new(morning.Add(60 * time.Hour))}),
			other:  booking(eve, slot),
			people: []desk.Caller{ada, ben, eve}, slots: []mentoring.SlotID{slot},
		}
	}},
	{"cancelled slot against book", []string{"SEAT#"}, 2, func(t *testing.T, o *office) meeting {
		ada, ben, eve := o.enrolled(t, "ada"), o.enrolled(t, "ben"), o.enrolled(t, "eve")
		slot := o.published(t, ada, circle(2, 50*time.Hour))
		o.booked(t, ben, slot)
		return meeting{
			one: func(o *office) error {
				return ignore(o.CancelSlot(context.Background(), ada, slot, mentoring.Cancel{}, desk.Once{}))
			},
			other:  booking(eve, slot),
			people: []desk.Caller{ada, ben, eve}, slots: []mentoring.SlotID{slot},
		}
	}},
	{"closed slot against book", []string{"SEAT#"}, 2, func(t *testing.T, o *office) meeting {
		ada, ben, eve := o.enrolled(t, "ada"), o.enrolled(t, "ben"), o.enrolled(t, "eve")
		slot := o.published(t, ada, circle(2, 50*time.Hour))
		o.booked(t, ben, slot)
		return meeting{
			one:    func(o *office) error { return ignore(o.Close(context.Background(), ada, slot, desk.Once{})) },
			other:  booking(eve, slot),
			people: []desk.Caller{ada, ben, eve}, slots: []mentoring.SlotID{slot},
		}
	}},
	{"move against cancel", []string{"SEAT#", "BOOKING", "AGENDA"}, 2, func(t *testing.T, o *office) meeting {
		ada, bob, ben := o.enrolled(t, "ada"), o.enrolled(t, "bob"), o.enrolled(t, "ben")
		from, to := o.published(t, ada, circle(1, 50*time.Hour)), o.published(t, bob, circle(1, 60*time.Hour))
		held := o.booked(t, ben, from)
		return meeting{
			one:    func(o *office) error { return moving(o, ben, held, to) },
			other:  cancelling(ben, held),
			people: []desk.Caller{ada, bob, ben}, slots: []mentoring.SlotID{from, to},
			wrong: func(o *office, _, cancelled error) string {
				if status := o.status(t, ben, held); cancelled != nil || status != mentoring.Cancelled {
					return fmt.Sprintf("cancelling answers %v, the booking is %s", cancelled, status)
				}
				return ""
			},
		}
	}},
	{"two moves into one seat", []string{"SEAT#"}, 2, func(t *testing.T, o *office) meeting {
		ada, bob, ben, eve := o.enrolled(t, "ada"), o.enrolled(t, "bob"), o.enrolled(t, "ben"), o.enrolled(t, "eve")
		from, to := o.published(t, ada, circle(2, 50*time.Hour)), o.published(t, bob, circle(1, 60*time.Hour))
		one, other := o.booked(t, ben, from), o.booked(t, eve, from)
		return meeting{
			one:    func(o *office) error { return moving(o, ben, one, to) },
			other:  func(o *office) error { return moving(o, eve, other, to) },
			people: []desk.Caller{ada, bob, ben, eve}, slots: []mentoring.SlotID{from, to},
		}
	}},
	{"conflict declared against book", []string{"AGENDA"}, 1, func(t *testing.T, o *office) meeting {
		ada, ben := o.enrolled(t, "ada"), o.enrolled(t, "ben")
		slot := o.published(t, ada, circle(1, 50*time.Hour))
		return meeting{
			one: booking(ben, slot),
			other: func(o *office) error {
				e := enrolment("ben")
				e.Profile.DeclaredConflicts = []mentoring.PersonID{ada.ID}
				if _, err := o.Enrol(context.Background(), ben, e, nil); err != nil {
					return err
				}
				return o.FollowPerson(context.Background(), ben.ID, 0)
			},
			people: []desk.Caller{ada, ben}, slots: []mentoring.SlotID{slot},
			wrong: func(o *office, booked, declared error) string {
				mine, err := o.Bookings(t.Context(), ben, desk.BookingFilter{Role: mentoring.Requester}, "", 20)
				if err != nil || declared != nil || (booked == nil) != (len(mine.Items) == 1) {
					t.Fatalf("declared: %v, booked: %v, bookings: %d, %v", declared, booked, len(mine.Items), err)
				}
				if booked == nil && !mine.Items[0].Booking.ConflictKnown {
					return "nobody found the conflict"
				}
				return ""
			},
		}
	}},
	{"block against book", []string{"AGENDA"}, 1, func(t *testing.T, o *office) meeting {
		ada, ben := o.enrolled(t, "ada"), o.enrolled(t, "ben")
		slot := o.published(t, ada, circle(1, 50*time.Hour))
		return meeting{
			one: booking(ben, slot),
			other: func(o *office) error {
				return o.Block(context.Background(), ada, mentoring.Block{Of: ben.ID, On: true})
			},
			people: []desk.Caller{ada, ben}, slots: []mentoring.SlotID{slot},
			wrong: func(o *office, _, blocked error) string {
				again := ignore(o.Slot(t.Context(), ben, o.published(t, ada, circle(1, 70*time.Hour))))
				if blocked != nil || codeOf(again) != mentoring.NotFound {
					return fmt.Sprintf("blocking answers %v, and another slot %v", blocked, again)
				}
				return ""
			},
		}
	}},
	{"last session of the month", []string{"MONTH#"}, 2, func(t *testing.T, o *office) meeting {
		ada, ben, eve := o.capped(t, "ada", 1), o.enrolled(t, "ben"), o.enrolled(t, "eve")
		one, other := o.published(t, ada, circle(1, 50*time.Hour)), o.published(t, ada, circle(1, 60*time.Hour))
		return meeting{
			one:    booking(ben, one),
			other:  booking(eve, other),
			people: []desk.Caller{ada, ben, eve}, slots: []mentoring.SlotID{one, other},
			wrong: func(_ *office, one, other error) string {
				codes := []mentoring.Code{codeOf(one), codeOf(other)}
				if slices.Sort(codes); !slices.Equal(codes, []mentoring.Code{"", mentoring.ExpertCapReached}) {
					return fmt.Sprintf("of two sessions where one is given: %v", codes)
				}
				return ""
			},
		}
	}},
	{"two publish at one time", []string{"AGENDA"}, 0, func(t *testing.T, o *office) meeting {
		ada := o.enrolled(t, "ada")
		publish := func(o *office) error {
			return ignore(o.Publish(context.Background(), ada, circle(1, 50*time.Hour), desk.Once{}))
		}
		return meeting{
			one: publish, other: publish, people: []desk.Caller{ada},
			wrong: func(_ *office, one, other error) string {
				if one == nil && other == nil {
					return "both were published"
				}
				return ""
			},
		}
	}},
	{"import against book", []string{"AGENDA"}, 1, func(t *testing.T, o *office) meeting {
		ada, ben := o.enrolled(t, "ada"), o.enrolled(t, "ben")
		slot := o.published(t, ada, circle(1, 50*time.Hour))
		return meeting{
			one: booking(ben, slot),
			other: func(o *office) error {
				if err := importing(o, rowOf("ben", "ada", "")); err != nil {
					return err
				}
				return o.FollowPerson(context.Background(), ben.ID, 0)
			},
			people: []desk.Caller{ada, ben}, slots: []mentoring.SlotID{slot},
			wrong: func(o *office, booked, imported error) string {
				mine, err := o.Bookings(t.Context(), ben, desk.BookingFilter{Role: mentoring.Requester}, "", 20)
				if err != nil || imported != nil || (booked == nil) != (len(mine.Items) == 1) {
					t.Fatalf("imported: %v, booked: %v, bookings: %d, %v", imported, booked, len(mine.Items), err)
				}
				if booked == nil && !mine.Items[0].Booking.ConflictKnown {
					return "nobody found the conflict"
				}
				return ""
			},
		}
	}},
	{"each the manager of the other, in imports", []string{"PROFILE"}, 0, func(t *testing.T, o *office) meeting {
		ada, ben := o.enrolled(t, "ada"), o.enrolled(t, "ben")
		return meeting{
			one:    func(o *office) error { return importing(o, rowOf("ada", "ben", "")) },
			other:  func(o *office) error { return importing(o, rowOf("ben", "ada", "")) },
			people: []desk.Caller{ada, ben},
			wrong: func(_ *office, one, other error) string {
				if one == nil && other == nil {
					return "both were imported"
				}
				return ""
			},
		}
	}},
	{"each the manager of the other", []string{"PROFILE"}, 0, func(t *testing.T, o *office) meeting {
		ada, ben, carl := o.enrolled(t, "ada"), o.enrolled(t, "ben"), person("carl")
		carl.Coordinator = true
		assign := func(who, manager desk.Caller) func(*office) error {
			return func(o *office) error {
				return ignore(o.Assign(context.Background(), carl, who.ID, mentoring.Assignment{Manager: manager.ID}, nil))
			}
		}
		return meeting{
			one: assign(ada, ben), other: assign(ben, ada), people: []desk.Caller{ada, ben},
			wrong: func(_ *office, one, other error) string {
				if one == nil && other == nil {
					return "both were assigned"
				}
				return ""
			},
		}
	}},
}

// importing imports rows, and fails where one of them is refused.
func importing(o *office, rows ...mentoring.ImportRow) error {
	verdicts, err := o.Import(context.Background(), coordinator, rows, desk.Once{})
	for _, v := range verdicts {
		if v.Outcome != mentoring.RowChanged {
			return fmt.Errorf("%s %s", v.Outcome, v.Code)
		}
	}
	return err
}

func cancelling(c desk.Caller, id mentoring.BookingID) func(*office) error {
	return func(o *office) error {
		return ignore(o.Cancel(context.Background(), c, id, mentoring.Cancel{}, desk.Once{}))
	}
}

func booking(c desk.Caller, slot mentoring.SlotID) func(*office) error {
	return func(o *office) error { return ignore(o.Book(context.Background(), c, slot, request, desk.Once{})) }
}

func revising(c desk.Caller, slot mentoring.SlotID, r mentoring.Revision) func(*office) error {
	return func(o *office) error { return ignore(o.Revise(context.Background(), c, slot, r, nil)) }
}

func moving(o *office, c desk.Caller, id mentoring.BookingID, to mentoring.SlotID) error {
	return ignore(o.Move(context.Background(), c, id, mentoring.Move{To: to, NoConflict: true}, desk.Once{}))
}

// capped is somebody who gives so many sessions a month.
func (o *office) capped(t testing.TB, name string, sessions int) desk.Caller {
	t.Helper()
	c, e := person(name), enrolment(name)
	e.Profile.MonthlySessionCap = sessions
	if _, err := o.Enrol(t.Context(), c, e, nil); err != nil {
		t.Fatal(err)
	}
	return c
}
