package mail

import (
	"strings"
	"time"

	"flashmentoring/internal/mentoring"
)

// clock is a moment as its parts, for the phrases that order them.
type clock struct {
	Weekday, ShortWeekday string
	Day                   int
	Month, ShortMonth     string
	Year                  int
	Time                  string // 15:04
	Zone                  string // what is said of the zone: name, abbreviation where it has one, offset
	Offset                string // the same without the name
}

// period is a start and an end, and what need not be said twice.
type period struct {
	Start, End clock
	OneDay     bool
	OneOffset  bool // false where the clocks change in between
}

// period says when something is, so that nobody can be an hour off: with date, zone and offset.
func (v *narrator) period(start, end time.Time, zone *time.Location) string {
	from, to := clockOf(start.In(zone)), clockOf(end.In(zone))
	return v.sayOf("period", period{
		Start: from, End: to, OneOffset: from.Offset == to.Offset,
		OneDay: from.Day == to.Day && from.Month == to.Month && from.Year == to.Year,
	})
}

// instant says when something ends or was, with date, zone and offset of the reader; of no time, nothing.
func (v *narrator) instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return v.sayOf("instant", clockOf(t.In(v.zone)))
}

// moment says, in short, when something begins.
func (v *narrator) moment(t time.Time) string { return v.sayOf("moment", clockOf(t.In(v.zone))) }

func clockOf(t time.Time) clock {
	c := clock{
		Weekday: weekdays[t.Weekday()], ShortWeekday: shortWeekdays[t.Weekday()],
		Day: t.Day(), Month: months[t.Month()-1], ShortMonth: shortMonths[t.Month()-1], Year: t.Year(),
		Time: t.Format("15:04"), Offset: "UTC" + t.Format("-07:00"),
	}
	// Zones without an abbreviation have their offset in its place.
	if abbreviation, _ := t.Zone(); strings.Trim(abbreviation, "+-0123456789") != "" && abbreviation != "UTC" {
		c.Offset = abbreviation + ", " + c.Offset
	}
	c.Zone = t.Location().String() + ", " + c.Offset
	return c
}

// Lists begin with Sunday and January.
var (
	weekdays, shortWeekdays = list("weekdays"), list("weekdays.short")
	months, shortMonths     = list("months"), list("months.short")
)

// zoneOf is a person's or slot's zone. A name that this version's zone data does not know must not keep a
// mail back: times are then in UTC, and say so.
func zoneOf(name string) *time.Location {
	if zone, err := mentoring.Zone(name); err == nil {
		return zone
	}
	return time.UTC
}

// sameClock reports whether the hands of two zones stand alike from start to end.
func sameClock(start, end time.Time, a, b *time.Location) bool {
	_, startA := start.In(a).Zone()
	_, startB := start.In(b).Zone()
	_, endA := end.In(a).Zone()
	_, endB := end.In(b).Zone()
	return startA == startB && endA == endB
}

// day says which day it is, without a time: it is the reader's wherever they are.
func (v *narrator) day(d mentoring.Day) string { return v.sayOf("date", clockOf(d.At(12, time.UTC))) }
