package pages

import (
	"strings"
	"time"

	"flashmentoring/internal/mentoring"
)

// clock is a moment as its parts, for the phrases that order them.
type clock struct {
	Weekday, Month string
	Day, Year      int
	Time           string // 15:04
	Zone           string // what is said of the zone: name, abbreviation where it has one, offset
}

// Lists begin with Sunday and January.
var (
	weekdays = strings.Fields(say("weekdays", nil))
	months   = strings.Fields(say("months", nil))
)

func clockOf(t time.Time) clock {
	c := clock{
		Weekday: weekdays[t.Weekday()], Month: months[t.Month()-1], Day: t.Day(), Year: t.Year(), Time: t.Format("15:04"),
		Zone: t.Location().String(),
	}
	// Zones without an abbreviation have their offset in its place.
	if abbreviation, _ := t.Zone(); strings.Trim(abbreviation, "+-0123456789") != "" && abbreviation != "UTC" {
		c.Zone += ", " + abbreviation
	}
	c.Zone += ", UTC" + t.Format("-07:00")
	return c
}

// moment says when something is, so that nobody can be an hour off: with date, zone and offset.
func moment(t time.Time, zone *time.Location) string { return say("moment", clockOf(t.In(zone))) }

// period says from when to when something is.
func period(from, to time.Time, zone *time.Location) string {
	start, end := clockOf(from.In(zone)), clockOf(to.In(zone))
	if start.Day != end.Day || start.Zone != end.Zone { // over midnight, or where the clocks change in between
		return say("period.long", []clock{start, end})
	}
	return say("period", []clock{start, end})
}

// zoneOf is a person's or slot's zone. A name that this version's zone data does not know must not keep a page back: times
// are then in UTC, and say so.
func zoneOf(name string) *time.Location {
	if zone, err := mentoring.Zone(name); err == nil {
		return zone
	}
	return time.UTC
}

// sameClock reports whether the hands of two zones stand alike from start to end.
func sameClock(start, end time.Time, a, b *time.Location) bool {
	at := func(t time.Time, zone *time.Location) int { _, offset := t.In(zone).Zone(); return offset }
	return at(start, a) == at(start, b) && at(end, a) == at(end, b)
}
