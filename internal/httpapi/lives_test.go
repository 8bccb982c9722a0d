package httpapi_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-message"

	"flashmentoring/internal/dispatch"
	"flashmentoring/internal/mail"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/telemetry"
)

// The lives of privacy_test.go: a small programme in which whatever anybody writes is marked, so that of every word in every
// answer and mail it is known whose it is, and who may read it (product.md section 8).

// Those who live. Anna and dora give sessions, ben, carl and eve book them; zoe is of another organisation. The newcomer has a
// token and no profile; nobody has no token.
var (
	experts    = []string{"anna", "dora"}
	requesters = []string{"ben", "carl", "eve"}
	members    = []string{"anna", "dora", "ben", "carl", "eve", "zoe/elsewhere.test", "coordinator"}
	readers    = append(slices.Clone(members), "newcomer", "")
)

// rule says whether somebody may read what a mark stands in: in an answer now, or in a mail that is sent now.
type rule func(reader string, mailed bool) bool

// life is a world, and what is known of those in it: not by asking it who may see what, but by what they did.
type life struct {
	*world
	chance   *chance
	mailer   *dispatch.Dispatcher
	sent     []mail.Message
	rules    map[int]rule
	slots    []*lifeSlot
	bookings []*lifeBooking
	actions  []lifeAction
	concerns []string
	touched  int                  // the booking that somebody did something about last
	blocked  map[[2]string]bool   // who blocked whom
	welcome  map[string]bool      // experts whom notes may reach
	said     map[string]object    // of themselves
	typed    map[[2]string]bool   // who named whom in what they sent
	seen     map[string]int       // how often a kind of mark was read by whom, by "reader of kind"
	kinds    map[int]string       // of marks
	cursors  map[string][2]string // the last of a list: path and whose
}

type lifeSlot struct {
	id, expert string
	audience   string
	ends       time.Time
}

type lifeBooking struct {
	id, requester, expert string
	slot                  int
	status                string          // as its requester last read it
	slots, experts        map[string]bool // it ever was in and with
	shared                bool            // takeaways, and with them debrief and actions
	answered, touch       map[string]bool // by whom
	hear                  bool            // the expert may hear what changed
}

type lifeAction struct {
	id string
	in int
	by string
}

func begin(t testing.TB) *life {
	t.Helper()
	policy := mentoring.DefaultPolicy()
	policy.MaxUpcoming, policy.MaxPerPair, policy.MailsPerDay = 20, 20, 1000
	ids := &chance{}
	ids.begin(0)
	l := &life{
		// One shard, so that what is announced at once is handled in the same order in lives that are alike.
		world: open(t, setting{policy: &policy, random: ids, shards: 1}), chance: ids, rules: map[int]rule{}, kinds: map[int]string{}, seen: map[string]int{},
		blocked: map[[2]string]bool{}, welcome: map[string]bool{}, said: map[string]object{}, typed: map[[2]string]bool{}, cursors: map[string][2]string{},
	}
	composer, err := mail.New(mail.Config{From: "Flash Mentoring <mentoring@example.org>", Domain: "example.org"})
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	l.mailer = dispatch.New(dispatch.Config{
		Desk: l.office, Composer: composer, Sender: l,
		Account: func(context.Context) (mail.Account, error) {
			return mail.Account{Enabled: true, Rate: 1e6, Quota: -1}, nil
		},
		Jitter:  func(most time.Duration) time.Duration { return most },
		Pace:    dispatch.Pace{Wait: func(context.Context, time.Duration) error { return nil }},
		Metrics: telemetry.NewMetrics(log, "Test", l.clock), Log: log,
	})
	for i, name := range members {
		m := l.marker(i)
		l.must(l.person(name).put("/v1/me", l.profile(m, name)))
	}
	return l
}

// Send keeps a mail for those who look at what was sent.
func (l *life) Send(_ context.Context, m mail.Message) (string, error) {
	l.sent = append(l.sent, m)
	return strconv.Itoa(len(l.sent)), nil
}

func (l *life) must(r reply) reply {
	l.Helper()
	if r.status >= 300 {
		l.Fatalf("%s: %d %s", r.to, r.status, r.text)
	}
	return r
}

// pass lets time pass, and the clock and the mailer do their work.
func (l *life) pass(d time.Duration) {
	l.Helper()
	for range 2 { // what the first brings about, the second handles
		l.advance(d/2 + 2*time.Minute)
		l.chance.begin(1<<16 + l.clock().Minute())
		rows, err := l.office.OutboxDue(l.Context(), 0, "", l.clock(), 1000)
		for _, row := range rows { // one after the other, so that lives that are alike stay so
			err = errors.Join(err, l.mailer.Handle(l.Context(), row))
		}
		if err := errors.Join(err, l.mailer.Tick(l.Context())); err != nil {
			l.Fatal(err)
		}
	}
	for _, b := range l.bookings {
		if got := l.person(b.requester).get("/v1/bookings/" + b.id); got.status == 200 {
			b.status = got.at("status").(string)
		}
	}
}

// chance is what ids are made of. Begun anew for each deed, it gives the same ones in lives that are alike.
type chance struct {
	mu   sync.Mutex
	from *rand.ChaCha8
}

func (c *chance) begin(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.from = rand.NewChaCha8([32]byte{byte(n), byte(n >> 8), byte(n >> 16)})
}

func (c *chance) Read(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.from.Read(p)
}

// marker gives the texts of one deed their marks, the same in every life in which it is done.
type marker struct {
	*life
	next int
}

// marker of the n-th deed.
func (l *life) marker(n int) *marker { return &marker{l, n * 20} }

// says is a text that only those may read of whom the rule says so. Kind names what it is.
func (m *marker) says(kind string, r rule) string {
	m.rules[m.next], m.kinds[m.next] = r, kind
	m.next++
	return fmt.Sprintf("zq%05d is what stands here.", m.next-1)
}

var (
	marks     = regexp.MustCompile(`zq(\d{5})`)
	ids       = regexp.MustCompile(`(slot|bkg|per|act|con)_[a-z2-7]{26}`)
	variable  = regexp.MustCompile(`\{\w+\}`)
	addresses = regexp.MustCompile(`\b(?:anna|dora|ben|carl|eve|zoe|coordinator|newcomer)@`)
)

// holds stops the test where a reader finds something that is not for them.
func (l *life) holds(reader, where, text string, mailed bool) {
	l.Helper()
	text = strings.ReplaceAll(perRequest.ReplaceAllString(text, ""), "\r\n ", "") // calendar lines are folded
	for _, found := range marks.FindAllStringSubmatch(text, -1) {
		n, _ := strconv.Atoi(found[1])
		l.seen[fmt.Sprintf("%s of %s", part(reader), l.kinds[n])]++
		if allowed := l.rules[n]; allowed == nil || !allowed(reader, mailed) {
			l.Fatalf("%q reads the %s of somebody else in %s:\n%s", reader, l.kinds[n], where, text)
		}
	}
	for _, id := range ids.FindAllString(text, -1) {
		if !l.mayKnow(reader, id, mailed) {
			l.Fatalf("%q reads the id %s (%s) in %s:\n%s", reader, id, l.nameOf(id), where, text)
		}
	}
	for _, address := range addresses.FindAllString(text, -1) {
		if name := strings.TrimSuffix(address, "@"); !l.mayWrite(reader, name) {
			l.Fatalf("%q reads the address of %s in %s:\n%s", reader, address, where, text)
		}
	}
}

// part is what somebody is called in what was seen.
func part(reader string) string {
	switch {
	case slices.Contains(experts, reader):
		return "expert"
	case slices.Contains(requesters, reader):
		return "requester"
	case reader == "":
		return "nobody"
	}
	return reader
}

// letter is the text of a mail, all its parts.
func letter(t testing.TB, m mail.Message) string {
	t.Helper()
	entity, err := message.Read(bytes.NewReader(m.Raw))
	if err != nil {
		t.Fatal(err)
	}
	text := m.Subject
	if err := entity.Walk(func(_ []int, e *message.Entity, err error) error {
		if err != nil || e.MultipartReader() != nil {
			return err
		}
		body, err := io.ReadAll(e.Body)
		text += "\n" + string(body)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return text
}
