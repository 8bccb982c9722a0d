package telemetry

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"flashmentoring/internal/table"
)

// Metric is a metric as CloudWatch has it: its name, its unit, and the names of its dimensions, each of whose values is a
// word of a closed list.
type Metric struct {
	Name, Unit string
	Dimensions []string
}

// The metrics, all of them ([List]). What the table took is none: DynamoDB has it as a metric itself, and each line says what
// its invocation took.
var (
	mails           = Metric{"Mails", "Count", []string{"kind", "fate"}}             // each attempt
	lateness        = Metric{"LatenessSeconds", "Seconds", []string{"kind", "fate"}} // of those sent, behind what they tell of
	deadLetters     = Metric{"DeadLetters", "Count", nil}
	wakes           = Metric{"Wakes", "Count", nil}
	clockLateness   = Metric{"ClockLatenessSeconds", "Seconds", nil} // of wakes
	suppressions    = Metric{"SuppressedAddresses", "Count", []string{"reason"}}
	bookings        = Metric{"Bookings", "Count", []string{"status"}} // made: confirmed, requested or waitlisted
	refusals        = Metric{"Refusals", "Count", []string{"code"}}   // of the API and the pages
	commitConflicts = Metric{"Conflicts", "Count", nil}               // commits that were refused
	retries         = Metric{"Retries", "Count", nil}                 // use cases that decided again
)

// List are all metrics there are, for those who watch them.
func List() []Metric {
	return []Metric{
		mails, lateness, deadLetters, wakes, clockLateness, suppressions, bookings, refusals, commitConflicts, retries,
	}
}

// Metrics writes figures as log lines that CloudWatch makes metrics of ("Specification: Embedded metric format" in the
// Amazon CloudWatch user guide): no call, no client, no permission beside that to write logs.
//
//	{"level":"INFO","message":"metric","_aws":{…},"kind":"booking_confirmed","fate":"sent","Mails":1,"LatenessSeconds":2.1}
//
// A nil Metrics writes nothing. What the package comment says of lines holds for metrics too, and each value of a dimension is a metric of its own that
// is paid for: so all of them are words of short closed lists.
type Metrics struct {
	logger    *slog.Logger
	namespace string
	now       func() time.Time
}

// NewMetrics makes metrics below a namespace, written to a logger whatever its level.
func NewMetrics(logger *slog.Logger, namespace string, now func() time.Time) *Metrics {
	return &Metrics{logger, namespace, now}
}

// Fate is what became of a mail.
type Fate string

const (
	Sent       Fate = "sent"
	Suppressed Fate = "suppressed" // its reader's address takes none
	Refused    Fate = "refused"    // by the mail service, for good
	PutOff     Fate = "put_off"    // until later
	Dead       Fate = "dead"       // put aside after too many attempts
	Stale      Fate = "stale"      // a reminder that would have come too late
)

// MailSent counts a mail of a kind that was sent, so long after what it tells of.
func (m *Metrics) MailSent(kind string, late time.Duration) {
	m.write([]string{Word(kind), string(Sent)}, value{mails, 1}, value{lateness, max(late.Seconds(), 0)})
}

// Mail counts a mail of a kind that was not sent, at this attempt.
func (m *Metrics) Mail(kind string, fate Fate) {
	m.write([]string{Word(kind), string(fate)}, value{mails, 1})
}

// DeadLetter counts an event that was put aside. It has no dimensions: one alarm sees all.
func (m *Metrics) DeadLetter() { m.write(nil, value{deadLetters, 1}) }

// Woken counts a look at a slot that was planned, so long after the time it was planned for.
func (m *Metrics) Woken(late time.Duration) {
	m.write(nil, value{wakes, 1}, value{clockLateness, max(late.Seconds(), 0)})
}

// AddressSuppressed counts an address that takes no mail any more, for a reason.
func (m *Metrics) AddressSuppressed(reason string) {
	m.write([]string{Word(reason)}, value{suppressions, 1})
}

// Booked counts a booking that was made, with the status it has from the start.
func (m *Metrics) Booked(status string) { m.write([]string{Word(status)}, value{bookings, 1}) }

// Refused counts a request that was refused with a code.
func (m *Metrics) Refused(code string) { m.write([]string{Word(code)}, value{refusals, 1}) }

// contended counts what use cases met of each other, where they did.
func (m *Metrics) contended(used table.Usage) {
	if used.Conflicts > 0 || used.Retries > 0 {
		m.write(nil, value{commitConflicts, float64(used.Conflicts)}, value{retries, float64(used.Retries)})
	}
}

// longestWord is that of the error codes, ground_rules_not_accepted.
const longestWord = 25

// Word keeps what is no word of a list out of metrics and lines: an address, a name with a capital or a space, and an id, whose
// length alone is more than a word's. Such is told as "other".
func Word(s string) string {
	odd := func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '_' }
	if s == "" || len(s) > longestWord || strings.ContainsFunc(s, odd) {
		return "other"
	}
	return s
}

// value is what one metric is counted up by. Those of one call have the same dimensions.
type value struct {
	Metric
	number float64
}

// metadata says which members of a line are metrics and which are their dimensions.
type metadata struct {
	Timestamp         int64
	CloudWatchMetrics []directive
}

type directive struct {
	Namespace  string
	Dimensions [][]string
	Metrics    []definition
}

type definition struct{ Name, Unit string }

// write writes values whose dimensions have the values of.
func (m *Metrics) write(of []string, values ...value) {
	if m == nil {
		return
	}
	now := m.now()
	names := append([]string{}, values[0].Dimensions...) // an empty list, not none
	metrics, attrs := make([]definition, 0, len(values)), make([]slog.Attr, 0, len(names)+len(values))
	for i, name := range names {
		attrs = append(attrs, slog.String(name, of[i]))
	}
	for _, v := range values {
		metrics = append(metrics, definition{v.Name, v.Unit})
		attrs = append(attrs, slog.Float64(v.Name, v.number))
	}
	record := slog.NewRecord(now, slog.LevelInfo, "metric", 0)
	record.AddAttrs(slog.Any("_aws", metadata{now.UnixMilli(), []directive{{m.namespace, [][]string{names}, metrics}}}))
	record.AddAttrs(attrs...)
	// A line that cannot be written has nobody to be told.
	_ = m.logger.Handler().Handle(context.Background(), record)
}
