package cloud_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"flashmentoring/internal/chromium"
)

// picturesVariable names a folder for pictures of all pages, for people to look at.
const picturesVariable = "PAGE_PICTURES"

// The pages for people in a real browser, with all that can be opened open: on a phone axe-core finds nothing, in light and
// in dark; neither there nor on a desk must anything be scrolled sideways.
func TestPagesInABrowser(t *testing.T) {
	browser := chromium.ForTest(t)
	w := seeded(t)
	pages := map[string]string{
		"console": "/", "expert": "/_local/as?sub=tariq", "requester": "/_local/as?sub=kwame", "coordinator": "/_local/as?sub=dana",
		"stranger": "/_local/as?email=ada@example.org&name=Ada", "inbox": "/_local/inbox", "report": "/_local/report",
		"mail": "/_local/inbox/" + w.mail("jonas@example.org")[0].ID,
	}
	for _, look := range []chromium.Look{{}, {Dark: true}, {Width: 1280, Height: 800}} {
		tab := browser.Tab(t, look)
		for name, path := range pages {
			tab.Open(w.URL() + path)
			if folder := os.Getenv(picturesVariable); folder != "" {
				tab.Save(filepath.Join(folder, fmt.Sprintf("%s-%d-dark=%v.png", name, look.Width, look.Dark)))
			}
			tab.Ask(`(() => { document.querySelectorAll("details").forEach(d => { d.open = true }); return true })()`, new(bool))
			if pixels := tab.Overflow(); pixels != 0 {
				t.Errorf("%s, %+v: is %d pixels too wide", name, look, pixels)
			}
			if look.Width > 0 { // what axe-core looks at does not get less on a phone
				continue
			}
			for _, v := range tab.Violations() {
				t.Errorf("%s, %+v: %s", name, look, v)
			}
		}
	}
}
