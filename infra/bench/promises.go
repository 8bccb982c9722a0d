package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
)

// promise is a row of proof.md with the command that measures it.
type promise struct {
	id, command string
	measure     func(context.Context, promise) ([]figure, error)
}

var promises = []promise{
	{"P1", "go run ./infra/coldstart -json -starts 30", starts},
	{"P3", "go test -v -count=1 -run ^TestCost ./internal/desk", costs},
	{"P4", "go test -run=^$ -bench=^BenchmarkBooking$ -benchtime=3000x ./internal/benchmarks", booking},
	{"P5", "SLOTS=1000000 go test -v -count=1 -timeout=60m -run=DoesNotGrow -bench=AmongManySlots -benchtime=1000x ./internal/desk", growth},
	{"P6", "go test -v -count=1 -run=^TestARushNeedsFewCommits$ ./internal/desk", rush},
	{"P7", "JOBS=100000 go test -v -count=1 -timeout=60m -run=^TestTheClockKeepsUp$ ./internal/benchmarks", clock},
	{"P8", "go test -run=^$ -bench=. -count=6 -benchtime=100ms", allocations},
}

// starts are P1 and P2: both are asked of the same binaries.
func starts(ctx context.Context, p promise) ([]figure, error) {
	out, err := execute(ctx, p.command)
	if err != nil {
		return nil, err
	}
	var all []struct {
		Function              string
		Ratio, AtRest, Binary float64
	}
	if err := json.Unmarshal(out, &all); err != nil {
		return nil, err
	}
	for _, m := range all {
		if m.Function == "api" {
			return []figure{
				{what: "start of the api, as often as that of the smallest function", limit: 1.3, measured: m.Ratio},
				{what: "P2: its binary, stripped, arm64", unit: "MB", limit: 13, measured: m.Binary},
				{what: "P2: its memory at rest", unit: "MB", limit: 32, measured: m.AtRest},
			}, nil
		}
	}
	return nil, fmt.Errorf("no word of the api")
}

// costs is P3. Each case of the tests holds rounds and capacity exactly, and fails where one differs.
func costs(ctx context.Context, p promise) ([]figure, error) {
	out, err := execute(ctx, p.command)
	passed, failed := strings.Count(string(out), "--- PASS: "), strings.Count(string(out), "--- FAIL: ")
	if passed == 0 || err != nil && failed == 0 {
		return nil, fmt.Errorf("no case was tested: %w", err)
	}
	return []figure{{what: fmt.Sprintf("cases of %d that differ from internal/README.md", passed+failed), measured: float64(failed)}}, nil
}

func booking(ctx context.Context, p promise) ([]figure, error) {
	return p.figures(ctx,
		figure{what: "BenchmarkBooking/new_token p50-ms", unit: "ms", limit: 0.3},
		figure{what: "BenchmarkBooking/known_token p50-ms", unit: "ms", limit: 0.3})
}

func growth(ctx context.Context, p promise) ([]figure, error) {
	return p.figures(ctx,
		figure{what: "BenchmarkAmongManySlots/browse x-few", limit: 1.2},
		figure{what: "BenchmarkAmongManySlots/browse_from_the_middle x-few", limit: 1.2},
		figure{what: "BenchmarkAmongManySlots/book x-few", limit: 1.2})
}

func rush(ctx context.Context, p promise) ([]figure, error) {
	return p.figures(ctx,
		figure{what: "TestARushNeedsFewCommits/collide=false commits-per-answer", limit: 1.5},
		figure{what: "TestARushNeedsFewCommits/collide=true commits-per-answer", limit: 1.5},
		figure{what: "TestARushNeedsFewCommits/collide=false commits-when-full", limit: 0},
		figure{what: "TestARushNeedsFewCommits/collide=true commits-when-full", limit: 0})
}

func clock(ctx context.Context, p promise) ([]figure, error) {
	return p.figures(ctx,
		figure{what: "TestTheClockKeepsUp/reminders seconds", unit: "s", limit: 60},
		figure{what: "TestTheClockKeepsUp/ends seconds", unit: "s", limit: 60})
}

// figures runs the promise's command and fills in what it said of each figure, by name: a benchmark or test, and a unit.
func (p promise) figures(ctx context.Context, wanted ...figure) ([]figure, error) {
	out, err := execute(ctx, p.command)
	if err != nil {
		return nil, err
	}
	said := read(out)
	for i, w := range wanted {
		values := said[w.what]
		if len(values) == 0 {
			return nil, fmt.Errorf("%s was not measured by: %s", w.what, p.command)
		}
		wanted[i].measured = median(values)
	}
	return wanted, nil
}
