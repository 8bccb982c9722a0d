package mentoring

// nudges are the notices that ask for something and may wait: surveys and reminders of what people set out to do
// (product.md section 10).
var nudges = map[NoticeKind]bool{
	SurveyPulse: true, SurveyReminderNotice: true, SurveyOutcome: true, ActionDue: true, SessionClosed: true,
}

// Transactional reports whether a notice tells of something that happened to a booking. Such notices always go, and go
// first when not all can; the others are nudges. A kind nobody declared a nudge is transactional.
func (k NoticeKind) Transactional() bool { return !nudges[k] }

// Counts reports whether a notice counts towards what one reader gets a day (product.md section 11). Whatever brings their
// calendar up to date does not, nor the reminder of an hour before: both would come too late the next day.
func (n Notice) Counts() bool { return n.Calendar.Method == CalendarNone && n.Kind != Reminder1h }
