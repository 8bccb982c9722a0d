package mentoring_test

import (
	"slices"
	"time"

	"flashmentoring/internal/mentoring"
)

// mailbox keeps what everybody was told, and what their calendars show after it.
type mailbox struct {
	kinds    map[mentoring.NoticeKind]int
	told     map[messageKey]bool
	calendar map[entryKey]entry
}

// messageKey is what a message is known by: once it was sent, another of the same name is not.
type messageKey struct {
	slot    mentoring.SlotID // where it is about no booking
	booking mentoring.BookingID
	name    string
}

type entryKey struct {
	reader mentoring.PersonID
	uid    string
}

type entry struct {
	shown    bool
	sequence int64
}

func newMailbox() mailbox {
	return mailbox{map[mentoring.NoticeKind]int{}, map[messageKey]bool{}, map[entryKey]entry{}}
}

// deliver decides who is told of an event, sends it, and looks at it as its readers do.
func (m mailbox) deliver(t failer, n mentoring.News, p mentoring.Policy, now time.Time) {
	notices := mentoring.NoticesFor(n, p, now)
	for _, notice := range notices {
		m.kinds[notice.Kind]++
		checkReader(t, n, notice)
		m.checkName(t, n, notice)
		checkShown(t, n, notice, now)
		m.enter(t, notice)
	}
}

// checkReader wants messages to go to the people of the booking or the slot only, and to show them their own side.
func checkReader(t failer, n mentoring.News, notice mentoring.Notice) {
	slot := n.State.Slot
	if notice.Left {
		slot = n.Left.Slot
	}
	who, b := notice.Reader.ID, notice.Booking
	if notice.Slot.ID != slot.ID {
		t.Fatalf("%s tells of slot %s, not of %s", notice.Kind, notice.Slot.ID, slot.ID)
	}
	switch {
	case !notice.Reader.Enrolled():
		t.Fatalf("%s goes to nobody", notice.Kind)
	case notice.Role == mentoring.Expert && who != slot.Host.ID:
		t.Fatalf("%s for the expert goes to %s", notice.Kind, who)
	case notice.Role == mentoring.Requester && who != b.Requester.ID:
		t.Fatalf("%s for the requester goes to %s", notice.Kind, who)
	case b.ID != "" && (b.Slot != slot.ID || b.Expert.ID != slot.Host.ID):
		t.Fatalf("%s about slot %s shows a booking of slot %s", notice.Kind, slot.ID, b.Slot)
	case b.ID != "" && !slices.Contains(n.Event.Bookings, b.ID):
		t.Fatalf("%s tells of a booking that the event does not name", notice.Kind)
	}
}

// checkName wants every message to have a name of its own, or it would be taken for one that was sent. Only what time alone
// announces may come again, and is not sent again.
func (m mailbox) checkName(t failer, n mentoring.News, notice mentoring.Notice) {
	key := messageKey{booking: notice.Booking.ID, name: notice.Name()}
	if key.booking == "" {
		key.slot = notice.Slot.ID
	}
	byTime := []mentoring.NoticeKind{
		mentoring.SlotUnfilledNotice, mentoring.Reminder24h, mentoring.Reminder1h,
		// Of which there is one, whatever changes after it.
		mentoring.NotHeld, mentoring.NoteForExpert, mentoring.InTouchNotice, mentoring.ActionDue,
	}
	if m.told[key] && !slices.Contains(byTime, notice.Kind) {
		t.Fatalf("after %s: a second message is called %s", n.Event.Kind, notice.Name())
	}
	m.told[key] = true
}

// enter does to the reader's calendar what the message says. Two may tell of one state, but what changes the entry must rise.
func (m mailbox) enter(t failer, notice mentoring.Notice) {
	c := notice.Calendar
	key := entryKey{notice.Reader.ID, c.UID}
	was, known := m.calendar[key]
	switch {
	case c.Method == mentoring.CalendarNone:
		return
	case c.Sequence < was.sequence || known && c.Sequence == was.sequence && was.shown != (c.Method == mentoring.CalendarRequest):
		t.Fatalf("%s: the sequence of %s goes from %d to %d", notice.Kind, c.UID, was.sequence, c.Sequence)
	case c.Method == mentoring.CalendarCancel && !known: // one that is taken back twice does no harm
		t.Fatalf("%s takes back an entry that %s does not have", notice.Kind, notice.Reader.Profile.Name)
	}
	m.calendar[key] = entry{c.Method == mentoring.CalendarRequest, c.Sequence}
}

// checkShown wants nothing of the other side to be shown that it does not share, and nothing before both answered or nobody
// can any more (product.md sections 7 and 8).
func checkShown(t failer, n mentoring.News, notice mentoring.Notice, now time.Time) {
	b, p := notice.Booking, n.Papers[notice.Booking.ID]
	over := !now.Before(b.EndsAt().Add(mentoring.SurveyWindow))
	welcome := n.People[b.Expert.ID].Person.Profile.FeedbackWelcome
	if notice.Note != "" && (notice.Role != mentoring.Expert || !welcome || !over && !b.After.Answered.Both()) {
		t.Fatalf("a note reaches the %s too early: %+v", notice.Role, b)
	}
	if both := p.Requester.Answers.Says(mentoring.StayInTouch) && p.Expert.Answers.Says(mentoring.StayInTouch); notice.Contact != "" && !both {
		t.Fatalf("an address reaches the %s", notice.Role)
	}
	other := mentoring.Expert
	if notice.Role == mentoring.Expert {
		other = mentoring.Requester
	}
	if shown := notice.Papers.Survey(mentoring.Pulse, other); shown.Version > 0 {
		t.Fatalf("the %s is shown what the other answered", notice.Role)
	}
	if notice.Role == mentoring.Expert && !p.Takeaways.Share && notice.Papers.Debrief != (mentoring.Debrief{}) {
		t.Fatalf("the expert is shown a debrief that is not shared")
	}
}
