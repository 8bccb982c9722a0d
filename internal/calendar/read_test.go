package calendar_test

import (
	"bytes"
	"strings"
	"testing"

	ical "github.com/emersion/go-ical"
)

// opened is an iCalendar object as another program sees it: go-ical has no part in writing one.
type opened struct {
	object *ical.Calendar
	events []ical.Event
	raw    string // its lines put together, LF between them
}

// read opens an object and checks what must be true of every one: its lines, and that there is nothing in it but events.
func read(t testing.TB, object []byte) opened {
	t.Helper()
	if !bytes.HasSuffix(object, []byte("\r\n")) {
		t.Errorf("the object does not end with a line break")
	}
	for l := range bytes.SplitSeq(object, []byte("\r\n")) {
		if bytes.ContainsAny(l, "\r\n") || len(l) > 75 {
			t.Errorf("a line of %d octets, 75 at most, without CR and LF: %q", len(l), l)
		}
	}
	parsed, err := ical.NewDecoder(bytes.NewReader(object)).Decode()
	if err != nil {
		t.Fatalf("read calendar: %v\n%s", err, object)
	}
	events := parsed.Events()
	if len(events) != len(parsed.Children) {
		t.Errorf("%d events among %d components:\n%s", len(events), len(parsed.Children), object)
	}
	raw := strings.ReplaceAll(strings.ReplaceAll(string(object), "\r\n ", ""), "\r\n", "\n")
	return opened{parsed, events, raw}
}

// only is the one property of its name.
func only(t testing.TB, props ical.Props, name string) ical.Prop {
	t.Helper()
	if len(props[name]) != 1 {
		t.Fatalf("%d properties %s, want one", len(props[name]), name)
	}
	return props[name][0]
}

// words is a property of type TEXT.
func words(t testing.TB, props ical.Props, name string) string {
	t.Helper()
	p := only(t, props, name)
	s, err := p.Text()
	if err != nil {
		t.Fatalf("%s: %v in %q", name, err, p.Value)
	}
	return s
}

// count is how many properties there are of each name.
func count(props ical.Props) map[string]int {
	n := map[string]int{}
	for name, all := range props {
		n[name] = len(all)
	}
	return n
}
