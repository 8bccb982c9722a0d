package calendar_test

import (
	"errors"
	"flag"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/calendar"
	"flashmentoring/internal/mentoring"
)

const domain = "mentoring.example"

func encoder(t testing.TB) *calendar.Encoder {
	t.Helper()
	e, err := calendar.New(netmail.Address{Name: "Flash Mentoring", Address: "mentoring@mentoring.example"}, domain)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

var reader = netmail.Address{Name: "Rana Süd", Address: "rana@south.example"}

// entry is an ordinary one.
func entry() calendar.Entry {
	return calendar.EntryFor(mentoring.Requester, slot(), booking(), "Edda", made)
}

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares with a file of testdata; go test -update writes it.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

func TestGolden(t *testing.T) {
	hosted := calendar.EntryFor(mentoring.Expert, slot(), mentoring.Booking{}, "", made)
	hosted.UID = "slot_a"
	gone := entry()
	gone.Method, gone.UID = mentoring.CalendarCancel, "bkg_b"
	invite, err := encoder(t).Invite(entry(), reader, noon)
	if err != nil {
		t.Fatal(err)
	}
	feed, err := encoder(t).Feed([]calendar.Entry{entry(), hosted, gone}, noon)
	if err != nil {
		t.Fatal(err)
	}
	empty, err := encoder(t).Feed(nil, noon)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "invite.ics.txt", read(t, invite).raw)
	golden(t, "feed.ics.txt", read(t, feed).raw)
	golden(t, "feed.empty.ics.txt", read(t, empty).raw)
}

// A feed tells neither whose it is nor who comes, whatever is in it.
func TestFeedNamesNobody(t *testing.T) {
	feed, err := encoder(t).Feed([]calendar.Entry{entry(), entry()}, noon)
	if err != nil {
		t.Fatal(err)
	}
	o := read(t, feed)
	if got := only(t, o.object.Props, "METHOD").Value; got != "PUBLISH" {
		t.Errorf("METHOD %s", got)
	}
	if len(o.events) != 2 {
		t.Errorf("%d events, want 2", len(o.events))
	}
	for _, e := range o.events {
		if len(e.Props["ATTENDEE"]) != 0 || len(e.Children) != 0 {
			t.Errorf("the event has attendees %v and components %v", e.Props["ATTENDEE"], e.Children)
		}
	}
}

func TestNew(t *testing.T) {
	for _, c := range []struct {
		name, address, domain string
		ok                    bool
	}{
		{"right", "a@b.example", "b.example", true},
		{"no address", "", "b.example", false},
		{"address with a line break", "a@b.example\r\nX: y", "b.example", false},
		{"no domain", "a@b.example", "", false},
		{"domain with a line break", "a@b.example", "b.example\r\nX: y", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := calendar.New(netmail.Address{Address: c.address}, c.domain); (err == nil) != c.ok {
				t.Errorf("error %v, want one: %v", err, !c.ok)
			}
		})
	}
}

func TestRefused(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*calendar.Entry)
		feed   bool // refused there too
	}{
		{"no UID", func(e *calendar.Entry) { e.UID = "" }, true},
		{"UID with a line break", func(e *calendar.Entry) { e.UID = "a\r\nb" }, true},
		{"negative sequence", func(e *calendar.Entry) { e.Sequence = -1 }, true},
		{"sequence beyond 32 bits", func(e *calendar.Entry) { e.Sequence = 1 << 31 }, true},
		{"no time", func(e *calendar.Entry) { e.Start, e.End = time.Time{}, time.Time{} }, true},
		{"ends before it starts", func(e *calendar.Entry) { e.End = e.Start.Add(-time.Minute) }, true},
		{"no method", func(e *calendar.Entry) { e.Method = mentoring.CalendarNone }, false},
		{"unknown method", func(e *calendar.Entry) { e.Method = "REFRESH\r\nX:y" }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := entry()
			c.change(&e)
			if object, err := encoder(t).Invite(e, reader, noon); !errors.Is(err, calendar.ErrEntry) || object != nil {
				t.Errorf("invitation: error %v and %d bytes", err, len(object))
			}
			object, err := encoder(t).Feed([]calendar.Entry{entry(), e}, noon)
			if errors.Is(err, calendar.ErrEntry) != c.feed || (object == nil) != c.feed {
				t.Errorf("feed: error %v and %d bytes", err, len(object))
			}
		})
	}
	for _, address := range []string{"", "a@b.example\r\nX:y", `"a"@b.example`} {
		if _, err := encoder(t).Invite(entry(), netmail.Address{Address: address}, noon); !errors.Is(err, calendar.ErrEntry) {
			t.Errorf("reader %q: error %v", address, err)
		}
	}
}

func TestSameEntrySameBytes(t *testing.T) {
	one, err := encoder(t).Invite(entry(), reader, noon)
	if err != nil {
		t.Fatal(err)
	}
	another, err := encoder(t).Invite(entry(), reader, noon)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(one), string(another)); diff != "" {
		t.Errorf("two objects of one entry:\n%s", diff)
	}
}

func BenchmarkInvite(b *testing.B) {
	c, e := encoder(b), entry()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Invite(e, reader, noon); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFeed(b *testing.B) {
	c := encoder(b)
	entries := make([]calendar.Entry, 100)
	for i := range entries {
		entries[i] = entry()
		entries[i].UID += strings.Repeat("a", i)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Feed(entries, noon); err != nil {
			b.Fatal(err)
		}
	}
}
