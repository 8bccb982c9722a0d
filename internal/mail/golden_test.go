package mail_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
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

func TestGolden(t *testing.T) {
	colleague := edda()
	colleague.Organisation = rana().Organisation
	small := notices(edda(), rana(), smallSlot(), smallRequest())
	full := notices(colleague, rana(), fullCircle(), fullRequest())
	for name, n := range map[string]mentoring.Notice{
		"small.requester": small[0], "small.expert": small[1],
		"full.requester": full[0], "full.expert": full[1],
	} {
		t.Run(name, func(t *testing.T) {
			o := read(t, compose(t, n).Raw)
			golden(t, "booking_confirmed."+name+".txt", o.text)
			golden(t, "booking_confirmed."+name+".html", o.html)
			golden(t, "booking_confirmed."+name+".ics.txt", o.unfolded())
		})
	}
}

// A cancelled booking, as both sides read it, whoever cancelled.
func TestGoldenCancelled(t *testing.T) {
	for name, by := range map[string]mentoring.Role{"by_requester": mentoring.Requester, "by_expert": mentoring.Expert} {
		for _, others := range []bool{false, true} {
			both := cancelledNotices(by, others)
			if others {
				both = both[1:] // the requester's is the same
			}
			for _, n := range both {
				file := "booking_cancelled." + name + "." + string(n.Role)
				if others {
					file += ".others_come"
				}
				t.Run(file, func(t *testing.T) {
					o := read(t, compose(t, n).Raw)
					golden(t, file+".txt", o.text)
					golden(t, file+".html", o.html)
					if others {
						if o.calendar != nil {
							t.Error("the expert's entry goes although others come")
						}
						return
					}
					golden(t, file+".ics.txt", o.unfolded())
				})
			}
		}
	}
}

// The whole of one message, to see what a change does to headers and structure.
func TestGoldenMessage(t *testing.T) {
	n := notices(edda(), rana(), fullCircle(), fullRequest())[0]
	raw := bytes.ReplaceAll(compose(t, n).Raw, []byte("\r\n"), []byte("\n"))
	golden(t, "booking_confirmed.full.requester.eml", string(raw))
}
