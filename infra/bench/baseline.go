package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// measuredPackages are those whose benchmarks are P8: what a request, a mail or a page is made of.
const measuredPackages = "./internal/strictjson ./internal/lambdahttp ./internal/identity ./internal/links ./internal/calendar " +
	"./internal/mail ./internal/pages ./internal/telemetry ./internal/table/dynamotable ./internal/benchmarks"

const (
	// baseline is what an earlier run measured.
	baseline = "internal/benchmarks/baseline.txt"
	// benchstat compares runs. It runs from the module cache and leaves go.mod alone.
	benchstat = "golang.org/x/perf/cmd/benchstat@v0.0.0-20260908200009-22c9c6c9d4da"
	// mayGrow is how many times as many allocations are still the same: buffers are shared and tables grow, so
	// runs differ by a little.
	mayGrow = 1.05
)

// allocations is P8. What benchstat says of all figures is shown; judged are the allocations, which depend on no machine.
func allocations(ctx context.Context, p promise) ([]figure, error) {
	before, err := os.ReadFile(baseline)
	if err != nil {
		return nil, err
	}
	now, err := execute(ctx, p.command+" "+measuredPackages)
	if err != nil {
		return nil, err
	}
	if err := compare(ctx, now); err != nil {
		return nil, err
	}
	name, worst, err := grown(read(before), read(now))
	return []figure{{what: "allocations, times those kept; the most: " + name, limit: mayGrow, measured: worst}}, err
}

// compare shows what benchstat says of a run beside the baseline.
func compare(ctx context.Context, now []byte) error {
	folder, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	file := filepath.Join(folder, "now")
	if err := os.WriteFile(file, now, 0o600); err != nil {
		return err
	}
	said, err := execute(ctx, "go run "+benchstat+" "+baseline+" "+file)
	if err == nil {
		fmt.Printf("%s\n", said)
	}
	return err
}

// grown is which benchmark allocates the most times as often as before. A benchmark that is new, or that is gone, is a
// mistake: the baseline is to be kept anew with it.
func grown(before, now map[string][]float64) (name string, worst float64, err error) {
	const unit = " allocs/op"
	for _, pair := range [][2]map[string][]float64{{before, now}, {now, before}} {
		for key := range pair[0] {
			if _, known := pair[1][key]; strings.HasSuffix(key, unit) && !known {
				return "", 0, fmt.Errorf("%s was measured in one run only; make bench-keep keeps a new baseline", key)
			}
		}
	}
	for key, values := range now {
		benchmark, ok := strings.CutSuffix(key, unit)
		if !ok {
			continue
		}
		// One more counts against each, so that what allocates nothing can be compared.
		if times := (median(values) + 1) / (median(before[key]) + 1); times > worst {
			name, worst = benchmark, times
		}
	}
	return name, worst, nil
}

// keepBaseline measures for P8 and keeps it.
func keepBaseline(ctx context.Context) error {
	for _, p := range promises {
		if p.id == "P8" {
			out, err := execute(ctx, p.command+" "+measuredPackages)
			if err != nil {
				return err
			}
			return os.WriteFile(baseline, out, 0o644)
		}
	}
	return nil
}
