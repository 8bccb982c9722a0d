package mail_test

import (
	"archive/zip"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"flashmentoring/internal/mentoring"
)

// zones are of every kind there is: with and without daylight saving, on both hemispheres, with quarter
// and half hours, on either side of the date line, with a saving of half an hour (Lord Howe), one that
// calls winter its saving (Dublin), with rules of their own (Casablanca, Gaza), without abbreviations (São
// Paulo), and old names.
var zones = strings.Fields(`
	UTC Etc/GMT+12 Etc/GMT-14 GMT Europe/London Europe/Dublin Europe/Berlin Europe/Lisbon Europe/Kyiv
	Europe/Chisinau Europe/Istanbul Atlantic/Azores Atlantic/Reykjavik America/New_York America/Chicago
	America/Denver America/Phoenix America/Los_Angeles America/Anchorage America/Adak America/St_Johns
	America/Havana America/Sao_Paulo America/Santiago America/Asuncion America/Caracas America/Nuuk
	America/Scoresbysund Pacific/Honolulu Pacific/Easter Pacific/Marquesas Pacific/Kiritimati Pacific/Apia
	Pacific/Chatham Pacific/Auckland Pacific/Norfolk Australia/Sydney Australia/Lord_Howe Australia/Eucla
	Australia/Adelaide Australia/Darwin Asia/Kolkata Asia/Kathmandu Asia/Tehran Asia/Kabul Asia/Gaza
	Asia/Jerusalem Asia/Beirut Asia/Tokyo Asia/Shanghai Asia/Yangon Africa/Casablanca Africa/Cairo
	Africa/Johannesburg Africa/Monrovia Antarctica/Troll Antarctica/Casey US/Eastern Asia/Calcutta`)

// instants are ordinary times of the year and all around the next two changes of the zone's clock.
func instants(zone *time.Location) []time.Time {
	list := []time.Time{noon.Add(time.Hour), noon.AddDate(0, 7, 0)}
	_, change := noon.In(zone).ZoneBounds()
	for range 2 {
		if change.IsZero() {
			break
		}
		for _, d := range []time.Duration{-15 * time.Minute, -time.Second, 0, 45 * time.Minute} {
			list = append(list, change.Add(d).UTC())
		}
		_, change = change.In(zone).ZoneBounds()
	}
	return list
}

// at is the small booking at another time, read in a zone.
func at(start time.Time, minutes int, reader, slot string) mentoring.Notice {
	n := notices(edda(), rana(), smallSlot(), smallRequest())[0]
	n.Slot.StartsAt, n.Slot.DurationMinutes, n.Slot.TimeZone = start, minutes, slot
	n.Reader.Profile.TimeZone = reader
	return n
}

var shownPeriod = regexp.MustCompile(`^(\w+, \d+ \w+ \d{4}), (\d\d:\d\d)(?: \((?:\w+, )?UTC([+-]\d\d:\d\d)\))?(?:–| – )` +
	`(?:(\w+, \d+ \w+ \d{4}), )?(\d\d:\d\d) \(([\w/+-]+), (?:\w+, )?UTC([+-]\d\d:\d\d)\)$`)

// parsePeriod is what a reader understands who knows nothing but the words.
func parsePeriod(t testing.TB, shown string) (start, end time.Time, zone string) {
	t.Helper()
	m := shownPeriod.FindStringSubmatch(shown)
	if m == nil {
		t.Fatalf("not a period: %q", shown)
	}
	startDay, startTime, startOffset, endDay, endTime, zone, endOffset := m[1], m[2], m[3], m[4], m[5], m[6], m[7]
	if startOffset == "" {
		startOffset = endOffset
	}
	if endDay == "" {
		endDay = startDay
	}
	parse := func(day, clock, offset string) time.Time {
		const layout = "Monday, 2 January 2006 15:04 -07:00"
		s := day + " " + clock + " " + offset
		at, err := time.Parse(layout, s)
		if err != nil {
			t.Fatal(err)
		}
		if at.Format(layout) != s {
			t.Fatalf("wrong weekday in %q", shown)
		}
		return at
	}
	return parse(startDay, startTime, startOffset), parse(endDay, endTime, endOffset), zone
}

// entries are what the plain text says under a term.
func entries(text, term string) []string {
	var found []string
	for l := range strings.Lines(text) {
		if value, ok := strings.CutPrefix(strings.TrimSuffix(l, "\n"), term+": "); ok {
			found = append(found, value)
		}
	}
	return found
}

// checkTimes holds what a message shows against the instants it is about.
func checkTimes(t testing.TB, n mentoring.Notice) {
	t.Helper()
	m := compose(t, n)
	o := read(t, m.Raw)
	want := [2]time.Time{n.Slot.StartsAt.Truncate(time.Minute), n.Slot.EndsAt().Truncate(time.Minute)}
	reader, slot := n.Reader.Profile.TimeZone, n.Slot.TimeZone
	shown := entries(o.text, "When")
	if len(shown) != 1 {
		t.Fatalf("%d times in:\n%s", len(shown), o.text)
	}
	start, end, zone := parsePeriod(t, shown[0])
	if !start.Equal(want[0]) || !end.Equal(want[1]) || zone != reader {
		t.Errorf("in %s: shows %q, which is %v to %v in %s; want %v", reader, shown[0], start.UTC(), end.UTC(), zone, want)
	}
	there := entries(o.text, "In the time zone of the session")
	if len(there) > 0 {
		start, end, zone = parsePeriod(t, there[0])
		if !start.Equal(want[0]) || !end.Equal(want[1]) || zone != slot {
			t.Errorf("in %s: shows %q, want %v", slot, there[0], want)
		}
	}
	clocks := func(zone string) string {
		l, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		return n.Slot.StartsAt.In(l).Format(time.DateTime) + n.Slot.EndsAt().In(l).Format(time.DateTime)
	}
	if differ := clocks(reader) != clocks(slot); differ != (len(there) > 0) {
		t.Errorf("clocks in %s and %s differ: %v; the time there is shown %d times", reader, slot, differ, len(there))
	}
	if !strings.HasSuffix(m.Subject, start.In(mustZone(t, reader)).Format("Mon 2 Jan 15:04")) {
		t.Errorf("subject %q, want the time in %s", m.Subject, reader)
	}
	checkEventTimes(t, o, n)
}

func mustZone(t testing.TB, name string) *time.Location {
	t.Helper()
	l, err := mentoring.Zone(name)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func checkEventTimes(t testing.TB, o opened, n mentoring.Notice) {
	t.Helper()
	start, err := o.event.DateTimeStart(time.Local)
	if err != nil || !start.Equal(n.Slot.StartsAt.Truncate(time.Second)) {
		t.Errorf("DTSTART %v, %v; want %v", start, err, n.Slot.StartsAt)
	}
	end, err := o.event.DateTimeEnd(time.Local)
	if err != nil || !end.Equal(n.Slot.EndsAt().Truncate(time.Second)) {
		t.Errorf("DTEND %v, %v; want %v", end, err, n.Slot.EndsAt())
	}
	for _, name := range []string{"DTSTART", "DTEND", "DTSTAMP"} {
		if p := o.property(t, name); !strings.HasSuffix(p.Value, "Z") || len(p.Params) != 0 {
			t.Errorf("%s is not in UTC: %s", name, p.Value)
		}
	}
}

// Whatever the zone and however its clock changes, what is shown is the instant (proof.md R10).
func TestShownTimeIsTheInstant(t *testing.T) {
	shown, zones := 0, zonesOf(t)
	for _, zone := range zones {
		for _, start := range instants(mustZone(t, zone)) {
			checkTimes(t, at(start, 30, zone, "UTC"))
			shown++
		}
	}
	t.Logf("figure R10: %d instants in %d zones, around their next changes: mail and calendar show the instant", shown, len(zones))
}

// zonesOf are the zones above or, with ZONES=all, all that Go's own zone data has.
func zonesOf(t *testing.T) []string {
	t.Helper()
	if os.Getenv("ZONES") != "all" {
		return zones
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	data, err := zip.OpenReader(filepath.Join(strings.TrimSpace(string(root)), "lib", "time", "zoneinfo.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer data.Close()
	var all []string
	for _, f := range data.File {
		if _, err := mentoring.Zone(f.Name); err == nil && !f.FileInfo().IsDir() {
			all = append(all, f.Name)
		}
	}
	return all
}

func TestShownTimesOfTwoZones(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		reader, slot := rapid.SampledFrom(zones).Draw(rt, "reader"), rapid.SampledFrom(zones).Draw(rt, "slot")
		start := rapid.SampledFrom(instants(mustZone(t, slot))).Draw(rt, "start")
		minutes := rapid.SampledFrom(mentoring.Durations).Draw(rt, "minutes")
		checkTimes(t, at(start, minutes, reader, slot))
	})
}

// The same of every letter there is: it says when the session is, once, and for the reader.
func TestEveryLetterShowsTheTime(t *testing.T) {
	for _, s := range samples() {
		for _, zone := range []string{"Asia/Kathmandu", "America/New_York", "Australia/Lord_Howe"} {
			n := s.notice
			n.Reader.Profile.TimeZone = zone
			text := read(t, compose(t, n).Raw).text
			shown := entries(text, "When")
			if len(shown) != 1 {
				t.Fatalf("%s: %d times in:\n%s", s.name, len(shown), text)
			}
			start, end, in := parsePeriod(t, shown[0])
			if !start.Equal(n.Slot.StartsAt) || !end.Equal(n.Slot.EndsAt()) || in != zone {
				t.Errorf("%s in %s: shows %q, want %v to %v", s.name, zone, shown[0], n.Slot.StartsAt, n.Slot.EndsAt())
			}
		}
	}
}

var shownInstant = regexp.MustCompile(`(\w+, \d+ \w+ \d{4}, \d\d:\d\d) \(([\w/+-]+), (?:\w+, )?UTC([+-]\d\d:\d\d)\)`)

// parseInstant reads the only date with one time in a text.
func parseInstant(t testing.TB, text string) (at time.Time, zone string) {
	t.Helper()
	found := shownInstant.FindAllStringSubmatch(text, -1)
	if len(found) != 1 {
		t.Fatalf("%d dates in:\n%s", len(found), text)
	}
	const layout = "Monday, 2 January 2006, 15:04 -07:00"
	at, err := time.Parse(layout, found[0][1]+" "+found[0][3])
	if err != nil || at.Format(layout) != found[0][1]+" "+found[0][3] {
		t.Fatalf("not an instant, %v: %q", err, found[0])
	}
	return at, found[0][2]
}

// Deadlines are instants too: until when to answer, to wait, to cancel, to contest and to cool down, and when it was before.
func TestShownDeadlineIsTheInstant(t *testing.T) {
	letter := func(name string) mentoring.Notice {
		for _, s := range samples() {
			if s.name == name {
				return s.notice
			}
		}
		t.Fatalf("no sample %s", name)
		return mentoring.Notice{}
	}
	cases := []struct {
		name, from string // the deadline is in the line that contains from
		set        func(n *mentoring.Notice, at time.Time)
	}{
		{"booking_requested.requester", "The answer comes by", func(n *mentoring.Notice, at time.Time) { n.Booking.ExpiresAt = at }},
		{"booking_requested.expert", "Please say yes or no by", func(n *mentoring.Notice, at time.Time) { n.Booking.ExpiresAt = at }},
		{"request_expiring.expert", "is open until", func(n *mentoring.Notice, at time.Time) { n.Booking.ExpiresAt = at }},
		{"waitlisted.requester", "Seats are given until", func(n *mentoring.Notice, at time.Time) { n.Booking.ExpiresAt = at }},
		{"strike.absent.third.requester", "until", func(n *mentoring.Notice, at time.Time) { n.CooldownUntil = at }},
		{"not_held.requester.requester", "say so by", func(n *mentoring.Notice, at time.Time) {
			n.Slot.StartsAt = at.Add(-mentoring.AttendanceWindow - n.Slot.EndsAt().Sub(n.Slot.StartsAt))
		}},
		{"slot_changed.time.expert", "Before: ", func(n *mentoring.Notice, at time.Time) { n.Was = at }},
		{"booking_confirmed.small.requester", "You can cancel until: ", func(n *mentoring.Notice, at time.Time) {
			n.Booking.StartsAt, n.Booking.CancelNoticeMinutes = at.Add(45*time.Minute), 45
		}},
	}
	for i, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			n := letter(c.name)
			for z, zone := range zones {
				if z%len(cases) != i {
					continue // each zone once: all deadlines are put alike
				}
				n.Reader.Profile.TimeZone = zone
				for _, want := range instants(mustZone(t, zone)) {
					c.set(&n, want)
					text := read(t, compose(t, n).Raw).text
					got, in := parseInstant(t, line(text, c.from))
					if !got.Equal(want.Truncate(time.Minute)) || in != zone {
						t.Errorf("in %s: %v in %s, want %v:\n%s", zone, got.UTC(), in, want, line(text, c.from))
					}
				}
			}
		})
	}
}

// line is the first line of a text that contains something.
func line(text, what string) string {
	for l := range strings.Lines(text) {
		if strings.Contains(l, what) {
			return l
		}
	}
	return ""
}

// What can no longer be cancelled is not said to be cancellable.
func TestCancelUntilIsInTheFuture(t *testing.T) {
	n := notices(edda(), rana(), smallSlot(), smallRequest())[0]
	for _, c := range []struct {
		until time.Time
		shown int
	}{{noon.Add(time.Minute), 1}, {noon, 0}, {noon.Add(-time.Hour), 0}} {
		n.Booking.StartsAt, n.Booking.CancelNoticeMinutes = c.until.Add(time.Hour), 60
		if got := entries(read(t, compose(t, n).Raw).text, "You can cancel until"); len(got) != c.shown {
			t.Errorf("until %v, at %v: %q", c.until, noon, got)
		}
	}
}

// How times read, where there is more to say than usual.
func TestPeriodWords(t *testing.T) {
	utc := func(month time.Month, day, hour, minute int) time.Time {
		return time.Date(2027, month, day, hour, minute, 0, 0, time.UTC)
	}
	for _, c := range []struct {
		name, zone string
		start      time.Time
		minutes    int
		want       string
	}{
		{"usual", "Europe/Berlin", utc(time.June, 1, 13, 0), 30,
			"Tuesday, 1 June 2027, 15:00–15:30 (Europe/Berlin, CEST, UTC+02:00)"},
		{"over midnight", "Europe/Berlin", utc(time.May, 31, 21, 45), 30,
			"Monday, 31 May 2027, 23:45 – Tuesday, 1 June 2027, 00:15 (Europe/Berlin, CEST, UTC+02:00)"},
		{"clocks go back", "Europe/Berlin", utc(time.October, 31, 0, 45), 30,
			"Sunday, 31 October 2027, 02:45 (CEST, UTC+02:00) – 02:15 (Europe/Berlin, CET, UTC+01:00)"},
		{"no abbreviation", "America/Sao_Paulo", utc(time.June, 1, 13, 0), 30,
			"Tuesday, 1 June 2027, 10:00–10:30 (America/Sao_Paulo, UTC-03:00)"},
		{"quarter hours", "Asia/Kathmandu", utc(time.June, 1, 13, 0), 30,
			"Tuesday, 1 June 2027, 18:45–19:15 (Asia/Kathmandu, UTC+05:45)"},
		{"universal time", "UTC", utc(time.June, 1, 13, 0), 30,
			"Tuesday, 1 June 2027, 13:00–13:30 (UTC, UTC+00:00)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := read(t, compose(t, at(c.start, c.minutes, c.zone, c.zone)).Raw)
			if got := entries(o.text, "When"); len(got) != 1 || got[0] != c.want {
				t.Errorf("got %q\nwant %q", got, c.want)
			}
		})
	}
}

// A zone that went out of use must not keep a mail back, and must not be guessed at.
func TestUnknownZoneIsShownInUTC(t *testing.T) {
	o := read(t, compose(t, at(noon.AddDate(0, 0, 9), 30, "Europe/Atlantis", "Local")).Raw)
	const want = "Tuesday, 1 December 2026, 12:00–12:30 (UTC, UTC+00:00)"
	if got := entries(o.text, "When"); len(got) != 1 || got[0] != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
