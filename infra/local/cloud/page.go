package cloud

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"strconv"
	"strings"
	"time"
)

//go:embed pages
var pageFiles embed.FS

// pages are the templates, one set for each page: the layout, and what is between its header and footer.
var pages = func() map[string]*template.Template {
	sets := map[string]*template.Template{}
	for _, name := range []string{"console", "person", "inbox", "mail", "report", "problem"} {
		sets[name] = template.Must(template.New(name).
			Funcs(template.FuncMap{"moment": moment, "when": when, "words": words}).
			ParseFS(pageFiles, "pages/layout.html", "pages/"+name+".html"))
	}
	return sets
}()

// moment writes a time for people to read.
func moment(t time.Time) string { return t.UTC().Format("Mon 2 Jan 2006, 15:04 UTC") }

// when writes a time as a clock on the wall of a zone shows it.
func when(t time.Time, zone string) string {
	where, err := time.LoadLocation(zone)
	if err != nil {
		return moment(t)
	}
	return t.In(where).Format("Mon 2 Jan, 15:04 ") + zone
}

// span writes a duration in days, hours, minutes and seconds, without those there are none of.
func span(d time.Duration) string {
	var parts []string
	for _, unit := range []struct {
		name string
		long time.Duration
	}{{"day", 24 * time.Hour}, {"hour", time.Hour}, {"minute", time.Minute}, {"second", time.Second}} {
		switch n := d / unit.long; n {
		case 0:
		case 1:
			parts = append(parts, "1 "+unit.name)
		default:
			parts = append(parts, strconv.Itoa(int(n))+" "+unit.name+"s")
		}
		d %= unit.long
	}
	if len(parts) == 0 {
		return "less than a second"
	}
	return strings.Join(parts, " ")
}

// frame is what every page needs.
type frame struct {
	Title string
	Here  string // the page in the navigation: "console", "inbox", "report" or ""
	Now   time.Time
	Ahead string // "" where the clock shows the real time
}

func (c *Cloud) frame(title, here string) frame {
	f := frame{Title: title, Here: here, Now: c.Now()}
	if ahead := c.clock.Ahead(); ahead > 0 {
		f.Ahead = span(ahead)
	}
	return f
}

// pagePolicy lets a page have our style sheet, our forms and frames from here, and nothing else: no script at all.
const pagePolicy = "default-src 'none'; style-src 'self'; img-src data:; frame-src 'self'; form-action 'self'; " +
	"base-uri 'none'; frame-ancestors 'none'"

func (c *Cloud) render(w http.ResponseWriter, status int, page string, data any) {
	var text bytes.Buffer
	if err := pages[page].ExecuteTemplate(&text, "layout", data); err != nil {
		c.log.Error("page failed", "page", page, "error", err)
		http.Error(w, "This page could not be made: see the log.", http.StatusInternalServerError)
		return
	}
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Content-Security-Policy", pagePolicy)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "no-referrer") // addresses of some pages name people
	header.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(text.Bytes())
}

// renderProblem tells a person what was wrong with what they sent.
func (c *Cloud) renderProblem(w http.ResponseWriter, status int, detail string, faults ...fault) {
	c.render(w, status, "problem", struct {
		frame
		Detail string
		Faults []fault
	}{c.frame(http.StatusText(status), ""), detail, faults})
}

func getStyle(w http.ResponseWriter, r *http.Request) {
	http.ServeFileFS(w, r, pageFiles, "pages/style.css")
}
