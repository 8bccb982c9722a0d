package benchmarks

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
)

// Cost is a row of the table of costs in internal/README.md: rounds to storage one after another, and capacity units.
type Cost struct {
	Rounds             int
	RCU, WCU, IndexWCU float64
}

var costRow = regexp.MustCompile(`(?m)^\| ([^|]+) \| (\d[^|]*) \| ([\d.,]+) \| ([\d.,]+) \| ([\d.,]+) \|$`)

// Costs reads the table of costs out of internal/README.md, in the file given, by use case. A row that begins with "… "
// goes on with the words of the last one that does not.
func Costs(readme string) (map[string]Cost, error) {
	text, err := os.ReadFile(readme)
	if err != nil {
		return nil, err
	}
	_, rest, _ := strings.Cut(string(text), "| use case | rounds |")
	section, _, _ := strings.Cut(rest, "\n\n")
	costs, whole := map[string]Cost{}, ""
	for _, row := range costRow.FindAllStringSubmatch(section, -1) {
		name := row[1]
		if strings.HasPrefix(name, "… ") {
			name = whole + " " + name
		} else {
			whole = name
		}
		rounds, _, _ := strings.Cut(strings.ReplaceAll(row[2], ",", " "), " ") // "4, the most"
		var c Cost
		if c.Rounds, err = strconv.Atoi(rounds); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for i, into := range []*float64{&c.RCU, &c.WCU, &c.IndexWCU} {
			if *into, err = strconv.ParseFloat(strings.ReplaceAll(row[3+i], ",", ""), 64); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
		}
		if _, twice := costs[name]; twice {
			return nil, fmt.Errorf("there are two rows %q", name)
		}
		costs[name] = c
	}
	if len(costs) == 0 {
		return nil, fmt.Errorf("%s has no table of costs", readme)
	}
	return costs, nil
}
