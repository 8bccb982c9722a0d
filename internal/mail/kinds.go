package mail

import "flashmentoring/internal/mentoring"

// kinds says how each kind of notice is put (product.md section 10). What becomes of the reader's calendar entry is
// decided with the notice, whatever its kind.
var kinds = map[mentoring.NoticeKind]func(*narrator, mentoring.Notice) letter{
	mentoring.BookingConfirmed:   confirmed,
	mentoring.BookingRequested:   requested,
	mentoring.BookingDeclined:    declined,
	mentoring.RequestExpiring:    expiring,
	mentoring.RequestExpired:     expired,
	mentoring.BookingWaiting:     waiting,
	mentoring.WaitlistPromoted:   promoted,
	mentoring.MovedNotice:        moved,
	mentoring.BookingCancelled:   cancelled,
	mentoring.SlotChangedNotice:  changed,
	mentoring.ConflictFound:      conflict,
	mentoring.SlotUnfilledNotice: unfilled,
	mentoring.StrikeGiven:        strike,
	mentoring.Reminder24h:        dayReminder,
	mentoring.Reminder1h:         hourReminder,

	mentoring.SurveyPulse:          pulse,
	mentoring.SurveyReminderNotice: pulse,
	mentoring.NotHeld:              notHeld,
	mentoring.NoteForExpert:        noteForExpert,
	mentoring.InTouchNotice:        inTouch,
	mentoring.ActionDue:            due,
	mentoring.SurveyOutcome:        outcome,
	mentoring.SessionClosed:        closed,
}
