package pages_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"html"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"flashmentoring/internal/calendar"
	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/pages"
	"flashmentoring/internal/table"
	"flashmentoring/internal/table/tabletest"
)

// addresses are all addresses there are for Ben and Ada, and some that are none.
func (h *house) addresses(t testing.TB) []string {
	b := h.booked(t, circle(), wish)
	over := h.over(t)
	return append(append([]string{h.survey(t, h.ben, over), h.survey(t, h.ada, over), h.outcome(t, over)}, h.survey(t, h.ben, over)+"?tookPlace=held"),
		h.others(t, b)...)
}

func (h *house) others(t testing.TB, b mentoring.Booking) []string {
	t.Helper()
	return append([]string{h.unsubscribe(t, h.ben), h.feed(t, h.ben, 0), h.feed(t, h.ben, 1), h.manage(t, h.ben, b)[:40], "/manage/x", "/"},
		append(below(h.manage(t, h.ben, b)), below(h.manage(t, h.ada, b))...)...)
}

// proof.md S3: ten thousand times, scanners open every link there is, with GET and HEAD, and nothing is written.
func TestLinksAreInert(t *testing.T) {
	var counting *tabletest.Counting
	h := openOn(t, func(engine table.Table) table.Table {
		counting = tabletest.NewCounting(engine)
		return counting
	})
	addresses := h.addresses(t)
	counting.Reset()
	n := 10_000
	if testing.Short() {
		n = 1_000
	}
	methods := []string{http.MethodGet, http.MethodHead}
	for i := range n {
		address := addresses[i/2%len(addresses)]
		if i/2 >= n/4 { // with a query as trackers add them, and one that looks like a form
			address += "?utm_source=mail&confirm=cancel&List-Unsubscribe=One-Click&category=conduct&text=He+shouted+at+me."
		}
		if a := h.ask(t, methods[i%2], address, formType, []string{"confirm=cancel", "confirm=block"}[i/4%2]); a.status >= 500 || a.status == http.StatusSeeOther {
			t.Fatalf("%s %s answers %d", methods[i%2], address, a.status)
		}
	}
	if used := counting.Usage(); used.Commits != 0 || used.Gets == 0 {
		t.Errorf("%d requests: %+v", n, used)
	}
	t.Logf("figure S3: %d GET and HEAD of %d addresses: no write", n, len(addresses))
}

// The control of the above: what is counted is seen, because the same addresses do write when they are posted to.
func TestPostsAreCounted(t *testing.T) {
	var counting *tabletest.Counting
	h := openOn(t, func(engine table.Table) table.Table {
		counting = tabletest.NewCounting(engine)
		return counting
	})
	link := h.manage(t, h.ben, h.booked(t, circle(), wish)) + "/cancel"
	counting.Reset()
	h.post(t, link, confirm(""))
	h.post(t, h.unsubscribe(t, h.ben), nil)
	if used := counting.Usage(); used.Commits != 2 {
		t.Errorf("%d commits, want one for each", used.Commits)
	}
	over := h.over(t)
	for _, answer := range []struct {
		link  string
		form  url.Values
		after time.Duration
	}{{h.survey(t, h.ben, over), took("useful", "4"), 0}, {h.outcome(t, over), url.Values{"recommend": {"9"}}, mentoring.OutcomeAfter}} {
		h.at = over.EndsAt().Add(answer.after)
		counting.Reset()
		h.get(t, answer.link).says(t, http.StatusOK, "<form")
		if used := counting.Usage(); used.Commits != 0 {
			t.Errorf("looking at %s: %d commits", answer.link, used.Commits)
		}
		if h.post(t, answer.link, answer.form); counting.Usage().Commits != 1 {
			t.Errorf("posting to %s: %d commits", answer.link, counting.Usage().Commits)
		}
	}
	h.at = over.EndsAt()
	manage := h.manage(t, h.ada, over)
	counting.Reset()
	h.post(t, manage+"/concern", concern("conduct", "He shouted at me."))
	h.post(t, manage+"/block", blocking("block"))
	if used := counting.Usage(); used.Commits != 2 {
		t.Errorf("a concern and a block: %d commits", used.Commits)
	}
}

var styleElement = regexp.MustCompile(`(?s)<style>(.*?)</style>`)

// Every answer has the headers, whatever it is.
func TestHeaders(t *testing.T) {
	h := open(t)
	addresses := h.addresses(t)
	link := h.manage(t, h.ben, h.booked(t, later(), wish))
	type request struct{ method, address string }
	var requests []request
	for _, a := range append(addresses, link) {
		requests = append(requests, request{http.MethodGet, a}, request{http.MethodHead, a}, request{http.MethodDelete, a})
	}
	requests = append(requests, request{http.MethodPost, link + "/cancel"}, request{http.MethodPost, h.unsubscribe(t, h.ben)},
		request{http.MethodPost, link + "/concern"}, request{http.MethodPost, link + "/block"})
	for _, r := range requests {
		a := h.ask(t, r.method, r.address, formType, "confirm=cancel")
		for name, want := range map[string]string{
			"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow, noarchive",
			"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Strict-Transport-Security": "max-age=63072000",
		} {
			if got := a.header.Get(name); got != want {
				t.Errorf("%s %s: %s is %q", r.method, r.address, name, got)
			}
		}
		policy := a.header.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none';", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"} {
			if !strings.Contains(policy, want) {
				t.Errorf("%s %s: policy %q without %s", r.method, r.address, policy, want)
			}
		}
		if strings.Contains(policy, "script") || strings.Contains(policy, "unsafe") || a.header.Get("Set-Cookie") != "" ||
			a.header.Get("X-Request-Id") == "" {
			t.Errorf("%s %s: %v", r.method, r.address, a.header)
		}
		if found := styleElement.FindStringSubmatch(a.text); found != nil {
			sum := sha256.Sum256([]byte(found[1]))
			if want := "style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; !strings.Contains(policy, want) {
				t.Errorf("%s %s: the policy does not allow its style: %q", r.method, r.address, policy)
			}
		}
	}
}

// later is a slot that does not overlap with circle's.
func later() mentoring.SlotDraft {
	d := circle()
	d.StartsAt = d.StartsAt.Add(time.Hour)
	return d
}

// Pages take nothing from anywhere and run nothing, whatever people wrote into what they show.
func TestHostileTexts(t *testing.T) {
	const evil = `https://evil.example/"><script>alert(1)</script><img src=x onerror=alert(2)> & ` + "\u202e" + `' {{.}} javascript:alert(3)`
	h := open(t)
	h.ben = h.renamed(t, h.ben, evil[:90])
	draft, wish := circle(), wish
	draft.Title, draft.Meeting = evil, mentoring.Meeting{Place: evil}
	draft.Modes = []mentoring.Mode{mentoring.InPerson}
	wish.Purpose.Question, wish.Purpose.DesiredOutcome, wish.Purpose.Tried, wish.Purpose.Context, wish.Bring = evil, evil, evil, evil, evil
	b := h.booked(t, draft, wish)
	ada, ben := h.manage(t, h.ada, b), h.manage(t, h.ben, b)
	texts := []string{
		h.get(t, ada).text, h.get(t, ben).text, h.get(t, ada+"/cancel").text, h.get(t, ada+"/concern").text, h.get(t, ada+"/block").text,
		h.post(t, ben+"/concern", concern(evil, evil)).text, h.post(t, ada+"/concern", concern("conduct", evil)).text,
		h.post(t, ben+"/cancel", confirm(strings.Repeat(evil, 9))).text,
	}
	h.post(t, ben+"/cancel", confirm(evil)).says(t, http.StatusSeeOther)
	texts = append(texts, h.get(t, ada).text, h.get(t, ben).text)
	draft.StartsAt = draft.StartsAt.Add(time.Hour)
	texts = append(texts, h.answeredWith(t, h.booked(t, draft, wish), evil)...)
	tags := regexp.MustCompile(`<[a-zA-Z/!][^>]*>`)
	for i, text := range texts {
		if !strings.Contains(html.UnescapeString(text), "<script>alert(1)") {
			t.Errorf("page %d does not show what was written", i)
		}
		body := styleElement.ReplaceAllString(text, "")
		for _, tag := range tags.FindAllString(body, -1) {
			name := strings.Trim(strings.Fields(tag)[0], "</>")
			if name == "a" && strings.Contains(tag, "http") {
				t.Errorf("page %d has a link that is not ours: %s", i, tag)
			}
			if !strings.Contains(" !doctype html head meta title link body header main h1 h2 p ul li a form input label textarea fieldset legend span button section dl div dt dd blockquote br footer ",
				" "+name+" ") || strings.Contains(tag, " on") || strings.Contains(tag, "javascript:") {
				t.Errorf("page %d has %s", i, tag)
			}
		}
		if shown, _, _ := strings.Cut(body, "<textarea"); strings.ContainsRune(shown, '\u202e') {
			t.Errorf("page %d lets a text turn the words around it", i)
		}
	}
}

// answeredWith are the pages about a session, once what was answered about it is a text.
func (h *house) answeredWith(t *testing.T, b mentoring.Booking, text string) []string {
	t.Helper()
	survey := h.survey(t, h.ben, b)
	h.at = b.EndsAt()
	refused := h.post(t, survey, took("useful", "9", "nextStep", text, "nextStepOn", "\u202e\"><script>"))
	h.post(t, survey, took("nextStep", text, "noteToExpert", text, "noteToProgramme", text)).says(t, http.StatusSeeOther)
	texts := []string{refused.text, h.get(t, survey).text, h.get(t, h.survey(t, h.ada, b)).text}
	h.at = b.EndsAt().Add(mentoring.OutcomeAfter)
	return append(texts, h.get(t, h.outcome(t, b)).text)
}

func (h *house) renamed(t *testing.T, who desk.Caller, name string) desk.Caller {
	t.Helper()
	_, err := h.desk.Enrol(t.Context(), who, mentoring.Enrolment{
		Profile: mentoring.Profile{Name: name, TimeZone: "Europe/Berlin", SurveyMails: true}, AcceptGroundRules: true,
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return who
}

// proof.md S5: the log names routes and codes, and nothing that a link, a person or a booking holds.
func TestLogHoldsNoData(t *testing.T) {
	h := open(t)
	b := h.booked(t, circle(), wish)
	link := h.manage(t, h.ben, b)
	h.get(t, link)
	h.post(t, link+"/cancel", confirm("CANARY-reason"))
	h.post(t, link+"/concern", concern("CANARY-category", "CANARY-concern"))
	h.post(t, link+"/concern", concern("conduct", "CANARY-concern"))
	h.post(t, link+"/block", blocking("CANARY-block"))
	h.post(t, link+"/block", blocking("block"))
	h.get(t, link+"x?CANARY-query")
	h.get(t, "/manage/CANARY-token")
	h.post(t, h.survey(t, h.ben, b)+"?tookPlace=CANARY-choice", took("noteToExpert", "CANARY-note"))
	log := h.log.String()
	token := strings.TrimPrefix(link, "/manage/")
	for _, canary := range []string{"CANARY", token, token[10:30], string(b.ID), string(h.ben.ID), "Ben", "Ada", "example.org", "balance"} {
		if strings.Contains(log, canary) {
			t.Errorf("the log holds %q:\n%s", canary, log)
		}
	}
	for _, want := range []string{`"route":"GET /manage/{token}","status":200`, `"route":"POST /manage/{token}/cancel","status":303`, `"code":"link_invalid"`} {
		if !strings.Contains(log, want) {
			t.Errorf("the log does not say %s:\n%s", want, log)
		}
	}
	if n := strings.Count(log, "\n"); n != 9 {
		t.Errorf("%d lines for nine requests", n)
	}
}

// Storage that does not answer is told as that, with the cause in the log; a panic is an answer too.
func TestTroubles(t *testing.T) {
	var trouble error
	h := openOn(t, func(engine table.Table) table.Table { return troubled{engine, &trouble} })
	link := h.manage(t, h.ben, h.booked(t, circle(), wish))
	for _, test := range []struct {
		trouble error
		status  int
		want    string
		logged  string
	}{
		{table.ErrUnavailable, http.StatusServiceUnavailable, "Too busy at the moment", "table unavailable"},
		{context.Canceled, http.StatusServiceUnavailable, "Too busy at the moment", `"code":"busy"`},
		{errors.New("damage"), http.StatusInternalServerError, "Something is broken here", `"error":"*errors.errorString"`},
		{errPanic, http.StatusInternalServerError, "Something is broken here", `"panic":"string"`},
	} {
		trouble = test.trouble
		h.log.Reset()
		a := h.get(t, link)
		a.says(t, test.status, test.want)
		if (a.header.Get("Retry-After") != "") != (test.status == http.StatusServiceUnavailable) {
			t.Errorf("%v: Retry-After %q", test.trouble, a.header.Get("Retry-After"))
		}
		if !strings.Contains(h.log.String(), test.logged) || !strings.Contains(h.log.String(), `"level":"ERROR"`) {
			t.Errorf("%v: the log says %s", test.trouble, h.log.String())
		}
	}
}

var errPanic = errors.New("panic")

// troubled is a table whose reads fail.
type troubled struct {
	table.Table
	trouble *error
}

func (t troubled) Get(ctx context.Context, keys ...table.Key) ([]table.Record, error) {
	switch *t.trouble {
	case nil:
		return t.Table.Get(ctx, keys...)
	case errPanic:
		panic("of a text that may hold anything")
	}
	return nil, *t.trouble
}

// A request that takes too long is answered before the function's time is over.
func TestTimeout(t *testing.T) {
	h := openOn(t, func(engine table.Table) table.Table { return endless{engine} })
	handler := pages.New(pages.Config{
		Desk: h.desk, Links: h.links, Calendar: new(calendar.Encoder), Logger: slog.New(slog.DiscardHandler), Timeout: time.Millisecond,
	})
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, h.feed(t, h.ben, 0), nil))
	if w.Code != http.StatusServiceUnavailable {
		t.Errorf("answers %d", w.Code)
	}
}

// endless is a table that does not answer in time, except to queries and commits.
type endless struct{ table.Table }

func (e endless) Get(ctx context.Context, keys ...table.Key) ([]table.Record, error) {
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < time.Second {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return e.Table.Get(ctx, keys...)
}

// Whatever is sent to whatever address: an answer with a page or a calendar, and never a fault of ours.
func FuzzRequests(f *testing.F) {
	h := open(f)
	for _, a := range h.addresses(f) {
		f.Add(http.MethodGet, a, "", "")
	}
	b := h.booked(f, later(), wish)
	f.Add(http.MethodPost, h.manage(f, h.ben, b)+"/cancel", formType, "confirm=cancel&reason=%00%ff")
	over := h.over(f)
	f.Add(http.MethodPost, h.manage(f, h.ben, over)+"/concern", formType, "category=conduct&text=%00%ff%e2%80%ae")
	f.Add(http.MethodPost, h.manage(f, h.ben, over)+"/block", formType, "confirm=block&confirm=unblock")
	f.Add(http.MethodPost, h.survey(f, h.ben, over), formType, "tookPlace=held&useful=9&got=%00&nextStepOn=x&noteToExpert=%ff")
	f.Add(http.MethodPost, h.outcome(f, over), formType, "recommend=-1&task-x=done")
	f.Add(http.MethodPost, h.unsubscribe(f, h.ben), "multipart/form-data; boundary=x", "--x")
	f.Fuzz(func(t *testing.T, method, address, contentType, body string) {
		r, err := http.NewRequest(method, "http://flash.example", bytes.NewReader([]byte(body)))
		if err != nil {
			t.Skip()
		}
		r.URL.Path, r.Header = address, http.Header{"Content-Type": {contentType}}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code >= 500 || w.Code < 200 {
			t.Errorf("%s %q answers %d", method, address, w.Code)
		}
	})
}

func BenchmarkBookingPage(b *testing.B) {
	h := open(b)
	link := h.manage(b, h.ben, h.booked(b, circle(), wish))
	r := httptest.NewRequest(http.MethodGet, link, nil)
	b.ReportAllocs()
	for b.Loop() {
		w := httptest.NewRecorder()
		if h.ServeHTTP(w, r); w.Code != http.StatusOK {
			b.Fatal(w.Code)
		}
	}
}
