package pages_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"flashmentoring/internal/chromium"
	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
)

// concern is what the form about a concern sends.
func concern(category, text string) url.Values {
	return url.Values{"category": {category}, "text": {text}}
}

// dana looks after the programme.
var dana = desk.Caller{ID: mentoring.PersonIDFor("https://issuer.example", "dana"), Coordinator: true}

// concerns are what coordinators read.
func (h *house) concerns(t testing.TB) (all []mentoring.Concern) {
	t.Helper()
	list, err := h.desk.Concerns(t.Context(), dana, "", 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range list.Items {
		all = append(all, v.Concern)
	}
	return all
}

// Either side can tell coordinators that something was wrong, whatever became of the booking; it names the booking and the
// other side, and the other side sees nothing of it.
func TestConcern(t *testing.T) {
	h := open(t)
	b := h.booked(t, circle(), wish)
	ben, ada := h.manage(t, h.ben, b), h.manage(t, h.ada, b)
	h.get(t, ben).says(t, http.StatusOK, "Is something wrong?", "Ada Okafor is not told.", ben+"/concern")
	h.get(t, ben+"/concern").says(t, http.StatusOK, "It is about “Reading a balance sheet” with Ada Okafor",
		"Only those who look after the programme read what you write.", "Ada Okafor is not told, nor is anybody else. Even if Ada Okafor looks after the programme too", `<form method="post"`,
		"<legend>What is it about?</legend>", `<label for="text">What happened?</label>`, "10 to 2000 characters", "!checked", `href="`+ben+`"`)
	before := h.get(t, ada).text
	h.post(t, ben+"/concern", concern("conduct", "She shouted at me.\r\nTwice.\u202e")).says(t, http.StatusOK,
		"Your concern is sent", "Ada Okafor is not told.", ben+"/block")
	if after := h.get(t, ada).text; after != before {
		t.Errorf("her page changed to\n%s", after)
	}
	h.post(t, ada+"/cancel", confirm("")).says(t, http.StatusSeeOther)
	h.advance(100 * time.Hour)
	late := address(t)(h.links.Manage(string(h.ada.ID), string(b.ID), 0, h.now().Add(time.Hour)))
	h.post(t, late+"/concern", concern("other", "He never answers.")).says(t, http.StatusOK, "Your concern is sent", "Ben Fischer is not told.")

	got := h.concerns(t)
	if len(got) != 2 {
		t.Fatalf("raised are %+v", got)
	}
	his, hers := got[0], got[1]
	if his.By != h.ben.ID || his.About != h.ada.ID || his.Booking != b.ID || his.Category != "conduct" || his.Text != "She shouted at me.\nTwice." {
		t.Errorf("his is %+v", his)
	}
	if hers.By != h.ada.ID || hers.About != h.ben.ID || hers.Booking != b.ID || hers.Category != "other" || hers.Text != "He never answers." {
		t.Errorf("hers is %+v", hers)
	}
}

// The same, sent again within a day, is one concern: one after the other, or at the same moment. Other words are another one,
// also from the same form, and so are the same words about another booking.
func TestAConcernIsRaisedOnce(t *testing.T) {
	h := open(t)
	b := h.booked(t, circle(), wish)
	link := h.manage(t, h.ben, b) + "/concern"
	raised := func(want int) {
		t.Helper()
		if got := h.concerns(t); len(got) != want {
			t.Errorf("raised are %d, want %d: %+v", len(got), want, got)
		}
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			h.post(t, link, concern("safety", "She shouted at me.")).says(t, http.StatusOK, "Your concern is sent")
		})
	}
	all.Wait()
	raised(1)
	h.advance(23 * time.Hour)
	h.post(t, link, concern("safety", "She shouted at me.")).says(t, http.StatusOK, "Your concern is sent")
	raised(1)
	h.post(t, link, concern("safety", "She shouted at me. And laughed.")).says(t, http.StatusOK, "Your concern is sent")
	raised(2)
	h.post(t, link, concern("conduct", "She shouted at me.")).says(t, http.StatusOK, "Your concern is sent")
	raised(3)
	other := h.manage(t, h.ben, h.booked(t, later(), wish))
	h.post(t, other+"/concern", concern("safety", "She shouted at me.")).says(t, http.StatusOK, "Your concern is sent")
	raised(4)
	h.post(t, h.manage(t, h.ada, b)+"/concern", concern("safety", "She shouted at me.")).says(t, http.StatusOK, "Your concern is sent")
	raised(5)
}

// What is wrong is said next to it, nothing is raised, and nothing that was typed is lost.
func TestConcernRefuses(t *testing.T) {
	h := open(t)
	link := h.manage(t, h.ben, h.booked(t, circle(), wish)) + "/concern"
	for name, test := range map[string]struct {
		form url.Values
		says []string
	}{
		"nothing":       {url.Values{}, []string{"category-wrong", "Please choose one.", "text-wrong", "Please write something here."}},
		"no category":   {concern("", "She shouted at me."), []string{"category-wrong", "!text-wrong", "She shouted at me.</textarea>"}},
		"another one":   {concern("love", "She shouted at me."), []string{"Please choose one of these.", "!love", "She shouted at me.</textarea>"}},
		"nothing said":  {concern("conduct", " \u202e\r\n "), []string{`value="conduct" checked`, "Please write something here."}},
		"too short":     {concern("conduct", "She was."), []string{`value="conduct" checked`, "This is too short.", "She was.</textarea>"}},
		"too long":      {concern("conduct", strings.Repeat("ü", 2001)), []string{"This has more than 2000 characters.", strings.Repeat("ü", 2001) + "</textarea>"}},
		"tags":          {concern("", "<b>She</b> shouted.</textarea>"), []string{"&lt;b&gt;She&lt;/b&gt; shouted.&lt;/textarea&gt;", "!<b>"}},
		"another's ids": {url.Values{"category": {"conduct"}, "text": {"x"}, "personId": {string(h.eve.ID)}, "bookingId": {"x"}}, []string{"This is too short."}},
	} {
		t.Run(name, func(t *testing.T) {
			h.post(t, link, test.form).says(t, http.StatusUnprocessableEntity, append(test.says, "Nothing is sent yet", `role="alert"`)...)
		})
	}
	query := "?" + concern("conduct", "She shouted at me.").Encode()
	h.post(t, link+query, nil).says(t, http.StatusUnprocessableEntity, "category-wrong", "text-wrong")
	h.ask(t, http.MethodPost, link, "application/json", `{"category":"conduct","text":"She shouted at me."}`).says(t, http.StatusUnprocessableEntity)
	h.ask(t, http.MethodPost, link, formType, "text=%zz").says(t, http.StatusBadRequest)
	h.ask(t, http.MethodPost, link, formType, strings.Repeat("a", 33<<10)).says(t, http.StatusRequestEntityTooLarge)
	h.ask(t, http.MethodPut, link, "", "").says(t, http.StatusMethodNotAllowed)
	if got := h.concerns(t); got != nil {
		t.Fatalf("raised are %+v", got)
	}
	// Two thousand letters are two thousand, however many bytes.
	h.post(t, link, concern("conduct", strings.Repeat("ü", 2000))).says(t, http.StatusOK)
}

// What a form says of people and bookings does not count: those of the link are meant.
func TestAConcernIsAboutTheLink(t *testing.T) {
	h := open(t)
	b := h.booked(t, circle(), wish)
	form := concern("conduct", "She shouted at me.")
	form.Set("personId", string(h.eve.ID))
	form.Set("about", string(h.eve.ID))
	form.Set("bookingId", string(mentoring.NewBookingID([16]byte{1})))
	h.post(t, h.manage(t, h.ben, b)+"/concern", form).says(t, http.StatusOK)
	if got := h.concerns(t); len(got) != 1 || got[0].About != h.ada.ID || got[0].Booking != b.ID {
		t.Errorf("raised are %+v", got)
	}
}

// After a session the way to it is on the pages about the survey and the outcome too, also when they are closed, and holds as
// long as these do.
func TestSurveysLeadToHelp(t *testing.T) {
	h := open(t)
	b := h.over(t)
	for _, step := range []struct {
		link string
		at   time.Time
	}{
		{h.survey(t, h.ben, b), b.EndsAt()},
		{h.survey(t, h.ada, b), b.EndsAt()},
		{h.survey(t, h.ben, b), b.EndsAt().AddDate(0, 0, 20)}, // closed
		{h.outcome(t, b), b.EndsAt().AddDate(0, 0, 30)},
	} {
		h.at = step.at
		page := h.get(t, step.link)
		page.says(t, http.StatusOK, "Is something wrong?", "Raise a concern …", "Block ")
		_, rest, _ := strings.Cut(page.text, `href="/manage/`)
		path, _, _ := strings.Cut(rest, `"`)
		h.get(t, "/manage/"+path).says(t, http.StatusOK, "Raise a concern")
		h.at = b.EndsAt().AddDate(0, 3, 0)
		h.get(t, "/manage/"+path).says(t, http.StatusGone, "This link has run out")
	}
}

// proof.md W4: the pages about a concern and a block on a phone, in light and dark, and on a desk: axe-core finds nothing.
func TestHelpInABrowser(t *testing.T) {
	browser := chromium.ForTest(t)
	h := open(t)
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	b := h.booked(t, circle(), wish)
	link := server.URL + h.manage(t, h.ben, b)
	for _, look := range []chromium.Look{{}, {Dark: true}, {Width: 1280, Height: 800}} {
		tab := browser.Tab(t, look)
		tab.Open(link + "/concern")
		until(t, tab, "Send it")
		tab.Follow(kb.Enter)
		if !strings.Contains(tab.Text(), "Please choose one.") || tab.Focused() != "category-harassment" {
			t.Errorf("nothing written: %q has the keyboard in\n%s", tab.Focused(), tab.Text())
		}
		holds(t, tab, look, "concern-refused")
		until(t, tab, "category-harassment")
		tab.Press(" ")
		until(t, tab, "text")
		tab.Press(strings.Repeat("word", 40))
		until(t, tab, "Send it")
		tab.Follow(kb.Enter)
		if tab.Heading() != "Your concern is sent" {
			t.Errorf("leads to %q", tab.Heading())
		}
		holds(t, tab, look, "concern-sent")
		tab.Open(link + "/block")
		until(t, tab, "Block Ada Okafor")
		tab.Follow(kb.Enter)
		holds(t, tab, look, "blocked")
		tab.Open(link)
		holds(t, tab, look, "confirmed-blocked")
		tab.Open(link + "/block")
		until(t, tab, "Unblock Ada Okafor")
		tab.Follow(kb.Enter)
		holds(t, tab, look, "unblocked")
	}
}

// From the page of the booking to a concern and a block and back by keyboard alone, with scripts and without.
func TestHelpByKeyboard(t *testing.T) {
	browser := chromium.ForTest(t)
	for _, look := range []chromium.Look{{}, {NoScript: true}} {
		h, site := online(t)
		tab := browser.Tab(t, look)
		tab.Open(site + h.manage(t, h.ben, h.booked(t, circle(), wish)))
		until(t, tab, "Raise a concern …")
		tab.Follow(kb.Enter)
		until(t, tab, "category-harassment")
		tab.Press(kb.ArrowDown + kb.ArrowDown)
		if n := until(t, tab, "text"); n != 1 {
			t.Errorf("the text is %d steps behind the choice", n)
		}
		tab.Press("She shouted at me.")
		until(t, tab, "Send it")
		tab.Follow(kb.Enter)
		got := h.concerns(t)
		if tab.Heading() != "Your concern is sent" || len(got) != 1 || got[0].Category != "safety" || got[0].Text != "She shouted at me." {
			t.Errorf("%+v: %q, and raised are %+v", look, tab.Heading(), got)
		}
		until(t, tab, "Block Ada Okafor …")
		tab.Follow(kb.Enter)
		until(t, tab, "Block Ada Okafor")
		tab.Follow(kb.Enter)
		if blocked := h.blocked(t, h.ben); tab.Heading() != "You have blocked Ada Okafor" || len(blocked) != 1 {
			t.Errorf("%+v: %q, and blocked are %v", look, tab.Heading(), blocked)
		}
		until(t, tab, "Unblock Ada Okafor")
		tab.Follow(kb.Enter)
		if blocked := h.blocked(t, h.ben); tab.Heading() != "Ada Okafor is not blocked" || blocked != nil {
			t.Errorf("%+v: %q, and blocked are %v", look, tab.Heading(), blocked)
		}
		until(t, tab, "Back to the booking")
		tab.Follow(kb.Enter)
		if tab.Heading() != "Your session is confirmed" {
			t.Errorf("%+v: leads to %q", look, tab.Heading())
		}
	}
}
