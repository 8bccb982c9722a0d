package desk

import (
	"context"
	"slices"
	"time"

	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
)

// Session is a meeting that a person is to be at, or was, as their calendar has it: a requester's is their booking, an
// expert's the slot, however many come.
type Session struct {
	Role mentoring.Role
	// Slot is as it is now, with its meeting.
	Slot mentoring.Slot
	// Booking is the requester's, or one of those of the slot.
	Booking mentoring.Booking
	// Calendar is the entry of the person's calendar that the session is (product.md section 6). The sequence of an
	// expert's follows the slot alone and not who sits in it, which is enough where programs take over all entries at once.
	Calendar mentoring.Calendar
}

const (
	// keepsSessions is how long a session that is over stays in the list.
	keepsSessions = 30 * 24 * time.Hour
	// maxSessions is how many bookings of one side are looked at, soonest first. It bounds what a feed costs that
	// programs ask for every hour.
	maxSessions = 400
)

// Sessions are the meetings of a person on both sides, by time: those ahead and those of the last weeks that are
// confirmed or took place. It refuses with [mentoring.Busy].
func (d *Desk) Sessions(ctx context.Context, who mentoring.PersonID) ([]Session, error) {
	now := d.Now()
	var attending, hosting []table.Record
	err := d.round(ctx, d.places(mentoring.Requester, who, now, &attending), d.places(mentoring.Expert, who, now, &hosting))
	if err != nil {
		return read[[]Session](nil, err)
	}
	var bookings []mentoring.Booking
	for some := range slices.Chunk(slices.Concat(attending, hosting), table.MaxGets) {
		found, err := d.bookingsAt(ctx, some)
		if err != nil {
			return read[[]Session](nil, err)
		}
		bookings = append(bookings, found...)
	}
	sessions, err := d.withSlots(ctx, sessionsOf(who, bookings, now))
	return read(sessions, err)
}

// sessionsOf are the sessions of a person that bookings are about, by time, still without their slots. The bookings of one
// slot lie side by side, because nobody hosts two at a time.
func sessionsOf(who mentoring.PersonID, bookings []mentoring.Booking, now time.Time) (sessions []Session) {
	var hosted mentoring.SlotID
	for _, b := range bookings {
		role, _ := b.RoleOf(who)
		if !takesPlace(b, now) || role == mentoring.Expert && b.Slot == hosted {
			continue
		}
		if role == mentoring.Expert {
			hosted = b.Slot
		}
		sessions = append(sessions, Session{Role: role, Booking: b})
	}
	slices.SortStableFunc(sessions, func(a, b Session) int { return a.Booking.StartsAt.Compare(b.Booking.StartsAt) })
	return sessions
}

// takesPlace reports whether a booking belongs into a calendar.
func takesPlace(b mentoring.Booking, now time.Time) bool {
	status := b.StatusAt(now)
	return status == mentoring.Confirmed || status == mentoring.Completed
}

// places finds the bookings of one side, by time. Few people have more than a page of them.
func (d *Desk) places(role mentoring.Role, who mentoring.PersonID, now time.Time, into *[]table.Record) reading {
	return func(ctx context.Context) error {
		r := BookingFilter{Role: role, From: now.Add(-keepsSessions)}.stretch(who, "", table.MaxGets)
		for len(*into) < maxSessions {
			page, err := d.Table.Query(ctx, r)
			if err != nil {
				return err
			}
			*into = append(*into, page.Records...)
			if !page.More || len(page.Records) == 0 {
				return nil
			}
			r.From = table.After(page.Records[len(page.Records)-1].Entries[r.Index].SK)
		}
		return nil
	}
}

// withSlots reads the slots of sessions, many at once, and leaves out a session whose slot is gone.
func (d *Desk) withSlots(ctx context.Context, sessions []Session) (whole []Session, err error) {
	for some := range slices.Chunk(sessions, table.MaxGets) {
		keys := make([]table.Key, len(some))
		for i, s := range some {
			keys[i] = slotKey(s.Booking.Slot, placeMeta)
		}
		records, err := d.Table.Get(ctx, keys...)
		if err != nil {
			return nil, err
		}
		slots := map[mentoring.SlotID]mentoring.Slot{}
		for _, r := range records {
			slot, err := decodeSlot(r)
			if err != nil {
				return nil, err
			}
			slots[slot.ID] = slot
		}
		for _, s := range some {
			if slot, ok := slots[s.Booking.Slot]; ok {
				whole = append(whole, s.in(slot))
			}
		}
	}
	return whole, nil
}

// in is the session with its slot, and with the entry that goes with it.
func (s Session) in(slot mentoring.Slot) Session {
	s.Slot = slot
	s.Calendar = mentoring.Calendar{Method: mentoring.CalendarRequest, UID: string(s.Booking.ID), Sequence: s.Booking.VersionFor(mentoring.Requester)}
	if s.Role == mentoring.Expert {
		s.Calendar.UID, s.Calendar.Sequence = string(slot.ID), slot.Version
	}
	return s
}
