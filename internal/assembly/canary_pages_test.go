package assembly_test

import (
	"encoding/base64"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/pages"
)

// strangers are the statuses of what is shown to those whose link does not hold, or when something is broken.
var strangers = []int{404, 405, 410, 413, 500, 503}

// proof.md S5, of the pages: no link, form, name or record is in a line or a metric; and no problem shows what was sent.
func TestPagesTellOnNobody(t *testing.T) {
	requests := samples(t, "pages")
	total, lines, metrics, shown := 0, 0, 0, 0
	for _, route := range pages.Routes() {
		event, ok := requests[route]
		if !ok {
			t.Fatalf("no sample of %s", route)
		}
		a, made := lived(t, 12*24*time.Hour)
		ben := string(mentoring.PersonIDFor("https://issuer.example", canary+"-ben"))
		token := a.linkFor(strings.Split(route, "/")[1], ben, made[sampleBooking])
		a.ids[strings.ToLower(token)], a.ids[ben] = true, true
		event = a.with(event, map[string]string{"TOKEN": token}, "ben")
		delete(event.Headers, "authorization")
		if form, err := base64.StdEncoding.DecodeString(event.Body); err == nil && event.IsBase64Encoded {
			event.Body, event.IsBase64Encoded = string(form), false
		}
		visit := func(changed events.APIGatewayV2HTTPRequest) int {
			answer := a.ask(a.pages, changed)
			// Whose link holds sees the booking, and a form again as it was filled in. All others see neither.
			if slices.Contains(strangers, answer.StatusCode) || answer.StatusCode == 400 && !strings.Contains(answer.Body, "<form") {
				if found := a.leaksIn(answer.Body); len(found) > 0 {
					t.Errorf("%s: a problem shows %s", route, found[0])
				}
			}
			return answer.StatusCode
		}
		if status := visit(event); status < 400 {
			shown++
		}
		for _, changed := range hostile(t, event, map[string]string{"": "token_" + token}) {
			visit(changed)
		}
		for _, path := range []string{token + canary, canary, token[:len(token)-8] + canary + "aa", canary + token} {
			changed := event
			changed.RawPath = strings.Replace(event.RawPath, token, path, 1)
			visit(changed)
		}
		if form, err := url.ParseQuery(event.Body); err == nil {
			for name := range form {
				changed := event
				changed.Body = strings.Replace(event.Body, name+"=", name+"="+canary, 1)
				visit(changed)
			}
			event.Body += "&" + warbler + "=" + canary
			visit(event)
		}
		for _, trouble := range troubles(a.storage) {
			trouble()
			visit(event)
		}
		l, m := a.silent()
		total, lines, metrics = total+a.invocations, lines+l, metrics+m
	}
	t.Logf("%d requests to %d pages, of which %d were shown: %d lines and %d metrics, without a canary",
		total, len(pages.Routes()), shown, lines, metrics)
	if shown < len(pages.Routes())/2 {
		t.Errorf("only %d pages were shown", shown)
	}
}

// linkFor is a token for a page.
func (a *aviary) linkFor(page, who, booking string) string {
	a.Helper()
	until := a.at.AddDate(0, 1, 0)
	address, err := "", error(nil)
	switch page {
	case "manage":
		address, err = a.signer.Manage(who, booking, 0, until)
	case "survey":
		address, err = a.signer.Survey(who, booking, 0, until)
	case "outcome":
		address, err = a.signer.Outcome(who, booking, 0, until)
	case "unsubscribe":
		address, err = a.signer.Unsubscribe(who, until)
	case "calendar":
		address, err = a.signer.Feed(who, 0, until)
	default:
		a.Fatalf("no link to %s", page)
	}
	if err != nil {
		a.Fatal(err)
	}
	return strings.Split(address, "/")[2]
}
