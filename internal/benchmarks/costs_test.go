package benchmarks_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/benchmarks"
)

func written(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "README.md")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestCosts(t *testing.T) {
	got, err := benchmarks.Costs(written(t, `# How

| another | table |
|---|---|
| x | 1 |

| use case | rounds | reads (RCU) | writes (WCU) | index writes |
|---|---|---|---|---|
| browse | 1 | 4 | 0 | 0 |
| … where few match | 4, the most | 42.5 | 0 | 0 |
| import | 2, and 839 calls, 16 side by side | 29,999 | 82,493 | 10,000 |

| after it | 1 | 1 | 1 | 1 |
`))
	want := map[string]benchmarks.Cost{
		"browse": {Rounds: 1, RCU: 4}, "browse … where few match": {Rounds: 4, RCU: 42.5},
		"import": {Rounds: 2, RCU: 29999, WCU: 82493, IndexWCU: 10000},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	const head = "| use case | rounds | reads (RCU) | writes (WCU) | index writes |\n"
	for name, text := range map[string]string{
		"no table": "# How\n", "an empty one": head + "|---|---|---|---|---|\n", "two of a name": head + "| a | 1 | 1 | 1 | 1 |\n| a | 1 | 1 | 1 | 1 |\n",
		"no number": head + "| a | 1 | 1.2.3 | 1 | 1 |\n",
	} {
		if costs, err := benchmarks.Costs(written(t, text)); err == nil {
			t.Errorf("%s gives %v", name, costs)
		}
	}
}
