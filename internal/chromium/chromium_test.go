package chromium_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"flashmentoring/internal/chromium"
)

// bad breaks one rule of each kind that tests rely on, and bright is as it should be.
const (
	bad = `<!doctype html><html><head><title>Bad</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head><body>
<main><h1>Bad</h1><p style="color:#bbb;background:#fff">faint</p><input>
<p style="width:500px">wide</p><a href="#x" style="outline:none">here</a></main></body></html>`
	bright = `<!doctype html><html lang="en"><head><title>Good</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>@media (prefers-color-scheme: dark) { h1 { text-transform: uppercase } }</style></head><body>
<main><h1>Good</h1><a href="/">away</a><p id="said">no script ran</p></main>
<script>document.querySelector("#said").textContent = "a script ran"</script></body></html>`
)

func serve(t *testing.T, page string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, page)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// The controls of all tests in a browser: what is wrong is found, and what is right is not.
func TestViolations(t *testing.T) {
	browser := chromium.ForTest(t)
	tab := browser.Tab(t, chromium.Look{})
	tab.Open(serve(t, bad))
	var found []string
	for _, v := range tab.Violations() {
		found = append(found, v.ID)
	}
	for _, want := range []string{"color-contrast", "html-has-lang", "label"} {
		if !slices.Contains(found, want) {
			t.Errorf("axe-core does not find %s, only %v", want, found)
		}
	}
	if got := tab.Overflow(); got < 100 {
		t.Errorf("a wide page overflows by %d", got)
	}
	tab.Open(serve(t, bright))
	if found := tab.Violations(); len(found) != 0 {
		t.Errorf("axe-core finds %v", found)
	}
	if got := tab.Overflow(); got != 0 {
		t.Errorf("a narrow page overflows by %d", got)
	}
}

func TestLook(t *testing.T) {
	browser := chromium.ForTest(t)
	for look, want := range map[chromium.Look][2]string{
		{}:               {"Good", "a script ran"},
		{NoScript: true}: {"Good", "no script ran"},
		{Dark: true}:     {"GOOD", "a script ran"},
	} {
		tab := browser.Tab(t, look)
		tab.Open(serve(t, bright))
		var said string
		if tab.Ask(`document.querySelector("#said").textContent`, &said); tab.Heading() != want[0] || said != want[1] {
			t.Errorf("%+v: heading %q, %s", look, tab.Heading(), said)
		}
	}
}
