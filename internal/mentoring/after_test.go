package mentoring_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/mentoring"
)

// sequel is a session of Edda's that is over, and who was booked.
type sequel struct {
	*world
	slot     mentoring.SlotID
	bookings []mentoring.BookingID
	end      time.Time
}

// over has so many people meet Edda, and their time be over by so long.
func over(t *testing.T, seats int, by time.Duration) sequel {
	t.Helper()
	expert := edda()
	expert.Profile.SurveyMails, expert.Profile.FeedbackWelcome = true, true
	guests := append([]mentoring.Person{rana()}, crowd(seats-1)...)
	for i := range guests {
		guests[i].Profile.SurveyMails = true
	}
	w := newWorld(t, append([]mentoring.Person{expert}, guests...)...)
	s := sequel{world: w, slot: w.slot(expert, wide(seats))}
	for _, guest := range guests {
		s.bookings = append(s.bookings, w.book(guest, s.slot))
	}
	s.end = w.state(s.slot).Slot.EndsAt()
	s.forget()
	s.later(0)
	return s.later(by)
}

// later is the sequel so long after the session, with the clock having looked.
func (s sequel) later(after time.Duration) sequel {
	s.at(s.end.Add(after))
	s.tend(s.slot, s.now)
	s.deliverDue()
	return s
}

func (s sequel) first() mentoring.Booking { return s.present.bookings[s.bookings[0]] }

// forget forgets how many messages there were so far.
func (w *world) forget() { clear(w.mailbox.kinds) }

// kinds are the messages so far, in alphabetical order.
func (s sequel) kinds() string {
	var all []string
	for kind, n := range s.mailbox.kinds {
		all = append(all, slices.Repeat([]string{string(kind)}, n)...)
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

var held = mentoring.Answers{mentoring.TookPlace: choice("held")}

func saying(a mentoring.Answers, id mentoring.QuestionID, to mentoring.Answer) mentoring.Answers {
	a = maps.Clone(a)
	a[id] = to
	return a
}

// A session that is over asks both sides, once, reminds who has not answered, closes by itself, and asks the requester what
// became of it (product.md sections 7 and 10).
func TestWhatFollowsASession(t *testing.T) {
	s := over(t, 3, 0)
	if got := s.first(); got.Status != mentoring.Completed || got.After.Closure != mentoring.ClosureOpen || got.After.Stage != mentoring.JustOver {
		t.Errorf("at the end: %+v", got)
	}
	for _, step := range []struct {
		after time.Duration
		want  string
	}{
		{0, "survey_pulse survey_pulse survey_pulse survey_pulse"}, // three requesters, and the expert once
		{2*day - 1, "survey_pulse survey_pulse survey_pulse survey_pulse"},
		{2 * day, "survey_pulse survey_pulse survey_pulse survey_pulse survey_reminder survey_reminder survey_reminder survey_reminder"},
	} {
		if got := s.later(step.after).kinds(); got != step.want {
			t.Errorf("%v after: %s, want %s", step.after, got, step.want)
		}
	}
	s.forget()
	if s.later(14 * day); s.first().After.Closure != mentoring.AutoClosed || s.kinds() != "session_closed session_closed session_closed" {
		t.Errorf("two weeks after: %+v, %s", s.first().After, s.kinds())
	}
	s.forget()
	if got := s.later(30 * day).kinds(); got != "survey_outcome survey_outcome survey_outcome" {
		t.Errorf("a month after: %s", got)
	}
	s.check(true)
}

// A clock that was down for long does all there is to do at once, and asks nobody what they can no longer answer.
func TestALateClock(t *testing.T) {
	s := over(t, 1, 20*day)
	w := newWorld(t, edda(), rana())
	slot := w.slot(edda(), wide(1))
	id := w.book(rana(), slot)
	w.forget()
	w.at(s.end.Add(20*day)).tend(slot, time.Time{})
	w.deliverDue()
	if b := w.present.bookings[id]; b.Status != mentoring.Completed || b.After.Stage != mentoring.Settled || b.After.Closure != mentoring.AutoClosed {
		t.Errorf("%+v", b)
	}
	if n := len(w.mailbox.kinds); n != 0 { // neither wants surveys
		t.Errorf("told %v", w.mailbox.kinds)
	}
	w.checkSettled(slot)
}

// Whoever answered is neither asked nor reminded, nor is anybody of a session that did not take place, nor who wants no surveys.
func TestNobodyIsAskedTwice(t *testing.T) {
	s := over(t, 2, 0)
	must := func(_ mentoring.Changes, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(s.answer(s.bookings[0], rana().ID, mentoring.Pulse, held))
	must(s.testify(s.bookings[1], edda().ID, mentoring.RequesterAbsent))
	must(s.answer(s.bookings[0], edda().ID, mentoring.Pulse, held))
	s.forget()
	if got := s.later(2 * day).kinds(); got != "" {
		t.Errorf("reminded: %s", got)
	}
	s = over(t, 1, 0)
	s.change(rana().ID, func(p *mentoring.Person) { p.Profile.SurveyMails = false })
	s.forget()
	if got := s.later(2 * day).kinds(); got != "survey_reminder" { // the expert's
		t.Errorf("reminded: %s", got)
	}
}

// What each side says of who came counts until the other says something else, for three days, and can be taken back.
func TestAttendance(t *testing.T) {
	s := over(t, 1, time.Hour)
	id := s.bookings[0]
	say := func(by mentoring.Person, what, want mentoring.Outcome) {
		t.Helper()
		if _, err := s.testify(id, by.ID, what); err != nil {
			t.Fatal(err)
		}
		if got := s.first().After.Attendance.Result(); got != want {
			t.Errorf("after %s says %s: %s, want %s", by.Profile.Name, what, got, want)
		}
	}
	if got := s.first().After.Attendance.Result(); got != mentoring.Unknown {
		t.Errorf("nobody said anything: %s", got)
	}
	say(edda(), mentoring.RequesterAbsent, mentoring.RequesterAbsent)
	say(rana(), mentoring.Held, mentoring.Contested)
	say(rana(), mentoring.RequesterAbsent, mentoring.RequesterAbsent)
	retract := func(p mentoring.Papers) (mentoring.Changes, error) {
		return mentoring.DecideRetract(p.Booking, edda().ID, s.now)
	}
	for range 2 {
		if _, err := s.onPapers(id, retract); err != nil {
			t.Fatal(err)
		}
	}
	say(rana(), mentoring.ExpertAbsent, mentoring.ExpertAbsent)
	if got := s.mailbox.kinds[mentoring.NotHeld]; got < 4 {
		t.Errorf("%d were told that it did not take place", got)
	}
	for _, c := range []struct {
		name  string
		by    mentoring.PersonID
		what  mentoring.Outcome
		after time.Duration
		want  mentoring.Code
	}{
		{"a stranger", strangers(1)[0], mentoring.Held, time.Hour, mentoring.NotFound},
		{"nothing", rana().ID, "", time.Hour, mentoring.InvalidField},
		{"nobody's word", rana().ID, mentoring.Contested, time.Hour, mentoring.InvalidField},
		{"before the end", rana().ID, mentoring.Held, -1, mentoring.InvalidTransition},
		{"just in time", rana().ID, mentoring.Held, 3*day - 1, ""},
		{"too late", rana().ID, mentoring.BothAbsent, 3 * day, mentoring.InvalidTransition},
	} {
		s.at(s.end.Add(c.after))
		_, err := s.testify(id, c.by, c.what)
		wantCode(t, c.name, err, c.want)
		if b := s.first(); c.want == mentoring.InvalidTransition || c.want == "" {
			role, _ := b.RoleOf(c.by)
			if _, offered := listed(b.Actions(role, s.now))[mentoring.ActionAttendance]; offered != (c.want == "") {
				t.Errorf("%s: offered %v", c.name, offered)
			}
		}
	}
}

// Whoever did not come gets a strike when it can no longer be contested: a requester for each session, an expert for each
// session however many waited. What is contested, or taken back, counts against nobody.
func TestStrikesOfThoseWhoDidNotCome(t *testing.T) {
	type word struct {
		by   mentoring.Person
		of   int
		what mentoring.Outcome
	}
	expert, requester := edda(), rana()
	guest := crowd(1)[0]
	for name, c := range map[string]struct {
		said []word
		want map[mentoring.PersonID]int
	}{
		"nothing":          {nil, nil},
		"held":             {[]word{{expert, 0, mentoring.Held}}, nil},
		"requester absent": {[]word{{expert, 0, mentoring.RequesterAbsent}}, map[mentoring.PersonID]int{requester.ID: 1}},
		"contested":        {[]word{{expert, 0, mentoring.RequesterAbsent}, {requester, 0, mentoring.Held}}, nil},
		"expert absent for both": {[]word{{requester, 0, mentoring.ExpertAbsent}, {guest, 1, mentoring.ExpertAbsent}},
			map[mentoring.PersonID]int{expert.ID: 1}},
		"both absent": {[]word{{requester, 0, mentoring.BothAbsent}}, map[mentoring.PersonID]int{expert.ID: 1, requester.ID: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			s := over(t, 2, time.Hour)
			for _, w := range c.said {
				if _, err := s.testify(s.bookings[w.of], w.by.ID, w.what); err != nil {
					t.Fatal(err)
				}
			}
			strikes := func() map[mentoring.PersonID]int {
				counts := map[mentoring.PersonID]int{}
				for who, a := range s.present.agendas {
					if n := len(a.StrikesAt(policy, s.now)); n > 0 {
						counts[who] = n
					}
				}
				return counts
			}
			if got := s.later(3*day - 1); len(strikes()) > 0 {
				t.Errorf("counted before it can no longer be contested: %v", got.present.agendas)
			}
			s.later(3 * day)
			want := c.want
			if want == nil {
				want = map[mentoring.PersonID]int{}
			}
			if diff := cmp.Diff(want, strikes()); diff != "" {
				t.Errorf("strikes (-want +got):\n%s", diff)
			}
			if got := s.mailbox.kinds[mentoring.StrikeGiven]; got != len(want) {
				t.Errorf("%d were told of a strike", got)
			}
		})
	}
}

// All that is wrong with answers is said at once.
func TestWhatIsWrongWithAnswers(t *testing.T) {
	set, _ := mentoring.QuestionsFor(mentoring.Pulse, mentoring.Requester)
	for name, c := range map[string]struct {
		answers mentoring.Answers
		want    []string
	}{
		"nothing": {nil, []string{"/answers/tookPlace required"}},
		"fine":    {saying(saying(held, mentoring.Got, choice("advice", "perspective")), mentoring.Attainment, number(0)), nil},
		"too much": {mentoring.Answers{
			mentoring.TookPlace: choice("yes"), mentoring.Attainment: number(5), mentoring.Useful: number(0), mentoring.MoreOptions: {},
			mentoring.Got: choice("advice", "advice", "money"), mentoring.NextStepOn: {Day: "2026-02-30"}, mentoring.StayInTouch: choice("yes", "no"),
			mentoring.NoteToExpert: text(strings.Repeat("x", 1001)), mentoring.PurposeClear: number(3),
		}, []string{
			"/answers/attainment out_of_range", "/answers/got/1 not_allowed", "/answers/got/2 not_allowed", "/answers/moreOptions required",
			"/answers/nextStepOn bad_format", "/answers/noteToExpert too_long", "/answers/purposeClear not_allowed", "/answers/stayInTouch required",
			"/answers/tookPlace not_allowed", "/answers/useful out_of_range", "/answers/nextStep required",
		}},
		"not held": {mentoring.Answers{
			mentoring.TookPlace: choice("both_absent"), mentoring.Useful: number(5), mentoring.NoteToProgramme: text("The link was wrong."),
		}, []string{"/answers/useful not_allowed"}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, f := range set.Faults(c.answers) {
				got = append(got, f.Pointer+" "+string(f.Code))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}

// Every set that was ever in use has a version of its own, and questions that nobody asks twice.
func TestQuestionSets(t *testing.T) {
	for _, wave := range []mentoring.Wave{mentoring.Pulse, mentoring.OutcomeWave} {
		for _, role := range []mentoring.Role{mentoring.Requester, mentoring.Expert} {
			set, asked := mentoring.QuestionsFor(wave, role)
			if asked != (wave == mentoring.Pulse || role == mentoring.Requester) {
				t.Errorf("%s of the %s: asked %v", wave, role, asked)
			}
			seen := map[mentoring.QuestionID]bool{}
			for _, q := range set.Questions {
				if seen[q.ID] || set.Version < 1 {
					t.Errorf("%s of the %s, version %d: %s", wave, role, set.Version, q.ID)
				}
				seen[q.ID] = true
			}
		}
	}
}

// A survey is open for two weeks, for the two of the booking; answers can be changed, and count as attendance for three days.
func TestSurveyTimes(t *testing.T) {
	for _, c := range []struct {
		name  string
		by    mentoring.PersonID
		wave  mentoring.Wave
		after time.Duration
		want  mentoring.Code
	}{
		{"before the end", rana().ID, mentoring.Pulse, -1, mentoring.InvalidTransition},
		{"at once", rana().ID, mentoring.Pulse, 0, ""},
		{"at once, the expert", edda().ID, mentoring.Pulse, 0, ""},
		{"just in time", rana().ID, mentoring.Pulse, 14*day - 1, ""},
		{"too late", rana().ID, mentoring.Pulse, 14 * day, mentoring.SurveyClosed},
		{"a stranger", strangers(1)[0], mentoring.Pulse, 0, mentoring.NotFound},
		{"the outcome too early", rana().ID, mentoring.OutcomeWave, 30*day - 1, mentoring.SurveyClosed},
		{"the outcome", rana().ID, mentoring.OutcomeWave, 30 * day, ""},
		{"the outcome too late", rana().ID, mentoring.OutcomeWave, 44 * day, mentoring.SurveyClosed},
		{"the outcome, the expert", edda().ID, mentoring.OutcomeWave, 30 * day, mentoring.Forbidden},
	} {
		s := over(t, 1, -time.Minute)
		if c.after >= 0 {
			s.later(c.after)
		} else {
			w := newWorld(t, edda(), rana())
			s.world, s.slot = w, w.slot(edda(), wide(1))
			s.bookings = []mentoring.BookingID{w.book(rana(), s.slot)}
			s.at(s.end.Add(c.after))
		}
		a := held
		if c.wave == mentoring.OutcomeWave {
			a = mentoring.Answers{mentoring.Recommend: number(10)}
		}
		_, err := s.answer(s.bookings[0], c.by, c.wave, a)
		wantCode(t, c.name, err, c.want)
		if c.want == "" && c.wave == mentoring.Pulse {
			role, _ := s.first().RoleOf(c.by)
			want := mentoring.Held
			if c.after >= 3*day {
				want = ""
			}
			if got := s.first().After.Attendance.By(role); got != want {
				t.Errorf("%s: counts as %q, want %q", c.name, got, want)
			}
		}
	}
}

// Answers change in place, once for each request, and only the version they were meant for.
func TestAnswersChange(t *testing.T) {
	s := over(t, 1, 0)
	id := s.bookings[0]
	for n, a := range []mentoring.Answers{held, held, saying(held, mentoring.Useful, number(4))} {
		c, err := s.answer(id, rana().ID, mentoring.Pulse, a)
		if err != nil || c.None() != (n == 1) {
			t.Fatalf("%d: %+v, %v", n, c, err)
		}
	}
	p := s.present.papersOf(id)
	if got, _ := p.Requester.Answers.Number(mentoring.Useful); got != 4 || p.Requester.Version != 2 || p.Requester.Questions != 1 || !p.Requester.FirstAt.Equal(s.end) {
		t.Errorf("%+v", p.Requester)
	}
	_, err := mentoring.DecideSurvey(p, rana(), mentoring.Pulse, held, new(int64(1)), "", s.now)
	wantCode(t, "meant for another version", err, mentoring.VersionConflict)
	_, err = mentoring.DecideSurvey(p, rana(), mentoring.Pulse, p.Requester.Answers, new(int64(1)), "", s.now)
	wantCode(t, "the same request once more", err, "")
}

// A note reaches the expert, and addresses are exchanged, only when both answered or nobody can any more: and the note only
// if the expert welcomes it, the addresses only if both want that.
func TestWhatOneSideWritesForTheOther(t *testing.T) {
	note := saying(saying(held, mentoring.NoteToExpert, text(secret)), mentoring.StayInTouch, choice(mentoring.Yes))
	touch := saying(held, mentoring.StayInTouch, choice(mentoring.Yes))
	for name, c := range map[string]struct {
		requester, expert mentoring.Answers
		unwelcome         bool
		now, later        string // told at once, and when surveys are over
	}{
		"the requester alone":   {note, nil, false, "", "note_to_expert"},
		"both":                  {note, touch, false, "note_to_expert stay_in_touch stay_in_touch", ""},
		"both, not in touch":    {note, held, false, "note_to_expert", ""},
		"both, not welcome":     {note, touch, true, "stay_in_touch stay_in_touch", ""},
		"the expert alone":      {nil, touch, false, "", ""},
		"both, nothing written": {held, held, false, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := over(t, 1, 0)
			if c.unwelcome {
				s.change(edda().ID, func(p *mentoring.Person) { p.Profile.FeedbackWelcome = false })
			}
			only := func() string {
				var told []string
				for _, kind := range []mentoring.NoticeKind{mentoring.NoteForExpert, mentoring.InTouchNotice} {
					told = append(told, slices.Repeat([]string{string(kind)}, s.mailbox.kinds[kind])...)
				}
				s.mailbox.kinds = map[mentoring.NoticeKind]int{}
				return strings.Join(told, " ")
			}
			for by, a := range map[mentoring.PersonID]mentoring.Answers{rana().ID: c.requester, edda().ID: c.expert} {
				if a == nil {
					continue
				}
				if _, err := s.answer(s.bookings[0], by, mentoring.Pulse, a); err != nil {
					t.Fatal(err)
				}
			}
			if got := only(); got != c.now {
				t.Errorf("told %q, want %q", got, c.now)
			}
			s.later(14 * day)
			if got := only(); c.now == "" && got != c.later {
				t.Errorf("told %q when surveys are over, want %q", got, c.later)
			}
		})
	}
}

// What the requester takes from a session, sets out to do and closes it with is theirs; the expert sees it where they share,
// and always what they proposed themselves (product.md section 8).
func TestWhatTheExpertSees(t *testing.T) {
	s := over(t, 1, 0)
	id := s.bookings[0]
	step := func(decide func(mentoring.Papers) (mentoring.Changes, error)) {
		t.Helper()
		if _, err := s.onPapers(id, decide); err != nil {
			t.Fatal(err)
		}
	}
	takeaways := func(share bool) {
		step(func(p mentoring.Papers) (mentoring.Changes, error) {
			return mentoring.DecideTakeaways(p, rana().ID, mentoring.WriteTakeaways{Learned: secret, Share: share}, nil, s.now)
		})
	}
	takeaways(false)
	step(func(p mentoring.Papers) (mentoring.Changes, error) {
		return mentoring.DecideDebrief(p, rana().ID, mentoring.WriteDebrief{Achieved: secret}, nil, s.now)
	})
	for _, who := range []mentoring.Person{rana(), edda()} {
		if _, err := s.addTask(id, who.ID, mentoring.AddTask{Kind: mentoring.OtherTask, Text: "Read " + who.Profile.Name}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.answer(id, who.ID, mentoring.Pulse, held); err != nil {
			t.Fatal(err)
		}
	}
	all := s.present.papersOf(id)
	expert, requester := all.For(mentoring.Expert), all.For(mentoring.Requester)
	if len(expert.Tasks.Tasks) != 1 || expert.Tasks.Tasks[0].Text != "Read Edda" || expert.Tasks.Tasks[0].Status != mentoring.TaskProposed ||
		expert.Takeaways.Learned+expert.Debrief.Achieved != "" || expert.Requester.Version != 0 || expert.Expert.Version == 0 {
		t.Errorf("the expert sees %+v", expert)
	}
	if len(requester.Tasks.Tasks) != 2 || requester.Takeaways.Learned == "" || requester.Debrief.Achieved == "" || requester.Expert.Version != 0 {
		t.Errorf("the requester sees %+v", requester)
	}
	takeaways(true)
	if expert := s.present.papersOf(id).For(mentoring.Expert); len(expert.Tasks.Tasks) != 2 || expert.Takeaways.Learned == "" || expert.Debrief.Achieved == "" || expert.Requester.Version != 0 {
		t.Errorf("of what is shared the expert sees %+v", expert)
	}
	if b := s.first(); b.After.Closure != mentoring.Debriefed || !b.After.ClosedAt.Equal(s.now) || b.ClosureAt(s.now.Add(100*day)) != mentoring.Debriefed {
		t.Errorf("closed: %+v", b.After)
	}
	s.later(14 * day)
	if b := s.first(); b.After.Closure != mentoring.Debriefed || b.After.Stage != mentoring.Settled {
		t.Errorf("two weeks later: %+v", b.After)
	}
}

// Who may write what, and when.
func TestWhoMayWrite(t *testing.T) {
	for _, c := range []struct {
		name  string
		after time.Duration
		by    mentoring.Person
		want  [3]mentoring.Code // takeaways, debrief, a task
	}{
		{"before it begins", -time.Hour, rana(), [3]mentoring.Code{mentoring.InvalidTransition, mentoring.InvalidTransition, mentoring.InvalidTransition}},
		{"during it", -time.Minute, rana(), [3]mentoring.Code{"", mentoring.InvalidTransition, ""}},
		{"after it", 0, rana(), [3]mentoring.Code{"", "", ""}},
		{"after it, the expert", 0, edda(), [3]mentoring.Code{mentoring.Forbidden, mentoring.Forbidden, ""}},
		{"a stranger", 0, crowd(1)[0], [3]mentoring.Code{mentoring.NotFound, mentoring.NotFound, mentoring.NotFound}},
		{"when it is closed", 14 * day, rana(), [3]mentoring.Code{"", mentoring.InvalidTransition, ""}},
		{"when it is closed, the expert", 14 * day, edda(), [3]mentoring.Code{mentoring.Forbidden, mentoring.Forbidden, mentoring.InvalidTransition}},
	} {
		w := newWorld(t, edda(), rana(), crowd(1)[0])
		slot := w.slot(edda(), wide(1))
		id := w.book(rana(), slot)
		w.at(w.state(slot).Slot.EndsAt().Add(c.after))
		p := w.present.papersOf(id)
		_, err := mentoring.DecideTakeaways(p, c.by.ID, mentoring.WriteTakeaways{Learned: "x"}, nil, w.now)
		wantCode(t, c.name+", takeaways", err, c.want[0])
		_, err = mentoring.DecideDebrief(p, c.by.ID, mentoring.WriteDebrief{Achieved: "x"}, nil, w.now)
		wantCode(t, c.name+", debrief", err, c.want[1])
		_, err = mentoring.DecideAddTask(p, c.by, mentoring.AddTask{Kind: mentoring.OtherTask, Text: "x"}, w.nextTask(), w.now)
		wantCode(t, c.name+", task", err, c.want[2])
	}
}

// A task is the requester's: a proposal is theirs once they accept it. One reminder goes out on its day, if it is still to do.
func TestTasks(t *testing.T) {
	s := over(t, 1, 0)
	id := s.bookings[0]
	revise := func(by mentoring.Person, task mentoring.TaskID, c mentoring.ReviseTask) error {
		_, err := s.onPapers(id, func(p mentoring.Papers) (mentoring.Changes, error) {
			return mentoring.DecideReviseTask(p, by, task, c, nil, s.now)
		})
		return err
	}
	due := mentoring.DayOf(s.now.Add(2*day), time.UTC)
	if _, err := s.addTask(id, edda().ID, mentoring.AddTask{Kind: "course", Text: "Take the course", DueOn: due}); err != nil {
		t.Fatal(err)
	}
	proposed := s.present.papersOf(id).Tasks.Tasks[0].ID
	wantCode(t, "the expert accepts", revise(edda(), proposed, mentoring.ReviseTask{Status: new(mentoring.TaskOpen)}), mentoring.Forbidden)
	wantCode(t, "a word of it before", revise(rana(), proposed, mentoring.ReviseTask{Text: new("Take another")}), mentoring.InvalidTransition)
	wantCode(t, "propose it to oneself", revise(rana(), proposed, mentoring.ReviseTask{Status: new(mentoring.TaskProposed)}), mentoring.InvalidField)
	wantCode(t, "none of that id", revise(rana(), s.nextTask(), mentoring.ReviseTask{}), mentoring.NotFound)
	wantCode(t, "accept", revise(rana(), proposed, mentoring.ReviseTask{Status: new(mentoring.TaskOpen)}), "")
	wantCode(t, "in the past", revise(rana(), proposed, mentoring.ReviseTask{DueOn: new(mentoring.DayOf(s.now.Add(-2*day), time.UTC))}), mentoring.InvalidField)
	s.forget()
	s.at(due.At(9, berlin(t)).Add(-1)).deliverDue()
	if got := s.kinds(); got != "" && got != "survey_reminder survey_reminder" {
		t.Errorf("before its hour: %s", got)
	}
	s.forget()
	s.at(due.At(9, berlin(t))).deliverDue()
	if got := s.mailbox.kinds[mentoring.ActionDue]; got != 1 {
		t.Errorf("reminded %d times", got)
	}
	wantCode(t, "another day", revise(rana(), proposed, mentoring.ReviseTask{DueOn: new(mentoring.DayOf(s.now.Add(2*day), time.UTC))}), "")
	wantCode(t, "done", revise(rana(), proposed, mentoring.ReviseTask{Status: new(mentoring.TaskDone)}), "")
	s.forget()
	s.at(s.now.Add(3 * day)).deliverDue()
	if got := s.mailbox.kinds[mentoring.ActionDue]; got != 0 {
		t.Errorf("reminded of what is done")
	}
	for range 20 {
		if _, err := s.addTask(id, rana().ID, mentoring.AddTask{Kind: mentoring.OtherTask, Text: "One more"}); err != nil {
			t.Fatal(err)
		}
	}
	_, err := s.addTask(id, rana().ID, mentoring.AddTask{Kind: mentoring.OtherTask, Text: "One too many"})
	wantCode(t, "one too many", err, mentoring.InvalidField)
	_, err = s.addTask(id, edda().ID, mentoring.AddTask{Kind: mentoring.OtherTask, Text: "The expert's second"})
	wantCode(t, "the expert does not learn that by it", err, "")
}

// The next step of a survey is a task, which follows the survey until somebody does something else with it.
func TestTheNextStepIsATask(t *testing.T) {
	s := over(t, 1, 0)
	id := s.bookings[0]
	answer := func(a mentoring.Answers) (all []string) {
		t.Helper()
		if _, err := s.answer(id, rana().ID, mentoring.Pulse, a); err != nil {
			t.Fatal(err)
		}
		for _, task := range s.present.papersOf(id).Tasks.Tasks {
			all = append(all, strings.TrimSpace(string(task.Status)+" "+task.Text+" "+string(task.DueOn)))
		}
		return all
	}
	on := mentoring.DayOf(s.now.Add(3*day), time.UTC)
	for _, c := range []struct {
		answers mentoring.Answers
		want    []string
	}{
		{held, nil},
		{saying(held, mentoring.NextStep, text("Write to Kim")), []string{"open Write to Kim"}},
		{saying(saying(held, mentoring.NextStep, text("Write to Lee")), mentoring.NextStepOn, mentoring.Answer{Day: on}), []string{"open Write to Lee " + string(on)}},
		{held, []string{"dropped Write to Lee " + string(on)}},
	} {
		if diff := cmp.Diff(c.want, answer(c.answers)); diff != "" {
			t.Errorf("tasks (-want +got):\n%s", diff)
		}
	}
}

// A booking that time has completed, and that nobody has recorded as such yet, keeps what is written meanwhile.
func TestWrittenBeforeTheClockLooks(t *testing.T) {
	w := newWorld(t, edda(), rana())
	slot := w.slot(edda(), wide(1))
	id := w.book(rana(), slot)
	w.at(w.state(slot).Slot.EndsAt().Add(time.Second))
	if _, err := w.answer(id, rana().ID, mentoring.Pulse, held); err != nil {
		t.Fatal(err)
	}
	if _, err := w.onPapers(id, func(p mentoring.Papers) (mentoring.Changes, error) {
		return mentoring.DecideDebrief(p, rana().ID, mentoring.WriteDebrief{Achieved: "x"}, nil, w.now)
	}); err != nil {
		t.Fatal(err)
	}
	w.tend(slot, time.Time{})
	if b := w.present.bookings[id]; b.Status != mentoring.Completed || b.After.Closure != mentoring.Debriefed ||
		b.After.Attendance.Requester != mentoring.Held || b.After.Answered.Requester.IsZero() {
		t.Errorf("%+v", b)
	}
	w.checkSettled(slot)
}

func berlin(t *testing.T) *time.Location {
	t.Helper()
	zone, err := mentoring.Zone("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}
