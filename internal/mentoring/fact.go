package mentoring

import "time"

// SlotFact is what the programme's report counts of a slot once its time is over, or it is called off. It holds no words and
// no names (product.md sections 7 and 8).
type SlotFact struct {
	Slot      SlotID     `json:"slot"`
	Expert    PersonID   `json:"expert"`
	StartsAt  time.Time  `json:"startsAt"`
	Cohort    string     `json:"cohort,omitzero"` // the expert's, as it was when the fact was recorded first
	Topic     string     `json:"topic"`
	Format    Format     `json:"format"`
	Direction Direction  `json:"direction"`
	Capacity  int        `json:"capacity"`
	Filled    int        `json:"filled"` // seats of those who were confirmed
	Status    SlotStatus `json:"status"`
}

// SlotFactOf is the fact of a slot. ok is false while it may still take place.
func SlotFactOf(s SlotState, expert Person, now time.Time) (f SlotFact, ok bool) {
	status := s.StatusAt(now)
	if status != SlotCancelled && status != SlotCompleted && status != SlotExpired {
		return f, false
	}
	slot := s.Slot
	return SlotFact{
		slot.ID, slot.Host.ID, slot.StartsAt, expert.Programme.Cohort, slot.Topic, slot.Format, slot.Direction, slot.Capacity,
		s.Confirmed(), status,
	}, true
}

// BookingFact is what the programme's report counts of a booking once it has ended or its session is over. It holds numbers
// and words of closed lists: no texts, no names.
type BookingFact struct {
	Booking     BookingID     `json:"booking"`
	Slot        SlotID        `json:"slot"`
	Expert      PersonID      `json:"expert"`
	StartsAt    time.Time     `json:"startsAt"`
	Cohort      string        `json:"cohort,omitzero"` // the requester's, as it was when the fact was recorded first
	Topic       string        `json:"topic"`
	Format      Format        `json:"format"`
	Direction   Direction     `json:"direction"`
	Affiliation Affiliation   `json:"affiliation"` // of the two, as it was then
	Status      BookingStatus `json:"status"`
	// Answer is how a request was answered, empty where nobody was asked, after so many minutes.
	Answer        StepAction `json:"answer,omitzero"`
	AnswerMinutes int        `json:"answerMinutes,omitzero"`
	// Confirmed: there was a seat. LateBy is the side that cancelled it within the notice.
	Confirmed  bool    `json:"confirmed,omitzero"`
	LateBy     Role    `json:"lateBy,omitzero"`
	Attendance Outcome `json:"attendance,omitzero"`
	// RequesterAnswered and ExpertAnswered: they answered the survey.
	RequesterAnswered bool    `json:"requesterAnswered,omitzero"`
	ExpertAnswered    bool    `json:"expertAnswered,omitzero"`
	Attainment        *int    `json:"attainment,omitzero"` // 0 to 4
	Useful            *int    `json:"useful,omitzero"`     // 1 to 5
	InTouch           bool    `json:"inTouch,omitzero"`    // both want to stay in touch
	Recommend         *int    `json:"recommend,omitzero"`  // 0 to 10
	TasksDone         int     `json:"tasksDone,omitzero"`
	Tasks             int     `json:"tasks,omitzero"` // that the requester set, or accepted
	Closure           Closure `json:"closure,omitzero"`
}

// Held reports whether the two met, as far as anybody says: nobody denies it.
func (f BookingFact) Held() bool {
	return f.Status == Completed && (f.Attendance == Held || f.Attendance == Unknown)
}

// BookingFactOf is the fact of a booking. ok is false while the booking is alive.
func BookingFactOf(p Papers, s Slot, requester Person, now time.Time) (f BookingFact, ok bool) {
	b := p.Booking
	if b.Live(now) {
		return f, false
	}
	f = BookingFact{
		Booking: b.ID, Slot: b.Slot, Expert: b.Expert.ID, StartsAt: b.StartsAt, Cohort: requester.Programme.Cohort, Topic: s.Topic,
		Format: s.Format, Direction: s.Direction, Affiliation: requester.AffiliationTo(s.Host), Status: b.StatusAt(now),
		Confirmed: b.everConfirmed(), LateBy: b.lateBy(),
	}
	f.Answer, f.AnswerMinutes = b.answer()
	if f.Status != Completed {
		return f, true
	}
	f.Attendance, f.Closure = b.After.Attendance.Result(), b.ClosureAt(now)
	f.RequesterAnswered, f.ExpertAnswered = p.Requester.Version > 0, p.Expert.Version > 0
	f.Attainment, f.Useful = p.Requester.Answers[Attainment].Number, p.Requester.Answers[Useful].Number
	f.InTouch, f.Recommend = p.InTouch(), p.Outcome.Answers[Recommend].Number
	for _, t := range p.Tasks.Tasks {
		if t.Status == TaskOpen || t.Status == TaskDone {
			f.Tasks++
		}
		if t.Status == TaskDone {
			f.TasksDone++
		}
	}
	return f, true
}

// lateBy is the side that left a confirmed booking within the notice that was agreed, or nobody.
func (b Booking) lateBy() Role {
	if b.Status != Cancelled || !b.everConfirmed() || b.Released || b.Ended.By == System || b.Ended.At.Before(b.noticeAt()) {
		return ""
	}
	return b.Ended.By
}

// answer is how the first request of the booking was answered, and after how many minutes; empty where nobody was asked.
func (b Booking) answer() (StepAction, int) {
	var asked time.Time
	for _, step := range b.History {
		switch {
		case asked.IsZero() && step.Status == Requested:
			asked = step.At
		case !asked.IsZero() && step.Status != Requested:
			return step.Action, int(step.At.Sub(asked).Minutes())
		}
	}
	return "", 0
}
