// Command bench measures what proof.md promises of speed and cost, P1 to P8, and says which figure is within its limit.
//
//	make bench          # all of it, some minutes
//	make bench ONLY=P4  # one row
//
// A figure is measured by the benchmark or test beside it, which can be run by itself; this runs them and reads what they
// say. Where a time counts, it is compared with another of the same run; only P4 is one that a busy machine makes longer, so
// the load of the machine is told with the table. Allocations do not depend on it, and are compared with those of
// internal/benchmarks/baseline.txt, which `make bench-keep` writes.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"text/tabwriter"
)

func main() {
	only := flag.String("only", "", "one row, such as P4")
	keep := flag.Bool("keep", false, "measure for P8 and keep that as what later runs are compared with")
	flag.Parse()
	log.SetFlags(0)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if *keep {
		if err := keepBaseline(ctx); err != nil {
			log.Fatal(err)
		}
		return
	}
	within, err := run(ctx, *only)
	if err != nil {
		log.Fatal(err)
	}
	if !within {
		os.Exit(1)
	}
}

// run measures all rows, or one, and shows them. It reports whether all are within their limits.
func run(ctx context.Context, only string) (within bool, err error) {
	before := load()
	var all []figure
	var failed error
	for _, p := range promises {
		if only != "" && only != p.id {
			continue
		}
		fmt.Fprintf(os.Stderr, "%s: %s\n", p.id, p.command)
		figures, err := p.measure(ctx, p)
		if err != nil { // the others can be measured all the same
			failed = errors.Join(failed, fmt.Errorf("%s: %w", p.id, err))
		}
		for _, f := range figures {
			if f.id == "" {
				f.id = p.id
			}
			all = append(all, f)
		}
	}
	if len(all) == 0 && failed == nil {
		return false, fmt.Errorf("there is no row %q", only)
	}
	if err := show(all); err != nil {
		return false, err
	}
	fmt.Printf("\n%d processors; load before %s, after %s. Above one per processor, times are longer than they need be.\n", runtime.NumCPU(), before, load())
	within = true
	for _, f := range all {
		within = within && f.within()
	}
	return within, failed
}

// figure is one line of the table. said is the name under which a test or benchmark says it.
type figure struct {
	id, what, unit, said string
	limit, measured      float64
}

func (f figure) within() bool { return f.measured <= f.limit }

// ratio is what is used of the limit.
func (f figure) ratio() string {
	if f.limit == 0 {
		return "-"
	}
	return fmt.Sprintf("%.2f", f.measured/f.limit)
}

func (f figure) verdict() string {
	if f.within() {
		return "within"
	}
	return "OVER"
}

func show(all []figure) error {
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "id\tfigure\tlimit\tmeasured\tratio\tverdict")
	for _, f := range all {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n", f.id, f.what, amount(f.limit, f.unit), amount(f.measured, f.unit), f.ratio(), f.verdict())
	}
	return table.Flush()
}

func amount(n float64, unit string) string {
	text := fmt.Sprintf("%.2f", n)
	if n == float64(int(n)) {
		text = fmt.Sprint(int(n))
	}
	return strings.TrimSpace(text + " " + unit)
}

// load is how many processes wanted to run in the last minute, on average (proc(5), loadavg); "unknown" where nothing tells.
func load() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	first, _, _ := strings.Cut(string(text), " ")
	return first
}
