package mentoring

import (
	"reflect"
	"slices"
)

// Forget says what is to be forgotten of sessions that are over: the words of the sides named, and of whom was Erased the name
// too. Who asks when, package desk knows: when somebody is erased, and when what is kept of a session has been kept long
// enough.
type Forget struct {
	Words  []Role
	Erased Role // or empty
}

// ForgetSide forgets all there is of somebody who was erased and was on that side.
func ForgetSide(role Role) Forget { return Forget{Words: []Role{role}, Erased: role} }

// ForgetWords forgets what both sides wrote.
func ForgetWords() Forget { return Forget{Words: []Role{Requester, Expert}} }

func (f Forget) of(role Role) bool { return slices.Contains(f.Words, role) }

// DecideForget takes words and names out of a booking and of what was written about it. Numbers, choices and times stay, and
// so does the title, unless the expert was erased: counts stay what they were.
func DecideForget(p Papers, f Forget) (out Changes) {
	if b := f.booking(p.Booking); !reflect.DeepEqual(b, p.Booking) {
		out.Bookings = []Booking{b.inPlaceOf(p.Booking)}
	}
	for _, s := range []Survey{p.Requester, p.Expert, p.Outcome} {
		if answers, had := s.Answers.withoutWords(); had && f.of(s.Role) {
			s.Answers = answers
			out.Surveys = append(out.Surveys, s)
		}
	}
	if f.of(Requester) {
		f.ofRequester(p, &out)
	}
	if tasks := f.tasks(p.Tasks); !reflect.DeepEqual(tasks, p.Tasks) {
		out.Tasks = []Tasks{tasks}
	}
	return out
}

func (f Forget) booking(b Booking) Booking {
	if f.of(Requester) {
		b.Purpose, b.Bring, b.FeedbackPreference = Purpose{Kind: b.Purpose.Kind}, "", NoPreference
	}
	if f.of(b.Ended.By) {
		b.Ended.Reason = ""
	}
	switch f.Erased {
	case Requester:
		b.Requester.Name = Nobody
	case Expert:
		b.Expert.Name, b.Title = Nobody, titleOfNobody
	}
	return b
}

// titleOfNobody is in place of the title that somebody who was erased gave to a session.
const titleOfNobody = "Session with a former participant"

func (f Forget) ofRequester(p Papers, out *Changes) {
	if t := p.Takeaways; t.Learned != "" || t.WillApply != "" {
		t.Learned, t.WillApply = "", ""
		out.Takeaways = []Takeaways{t}
	}
	if d := p.Debrief; d.Achieved != "" || d.StillToDo != "" || d.DoDifferently != "" {
		d.Achieved, d.StillToDo, d.DoDifferently = "", "", ""
		out.Debriefs = []Debrief{d}
	}
}

// tasks are without words: all of them where the requester is forgotten, whose they are, and else what the expert proposed,
// but for what the requester made of it by accepting.
func (f Forget) tasks(t Tasks) Tasks {
	t.Tasks = slices.Clone(t.Tasks)
	for i, task := range t.Tasks {
		if f.of(Requester) || f.of(Expert) && task.By == Expert && task.Status == TaskProposed {
			t.Tasks[i].Text = ""
		}
		t.Tasks[i].Proposal.Text = "" // it is of both
	}
	return t
}

// withoutWords are the answers without those in words and the days that went with them, and whether there were any.
func (a Answers) withoutWords() (rest Answers, had bool) {
	rest = Answers{}
	for id, answer := range a {
		if answer.Text == "" && answer.Day == "" {
			rest[id] = answer
		}
	}
	return rest, len(rest) < len(a)
}

// DecideForgetSlot takes the expert's words and the meeting's details out of a slot, and where they were erased their name and
// its title. It returns [ErrTorn] where the case does not fit together.
func DecideForgetSlot(c Case, f Forget, p Policy) (Changes, error) {
	h, s := hear(c, p, c.State.Slot.EndsAt())
	slot := s.Slot
	slot.Description, slot.Preparation, slot.LookingFor, slot.Meeting, slot.Ended.Reason = "", "", "", Meeting{}, ""
	if f.Erased == Expert {
		slot.Title, slot.Host = titleOfNobody, Host{ID: slot.Host.ID, Name: Nobody, Version: slot.Host.Version}
	}
	if reflect.DeepEqual(slot, s.Slot) {
		return Changes{}, h.err
	}
	s.Slot = slot
	h.rewrite(s)
	return h.result()
}
