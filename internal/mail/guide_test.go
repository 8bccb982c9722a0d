package mail_test

import (
	"fmt"
	"strings"
	"testing"

	"flashmentoring/internal/mentoring"
)

// guided are the letters that bring a guide, confirmed and a day ahead.
func guided(role mentoring.Role) []mentoring.Notice {
	n := notices(edda(), rana(), smallSlot(), smallRequest())[map[mentoring.Role]int{mentoring.Requester: 0, mentoring.Expert: 1}[role]]
	tomorrow, promoted := n, n
	tomorrow.Kind, promoted.Kind = mentoring.Reminder24h, mentoring.WaitlistPromoted
	if role == mentoring.Expert {
		return []mentoring.Notice{n, tomorrow}
	}
	return []mentoring.Notice{n, tomorrow, promoted}
}

// points are the lines of advice in a letter.
func points(text string) string {
	_, list, _ := strings.Cut(text, "\nWhat helps:\n")
	list, _, _ = strings.Cut(list, "\n\n")
	return list
}

// Every kind of session has a guide of its own for each role, and every length an outline whose minutes add up
// (product.md section 1, rule 9).
func TestEverySessionHasAGuide(t *testing.T) {
	seen := map[string]string{}
	for _, kind := range mentoring.SessionKinds {
		for _, role := range []mentoring.Role{mentoring.Requester, mentoring.Expert} {
			for _, minutes := range mentoring.Durations {
				name := fmt.Sprintf("%s for the %s, %d minutes", kind, role, minutes)
				for _, n := range guided(role) {
					n.Slot.Kind, n.Slot.DurationMinutes = kind, minutes
					text := read(t, compose(t, n).Raw).text
					advice := points(text)
					if strings.Count(advice, "- ") < 3 {
						t.Errorf("%s: advice %q", name, advice)
					}
					if other, ok := seen[advice]; ok && other != string(kind)+" "+string(role) {
						t.Errorf("%s has the advice of %s", name, other)
					}
					seen[advice] = string(kind) + " " + string(role)
					checkOutline(t, name, text, minutes)
				}
			}
		}
	}
}

// checkOutline demands that the outline goes from the first minute to the last without a gap.
func checkOutline(t *testing.T, name, text string, minutes int) {
	t.Helper()
	if !strings.Contains(text, fmt.Sprintf("\n* A plan for the %d minutes\n", minutes)) {
		t.Errorf("%s: no outline in\n%s", name, text)
	}
	phases, at := 0, 0
	for l := range strings.Lines(text) {
		var from, to int
		if n, _ := fmt.Sscanf(l, "Minutes %d–%d:", &from, &to); n != 2 {
			continue
		}
		if _, words, _ := strings.Cut(l, ": "); from != at || to <= from || len(words) < 20 {
			t.Errorf("%s: after minute %d comes %q", name, at, l)
		}
		at = to
		phases++
	}
	if at != minutes || phases < 5 {
		t.Errorf("%s: the outline has %d phases and ends at minute %d", name, phases, at)
	}
}

// In a group, each role has a word of advice more.
func TestGroupsHaveAdvice(t *testing.T) {
	for _, role := range []mentoring.Role{mentoring.Requester, mentoring.Expert} {
		for _, format := range mentoring.Formats {
			n := guided(role)[0]
			n.Slot.Format = format
			want := 3
			if format != mentoring.OneToOne {
				want = 4
			}
			if got := strings.Count(points(read(t, compose(t, n).Raw).text), "- "); got != want {
				t.Errorf("%s, %s: %d points, want %d", role, format, got, want)
			}
		}
	}
}

// Before there is a seat, and where the session is hours away or off, a guide is of no use.
func TestGuidesWhereTheyHelp(t *testing.T) {
	for _, s := range samples() {
		want := strings.HasPrefix(s.name, "booking_confirmed") || strings.HasPrefix(s.name, "reminder_24h") ||
			strings.HasPrefix(s.name, "waitlist_promoted.confirmed")
		text := read(t, compose(t, s.notice).Raw).text
		if advice, outline := points(text) != "", strings.Contains(text, "\n* A plan for"); advice != want || outline != want {
			t.Errorf("%s: advice %v, outline %v, want %v", s.name, advice, outline, want)
		}
	}
}
