package pages_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"flashmentoring/internal/chromium"
	"flashmentoring/internal/mentoring"
)

// picturesVariable names a folder to write pictures of all pages into, for people to look at.
const picturesVariable = "PAGE_PICTURES"

// online is a house that a browser can reach.
func online(t *testing.T) (*house, string) {
	t.Helper()
	h := open(t)
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return h, server.URL
}

// full is a wish with all there is, and words that do not break by themselves.
func full() mentoring.BookingRequest {
	full := wish
	full.Purpose.Question += "\n\nSee https://intranet.example/a-very-long-address/" + strings.Repeat("with-no-end", 12)
	full.Purpose.Context, full.Bring = "We buy from it.\nAnd sell to it.", strings.Repeat("Jahresabschluss", 9)
	return full
}

// sights are all pages there are, each in a state of its own.
func sights(t *testing.T, h *house) map[string]string {
	t.Helper()
	draft, now := circle(), h.now()
	b := h.booked(t, draft, full())
	cancelled := h.booked(t, later(), full())
	h.post(t, h.manage(t, h.ada, cancelled)+"/cancel", confirm("I am ill.\nSorry!")).says(t, http.StatusSeeOther)
	soon := later()
	soon.StartsAt, soon.CancelNoticeMinutes = now.Add(5*time.Hour), new(600)
	late := h.booked(t, soon, wish)
	ben := h.manage(t, h.ben, b)
	return map[string]string{
		"confirmed": ben, "cancel": ben + "/cancel", "hosting": h.manage(t, h.ada, b),
		"concern": ben + "/concern", "block": ben + "/block",
		"cancelled": h.manage(t, h.ben, cancelled), "too-late": h.manage(t, h.ben, late),
		"unsubscribe": h.unsubscribe(t, h.ben), "invalid": "/manage/x", "outdated": h.feed(t, h.ben, 7),
	}
}

// proof.md W4: on a phone, axe-core finds nothing, in light and in dark; neither there nor on a desk must anything be
// scrolled sideways.
func TestPagesInABrowser(t *testing.T) {
	browser := chromium.ForTest(t)
	h, site := online(t)
	pages := sights(t, h)
	for _, look := range []chromium.Look{{}, {Dark: true}, {Width: 1280, Height: 800}} {
		tab := browser.Tab(t, look)
		for name, address := range pages {
			tab.Open(site + address)
			holds(t, tab, look, name)
		}
		// What is seen after a form was sent: a refusal, and the end of surveys.
		tab.Open(site + pages["cancel"])
		tab.Ask(`(() => { document.querySelector("textarea").value = "word ".repeat(150); return true })()`, new(bool))
		until(t, tab, "Cancel the booking")
		tab.Follow(kb.Enter)
		if !strings.Contains(tab.Text(), "Nothing is cancelled yet") || tab.Focused() != "reason" {
			t.Errorf("a reason that is too long: %q has the keyboard in\n%s", tab.Focused(), tab.Text())
		}
		holds(t, tab, look, "refused")
		tab.Open(site + pages["unsubscribe"])
		until(t, tab, "Stop them")
		tab.Follow(kb.Enter)
		if tab.Heading() != "They are stopped" {
			t.Errorf("unsubscribed: %s", tab.Heading())
		}
		holds(t, tab, look, "unsubscribed")
	}
}

// holds checks what is promised of every page.
func holds(t *testing.T, tab *chromium.Tab, look chromium.Look, name string) {
	t.Helper()
	if look.Width == 0 { // a phone: what axe-core looks at does not get less there
		for _, v := range tab.Violations() {
			t.Errorf("%s, %+v: %s", name, look, v)
		}
	}
	if pixels := tab.Overflow(); pixels != 0 {
		t.Errorf("%s, %+v: is %d pixels too wide", name, look, pixels)
	}
	var font string // which only our style sets: the policy lets it through
	if tab.Ask(`getComputedStyle(document.body).maxWidth`, &font); font != "640px" {
		t.Errorf("%s, %+v: the style is not applied (%s)", name, look, font)
	}
	if folder := os.Getenv(picturesVariable); folder != "" {
		tab.Save(filepath.Join(folder, fmt.Sprintf("%s-%d-dark=%v.png", name, look.Width, look.Dark)))
	}
}

// until presses the tab key until something has the keyboard, and returns how often.
func until(t *testing.T, tab *chromium.Tab, name string) int {
	t.Helper()
	for n := range 60 {
		if tab.Focused() == name {
			return n
		}
		tab.Press(kb.Tab)
	}
	t.Fatalf("the keyboard does not reach %q on\n%s", name, tab.Text())
	return 0
}

// The whole of a cancellation by keyboard alone, with scripts and without.
func TestCancelByKeyboard(t *testing.T) {
	browser := chromium.ForTest(t)
	for _, look := range []chromium.Look{{}, {NoScript: true}} {
		t.Run(fmt.Sprintf("without scripts=%v", look.NoScript), func(t *testing.T) {
			h, site := online(t)
			b := h.booked(t, circle(), wish)
			tab := browser.Tab(t, look)
			tab.Open(site + h.manage(t, h.ben, b))
			until(t, tab, "Add to my calendar")
			until(t, tab, "Cancel this booking …")
			tab.Follow(kb.Enter)
			if tab.Heading() != "Cancel this booking?" {
				t.Fatalf("leads to %q", tab.Heading())
			}
			until(t, tab, "reason")
			tab.Press("A trip came up.")
			if n := until(t, tab, "Cancel the booking"); n != 1 {
				t.Errorf("the button is %d steps behind the text", n)
			}
			if n := until(t, tab, "Keep it, and go back"); n != 1 {
				t.Errorf("the way out is %d steps behind the button", n)
			}
			tab.Follow(kb.Enter)
			if tab.Heading() != "Your session is confirmed" || h.status(t, b) != mentoring.Confirmed {
				t.Fatalf("going back leads to %q", tab.Heading())
			}
			until(t, tab, "Cancel this booking …")
			tab.Follow(kb.Enter)
			until(t, tab, "reason")
			tab.Press("A trip came up.")
			until(t, tab, "Cancel the booking")
			tab.Follow(kb.Enter)
			if tab.Heading() != "This booking is cancelled" || !strings.Contains(tab.Text(), "A trip came up.") || h.status(t, b) != mentoring.Cancelled {
				t.Errorf("leads to\n%s", tab.Text())
			}
		})
	}
}

func TestUnsubscribeByKeyboard(t *testing.T) {
	browser := chromium.ForTest(t)
	for _, look := range []chromium.Look{{}, {NoScript: true}} {
		h, site := online(t)
		tab := browser.Tab(t, look)
		tab.Open(site + h.unsubscribe(t, h.ben))
		until(t, tab, "Stop them")
		tab.Follow(kb.Enter)
		if p, err := h.desk.Reader(t.Context(), h.ben.ID); err != nil || p.Profile.SurveyMails || tab.Heading() != "They are stopped" {
			t.Errorf("%+v: %q, and survey mails are %v (%v)", look, tab.Heading(), p.Profile.SurveyMails, err)
		}
	}
}
