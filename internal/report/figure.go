package report

import (
	"slices"
	"time"

	"flashmentoring/internal/mentoring"
)

// Unit says what a figure's value is.
type Unit string

const (
	Count   Unit = "count"
	Share   Unit = "share" // 0 to 1
	Mean    Unit = "mean"
	Minutes Unit = "minutes" // the median
)

// figure is one line of the report: which facts are its cases, and what becomes of them.
type figure struct {
	name     string
	unit     Unit
	slots    func(mentoring.SlotFact) (sample, bool) // of slots, or
	bookings func(mentoring.BookingFact) (sample, bool)
	value    func([]sample) float64
	// changes is for how long after a month somebody's answers may still come in; zero where a figure tells of no answers.
	changes time.Duration
}

// answeredWithin is a figure of answers that may come in for so long after a session.
func answeredWithin(d time.Duration, f figure) figure {
	f.changes = d
	return f
}

// sample is one case: a part of a whole, and whose session it was.
type sample struct {
	part, whole float64
	expert      mentoring.PersonID
}

func one(yes bool) sample {
	if yes {
		return sample{part: 1, whole: 1}
	}
	return sample{whole: 1}
}

// How long after a session answers come in, and a day more for sessions that begin in a month and end in the next.
const (
	pulse   = mentoring.SurveyWindow + 24*time.Hour
	outcome = mentoring.OutcomeAfter + mentoring.OutcomeWindow + 24*time.Hour
)

// figures are all there are, in the order of the report.
var figures = []figure{
	ofSlots("slots_published", Count, func(f mentoring.SlotFact) (sample, bool) { return one(true), true }),
	ofSlots("fill_rate", Share, func(f mentoring.SlotFact) (sample, bool) {
		return sample{part: float64(f.Filled), whole: float64(f.Capacity)}, f.Status != mentoring.SlotCancelled
	}),
	ofBookings("bookings", Count, func(f mentoring.BookingFact) (sample, bool) { return one(true), true }),
	ofBookings("requests", Count, func(f mentoring.BookingFact) (sample, bool) { return one(true), f.Answer != "" }),
	median("answer_time", func(f mentoring.BookingFact) (sample, bool) {
		answered := f.Answer == mentoring.StepApproved || f.Answer == mentoring.StepDeclined
		return sample{part: float64(f.AnswerMinutes), whole: 1}, answered
	}),
	ofBookings("acceptance_rate", Share, func(f mentoring.BookingFact) (sample, bool) {
		return one(f.Answer == mentoring.StepApproved), f.Answer == mentoring.StepApproved || f.Answer == mentoring.StepDeclined
	}),
	ofBookings("expiry_rate", Share, func(f mentoring.BookingFact) (sample, bool) {
		return one(f.Answer == mentoring.StepExpired), f.Answer != ""
	}),
	ofBookings("held", Count, func(f mentoring.BookingFact) (sample, bool) { return one(true), f.Held() }),
	ofBookings("requester_no_show_rate", Share, func(f mentoring.BookingFact) (sample, bool) {
		return one(f.Attendance.Missed(mentoring.Requester)), f.Status == mentoring.Completed
	}),
	ofBookings("expert_no_show_rate", Share, func(f mentoring.BookingFact) (sample, bool) {
		return one(f.Attendance.Missed(mentoring.Expert)), f.Status == mentoring.Completed
	}),
	ofBookings("late_cancel_rate", Share, func(f mentoring.BookingFact) (sample, bool) { return one(f.LateBy != ""), f.Confirmed }),
	ofBookings("requester_response_rate", Share, func(f mentoring.BookingFact) (sample, bool) {
		return one(f.RequesterAnswered), f.Status == mentoring.Completed
	}),
	ofBookings("expert_response_rate", Share, func(f mentoring.BookingFact) (sample, bool) {
		return one(f.ExpertAnswered), f.Status == mentoring.Completed
	}),
	answeredWithin(pulse, ofBookings("attainment_mean", Mean, func(f mentoring.BookingFact) (sample, bool) { return rated(f.Attainment) })),
	answeredWithin(pulse, ofBookings("attainment_mostly_share", Share, func(f mentoring.BookingFact) (sample, bool) { return atLeast(f.Attainment, 3) })),
	answeredWithin(pulse, ofBookings("useful_top_two_share", Share, func(f mentoring.BookingFact) (sample, bool) { return atLeast(f.Useful, 4) })),
	answeredWithin(outcome, ofBookings("recommend_mean", Mean, func(f mentoring.BookingFact) (sample, bool) { return rated(f.Recommend) })),
	ofBookings("actions_done_share", Share, func(f mentoring.BookingFact) (sample, bool) {
		return sample{part: float64(f.TasksDone), whole: float64(f.Tasks)}, f.Tasks > 0
	}),
	answeredWithin(pulse, ofBookings("stay_in_touch_rate", Share, func(f mentoring.BookingFact) (sample, bool) {
		return one(f.InTouch), f.RequesterAnswered && f.ExpertAnswered
	})),
	ofBookings("debriefed_share", Share, func(f mentoring.BookingFact) (sample, bool) {
		return one(f.Closure == mentoring.Debriefed), f.Status == mentoring.Completed
	}),
	heldShare("outside_share", func(f mentoring.BookingFact) bool { return f.Affiliation == mentoring.Outside }),
	heldShare("reverse_share", func(f mentoring.BookingFact) bool { return f.Direction == mentoring.Reverse }),
	heldShare("peer_share", func(f mentoring.BookingFact) bool { return f.Direction == mentoring.Peer }),
	heldShare("circle_share", func(f mentoring.BookingFact) bool { return f.Format != mentoring.OneToOne }),
	concentration(),
}

func ofSlots(name string, u Unit, cases func(mentoring.SlotFact) (sample, bool)) figure {
	return figure{name: name, unit: u, slots: cases, value: valueOf(u)}
}

func ofBookings(name string, u Unit, cases func(mentoring.BookingFact) (sample, bool)) figure {
	return figure{name: name, unit: u, bookings: cases, value: valueOf(u)}
}

// valueOf is how many there are, or the parts over the wholes.
func valueOf(u Unit) func([]sample) float64 {
	if u == Count {
		return func(all []sample) float64 { return float64(len(all)) }
	}
	return func(all []sample) float64 {
		part, whole := 0.0, 0.0
		for _, s := range all {
			part, whole = part+s.part, whole+s.whole
		}
		return part / whole
	}
}

func median(name string, cases func(mentoring.BookingFact) (sample, bool)) figure {
	return figure{name: name, unit: Minutes, bookings: cases, value: func(all []sample) float64 {
		parts := make([]float64, len(all))
		for i, s := range all {
			parts[i] = s.part
		}
		slices.Sort(parts)
		middle := len(parts) / 2
		if len(parts)%2 == 1 {
			return parts[middle]
		}
		return (parts[middle-1] + parts[middle]) / 2
	}}
}

func heldShare(name string, is func(mentoring.BookingFact) bool) figure {
	return ofBookings(name, Share, func(f mentoring.BookingFact) (sample, bool) { return one(is(f)), f.Held() })
}

// concentration is the share of the sessions held that the busiest tenth of the experts gave, of at least one.
func concentration() figure {
	return figure{
		name: "concentration", unit: Share,
		bookings: func(f mentoring.BookingFact) (sample, bool) { return sample{expert: f.Expert}, f.Held() },
		value: func(all []sample) float64 {
			by := map[mentoring.PersonID]int{}
			for _, s := range all {
				by[s.expert]++
			}
			var each []int
			for _, n := range by {
				each = append(each, n)
			}
			slices.SortFunc(each, func(a, b int) int { return b - a })
			top := 0
			for _, n := range each[:(len(each)+9)/10] {
				top += n
			}
			return float64(top) / float64(len(all))
		},
	}
}

func rated(n *int) (sample, bool) {
	if n == nil {
		return sample{}, false
	}
	return sample{part: float64(*n), whole: 1}, true
}

func atLeast(n *int, least int) (sample, bool) {
	if n == nil {
		return sample{}, false
	}
	return one(*n >= least), true
}
