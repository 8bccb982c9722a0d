package chromium

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// Look is how a tab shows pages.
type Look struct {
	Width, Height int64 // of the window, in CSS pixels; 360 by 740, a small phone, where zero
	Dark          bool  // what prefers-color-scheme says
	NoScript      bool  // pages run no scripts; what tests ask about a page still works
}

// Tab is a window of a browser, with cookies and a history of its own. Its methods end the test when the browser does not do
// what they say.
type Tab struct {
	t   testing.TB
	ctx context.Context
	axe string
}

// patience is how long one step may take, on a machine that is busy with other tests.
const patience = time.Minute

// frame is more than a page takes to be drawn once, as a rule.
const frame = 50 * time.Millisecond

// Tab opens a window that ends with the test.
func (b *Browser) Tab(t testing.TB, look Look) *Tab {
	t.Helper()
	if look.Width == 0 {
		look.Width, look.Height = 360, 740
	}
	ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	scheme := "light"
	if look.Dark {
		scheme = "dark"
	}
	p := &Tab{t, ctx, b.axe}
	// The first step makes the window, which then lives as long as its context: it gets no deadline.
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	command(p, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: look.Width, Height: look.Height, DeviceScaleFactor: 2, Mobile: true,
	})
	command(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	})
	command(p, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: look.NoScript})
	return p
}

// command sends the browser a command of its protocol.
func command[P, R any](p *Tab, c cdp.Command[P, R], params P) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if _, err := chromedp.Call(ctx, c, params); err != nil {
		p.t.Fatal(err)
	}
}

// run does one step, and returns what it found.
func run[T any](p *Tab, step chromedp.Action[T]) T {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	found, err := chromedp.Run(ctx, step)
	if err != nil {
		p.t.Fatal(err)
	}
	return found
}

// Open shows a page, and waits until it is there.
func (p *Tab) Open(address string) {
	p.t.Helper()
	run(p, chromedp.Navigate(address))
}

// Press presses a key, or types a text.
func (p *Tab) Press(keys string) {
	p.t.Helper()
	run(p, chromedp.KeyEvent(keys))
}

// Follow presses a key that leads to another page, and waits until that is there.
func (p *Tab) Follow(key string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if _, err := chromedp.RunResponse(ctx, chromedp.KeyEvent(key)); err != nil {
		p.t.Fatal(err)
	}
}

// Ask asks the page: what a JavaScript expression says, into what a pointer points to. A promise is waited for.
func (p *Tab) Ask(expression string, into any) {
	p.t.Helper()
	found := run(p, chromedp.Evaluate[[]byte](expression, chromedp.EvalAsValue, chromedp.EvalAwaitPromise))
	if err := json.Unmarshal(found, into); err != nil {
		p.t.Fatalf("the page says %s: %v", found, err)
	}
}

// Text is what the page says, and Heading its main heading.
func (p *Tab) Text() (text string) {
	p.t.Helper()
	p.Ask(`document.body.innerText`, &text)
	return text
}

// Heading is the text of the first h1.
func (p *Tab) Heading() (text string) {
	p.t.Helper()
	p.Ask(`document.querySelector("h1").innerText`, &text)
	return text
}

// Focused is the text or the id of what has the keyboard, "" for nothing. It fails the test where that cannot be seen. What
// a page gives the keyboard to by itself has it once the page is drawn, which is waited for.
func (p *Tab) Focused() string {
	p.t.Helper()
	var found struct {
		Name, Outline string
		None, Coming  bool
	}
	for waited := time.Duration(0); waited < patience; waited += frame {
		p.Ask(`(() => {
			const e = document.activeElement, none = !e || e === document.body
			return {
				none, coming: none && document.querySelector("[autofocus]") !== null,
				name: none ? "" : e.id || e.innerText.trim(), outline: none ? "" : getComputedStyle(e).outlineStyle,
			}
		})()`, &found)
		if !found.Coming {
			break
		}
		time.Sleep(frame)
	}
	if !found.None && (found.Outline == "none" || found.Outline == "") {
		p.t.Errorf("%q has the keyboard, and it cannot be seen", found.Name)
	}
	return found.Name
}

// Overflow is how much wider the page is than the window, in pixels: what would have to be scrolled sideways.
func (p *Tab) Overflow() (pixels int) {
	p.t.Helper()
	p.Ask(`document.documentElement.scrollWidth - document.documentElement.clientWidth`, &pixels)
	return pixels
}

// Violation is what axe-core finds wrong with a page.
type Violation struct {
	ID, Help string
	Nodes    []struct{ HTML, FailureSummary string }
}

// String tells which rule, and where it is broken.
func (v Violation) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", v.ID, v.Help)
	for _, n := range v.Nodes {
		fmt.Fprintf(&b, "\n  %s\n  %s", n.HTML, strings.ReplaceAll(n.FailureSummary, "\n", "\n  "))
	}
	return b.String()
}

// standards are the rules axe-core is asked about: WCAG 2.2, levels A and AA, and what it calls best practice.
var standards = []string{"wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"}

// Violations asks axe-core about the page as it is.
func (p *Tab) Violations() (found []Violation) {
	p.t.Helper()
	tags, err := json.Marshal(standards)
	if err != nil {
		p.t.Fatal(err)
	}
	p.Ask(p.axe+`; axe.run(document, {runOnly: {type: "tag", values: `+string(tags)+`}}).then(r => r.violations)`, &found)
	return found
}

// Save writes a picture of the whole page into a file, for people to look at.
func (p *Tab) Save(file string) {
	p.t.Helper()
	const asPNG = 100
	if err := os.WriteFile(file, run(p, chromedp.FullScreenshot(asPNG)), 0o600); err != nil {
		p.t.Fatal(err)
	}
}
