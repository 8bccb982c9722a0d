package main

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/benchmarks"
)

func today(t *testing.T) *day {
	t.Helper()
	costs, err := benchmarks.Costs("../../internal/README.md")
	if err != nil {
		t.Fatal(err)
	}
	d, err := newDay(costs)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// The document says what the table of costs comes to.
func TestTheDocumentIsUpToDate(t *testing.T) {
	var want strings.Builder
	if err := today(t).write(&want); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../SCALE.md")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want.String(), string(got)); diff != "" {
		t.Errorf("go run ./infra/scale > infra/SCALE.md (-want +got):\n%s", diff)
	}
}

// What is added up by hand.
func TestSums(t *testing.T) {
	uses := []use{
		{Daily: 2, Mails: 1, Cost: benchmarks.Cost{Rounds: 2, RCU: 3, WCU: 10, IndexWCU: 2}},
		{Daily: 10, Cost: benchmarks.Cost{Rounds: 1, RCU: 4}},
	}
	for name, c := range map[string]struct{ got, want float64 }{
		"reads": {sum(uses, rcu), 46}, "writes": {sum(uses, wcu), 24}, "mails": {sum(uses, mails), 2}, "all": {sum(uses, once), 12},
		"a booking takes": {seconds(uses[0]), read + commit + ours}, "a look takes": {seconds(uses[1]), read + ours},
		"in the busiest second": {perSecond(.0864), 5},
	} {
		if diff := c.got - c.want; diff > 1e-9 || diff < -1e-9 {
			t.Errorf("%s: %v, want %v", name, c.got, c.want)
		}
	}
	if got := (limit{Used: 50, Is: 100, Turned: 1000}); got.Times() != 2 || got.TimesTurned() != 20 {
		t.Errorf("allows %v, and %v", got.Times(), got.TimesTurned())
	}
}

// Every limit that is not enough for a million, or for ten, says what is.
func TestLimitsSayWhatToTurn(t *testing.T) {
	for _, l := range today(t).limits() {
		if l.TimesTurned() < 1 {
			t.Errorf("%s allows %v million slots at the most", l.What, l.TimesTurned())
		}
		if l.Turn == "" || l.TimesTurned() < 10 && l.Next == "" {
			t.Errorf("%s: to turn %q, and then %q", l.What, l.Turn, l.Next)
		}
	}
}

// What is to be turned can be: every parameter named is one of template.yaml, with the default that is said.
func TestParametersExist(t *testing.T) {
	document, err := os.ReadFile("../SCALE.md")
	if err != nil {
		t.Fatal(err)
	}
	template, err := os.ReadFile("../../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	rows := regexp.MustCompile("(?m)^\\| `(\\w+)` \\| (\\d+) \\|").FindAllStringSubmatch(string(document), -1)
	if len(rows) == 0 {
		t.Fatal("no parameter is to be set")
	}
	for _, row := range rows {
		lines := regexp.MustCompile(`(?m)^  ` + row[1] + `:\n((?:    .*\n)+)`).FindSubmatch(template)
		if lines == nil || !strings.Contains(string(lines[1]), "    Default: "+row[2]+"\n") {
			t.Errorf("%s is no parameter whose default is %s", row[1], row[2])
		}
	}
}

func TestARowThatIsMissingIsMissed(t *testing.T) {
	if _, err := newDay(map[string]benchmarks.Cost{"see oneself": {}}); err == nil {
		t.Error("a day is worked out without what it costs")
	}
}
