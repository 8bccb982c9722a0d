package mail_test

import (
	"strings"
	"testing"
	"time"

	"flashmentoring/internal/mail"
	"flashmentoring/internal/mentoring"
)

// sample is a notice of one kind, in one of its ways, to one role.
type sample struct {
	name   string // kind, way, role
	notice mentoring.Notice
}

// change makes a notice of one kind of the notice of a confirmed booking.
type change = func(*mentoring.Notice)

// ways are all kinds of notices, in all their ways, and who is told. They are written down and not decided: what is
// decided is tested with the domain.
var ways = []struct {
	kind    mentoring.NoticeKind
	way     string
	roles   string
	changes []change
}{
	{mentoring.BookingConfirmed, "full", "requester expert", []change{colleagues}},
	{mentoring.BookingConfirmed, "small", "requester expert", []change{small}},

	{mentoring.BookingRequested, "", "requester expert", []change{requested}},
	{mentoring.RequestExpiring, "", "expert", []change{requested}},
	{mentoring.BookingDeclined, "", "requester expert", []change{requested, ended(mentoring.Declined, byExpert(mentoring.Ending{
		Decline: "better_person_known", Reason: "Ask Tomasz,\nwho wrote the book.",
	}))}},
	{mentoring.RequestExpired, "no_answer", "requester expert", []change{requested, ended(mentoring.Expired, bySystem(mentoring.NoAnswer))}},
	{mentoring.RequestExpired, "no_seat", "requester", []change{waiting, ended(mentoring.Expired, bySystem(mentoring.NoSeat))}},

	{mentoring.BookingWaiting, "", "requester", []change{waiting}},
	{mentoring.BookingWaiting, "asks", "requester", []change{waiting, asks}},
	{mentoring.WaitlistPromoted, "confirmed", "requester", nil},
	{mentoring.WaitlistPromoted, "requested", "requester", []change{requested}},

	{mentoring.MovedNotice, "", "requester expert", []change{was}},
	{mentoring.MovedNotice, "requested", "requester", []change{requested, was, withdrawn}},
	{mentoring.MovedNotice, "requested", "expert", []change{requested, was}},
	{mentoring.MovedNotice, "left", "expert", []change{left, withdrawn}},
	{mentoring.MovedNotice, "left.others_come", "expert", []change{left, noCalendar}},

	{mentoring.BookingCancelled, "by_requester", "requester expert", []change{cancelled(mentoring.Requester), withdrawn}},
	{mentoring.BookingCancelled, "by_requester.others_come", "expert", []change{cancelled(mentoring.Requester), noCalendar}},
	{mentoring.BookingCancelled, "by_expert", "requester expert", []change{cancelled(mentoring.Expert), withdrawn}},
	{mentoring.BookingCancelled, "by_expert.others_come", "expert", []change{cancelled(mentoring.Expert), noCalendar}},
	{mentoring.BookingCancelled, "by_system", "requester expert", []change{cancelled(mentoring.System), withdrawn}},
	{mentoring.BookingCancelled, "request.by_requester", "requester expert", []change{requested, cancelled(mentoring.Requester)}},
	{mentoring.BookingCancelled, "request.by_expert", "requester expert", []change{requested, cancelled(mentoring.Expert)}},
	{mentoring.BookingCancelled, "wait.by_requester", "requester expert", []change{waiting, cancelled(mentoring.Requester)}},
	{mentoring.BookingCancelled, "slot", "requester expert", []change{slotGone, withdrawn}},
	{mentoring.BookingCancelled, "slot.request", "requester expert", []change{requested, slotGone}},
	{mentoring.BookingCancelled, "slot.wait", "requester", []change{waiting, slotGone}},
	{mentoring.BookingCancelled, "slot.alone", "expert", []change{slotGone, withdrawn, alone}},
	{mentoring.BookingCancelled, "too_few", "requester expert", []change{tooFew, withdrawn}},
	{mentoring.BookingCancelled, "too_few.alone", "expert", []change{tooFew, withdrawn, alone}},

	{mentoring.SlotChangedNotice, "time", "requester", []change{was, released}},
	{mentoring.SlotChangedNotice, "time.request", "requester", []change{requested, was}},
	{mentoring.SlotChangedNotice, "details", "requester", nil},
	{mentoring.SlotChangedNotice, "time", "expert", []change{was, alone}},
	{mentoring.SlotChangedNotice, "details", "expert", []change{alone}},

	{mentoring.ConflictFound, "", "requester", []change{released, noCalendar}},
	{mentoring.SlotUnfilledNotice, "nobody", "expert", []change{alone, noCalendar}},
	{mentoring.SlotUnfilledNotice, "few", "expert", []change{tooFew, withdrawn, alone}},

	{mentoring.StrikeGiven, "late.first", "requester expert", []change{cancelled(mentoring.Requester), noCalendar, strikes(1)}},
	{mentoring.StrikeGiven, "late.first.alone", "expert", []change{slotGone, noCalendar, alone, strikes(1)}},
	{mentoring.StrikeGiven, "absent.second", "requester expert", []change{completed, noCalendar, strikes(2)}},
	{mentoring.StrikeGiven, "absent.third", "requester expert", []change{completed, noCalendar, strikes(3)}},

	{mentoring.Reminder24h, "", "requester expert", nil},
	{mentoring.Reminder24h, "alone", "expert", []change{alone}},
	{mentoring.Reminder1h, "", "requester expert", []change{noCalendar}},
	{mentoring.Reminder1h, "alone", "expert", []change{alone, noCalendar}},

	{mentoring.SurveyPulse, "", "requester", []change{over}},
	{mentoring.SurveyPulse, "one", "expert", []change{over, asksAbout(1)}},
	{mentoring.SurveyPulse, "several", "expert", []change{over, asksAbout(3)}},
	{mentoring.SurveyReminderNotice, "", "requester", []change{over}},
	{mentoring.SurveyReminderNotice, "", "expert", []change{over, asksAbout(1)}},
	{mentoring.SurveyOutcome, "", "requester", []change{over, written}},
	{mentoring.NotHeld, "requester", "requester expert", []change{over, said(mentoring.RequesterAbsent)}},
	{mentoring.NotHeld, "expert", "requester expert", []change{over, said(mentoring.ExpertAbsent)}},
	{mentoring.NotHeld, "both", "requester expert", []change{over, said(mentoring.BothAbsent)}},
	{mentoring.NoteForExpert, "", "expert", []change{over, noted}},
	{mentoring.InTouchNotice, "", "requester expert", []change{over, inTouch}},
	{mentoring.ActionDue, "", "requester", []change{over, dueToday}},
	{mentoring.SessionClosed, "debriefed", "requester expert", []change{over, written, closedBy(mentoring.Debriefed)}},
	{mentoring.SessionClosed, "by_time", "requester", []change{over, closedBy(mentoring.AutoClosed)}},
}

// samples are a notice of each.
func samples() []sample {
	var all []sample
	for _, w := range ways {
		for _, n := range notices(edda(), rana(), fullCircle(), fullRequest()) {
			if !strings.Contains(w.roles, string(n.Role)) {
				continue
			}
			n.Kind = w.kind
			for _, change := range w.changes {
				change(&n)
			}
			name := string(w.kind) + "." + w.way + "." + string(n.Role)
			all = append(all, sample{strings.ReplaceAll(name, "..", "."), n})
		}
	}
	return all
}

func small(n *mentoring.Notice) { *n = again(n, edda(), smallSlot(), smallRequest()) }

// colleagues belong to one organisation.
func colleagues(n *mentoring.Notice) {
	colleague := edda()
	colleague.Organisation = rana().Organisation
	*n = again(n, colleague, fullCircle(), fullRequest())
}

// again is the notice for the same reader of another booking.
func again(n *mentoring.Notice, expert mentoring.Person, s mentoring.Slot, b mentoring.Booking) mentoring.Notice {
	both := notices(expert, rana(), s, b)
	if n.Role == mentoring.Expert {
		return both[1]
	}
	return both[0]
}

func noCalendar(n *mentoring.Notice) { n.Calendar.Method = mentoring.CalendarNone }
func withdrawn(n *mentoring.Notice) {
	n.Calendar.Method = mentoring.CalendarCancel
	n.Calendar.Sequence++
}

func asks(n *mentoring.Notice) { n.Slot.Approval = mentoring.OnRequest }

// requested is before the expert answers.
func requested(n *mentoring.Notice) {
	asks(n)
	noCalendar(n)
	n.Booking.Status, n.Booking.ExpiresAt = mentoring.Requested, noon.Add(48*time.Hour)
	n.Booking.History = []mentoring.Step{{At: noon, By: mentoring.Requester, Action: mentoring.StepRequested, Status: mentoring.Requested}}
}

func waiting(n *mentoring.Notice) {
	noCalendar(n)
	n.Booking.Status, n.Booking.ExpiresAt = mentoring.Waitlisted, n.Slot.StartsAt.Add(-2*time.Hour)
	n.Booking.History = []mentoring.Step{{At: noon, By: mentoring.Requester, Action: mentoring.StepWaitlisted, Status: mentoring.Waitlisted}}
}

// ended is a booking that is over before its session.
func ended(status mentoring.BookingStatus, ending mentoring.Ending) change {
	return func(n *mentoring.Notice) {
		if n.Booking.History == nil {
			n.Booking.History = []mentoring.Step{{At: noon, By: mentoring.Requester, Action: mentoring.StepBooked, Status: mentoring.Confirmed}}
		}
		n.Booking.Status, n.Booking.Ended = status, ending
		n.Booking.History = append(n.Booking.History, mentoring.Step{At: noon, By: ending.By, Status: status})
	}
}

func byExpert(e mentoring.Ending) mentoring.Ending {
	e.By, e.At = mentoring.Expert, noon
	return e
}

func bySystem(cause mentoring.Cause) mentoring.Ending {
	return mentoring.Ending{By: mentoring.System, At: noon, Cause: cause}
}

func cancelled(by mentoring.Role) change {
	e := mentoring.Ending{By: by, At: noon}
	if by != mentoring.System {
		e.Reason = "A trip came up.\nSorry!"
	}
	return ended(mentoring.Cancelled, e)
}

// slotGone is the expert's whole session cancelled.
func slotGone(n *mentoring.Notice) {
	n.Slot.Status = mentoring.SlotCancelled
	n.Slot.Ended = byExpert(mentoring.Ending{Cause: mentoring.SlotGone, Reason: "I am ill."})
	ended(mentoring.Cancelled, n.Slot.Ended)(n)
}

// tooFew is a session that does not take place.
func tooFew(n *mentoring.Notice) {
	n.Slot.MinAttendees, n.Slot.Status, n.Slot.Ended = 3, mentoring.SlotCancelled, bySystem(mentoring.TooFew)
	ended(mentoring.Cancelled, n.Slot.Ended)(n)
}

// alone is about the session and no one booking.
func alone(n *mentoring.Notice) { n.Booking, n.Other = mentoring.Booking{}, mentoring.Party{} }

func was(n *mentoring.Notice) { n.Was = n.Slot.StartsAt.AddDate(0, 0, -7) }

// left is for the expert whose session a booking went away from: the booking is of another slot by now.
func left(n *mentoring.Notice) {
	n.Left, n.Was = true, n.Slot.StartsAt
	n.Booking.Slot, n.Booking.Title = mentoring.NewSlotID([16]byte{15: 2}), "Somewhere else"
	n.Booking.Expert = mentoring.Party{ID: "per_x", Name: "Another Expert"}
	n.Booking.StartsAt = n.Slot.StartsAt.AddDate(0, 1, 0)
}

func released(n *mentoring.Notice)  { n.Booking.Released = true }
func completed(n *mentoring.Notice) { n.Booking.Status = mentoring.Completed }

// over is once the session is.
func over(n *mentoring.Notice) {
	completed(n)
	noCalendar(n)
}

// asksAbout is for the expert of so many bookings.
func asksAbout(many int) change {
	return func(n *mentoring.Notice) {
		b := n.Booking
		alone(n)
		for i := range many {
			b.ID = mentoring.NewBookingID([16]byte{14: byte(i), 15: 1})
			n.Bookings = append(n.Bookings, b)
		}
		if many == 1 {
			n.Other = b.Requester
		}
	}
}

func said(what mentoring.Outcome) change {
	return func(n *mentoring.Notice) { n.Booking.After.Attendance = mentoring.Attendance{Expert: what} }
}

// written is all that the requester can write, and shares.
func written(n *mentoring.Notice) {
	n.Papers = mentoring.Papers{
		Takeaways: mentoring.Takeaways{Learned: "Ask <first>.", WillApply: "On Monday", Share: true},
		Debrief:   mentoring.Debrief{Achieved: "A rule of thumb.", StillToDo: "Explain it.", DoDifferently: "Come with an example."},
		Tasks: mentoring.Tasks{Tasks: []mentoring.Task{
			{Kind: "practice", Text: "Write one interface,\nand delete two.", DueOn: "2027-04-01", Status: mentoring.TaskOpen},
			{Kind: mentoring.OtherTask, Text: "Done by now", Status: mentoring.TaskDone},
		}},
	}
}

func noted(n *mentoring.Notice)   { n.Note = "Thank you.\nThe example with the tap helped most." }
func inTouch(n *mentoring.Notice) { n.Contact = "other@elsewhere.example" }
func dueToday(n *mentoring.Notice) {
	n.Task = mentoring.Task{Kind: "course", Text: "Take the course", DueOn: "2027-03-21", Status: mentoring.TaskOpen}
}

func closedBy(what mentoring.Closure) change {
	return func(n *mentoring.Notice) { n.Booking.After.Closure = what }
}

func strikes(count int) change {
	return func(n *mentoring.Notice) {
		n.Strikes = count
		if count >= mail.DefaultStrikeRule.Strikes {
			n.CooldownUntil = noon.AddDate(0, 0, mail.DefaultStrikeRule.Cooldown)
		}
	}
}

// Every kind there is has letters among the samples; a kind without any is one the composer does not know.
func TestSamplesAreOfEveryKind(t *testing.T) {
	sampled := map[mentoring.NoticeKind]bool{}
	names := map[string]bool{}
	for _, s := range samples() {
		sampled[s.notice.Kind] = true
		if names[s.name] {
			t.Errorf("two samples %s", s.name)
		}
		names[s.name] = true
	}
	for kind := range mail.Kinds() {
		if !sampled[kind] {
			t.Errorf("%s has no sample", kind)
		}
	}
}

// Subjects are one line of at most 200 characters however long a title may be, say when, and hold nothing else that
// somebody wrote (product.md section 10).
func TestSubjects(t *testing.T) {
	title := strings.Repeat("Ö", 120)
	for _, s := range samples() {
		t.Run(s.name, func(t *testing.T) {
			n := s.notice
			n.Slot.Title, n.Other.Name, n.Slot.Topic, n.Slot.Description = title, "NAME", "TOPIC", "DESCRIPTION"
			n.Reader.Profile.Name, n.Booking.Ended.Reason, n.Booking.Purpose.Question = "READER", "REASON", "QUESTION"
			m := compose(t, n)
			before, after, _ := strings.Cut(m.Subject, title)
			when := ", " + n.Slot.StartsAt.In(mustZone(t, n.Reader.Profile.TimeZone)).Format("Mon 2 Jan 15:04")
			if after != when || before == "" || strange(m.Subject) || len([]rune(m.Subject)) > 200 {
				t.Errorf("subject %q, want a word, the title and%s", m.Subject, when)
			}
			for _, written := range []string{"NAME", "TOPIC", "DESCRIPTION", "READER", "REASON", "QUESTION"} {
				if strings.Contains(before, written) {
					t.Errorf("%s is in the subject %q", written, m.Subject)
				}
			}
			if got := read(t, m.Raw).subject(t); got != m.Subject {
				t.Errorf("the header says %q", got)
			}
		})
	}
}
