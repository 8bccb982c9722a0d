package pages_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"flashmentoring/internal/chromium"
	"flashmentoring/internal/desk"
	"flashmentoring/internal/links"
	"flashmentoring/internal/mentoring"
)

// took is a form that says that the session took place, and more.
func took(fields ...string) url.Values {
	form := url.Values{"tookPlace": {"held"}}
	for i := 0; i < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	return form
}

func (h *house) papers(t *testing.T, who desk.Caller, b mentoring.Booking) mentoring.Papers {
	t.Helper()
	view, err := h.desk.Papers(t.Context(), who, b.ID)
	if err != nil {
		t.Fatal(err)
	}
	return view.Papers
}

// Answers are stored by the form alone, can be changed, and are shown to whoever gave them.
func TestSurvey(t *testing.T) {
	h := open(t)
	b := h.over(t)
	link := h.survey(t, h.ben, b)
	h.get(t, link).says(t, http.StatusOK, "How was “Reading a balance sheet”?", "around next year.”?", "Did it take place?", "If not, we ask nothing more", "!checked", "A note to Ada Okafor")
	h.get(t, link+"?tookPlace=held").says(t, http.StatusOK, `value="held" checked`)
	h.get(t, link+"?tookPlace=%3Cscript%3E").says(t, http.StatusOK, "!checked", "!<script")
	if p := h.papers(t, h.ben, b); p.Requester.Version != 0 {
		t.Fatalf("looking stored %+v", p.Requester)
	}
	form := took("attainment", "3", "useful", "5", "got", "advice", "got", "resource", "nextStep", "Write to Kim", "nextStepOn", "2026-11-20",
		"stayInTouch", "yes", "noteToExpert", "Thank you,\r\nAda.\u202e", "noteToProgramme", " \u202e\r\n")
	a := h.post(t, link, form)
	a.says(t, http.StatusSeeOther)
	if got := a.header.Get("Location"); got != link+"?saved=1" {
		t.Errorf("leads to %s", got)
	}
	h.get(t, a.header.Get("Location")).says(t, http.StatusOK, "Thank you", "Your answers are saved", `id="attainment-3" name="attainment" value="3" checked`,
		`id="got-resource" name="got" value="resource" checked`, "Write to Kim", `value="2026-11-20"`)
	p := h.papers(t, h.ben, b)
	if got, _ := p.Requester.Answers.Number(mentoring.Attainment); got != 3 || len(p.Requester.Answers) != 8 ||
		p.Requester.Answers[mentoring.NoteToExpert].Text != "Thank you,\nAda." || p.Tasks.Tasks[0].DueOn != "2026-11-20" {
		t.Errorf("stored %+v", p.Requester.Answers)
	}
	h.post(t, link, took("useful", "2")).says(t, http.StatusSeeOther)
	if p := h.papers(t, h.ben, b); len(p.Requester.Answers) != 2 || p.Requester.Version != 2 {
		t.Errorf("changed to %+v", p.Requester)
	}
	h.get(t, h.manage(t, h.ben, b)).says(t, http.StatusOK, "Say how it was", "/survey/")
	h.get(t, h.survey(t, h.ada, b)).says(t, http.StatusOK, "The purpose was clear", "!How far did you get", "!Write to Kim")
	h.post(t, h.survey(t, h.ada, b), took("purposeClear", "4", "useful", "1")).says(t, http.StatusSeeOther) // what she is not asked does not count
}

// What did not take place is not rated, whatever the browser sends; and what follows is done.
func TestSurveyOfWhatDidNotTakePlace(t *testing.T) {
	h := open(t)
	b := h.over(t)
	form := took("useful", "5", "noteToExpert", "x", "noteToProgramme", "The link was wrong.")
	form.Set("tookPlace", "expert_absent")
	h.post(t, h.survey(t, h.ben, b), form).says(t, http.StatusSeeOther)
	p := h.papers(t, h.ben, b)
	if len(p.Requester.Answers) != 2 || p.Booking.After.Attendance.Result() != mentoring.ExpertAbsent {
		t.Errorf("stored %+v, %+v", p.Requester.Answers, p.Booking.After)
	}
}

// What is wrong is said next to it, nothing of it is stored, and nothing that was typed is lost.
func TestSurveyRefuses(t *testing.T) {
	h := open(t)
	b := h.over(t)
	link := h.survey(t, h.ben, b)
	for name, test := range map[string]struct {
		form url.Values
		says []string
	}{
		"nothing":           {url.Values{}, []string{"Please choose one.", "tookPlace-wrong"}},
		"no answer to it":   {url.Values{"tookPlace": {"perhaps"}, "noteToExpert": {"Kept."}}, []string{"Please choose one of these.", "Kept."}},
		"several":           {url.Values{"tookPlace": {"held", "both_absent"}}, []string{"tookPlace-wrong"}},
		"no number":         {took("useful", "5; DROP"), []string{"useful-wrong"}},
		"too much":          {took("useful", "6", "got", "money"), []string{"useful-wrong", "got-wrong"}},
		"too long":          {took("noteToExpert", strings.Repeat("ü", 1001)), []string{"This has more than 1000 characters.", "noteToExpert-wrong"}},
		"no day":            {took("nextStep", "x", "nextStepOn", "2026-02-30"), []string{"This is no day."}},
		"a day for nothing": {took("nextStepOn", "2026-12-01"), []string{"nextStep-wrong", "Please write something here."}},
		"tags":              {took("useful", "9", "nextStep", "<b>bold</b>\u202e\r\n\x00"), []string{"&lt;b&gt;bold&lt;/b&gt;", "!<b>", "!\u202e", "!\x00"}},
	} {
		t.Run(name, func(t *testing.T) {
			h.post(t, link, test.form).says(t, http.StatusUnprocessableEntity, append(test.says, "Nothing is saved yet")...)
			if p := h.papers(t, h.ben, b); p.Requester.Version != 0 {
				t.Errorf("stored %+v", p.Requester)
			}
		})
	}
	h.ask(t, http.MethodPost, link, formType, "%zz").says(t, http.StatusBadRequest)
	h.ask(t, http.MethodPost, link, formType, strings.Repeat("a", 33<<10)).says(t, http.StatusRequestEntityTooLarge)
}

// A survey says plainly when there is nothing to answer: before the end, when it is closed, and to those who are not asked.
func TestSurveyTimes(t *testing.T) {
	h := open(t)
	b := h.booked(t, circle(), wish)
	h.get(t, h.survey(t, h.ben, b)).says(t, http.StatusConflict, "There is nothing to answer")
	h.post(t, h.survey(t, h.ben, b), took()).says(t, http.StatusConflict, "There is nothing to answer")
	h.at = b.EndsAt().AddDate(0, 0, 14)
	h.get(t, h.survey(t, h.ben, b)).says(t, http.StatusOK, "It is closed now", "!<form")
	h.post(t, h.survey(t, h.ben, b), took()).says(t, http.StatusConflict, "It is closed now")
	h.get(t, h.outcome(t, b)).says(t, http.StatusOK, "!<form")
	h.get(t, h.manage(t, h.ben, b)).says(t, http.StatusGone) // and its link has run out
	ada := address(t)(h.links.Outcome(string(h.ada.ID), string(b.ID), 0, b.EndsAt().AddDate(0, 2, 0)))
	h.at = b.EndsAt().AddDate(0, 0, 30)
	h.get(t, ada).says(t, http.StatusConflict, "There is nothing to answer")
	h.post(t, ada, url.Values{"recommend": {"9"}}).says(t, http.StatusConflict)
}

// A month later the requester says what became of it, and of what they set out to do.
func TestOutcome(t *testing.T) {
	h := open(t)
	b := h.over(t)
	h.post(t, h.survey(t, h.ben, b), took("nextStep", "Write to Kim")).says(t, http.StatusSeeOther)
	h.at = b.EndsAt().AddDate(0, 0, 30)
	link := h.outcome(t, b)
	task := string(h.papers(t, h.ben, b).Tasks.Tasks[0].ID)
	h.get(t, link).says(t, http.StatusOK, "What became of “Write to Kim”?", `value="open" checked`, "Would you recommend this programme?")
	h.post(t, link, url.Values{"task-" + task: {"done"}, "recommend": {"11"}}).says(t, http.StatusUnprocessableEntity,
		"recommend-wrong", "Nothing is saved yet", `value="done" checked`)
	stored := func(recommend int, status mentoring.TaskStatus) {
		t.Helper()
		p := h.papers(t, h.ben, b)
		if got, _ := p.Outcome.Answers.Number(mentoring.Recommend); got != recommend || p.Tasks.Tasks[0].Status != status {
			t.Errorf("stored %+v and %+v", p.Outcome, p.Tasks)
		}
	}
	stored(0, mentoring.TaskOpen)
	h.post(t, link, url.Values{"task-" + task: {"nonsense"}, "recommend": {"8"}}).says(t, http.StatusSeeOther)
	stored(8, mentoring.TaskOpen)
	h.post(t, link, url.Values{"task-" + task: {"done"}, "recommend": {"9"}, "whatChanged": {"I lead it."}}).says(t, http.StatusSeeOther)
	stored(9, mentoring.TaskDone)
	h.get(t, link+"?saved=1").says(t, http.StatusOK, "Thank you", "I lead it.", `value="done" checked`)
}

// Links to surveys hold for their person, their booking, their purpose and their time, and rotate when the booking moves.
func TestSurveyLinks(t *testing.T) {
	h := open(t)
	b := h.over(t)
	of := func(l links.Link) string { return address(t)(h.links.Address(l)) }
	mine := links.Link{Purpose: links.Survey, Person: string(h.ben.ID), Booking: string(b.ID), Expires: h.now().Add(time.Hour)}
	stranger, moved, out := mine, mine, mine
	stranger.Person, moved.Generation, out.Expires = string(h.eve.ID), 1, h.now()
	for name, test := range map[string]struct {
		link   string
		status int
	}{
		"cut short":            {of(mine)[:40], http.StatusNotFound},
		"of somebody else":     {of(stranger), http.StatusNotFound},
		"of before it moved":   {of(moved), http.StatusGone},
		"run out":              {of(out), http.StatusGone},
		"for something else":   {strings.Replace(h.manage(t, h.ben, b), "/manage/", "/survey/", 1), http.StatusNotFound},
		"a survey's for other": {strings.Replace(of(mine), "/survey/", "/outcome/", 1), http.StatusNotFound},
		"a survey's to manage": {strings.Replace(of(mine), "/survey/", "/manage/", 1), http.StatusNotFound},
	} {
		h.get(t, test.link).says(t, test.status, "!Ada", "!Ben", "!balance")
		if name != "a survey's to manage" { // that page takes no POST
			h.post(t, test.link, took()).says(t, test.status)
		}
	}
	if p := h.papers(t, h.ben, b); p.Requester.Version != 0 {
		t.Errorf("stored %+v", p.Requester)
	}
}

// proof.md W4: the pages of this step on a phone, in light and dark, and on a desk: axe-core finds nothing.
func TestSurveyPagesInABrowser(t *testing.T) {
	browser := chromium.ForTest(t)
	h := open(t)
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	b := h.over(t)
	pages := map[string]string{
		"survey": h.survey(t, h.ben, b), "survey-expert": h.survey(t, h.ada, b), "survey-chosen": h.survey(t, h.ben, b) + "?tookPlace=expert_absent",
	}
	look := func(pages map[string]string) {
		for _, look := range []chromium.Look{{}, {Dark: true}, {Width: 1280, Height: 800}} {
			tab := browser.Tab(t, look)
			for name, address := range pages {
				tab.Open(server.URL + address)
				holds(t, tab, look, name)
			}
			if address, ok := pages["survey"]; ok {
				tab.Open(server.URL + address)
				until(t, tab, "Save my answers")
				tab.Follow(kb.Enter)
				if !strings.Contains(tab.Text(), "Please choose one.") || tab.Focused() != "tookPlace-held" {
					t.Errorf("nothing chosen: %q has the keyboard in\n%s", tab.Focused(), tab.Text())
				}
				holds(t, tab, look, "survey-refused")
			}
		}
	}
	look(pages)
	h.post(t, h.survey(t, h.ben, b), took("nextStep", strings.Repeat("Jahresabschluss", 9), "useful", "4")).says(t, http.StatusSeeOther)
	look(map[string]string{"survey-saved": h.survey(t, h.ben, b) + "?saved=1"})
	h.at = b.EndsAt().AddDate(0, 0, 30)
	look(map[string]string{"outcome": h.outcome(t, b), "survey-nothing": h.survey(t, h.eve, b)})
	h.at = b.EndsAt().AddDate(0, 0, 15)
	look(map[string]string{"survey-closed": h.survey(t, h.ben, b)})
}

// From the mail to the thanks by keyboard alone, with scripts and without.
func TestSurveyByKeyboard(t *testing.T) {
	browser := chromium.ForTest(t)
	for _, look := range []chromium.Look{{}, {NoScript: true}} {
		h, site := online(t)
		b := h.over(t)
		tab := browser.Tab(t, look)
		tab.Open(site + h.survey(t, h.ben, b) + "?tookPlace=held")
		until(t, tab, "tookPlace-held")
		until(t, tab, "attainment-0")
		tab.Press(" ")
		until(t, tab, "got-advice")
		tab.Press(" ")
		until(t, tab, "nextStep")
		tab.Press("Write to Kim")
		until(t, tab, "Save my answers")
		tab.Follow(kb.Enter)
		a := h.papers(t, h.ben, b).Requester.Answers
		if n, ok := a.Number(mentoring.Attainment); tab.Heading() != "Thank you" || !ok || n != 0 || a.Outcome() != mentoring.Held ||
			a[mentoring.NextStep].Text != "Write to Kim" || len(a) != 4 {
			t.Errorf("%+v: %q, and stored is %v", look, tab.Heading(), a)
		}
	}
}
