package mentoring

import (
	"fmt"
	"time"
)

// Day is a day of the calendar, wherever: 2026-11-26. Empty is none.
type Day string

// DayOf is the day that it is at a time, somewhere.
func DayOf(t time.Time, in *time.Location) Day { return Day(t.In(in).Format(time.DateOnly)) }

// Valid reports whether there is such a day.
func (d Day) Valid() bool {
	t, err := time.Parse(time.DateOnly, string(d))
	return err == nil && t.Year() >= 2000
}

// At is an hour of the day, somewhere; where the clocks skip that hour, the next there is.
func (d Day) At(hour int, in *time.Location) time.Time {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		panic(fmt.Sprintf("mentoring: %q is no day", string(d))) // whoever asks has checked
	}
	return time.Date(t.Year(), t.Month(), t.Day(), hour, 0, 0, 0, in).UTC()
}

// day checks a day of the calendar.
func (f *faults) day(pointer string, d Day) {
	if !d.Valid() {
		f.add(pointer, BadFormat, "Must be a day, such as 2026-11-26.")
	}
}
