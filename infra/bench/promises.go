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
				{what: "start of the api, times that of the smallest function", limit: 1.3, measured: m.Ratio},
				{id: "P2", what: "its binary, stripped, arm64", unit: "MB", limit: 13, measured: m.Binary},
				{id: "P2", what: "its memory at rest", unit: "MB", limit: 32, measured: m.AtRest},
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
		figure{what: "a booking besides storage, p50", said: "BenchmarkBooking/known_token p50-ms", unit: "ms", limit: 0.3},
		figure{what: "… with a token that never came before", said: "BenchmarkBooking/new_token p50-ms", unit: "ms", limit: 0.3})
}

func growth(ctx context.Context, p promise) ([]figure, error) {
	return p.figures(ctx,
		figure{what: "browsing among a million, times among a thousand", said: "BenchmarkAmongManySlots/browse x-few", limit: 1.2},
		figure{what: "… from the middle, in a topic", said: "BenchmarkAmongManySlots/browse_from_the_middle x-few", limit: 1.2},
		figure{what: "booking among a million, times among a thousand", said: "BenchmarkAmongManySlots/book x-few", limit: 1.2})
}

func rush(ctx context.Context, p promise) ([]figure, error) {
	const test = "TestARushNeedsFewCommits/collide="
	return p.figures(ctx,
		figure{what: "commits for each answer in a rush", said: test + "false commits-per-answer", limit: 1.5},
		figure{what: "… where commits that meet are refused", said: test + "true commits-per-answer", limit: 1.5},
		figure{what: "commits for those who come when it is full", said: test + "false commits-when-full", limit: 0})
}

func clock(ctx context.Context, p promise) ([]figure, error) {
	return p.figures(ctx,
		figure{what: "100,000 reminders due in one minute, simulated", said: "TestTheClockKeepsUp/reminders seconds", unit: "s", limit: 60},
		figure{what: "100,000 ends of sessions, likewise", said: "TestTheClockKeepsUp/ends seconds", unit: "s", limit: 60})
}

// figures runs the promise's command and fills in what it said of each figure.
func (p promise) figures(ctx context.Context, wanted ...figure) ([]figure, error) {
	out, err := execute(ctx, p.command)
	if err != nil {
		return nil, err
	}
	said := read(out)
	for i, w := range wanted {
		values := said[w.said]
		if len(values) == 0 {
			return nil, fmt.Errorf("%s was not measured by: %s", w.said, p.command)
		}
		wanted[i].measured = median(values)
	}
	return wanted, nil
}
