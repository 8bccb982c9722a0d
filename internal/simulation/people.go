package simulation

import (
	"context"
	"fmt"
	"slices"
	"time"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
)

// domains say where people work: some together, some apart, one at nobody's.
var domains = []string{"north.example", "north.example", "north.example", "south.example", "south.example", "gmail.com", "north.example"}

var zones = []string{"Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "Europe/London", "UTC", "America/Sao_Paulo"}

var names = []string{"Ada", "Ben", "Eve", "Kim", "Lea", "Mia", "Noa"}

// coordinator looks after the programme, and is otherwise nobody.
var coordinator = desk.Caller{ID: mentoring.PersonIDFor("https://issuer.example", "coordinator"), Email: "coordinator@north.example", Name: "Coordinator", Coordinator: true}

func everybody() (people []desk.Caller) {
	for i, name := range names {
		people = append(people, desk.Caller{ID: mentoring.PersonIDFor("https://issuer.example", name), Email: name + "@" + domains[i], Name: name})
	}
	return people
}

func (w *world) nameOf(id mentoring.PersonID) string {
	for _, c := range w.people {
		if c.ID == id {
			return c.Name
		}
	}
	return string(id)
}

func (w *world) caller(id mentoring.PersonID) desk.Caller {
	i := slices.IndexFunc(w.people, func(c desk.Caller) bool { return c.ID == id })
	return w.people[max(i, 0)]
}

// deeds are what people do, as often as each is here.
var deeds = func() (all []func(*world) *errand) {
	for _, d := range []struct {
		times int
		deed  func(*world) *errand
	}{
		{30, (*world).book}, {7, (*world).publish}, {6, (*world).cancel}, {5, (*world).approve}, {5, (*world).move}, {6, (*world).revise},
		{2, (*world).decline}, {2, (*world).close}, {2, (*world).cancelSlot}, {2, (*world).enrol}, {2, (*world).assign}, {1, (*world).block},
		{5, (*world).attendance}, {7, (*world).survey}, {2, (*world).outcome}, {3, (*world).takeaways}, {4, (*world).task}, {2, (*world).reviseTask},
		{3, (*world).debrief}, {1, (*world).concern}, {1, (*world).erase}, {1, (*world).importing}, {1, (*world).stopSurveys}, {1, (*world).redrive}, {3, (*world).look}, {1, (*world).curate},
	} {
		all = append(all, slices.Repeat([]func(*world) *errand{d.deed}, d.times)...)
	}
	return all
}()

// deed is something somebody does now, nil where that is impossible.
func (w *world) deed() *errand { return from(w.lots, deeds)(w) }

func (w *world) anybody() desk.Caller { return from(w.lots, w.people) }

// somebodyElse is mostly somebody who has enrolled, and not the one named.
func (w *world) somebodyElse(not mentoring.PersonID) desk.Caller {
	who, _ := mostly(w.lots, w.people, func(c desk.Caller) bool { return c.ID != not && w.books.people[c.ID].Enrolled() })
	return who
}

// aSlot is mostly one of the latest that can still be booked.
func (w *world) aSlot() (mentoring.Slot, bool) {
	if s, known := w.books.slots[w.hotSlot]; known && w.lots.chance(.7) {
		return s, true
	}
	now := w.now()
	return mostly(w.lots, w.inOrder(), func(s mentoring.Slot) bool {
		return s.Status == mentoring.SlotOpen && now.Before(s.BookableUntil())
	})
}

// inOrder are the slots in the order of their publication.
func (w *world) inOrder() (all []mentoring.Slot) {
	for _, id := range w.books.slotIDs() {
		all = append(all, w.books.slots[id])
	}
	slices.SortStableFunc(all, func(a, b mentoring.Slot) int { return a.PublishedAt.Compare(b.PublishedAt) })
	return all
}

// aBooking is mostly one that is apt.
func (w *world) aBooking(apt func(mentoring.Booking) bool) (mentoring.Booking, bool) {
	if b, known := w.books.bookings[w.hotBooking]; known && apt(b) && w.lots.chance(.8) {
		return b, true
	}
	var all []mentoring.Booking
	for _, id := range w.books.bookingIDs() {
		all = append(all, w.books.bookings[id])
	}
	slices.SortStableFunc(all, func(a, b mentoring.Booking) int { return a.BookedAt.Compare(b.BookedAt) })
	return mostly(w.lots, all, apt)
}

// mostly is one of the last of those that are apt, or, once in a while, of all.
func mostly[T any](l lots, all []T, apt func(T) bool) (one T, ok bool) {
	if !l.chance(.1) {
		all = slices.DeleteFunc(slices.Clone(all), func(t T) bool { return !apt(t) })
	}
	if len(all) == 0 {
		return one, false
	}
	return all[len(all)-1-l.IntN(min(len(all), 6))], true
}

func (w *world) alive(b mentoring.Booking) bool { return b.Live(w.now()) }

func (w *world) over(b mentoring.Booking) bool {
	return !w.now().Before(b.EndsAt()) && (b.Status == mentoring.Confirmed || b.Status == mentoring.Completed)
}

// party is mostly the side of a booking that may do something.
func (w *world) party(b mentoring.Booking, mostly ...mentoring.PersonID) desk.Caller {
	if w.lots.chance(.05) {
		return w.anybody()
	}
	return w.caller(from(w.lots, mostly))
}

// start is when a session begins: at few quarters of an hour, so that many overlap.
func (w *world) start() time.Time {
	ahead := []time.Duration{
		30 * time.Minute, 3 * time.Hour, 26 * time.Hour, 27 * time.Hour, 27*time.Hour + 15*time.Minute, 50 * time.Hour, 51 * time.Hour, 6 * 24 * time.Hour, 15 * 24 * time.Hour,
	}
	return w.now().Truncate(15 * time.Minute).Add(15 * time.Minute).Add(from(w.lots, ahead))
}

func (w *world) draft() mentoring.SlotDraft {
	l := w.lots
	d := mentoring.SlotDraft{
		Title: "Reading a balance sheet", Topic: from(l, []string{"finance", "finance", "sales"}), Format: mentoring.OneToOne, Capacity: new(1), StartsAt: w.start(),
		DurationMinutes: from(l, []int{15, 30, 90}), TimeZone: from(l, zones), Direction: from(l, mentoring.Directions),
		Audience: mentoring.Everyone, Approval: from(l, []mentoring.Approval{mentoring.Instant, mentoring.Instant, mentoring.OnRequest}),
		BookingNoticeMinutes: new(from(l, []int{0, 5, 30, 120})), CancelNoticeMinutes: new(from(l, []int{0, 60, 1440})),
		Modes: []mentoring.Mode{mentoring.Video},
	}
	if l.chance(.5) {
		d.Format, d.Capacity = from(l, []mentoring.Format{mentoring.Circle, mentoring.PeerGroup}), new(2+l.IntN(3))
	}
	if l.chance(.2) {
		d.MinAttendees = new(1 + l.IntN(*d.Capacity))
	}
	if l.chance(.15) {
		d.Audience = from(l, mentoring.Audiences)
	}
	return d
}

func (w *world) publish() *errand {
	who, drafts := w.people[w.lots.IntN(5)], []mentoring.SlotDraft{w.draft()}
	if w.lots.chance(.2) {
		drafts = append(drafts, w.draft())
	}
	return w.errandOf("publish", who, len(drafts), func(ctx context.Context, d *desk.Desk, once desk.Once) (string, error) {
		views, err := d.PublishAll(ctx, who, drafts, once)
		if err != nil {
			return "", err
		}
		return string(views[0].Slot.ID), nil
	})
}

var purpose = mentoring.Purpose{
	Kind: "skill_gap", Question: "How do I read the cash flow statement of a small company?",
	DesiredOutcome: "I can tell whether a supplier will be around next year.",
}

func (w *world) book() *errand {
	s, ok := w.aSlot()
	if !ok {
		return w.publish()
	}
	who, r := w.somebodyElse(s.Host.ID), mentoring.BookingRequest{Purpose: purpose, JoinWaitlist: w.lots.chance(.7), NoConflict: !w.lots.chance(.05)}
	return w.errandOf("book", who, 1, func(ctx context.Context, d *desk.Desk, once desk.Once) (string, error) {
		view, err := d.Book(ctx, who, s.ID, r, once)
		return string(view.Booking.ID), err
	})
}

// onBooking is a command on a booking by one of the two.
func (w *world) onBooking(
	what string, b mentoring.Booking, by desk.Caller,
	do func(context.Context, *desk.Desk, desk.Once) (desk.BookingView, error),
) *errand {
	return w.errandOf(what, by, 0, func(ctx context.Context, d *desk.Desk, once desk.Once) (string, error) {
		view, err := do(ctx, d, once)
		return fmt.Sprint(b.ID, " ", view.Booking.Version), err
	})
}

func (w *world) cancel() *errand {
	b, ok := w.aBooking(w.alive)
	if !ok {
		return nil
	}
	by := w.party(b, b.Requester.ID, b.Requester.ID, b.Expert.ID)
	return w.onBooking("cancel", b, by, func(ctx context.Context, d *desk.Desk, once desk.Once) (desk.BookingView, error) {
		return d.Cancel(ctx, by, b.ID, mentoring.Cancel{}, once)
	})
}

func (w *world) requested(b mentoring.Booking) bool {
	return b.StatusAt(w.now()) == mentoring.Requested
}

func (w *world) approve() *errand {
	b, ok := w.aBooking(w.requested)
	if !ok {
		return nil
	}
	by := w.party(b, b.Expert.ID)
	return w.onBooking("approve", b, by, func(ctx context.Context, d *desk.Desk, once desk.Once) (desk.BookingView, error) {
		return d.Approve(ctx, by, b.ID, once)
	})
}

func (w *world) decline() *errand {
	b, ok := w.aBooking(w.requested)
	if !ok {
		return nil
	}
	by := w.party(b, b.Expert.ID)
	return w.onBooking("decline", b, by, func(ctx context.Context, d *desk.Desk, once desk.Once) (desk.BookingView, error) {
		return d.Decline(ctx, by, b.ID, mentoring.Decline{Reason: mentoring.NotMyArea}, once)
	})
}

func (w *world) move() *errand {
	b, ok := w.aBooking(w.alive)
	to, also := w.aSlot()
	if !ok || !also {
		return nil
	}
	by := w.party(b, b.Requester.ID)
	return w.onBooking("move", b, by, func(ctx context.Context, d *desk.Desk, once desk.Once) (desk.BookingView, error) {
		return d.Move(ctx, by, b.ID, mentoring.Move{To: to.ID, NoConflict: true}, once)
	})
}

func (w *world) host(s mentoring.Slot) desk.Caller {
	if w.lots.chance(.05) {
		return w.anybody()
	}
	return w.caller(s.Host.ID)
}

func (w *world) revise() *errand {
	s, ok := w.aSlot()
	if !ok {
		return nil
	}
	var r mentoring.Revision
	switch w.lots.IntN(7) {
	case 0:
		r.Title = new(from(w.lots, []string{"Reading a balance sheet", "Reading a cash flow statement"}))
	case 1, 2:
		r.Capacity = new(1 + w.lots.IntN(5))
	case 3, 4:
		r.StartsAt = new(w.start())
	case 5:
		r.Capacity, r.StartsAt = new(2+w.lots.IntN(3)), new(w.start())
	case 6:
		r.BookingNoticeMinutes, r.TimeZone = new(30), new("Pacific/Auckland")
	}
	by := w.host(s)
	return w.keyless("revise", by, func(ctx context.Context, d *desk.Desk) error { return ignored(d.Revise(ctx, by, s.ID, r, nil)) })
}

func (w *world) close() *errand {
	s, ok := w.aSlot()
	if !ok {
		return nil
	}
	by := w.host(s)
	return w.errandOf("close", by, 0, func(ctx context.Context, d *desk.Desk, once desk.Once) (string, error) {
		view, err := d.Close(ctx, by, s.ID, once)
		return fmt.Sprint(s.ID, " ", view.Slot.Version), err
	})
}

func (w *world) cancelSlot() *errand {
	s, ok := w.aSlot()
	if !ok {
		return nil
	}
	by := w.host(s)
	return w.errandOf("cancel slot", by, 0, func(ctx context.Context, d *desk.Desk, once desk.Once) (string, error) {
		view, err := d.CancelSlot(ctx, by, s.ID, mentoring.Cancel{}, once)
		return fmt.Sprint(s.ID, " ", view.Slot.Version), err
	})
}

func (w *world) enrol() *errand {
	who, p := w.anybody(), mentoring.Profile{SurveyMails: !w.lots.chance(.2), FeedbackWelcome: w.lots.chance(.5)}
	p.Name, p.TimeZone, p.MonthlySessionCap = who.Name, from(w.lots, zones), from(w.lots, []int{0, 0, 1, 2})
	if w.lots.chance(.2) {
		p.PausedUntil = w.now().Add(time.Duration(1+w.lots.IntN(30)) * time.Hour)
	}
	if other := w.anybody(); other.ID != who.ID && w.lots.chance(.3) {
		p.DeclaredConflicts = []mentoring.PersonID{other.ID}
	}
	if !p.SurveyMails {
		w.asksNoMore[who.ID] = true
	}
	return w.enrolment(who, p)
}

func (w *world) enrolment(who desk.Caller, p mentoring.Profile) *errand {
	return w.keyless("enrol", who, func(ctx context.Context, d *desk.Desk) error {
		return ignored(d.Enrol(ctx, who, mentoring.Enrolment{Profile: p, AcceptGroundRules: true}, nil))
	})
}

func (w *world) assign() *errand {
	who, a := w.anybody(), mentoring.Assignment{Cohort: from(w.lots, []string{"", "first", "second"}), Organisation: from(w.lots, []string{"", "", "", "South"})}
	if manager := w.anybody(); manager.ID != who.ID && w.lots.chance(.6) {
		a.Manager = manager.ID
	}
	if w.lots.chance(.15) {
		a.SuspendedUntil = w.now().Add(30 * time.Hour)
	}
	return w.keyless("assign", coordinator, func(ctx context.Context, d *desk.Desk) error {
		return ignored(d.Assign(ctx, coordinator, who.ID, a, nil))
	})
}

func (w *world) importing() *errand {
	who, manager := w.anybody(), w.anybody()
	rows := []mentoring.ImportRow{{Email: who.Email, Manager: manager.Email, Cohort: "imported"}}
	return w.errandOf("import", coordinator, 0, func(ctx context.Context, d *desk.Desk, once desk.Once) (string, error) {
		return "", ignored(d.Import(ctx, coordinator, rows, once))
	})
}

func (w *world) block() *errand {
	who, other, on := w.anybody(), w.anybody(), w.lots.chance(.4)
	return w.keyless("block", who, func(ctx context.Context, d *desk.Desk) error {
		return d.Block(ctx, who, mentoring.Block{Of: other.ID, On: on})
	})
}

func (w *world) attendance() *errand {
	b, ok := w.aBooking(w.over)
	if !ok {
		return nil
	}
	by, outcome := w.party(b, b.Requester.ID, b.Expert.ID), from(w.lots, mentoring.Outcomes)
	if w.lots.chance(.2) {
		return w.keyless("retract", by, func(ctx context.Context, d *desk.Desk) error { return ignored(d.RetractAttendance(ctx, by, b.ID)) })
	}
	return w.onBooking("attendance", b, by, func(ctx context.Context, d *desk.Desk, once desk.Once) (desk.BookingView, error) {
		return d.SayAttendance(ctx, by, b.ID, mentoring.Testify{Outcome: outcome}, once)
	})
}

func (w *world) survey() *errand {
	b, ok := w.aBooking(w.over)
	if !ok {
		return nil
	}
	by := w.party(b, b.Requester.ID, b.Expert.ID)
	a := mentoring.Answers{mentoring.TookPlace: {Choices: []string{string(mentoring.Held)}}, mentoring.NoteToProgramme: {Text: "Thank you."}}
	if w.lots.chance(.15) {
		a[mentoring.TookPlace] = mentoring.Answer{Choices: []string{string(mentoring.RequesterAbsent)}}
	} else {
		a[mentoring.StayInTouch] = mentoring.Answer{Choices: []string{from(w.lots, []string{mentoring.Yes, mentoring.No})}}
	}
	if by.ID == b.Requester.ID && len(a) == 3 {
		a[mentoring.Attainment], a[mentoring.NoteToExpert] = mentoring.Answer{Number: new(w.lots.IntN(5))}, mentoring.Answer{Text: "It helped."}
		a[mentoring.NextStep] = mentoring.Answer{Text: "Write to Kim."}
	}
	return w.keyless("survey", by, func(ctx context.Context, d *desk.Desk) error {
		return ignored(d.AnswerSurvey(ctx, by, b.ID, mentoring.Pulse, a, nil))
	})
}

func (w *world) outcome() *errand {
	b, ok := w.aBooking(func(b mentoring.Booking) bool { return w.over(b) && w.now().Sub(b.EndsAt()) > mentoring.OutcomeAfter })
	if !ok {
		return nil
	}
	by, a := w.caller(b.Requester.ID), mentoring.Answers{mentoring.Recommend: {Number: new(w.lots.IntN(11))}}
	return w.keyless("outcome", by, func(ctx context.Context, d *desk.Desk) error {
		return ignored(d.AnswerSurvey(ctx, by, b.ID, mentoring.OutcomeWave, a, nil))
	})
}

func (w *world) takeaways() *errand {
	b, ok := w.aBooking(w.over)
	if !ok {
		return nil
	}
	by, t := w.party(b, b.Requester.ID), mentoring.WriteTakeaways{Learned: "Cash is not profit.", Share: w.lots.chance(.5)}
	return w.keyless("takeaways", by, func(ctx context.Context, d *desk.Desk) error { return ignored(d.WriteTakeaways(ctx, by, b.ID, t, nil)) })
}

func (w *world) task() *errand {
	b, ok := w.aBooking(w.over)
	if !ok {
		return nil
	}
	by, a := w.party(b, b.Requester.ID, b.Expert.ID), mentoring.AddTask{Kind: "course", Text: "Take it"}
	if w.lots.chance(.7) {
		a.DueOn = mentoring.Day(w.now().AddDate(0, 0, 1+w.lots.IntN(9)).Format(time.DateOnly))
	}
	return w.errandOf("task", by, 0, func(ctx context.Context, d *desk.Desk, once desk.Once) (string, error) {
		view, err := d.AddTask(ctx, by, b.ID, a, once)
		return string(view.Task.ID), err
	})
}

func (w *world) reviseTask() *errand {
	b, ok := w.aBooking(func(b mentoring.Booking) bool { return len(w.books.papers[b.ID].Tasks.Tasks) > 0 })
	if tasks := w.books.papers[b.ID].Tasks.Tasks; ok && len(tasks) > 0 {
		id, by := from(w.lots, tasks).ID, w.party(b, b.Requester.ID)
		r := mentoring.ReviseTask{Status: new(from(w.lots, []mentoring.TaskStatus{mentoring.TaskOpen, mentoring.TaskDone, mentoring.TaskDropped}))}
		return w.keyless("revise task", by, func(ctx context.Context, d *desk.Desk) error {
			return ignored(d.ReviseTask(ctx, by, b.ID, id, r, nil))
		})
	}
	return nil
}

func (w *world) debrief() *errand {
	b, ok := w.aBooking(w.over)
	if !ok {
		return nil
	}
	by := w.party(b, b.Requester.ID)
	return w.keyless("debrief", by, func(ctx context.Context, d *desk.Desk) error {
		return ignored(d.WriteDebrief(ctx, by, b.ID, mentoring.WriteDebrief{Achieved: "Much."}, nil))
	})
}

func (w *world) concern() *errand {
	b, ok := w.aBooking(w.alive)
	if !ok {
		return nil
	}
	by := w.caller(b.Requester.ID)
	return w.errandOf("concern", by, 2, func(ctx context.Context, d *desk.Desk, once desk.Once) (string, error) {
		view, err := d.Raise(ctx, by, mentoring.Raise{About: b.Expert.ID, Category: "conduct", Text: "They shouted."}, once)
		return string(view.Concern.ID), err
	})
}

// erase is rare, and mostly somebody comes back.
func (w *world) erase() *errand {
	if !w.lots.chance(.4) {
		return w.enrol()
	}
	who := w.anybody()
	w.asksNoMore[who.ID], w.wasErased[who.ID] = true, true
	return w.keyless("erase", who, func(ctx context.Context, d *desk.Desk) error { return d.Erase(ctx, who) })
}

func (w *world) stopSurveys() *errand {
	who := w.anybody()
	w.asksNoMore[who.ID] = true
	return w.keyless("stop surveys", who, func(ctx context.Context, d *desk.Desk) error { return d.StopSurveys(ctx, who.ID) })
}

// redrive puts a dead letter back, as a coordinator does.
func (w *world) redrive() *errand {
	return w.keyless("redrive", coordinator, func(ctx context.Context, d *desk.Desk) error {
		letters, err := d.DeadLetters(ctx, coordinator, "", 20)
		for _, letter := range letters.Items {
			if err == nil && letter.RedrivenAt.IsZero() {
				err = ignored(d.Redrive(ctx, coordinator, letter.ID, desk.Once{}))
			}
		}
		return err
	})
}

// curate has a topic take no more slots, or take them again.
func (w *world) curate() *errand {
	c := mentoring.Curate{Slug: "finance", Label: "Money", Status: mentoring.TopicActive}
	if w.lots.chance(.3) {
		c.Status = mentoring.TopicDeprecated
		c.MergedInto = from(w.lots, []string{"", "sales"})
	}
	return w.keyless("curate", coordinator, func(ctx context.Context, d *desk.Desk) error {
		return ignored(d.Curate(ctx, coordinator, c, nil))
	})
}

// look reads what people look at.
func (w *world) look() *errand {
	who, which := w.anybody(), w.lots.IntN(4)
	return w.keyless("look", who, func(ctx context.Context, d *desk.Desk) error {
		switch which {
		case 0:
			return ignored(d.OpenSlots(ctx, who, desk.SlotFilter{}, "", 20))
		case 1:
			return ignored(d.Bookings(ctx, who, desk.BookingFilter{Role: mentoring.Requester}, "", 20))
		case 2:
			return ignored(d.Sessions(ctx, who.ID))
		}
		return ignored(d.Export(ctx, who, "", 100))
	})
}
