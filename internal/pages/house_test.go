package pages_test

import (
	"bytes"
	"crypto/rand"
	"io"
	"net/http"
	"net/http/httptest"
	netmail "net/mail"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"flashmentoring/internal/calendar"
	"flashmentoring/internal/desk"
	"flashmentoring/internal/links"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/pages"
	"flashmentoring/internal/table"
	"flashmentoring/internal/table/bolttable"
	"flashmentoring/internal/telemetry"
)

// house is the pages on a table of their own, with a clock that stands still until it is moved, and three people: Ada, who
// publishes, and Ben and Eve, who book.
type house struct {
	http.Handler
	desk          *desk.Desk
	links         *links.Signer
	log           *bytes.Buffer
	mu            sync.Mutex
	at            time.Time
	ada, ben, eve desk.Caller
}

var morning = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)

func open(t testing.TB) *house { return openOn(t, nil) }

// openOn opens a house whose table is seen through wrap.
func openOn(t testing.TB, wrap func(table.Table) table.Table) *house {
	t.Helper()
	bolt, err := bolttable.Open(filepath.Join(t.TempDir(), "table"), bolttable.NoSync())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { bolt.Close() })
	engine := table.Table(bolt)
	if wrap != nil {
		engine = wrap(bolt)
	}
	h := &house{at: morning, log: &bytes.Buffer{}}
	policy := mentoring.DefaultPolicy()
	policy.MaxPerPair = policy.MaxUpcoming
	h.desk = desk.New(desk.Config{
		Table: engine, Now: h.now, Random: rand.Reader, Policy: policy, Topics: mentoring.StarterTopics,
	})
	h.links, err = links.New("", links.Key{ID: "1", Secret: bytes.Repeat([]byte("k"), 32)})
	if err != nil {
		t.Fatal(err)
	}
	encoder, err := calendar.New(netmail.Address{Name: "Flash Mentoring", Address: "mentoring@example.org"}, "example.org")
	if err != nil {
		t.Fatal(err)
	}
	h.Handler = pages.New(pages.Config{
		Desk: h.desk, Links: h.links, Calendar: encoder, Logger: telemetry.NewLogger(h.log, nil),
	})
	h.ada, h.ben, h.eve = h.enrolled(t, "Ada Okafor"), h.enrolled(t, "Ben Fischer"), h.enrolled(t, "Eve Lind")
	return h
}

func (h *house) now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.at
}

func (h *house) advance(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.at = h.at.Add(d)
}

func (h *house) enrolled(t testing.TB, name string) desk.Caller {
	t.Helper()
	local := strings.ToLower(strings.Fields(name)[0])
	c := desk.Caller{ID: mentoring.PersonIDFor("https://issuer.example", local), Email: local + "@example.org", Name: name}
	_, err := h.desk.Enrol(t.Context(), c, mentoring.Enrolment{
		Profile:           mentoring.Profile{Name: name, TimeZone: "Europe/Berlin", SurveyMails: true},
		AcceptGroundRules: true,
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// circle is a slot of two seats in three days.
func circle() mentoring.SlotDraft {
	return mentoring.SlotDraft{
		Title: "Reading a balance sheet", Topic: "finance", Format: mentoring.Circle, Capacity: new(2),
		StartsAt: morning.Add(72 * time.Hour), DurationMinutes: 30, TimeZone: "America/New_York",
		Meeting: mentoring.Meeting{VideoURL: "https://video.example/room"},
	}
}

var wish = mentoring.BookingRequest{
	Purpose: mentoring.Purpose{
		Kind: "skill_gap", Question: "How do I read the cash flow statement of a small company?",
		DesiredOutcome: "I can tell whether a supplier will be around next year.", Tried: "Two books.",
	},
	NoConflict: true,
}

// booked is a booking of Ben's in a slot of Ada's.
func (h *house) booked(t testing.TB, draft mentoring.SlotDraft, wish mentoring.BookingRequest) mentoring.Booking {
	t.Helper()
	slot, err := h.desk.Publish(t.Context(), h.ada, draft, desk.Once{})
	if err != nil {
		t.Fatal(err)
	}
	booking, err := h.desk.Book(t.Context(), h.ben, slot.Slot.ID, wish, desk.Once{})
	if err != nil {
		t.Fatal(err)
	}
	return booking.Booking
}

// manage is somebody's link to a booking.
func (h *house) manage(t testing.TB, who desk.Caller, b mentoring.Booking) string {
	t.Helper()
	return address(t)(h.links.Manage(string(who.ID), string(b.ID), 0, b.EndsAt().Add(24*time.Hour)))
}

// survey is somebody's link to the survey about a booking, and outcome Ben's to say what became of it.
func (h *house) survey(t testing.TB, who desk.Caller, b mentoring.Booking) string {
	t.Helper()
	return address(t)(h.links.Survey(string(who.ID), string(b.ID), 0, b.EndsAt().AddDate(0, 1, 0)))
}

func (h *house) outcome(t testing.TB, b mentoring.Booking) string {
	t.Helper()
	return address(t)(h.links.Outcome(string(h.ben.ID), string(b.ID), 0, b.EndsAt().AddDate(0, 2, 0)))
}

// over is a booking of Ben's whose session is over: it was in two hours, and it is three hours later.
func (h *house) over(t testing.TB) mentoring.Booking {
	t.Helper()
	draft := circle()
	draft.StartsAt, draft.BookingNoticeMinutes = h.now().Add(2*time.Hour), new(0)
	b := h.booked(t, draft, full())
	h.advance(3 * time.Hour)
	return b
}

func (h *house) unsubscribe(t testing.TB, who desk.Caller) string {
	t.Helper()
	return address(t)(h.links.Unsubscribe(string(who.ID), morning.AddDate(1, 0, 0)))
}

func (h *house) feed(t testing.TB, who desk.Caller, generation int64) string {
	t.Helper()
	return address(t)(h.links.Feed(string(who.ID), generation, morning.AddDate(1, 0, 0)))
}

func address(t testing.TB) func(string, error) string {
	return func(address string, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return address
	}
}

func (h *house) status(t testing.TB, b mentoring.Booking) mentoring.BookingStatus {
	t.Helper()
	view, err := h.desk.Booking(t.Context(), h.ben, b.ID)
	if err != nil {
		t.Fatal(err)
	}
	return view.Status
}

// answer is what a request was answered with.
type answer struct {
	status int
	header http.Header
	text   string
}

func (h *house) ask(t testing.TB, method, address, contentType, body string) answer {
	t.Helper()
	r := httptest.NewRequest(method, address, strings.NewReader(body))
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	text, err := io.ReadAll(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{w.Code, w.Header(), string(text)}
}

func (h *house) get(t testing.TB, address string) answer {
	t.Helper()
	return h.ask(t, http.MethodGet, address, "", "")
}

const formType = "application/x-www-form-urlencoded"

func (h *house) post(t testing.TB, address string, fields url.Values) answer {
	t.Helper()
	return h.ask(t, http.MethodPost, address, formType, fields.Encode())
}

// confirm is what the form of the cancel page sends.
func confirm(reason string) url.Values { return url.Values{"confirm": {"cancel"}, "reason": {reason}} }

// says checks what an answer says and does not say (with a ! before it).
func (a answer) says(t testing.TB, status int, texts ...string) {
	t.Helper()
	if a.status != status {
		t.Errorf("answers %d, want %d", a.status, status)
	}
	shown := styleElement.ReplaceAllString(a.text, "")
	for _, text := range texts {
		not, unwanted := strings.CutPrefix(text, "!")
		if strings.Contains(shown, not) == unwanted {
			t.Errorf("contains %q is %v in\n%s", not, unwanted, shown)
		}
	}
}
