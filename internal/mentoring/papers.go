package mentoring

import "time"

// Papers are a booking and what was written about it once its session had begun: the surveys, what the requester takes from
// it and sets out to do, and how they closed it. Each is a record of its own, with a version; zero where nobody wrote any.
type Papers struct {
	Booking   Booking
	Requester Survey // of the wave [Pulse]
	Expert    Survey // of the wave [Pulse]
	Outcome   Survey
	Takeaways Takeaways
	Debrief   Debrief
	Tasks     Tasks
}

// For is what one side may see of the papers (product.md section 8): their own, and of the other side what that shares.
// Nobody else may see any.
func (p Papers) For(role Role) Papers {
	if role == Requester {
		p.Expert = Survey{}
		return p
	}
	p.Requester, p.Outcome = Survey{}, Survey{}
	if !p.Takeaways.Share {
		p.Takeaways, p.Debrief, p.Tasks = Takeaways{}, Debrief{}, p.Tasks.proposed()
	}
	return p
}

// released reports whether what one side wrote for the other may reach them: both answered, or nobody can any more, so that
// neither writes in view of what the other wrote.
func (p Papers) released(now time.Time) bool {
	return p.Booking.After.Answered.Both() || p.Booking.StatusAt(now) == Completed && !p.Booking.within(0, SurveyWindow, now)
}

// Note is what the requester wrote to the expert, as far as that reaches them: only if the expert welcomes it, and only
// when it is released. It is empty otherwise.
func (p Papers) Note(expert Person, now time.Time) string {
	if !expert.Profile.FeedbackWelcome || !p.released(now) {
		return ""
	}
	return p.Requester.Answers.text(NoteToExpert)
}

// Changed is what the requester says has changed since, where the expert may hear it; empty otherwise.
func (p Papers) Changed() string {
	if !p.Outcome.Answers.Says(ExpertMayHear) {
		return ""
	}
	return p.Outcome.Answers.text(WhatChanged)
}

// InTouch reports whether the two learn each other's addresses: both said so.
func (p Papers) InTouch() bool {
	return p.Requester.Answers.Says(StayInTouch) && p.Expert.Answers.Says(StayInTouch)
}

// reviewing works out one decision about the papers of a booking.
type reviewing struct {
	booking Booking
	read    Booking // as it was
	now     time.Time
	out     Changes
}

// review begins a decision. A booking that time completed, and that nobody has recorded as such yet, stays for the clock to
// complete: what is stored of it here comes on top.
func review(b Booking, now time.Time) *reviewing { return &reviewing{booking: b, read: b, now: now} }

func (r *reviewing) announce(e Event) {
	e.At, e.Slot, e.Bookings = r.now, r.booking.Slot, []BookingID{r.booking.ID}
	r.out.Events = append(r.out.Events, e)
}

// done is what the decision changes. The booking is written even where nothing in it changed, so that two who write about it
// at the same moment do not both decide on what was before; nobody sees that it was ([Booking.VersionFor]).
func (r *reviewing) done() Changes {
	r.out.Bookings = []Booking{r.booking.inPlaceOf(r.read)}
	return r.out
}

// After are the papers once changes are stored, each record with the version it will have.
func (p Papers) After(c Changes) Papers {
	if b, changed := c.Booking(p.Booking.ID); changed {
		p.Booking = b
	}
	for _, s := range c.Surveys {
		s.Version++
		switch {
		case s.Wave == OutcomeWave:
			p.Outcome = s
		case s.Role == Expert:
			p.Expert = s
		default:
			p.Requester = s
		}
	}
	for _, t := range c.Takeaways {
		t.Version++
		p.Takeaways = t
	}
	for _, d := range c.Debriefs {
		d.Version++
		p.Debrief = d
	}
	for _, t := range c.Tasks {
		t.Version++
		p.Tasks = t
	}
	return p
}

// Survey is that of a wave, as one side answered it.
func (p Papers) Survey(w Wave, role Role) Survey {
	switch {
	case w == OutcomeWave:
		return p.Outcome
	case role == Expert:
		return p.Expert
	}
	return p.Requester
}

// ToProgramme is what a side wrote to those who look after the programme, empty where nothing.
func (p Papers) ToProgramme(role Role) string {
	return p.Survey(Pulse, role).Answers.text(NoteToProgramme)
}
