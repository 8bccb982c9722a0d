package config

import (
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// reader reads variables and collects what is wrong. After a mistake it returns a zero value and goes on.
type reader struct {
	environ  map[string]string
	read     []string // names asked for
	problems []Problem
}

func (r *reader) err() error {
	if r.problems == nil {
		return nil
	}
	return &Error{r.problems}
}

func (r *reader) problem(name, wrong, expected string) {
	r.problems = append(r.problems, Problem{name, wrong, expected})
}

// refuse reports a value that may be shown.
func (r *reader) refuse(name, value, expected string) {
	const most = 80
	if utf8.RuneCountInString(value) > most {
		value = string([]rune(value)[:most]) + "…"
	}
	r.problem(name, fmt.Sprintf("is %q", value), expected)
}

func (r *reader) optional(name string) string {
	r.read = append(r.read, name)
	return r.environ[name]
}

func (r *reader) required(name, expected string) string {
	value := r.optional(name)
	if value == "" {
		r.problem(name, "is not set", expected)
	}
	return value
}

func (r *reader) onlyKnown(prefix string) {
	var known []string
	for _, name := range r.read {
		if strings.HasPrefix(name, prefix) {
			known = append(known, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(r.environ)) {
		if strings.HasPrefix(name, prefix) && !slices.Contains(known, name) {
			r.problem(name, "is not known", "one of "+strings.Join(known, ", "))
		}
	}
}

func (r *reader) number(name string, fallback, least, most int) int {
	value := r.optional(name)
	if value == "" {
		return fallback
	}
	n, err := strconv.Atoi(value)
	if err != nil || n < least || n > most {
		r.refuse(name, value, fmt.Sprintf("a whole number from %d to %d", least, most))
		return 0
	}
	return n
}

func (r *reader) secret(name string, least int) Secret {
	expected := fmt.Sprintf("a secret of at least %d characters", least)
	value := r.required(name, expected)
	if n := utf8.RuneCountInString(value); value != "" && n < least {
		r.problem(name, fmt.Sprintf("has %d characters", n), expected)
		return ""
	}
	return Secret(value)
}

func (r *reader) logLevel(name string) slog.Level {
	value := r.optional(name)
	switch strings.ToUpper(value) {
	case "DEBUG":
		return slog.LevelDebug
	case "", "INFO":
		return slog.LevelInfo
	case "WARN":
		return slog.LevelWarn
	case "ERROR":
		return slog.LevelError
	}
	r.refuse(name, value, "DEBUG, INFO, WARN or ERROR")
	return slog.LevelInfo
}
