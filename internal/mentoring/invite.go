package mentoring

import "time"

// DecideInvite says which calendar entry a party of a booking has for it, as the mails have it: a requester's is the booking,
// an expert's the slot, however many attend. It refuses with [NotFound] for strangers, or [InvalidTransition] where there is
// no entry, because the booking is not confirmed.
func DecideInvite(b Booking, s SlotState, by PersonID, now time.Time) (Role, Calendar, error) {
	role, ok := b.RoleOf(by)
	if !ok {
		return "", Calendar{}, Missing()
	}
	if status := b.StatusAt(now); status != Confirmed && status != Completed {
		return role, Calendar{}, b.invalid(role, now)
	}
	entry := Calendar{Method: CalendarRequest, UID: string(b.ID), Sequence: b.VersionFor(Requester)}
	if role == Expert {
		entry.UID, entry.Sequence = string(s.Slot.ID), s.Revision()
	}
	return role, entry, nil
}
