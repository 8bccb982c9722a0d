package cloud_test

import (
	"html"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

var copied = regexp.MustCompile(`(?s)<pre class="copy[^>]*>(.*?)</pre>`)

// pastes runs in a shell the first call that the page of somebody offers and that looks like this.
func (w *world) pastes(sub, like, says string) {
	w.t.Helper()
	lines := copied.FindAllStringSubmatch(w.get("/_local/as?sub="+sub).text, -1)
	for _, line := range lines {
		call := html.UnescapeString(line[1])
		if !regexp.MustCompile(like).MatchString(call) {
			continue
		}
		out, err := exec.Command("sh", "-c", html.UnescapeString(lines[0][1])+"\n"+call).Output()
		if err != nil || !strings.Contains(string(out), says) {
			w.t.Errorf("%s (%v) answers %s, without %s", call, err, out, says)
		}
		return
	}
	w.t.Errorf("the page of %s has no call like %s", sub, like)
}

// What the page of a person offers does what it says.
func TestDeeds(t *testing.T) {
	w := seeded(t)
	w.pastes("tariq", `bkg_\w+/approve'`, `"status":"confirmed"`)
	w.pastes("tariq", `bkg_\w+/decline'`, `"status":"declined"`)
	w.pastes("ines", `bkg_\w+/move'`, `"status":"confirmed"`)
	w.pastes("kwame", `bkg_\w+/cancel'`, `"status":"cancelled"`)
	w.pastes("noah", `joinWaitlist`, `"status":"waitlisted"`)
	w.pastes("tariq", `curl -s '.*slot_\w+/bookings'`, `"items":[`)
	w.pastes("tariq", `-X PATCH '.*slot_`, `"lookingFor":"People who would rather ask than guess."`)
	w.pastes("tariq", `slot_\w+/close'`, `"status":"closed"`)
	w.pastes("tariq", `slot_\w+/cancel'`, `"status":"cancelled"`)
}

// What the page of a coordinator offers does what it says, and nobody else's offers it.
func TestDuties(t *testing.T) {
	w := seeded(t)
	w.pastes("noah", `/v1/concerns'`, `"category":"other"`)
	w.pastes("dana", `con_\w+/resolve'`, `"resolution":"Spoke to both."`)
	w.pastes("dana", `/v1/reports/programme'`, `"figures":[`)
	w.pastes("dana", `text/csv'$`, "from,to,cohort,topic,figure")
	w.pastes("dana", `/v1/people/import'`, `"changed":1,"unchanged":0,"kept":1`)
	w.pastes("dana", `-X PUT '.*/v1/topics/`, `"status":"active"`)
	w.pastes("dana", `(?s)-X PUT '.*/v1/topics/.*mergedInto`, `"mergedInto":"finance"`)
	w.pastes("dana", `(?s)-X PUT '\S*/programme'.*managerId`, `"managerId":"per_`)
	w.pastes("dana", `(?s)-X PUT '\S*/programme'.*managerId[^}]*suspendedUntil`, `"suspendedUntil":"`)

	w.post("/_local/mail/"+w.mail("noah@example.org")[0].ID+"/bounce", nil)
	w.pastes("dana", `-X DELETE '\S*/suppression'`, "")

	w.post("/_local/ses", map[string]any{"state": "refusing"})
	w.pastes("kwame", `bkg_\w+/cancel'`, `"status":"cancelled"`)
	before := len(w.mail("kwame@example.com")) // when the mailer has nothing more to do
	w.post("/_local/ses", map[string]any{"state": "up"})
	w.pastes("dana", `/v1/mail/dead/\w+/retry'`, `"retriedAt":"`)
	w.travels("5m")
	if after := len(w.mail("kwame@example.com")); after != before+1 {
		t.Errorf("%d mails to kwame after what was put aside was sent again, want %d", after, before+1)
	}

	page := w.get("/_local/as?sub=dana").text
	for text, want := range map[string]bool{
		">suspended<": true, "reports to Jonas Lindqvist": true, ">retried<": true, "gets no mail": false, "Open concerns": false,
	} {
		if strings.Contains(page, text) != want {
			t.Errorf("the page of dana has %q: %v, want %v", text, !want, want)
		}
	}
	for address, want := range map[string]bool{
		"/_local/as?email=new@example.org&name=New&groups=coordinators": true,
		"/_local/as?email=new@example.org&name=New":                     false,
		"/_local/as?sub=noah":                                           false,
	} {
		if got := strings.Contains(w.get(address).text, "What coordinators alone can do"); got != want {
			t.Errorf("%s offers what coordinators do: %v, want %v", address, got, want)
		}
	}
}

// Whoever pastes the last of the calls is gone.
func TestErasedByACall(t *testing.T) {
	w := seeded(t)
	w.pastes("kwame", `/v1/me/export'`, `"bookings":[`)
	w.pastes("kwame", `/v1/me/calendar'`, `sessions.ics"`)
	among := func() bool { return strings.Contains(w.get("/_local/as?sub=dana").text, "<h3>Kwame Mensah</h3>") }
	if !among() {
		t.Error("kwame is not among the people")
	}
	w.pastes("kwame", `-X DELETE '\S*/v1/me'`, "")
	if among() {
		t.Error("kwame is among the people still")
	}
}
