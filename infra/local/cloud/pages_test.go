package cloud_test

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// seeded is a local cloud as everybody starts it.
func seeded(t *testing.T) *world {
	t.Helper()
	config := empty(t)
	config.Empty = false
	return start(t, config)
}

// A new data folder has people, slots and mail; a second start adds nothing.
func TestSeeds(t *testing.T) {
	config := empty(t)
	config.Empty = false
	w := start(t, config)
	slots := w.signIn("visitor").must(http.StatusOK, http.MethodGet, "/v1/slots?limit=100", nil)
	if n := len(slots.json["items"].([]any)); n < 10 {
		t.Errorf("a visitor sees %d open slots, want ten or so", n)
	}
	noah := w.get("/_local/as?sub=noah")
	if noah.status != http.StatusOK || !strings.Contains(noah.text, "enrolled") || strings.Contains(noah.text, "not enrolled") {
		t.Errorf("Noah is not enrolled: %d", noah.status)
	}
	mails, kinds := w.mail(""), map[string]int{}
	for _, m := range mails {
		kinds[m.Kind]++
	}
	want := map[string]int{"booking_confirmed": 16, "booking_requested": 4, "waitlisted": 2} // both sides; who waits, alone
	if diff := cmp.Diff(want, kinds); diff != "" {
		t.Error(diff)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	config.Port = portOf(t, w.URL())
	again := start(t, config)
	if n := len(again.mail("")); n != len(mails) {
		t.Errorf("%d mails after the second start, and %d before", n, len(mails))
	}
	if got := again.signIn("visitor").must(http.StatusOK, http.MethodGet, "/v1/slots?limit=100", nil); got.text != slots.text {
		t.Errorf("the slots were\n%s\nand are\n%s", slots.text, got.text)
	}
}

func TestPages(t *testing.T) {
	w := seeded(t)
	id := w.mail("noah@example.org")[0].ID
	tests := []struct {
		path string
		want []string
	}{
		{"/", []string{
			"Amara Okafor", "/_local/as?sub=amara", "Your first weeks as a manager", "+1 day", "Take it down", "/docs/",
			"/_local/inbox/", "taken, 2 waiting", "on request",
		}},
		{"/_local/as?sub=jonas", []string{"For Kwame Mensah", "waitlisted", "1 of 1 taken, 2 waiting", "Roster", "Change, until", "/close"}},
		{"/_local/as?sub=kwame", []string{"With Tariq Haddad", "requested", "Move to “Threat modelling on one page”", "Join the waiting list"}},
		{"/_local/as?sub=noah", []string{
			"Noah Fischer", "TOKEN=ey", "curl -s", "Idempotency-Key", "already_booked", "can book",
		}},
		{
			"/_local/as?email=ada@example.org&name=Ada+O%27Byron",
			[]string{"Ada O&#39;Byron", "not enrolled yet", "acceptGroundRules", `Ada O&#39;\&#39;&#39;Byron`},
		},
		{"/_local/inbox", []string{
			"noah@example.org", "amara@harbour.example", "Confirmed: Your first weeks as a manager", "booking_confirmed",
		}},
		{"/_local/inbox?to=noah@example.org", []string{"Mail to noah@example.org", "Confirmed: Your first weeks as a manager"}},
		{"/_local/inbox?to=nobody@example.org", []string{"No mail to this address"}},
		{
			"/_local/inbox/" + id,
			[]string{
				"Confirmed: Your first weeks as a manager", `sandbox="`, "BEGIN:VCALENDAR", "METHOD:REQUEST", "invite.ics",
				"Content-Type: multipart/",
			},
		},
	}
	for _, test := range tests {
		t.Run(test.path, func(t *testing.T) {
			a := w.get(test.path)
			if a.status != http.StatusOK {
				t.Fatalf("answers %d: %s", a.status, a.text)
			}
			for _, want := range test.want {
				if !strings.Contains(a.text, want) {
					t.Errorf("does not contain %q", want)
				}
			}
			holdToRules(t, w, a)
		})
	}
}

var (
	resource = regexp.MustCompile(`(?:src|<link[^>]+href|action)="([^"]*)"`)
	field    = regexp.MustCompile(`<input `)
)

// holdToRules checks what is promised of every page: nothing from elsewhere, no script, a language, a title, labels.
func holdToRules(t *testing.T, w *world, a answer) {
	t.Helper()
	policy := a.header.Get("Content-Security-Policy")
	if !strings.HasPrefix(policy, "default-src 'none'") || strings.Contains(policy, "script") {
		t.Errorf("policy %q", policy)
	}
	if strings.Contains(strings.ToLower(a.text), "<script") || strings.Contains(a.text, " style=") {
		t.Error("has a script or an inline style")
	}
	for _, found := range resource.FindAllStringSubmatch(a.text, -1) {
		if !strings.HasPrefix(found[1], "/_local/") && found[1] != "data:," {
			t.Errorf("takes %q from elsewhere", found[1])
		}
	}
	for _, want := range []string{`<html lang="en">`, "<title>", `<meta name="viewport"`, "<h1>", `<main class="page" id="main">`} {
		if !strings.Contains(a.text, want) {
			t.Errorf("does not contain %q", want)
		}
	}
	if inputs, labels := len(field.FindAllString(a.text, -1)), strings.Count(a.text, "<label>"); inputs != labels {
		t.Errorf("%d fields and %d labels", inputs, labels)
	}
	style := w.get("/_local/style.css")
	if kind := style.header.Get("Content-Type"); style.status != http.StatusOK || !strings.HasPrefix(kind, "text/css") {
		t.Errorf("the style sheet answers %d, %s", style.status, kind)
	}
}

// What came in a mail is shown so that it can do nothing, and downloaded as it is.
func TestMailContents(t *testing.T) {
	w := seeded(t)
	m := w.mail("amara@harbour.example")[0]
	html := w.get("/_local/inbox/" + m.ID + "/html")
	policy := html.header.Get("Content-Security-Policy")
	if html.status != http.StatusOK || !strings.HasPrefix(policy, "sandbox ") ||
		!strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "allow-scripts") ||
		!strings.Contains(html.text, "Two of the four applied for the job I got.") {
		t.Errorf("HTML answers %d with %q: %.200s", html.status, policy, html.text)
	}
	raw := w.get("/_local/inbox/" + m.ID + "/raw")
	if raw.status != http.StatusOK || raw.text != m.Raw || !strings.HasPrefix(raw.header.Get("Content-Disposition"), "attachment") {
		t.Errorf("source answers %d, %v", raw.status, raw.header)
	}
	for number, kind := range map[string]string{"1": "text/calendar; method=REQUEST", "2": "application/ics"} {
		part := w.get("/_local/inbox/" + m.ID + "/parts/" + number)
		if part.status != http.StatusOK || !strings.HasPrefix(part.header.Get("Content-Type"), kind) ||
			!strings.HasPrefix(part.header.Get("Content-Disposition"), "attachment; filename=") ||
			!strings.HasPrefix(part.text, "BEGIN:VCALENDAR\r\n") {
			t.Errorf("part %s answers %d, %v: %.100s", number, part.status, part.header, part.text)
		}
	}
	for _, missing := range []string{"none", m.ID + "/parts/0", m.ID + "/parts/3", m.ID + "/parts/x"} {
		if a := w.get("/_local/inbox/" + missing); a.status != http.StatusNotFound {
			t.Errorf("%s answers %d", missing, a.status)
		}
	}
}

func TestDocs(t *testing.T) {
	w := start(t, empty(t))
	if a := w.get("/docs"); a.status != http.StatusMovedPermanently || a.header.Get("Location") != "/docs/" {
		t.Errorf("/docs answers %d, %s", a.status, a.header.Get("Location"))
	}
	for path, wants := range map[string][]string{
		"/docs/":               {"swagger-ui-bundle.js", "/docs/openapi.yaml", "Noah Fischer", `"bearer":"ey`},
		"/docs/?sub=amara":     {"Amara Okafor", `"bearer":"ey`},
		"/docs/openapi.yaml":   {"openapi: 3.1", "/v1/slots/{slotId}/bookings"},
		"/docs/swagger-ui.css": {".swagger-ui"},
		"/docs/?sub=x&email=x@x.example&name=%3Cb%3E": {"&lt;b&gt;"},
	} {
		a := w.get(path)
		for _, want := range wants {
			if a.status != http.StatusOK || !strings.Contains(a.text, want) {
				t.Errorf("%s answers %d without %q", path, a.status, want)
			}
		}
	}
	if a := w.get("/docs/?sub=x"); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.text, "/email") {
		t.Errorf("a person without an address: %d", a.status)
	}
}

// The forms of the console do what their buttons say, and go back to the console.
func TestForms(t *testing.T) {
	w := start(t, empty(t))
	send := func(path, name, value string) answer {
		request, err := http.NewRequest(http.MethodPost, w.URL()+path, strings.NewReader(url.Values{name: {value}}.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		return w.do(request)
	}
	for _, step := range []struct{ path, name, value string }{
		{"/_local/forms/clock", "advance", "24h"}, {"/_local/forms/clock", "advance", " 90m "},
		{"/_local/forms/mailer", "down", "true"},
	} {
		if a := send(step.path, step.name, step.value); a.status != http.StatusSeeOther || a.header.Get("Location") != "/" {
			t.Errorf("%+v answers %d", step, a.status)
		}
	}
	if got := w.get("/_local/clock").field("ahead"); got != "25h30m0s" {
		t.Errorf("the clock is %s ahead", got)
	}
	console := w.get("/").text
	for _, want := range []string{"1 day 1 hour 30 minutes", "It is <strong>down</strong>", "Bring it back up"} {
		if !strings.Contains(console, want) {
			t.Errorf("the console does not say %q", want)
		}
	}
	for _, wrong := range []struct{ path, name, value string }{
		{"/_local/forms/clock", "advance", "tomorrow"}, {"/_local/forms/clock", "x", ""},
		{"/_local/forms/mailer", "down", "maybe"},
	} {
		a := send(wrong.path, wrong.name, wrong.value)
		if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.text, "Must be") {
			t.Errorf("%+v answers %d", wrong, a.status)
		}
	}
}

// A page from elsewhere, open in the same browser, can neither sign in nor travel here.
func TestOtherSitesAreKeptOut(t *testing.T) {
	w := start(t, empty(t))
	for _, path := range []string{
		"/_local/token", "/_local/clock", "/_local/mailer", "/_local/forms/clock", "/_local/forms/mailer",
	} {
		request, err := http.NewRequest(http.MethodPost, w.URL()+path, strings.NewReader(`{"advance":"1h"}`))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Origin", "https://elsewhere.example")
		request.Header.Set("Sec-Fetch-Site", "cross-site")
		if a := w.do(request); a.status != http.StatusForbidden {
			t.Errorf("%s answers %d", path, a.status)
		}
	}
}

// Whoever reaches this program can be anybody, so it is reached from this machine and from nowhere else.
func TestListensOnThisMachineOnly(t *testing.T) {
	w := start(t, empty(t))
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, address := range addresses {
		ip, _, err := net.ParseCIDR(address.String())
		if err != nil || ip.IsLinkLocalUnicast() {
			continue
		}
		conn, err := net.Dial("tcp", net.JoinHostPort(ip.String(), fmt.Sprint(portOf(t, w.URL()))))
		if reached := err == nil; reached != ip.IsLoopback() {
			t.Errorf("%s: reached is %v", ip, reached)
		}
		if err == nil {
			_ = conn.Close()
		}
	}
}
