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
