package mail_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/mentoring"
)

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

// Every letter as its reader sees it: the text and the calendar object of each, and the HTML of the first of each kind
// and role, because all are set by one layout.
func TestGolden(t *testing.T) {
	known := map[string]bool{"booking_confirmed.full.requester.eml": true}
	for _, s := range samples() {
		files := []string{s.name + ".txt"}
		if s.notice.Calendar.Method != mentoring.CalendarNone {
			files = append(files, s.name+".ics.txt")
		}
		if first := string(s.notice.Kind) + " " + string(s.notice.Role); !known[first] {
			known[first] = true
			files = append(files, s.name+".html")
		}
		for _, file := range files {
			known[file] = true
		}
		t.Run(s.name, func(t *testing.T) {
			m := compose(t, s.notice)
			o := read(t, m.Raw)
			got := map[string]string{".txt": "Subject: " + m.Subject + "\n\n" + o.text, ".html": o.html, ".ics.txt": o.unfolded()}
			for _, file := range files {
				golden(t, file, got[strings.TrimPrefix(file, s.name)])
			}
			if calendar := len(files) > 1 && files[1] == s.name+".ics.txt"; calendar != (o.calendar != nil) {
				t.Errorf("the message has a calendar: %v", !calendar)
			}
		})
	}
	files, err := os.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if !file.IsDir() && !known[file.Name()] {
			t.Errorf("testdata/%s belongs to no letter", file.Name())
		}
	}
}

// The whole of one message, to see what a change does to headers and structure.
func TestGoldenMessage(t *testing.T) {
	n := notices(edda(), rana(), fullCircle(), fullRequest())[0]
	raw := bytes.ReplaceAll(compose(t, n).Raw, []byte("\r\n"), []byte("\n"))
	golden(t, "booking_confirmed.full.requester.eml", string(raw))
}
