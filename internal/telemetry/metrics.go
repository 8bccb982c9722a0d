package telemetry

import (
	"context"
	"log/slog"
	"strings"
	"time"
)

// Metrics writes figures as log lines that CloudWatch makes metrics of ("Specification: Embedded metric format" in the
// Amazon CloudWatch user guide): no call, no client, no permission beside that to write logs.
//
//	{"level":"INFO","message":"metric","_aws":{…},"kind":"booking_confirmed","fate":"sent","Mails":1,"LatenessSeconds":2.1}
//
// What the package comment says of lines holds for metrics too, and each value of a dimension is a metric of its own that
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
	m.write(dimensions("kind", word(kind), "fate", string(Sent)),
		value{"Mails", "Count", 1}, value{"LatenessSeconds", "Seconds", max(late.Seconds(), 0)})
}

// Mail counts a mail of a kind that was not sent, at this attempt.
func (m *Metrics) Mail(kind string, fate Fate) {
	m.write(dimensions("kind", word(kind), "fate", string(fate)), value{"Mails", "Count", 1})
}

// DeadLetter counts an event that was put aside. It has no dimensions: one alarm sees all.
func (m *Metrics) DeadLetter() { m.write(nil, value{"DeadLetters", "Count", 1}) }

// Woken counts a look at a slot that was planned, so long after the time it was planned for.
func (m *Metrics) Woken(late time.Duration) {
	m.write(nil, value{"Wakes", "Count", 1}, value{"ClockLatenessSeconds", "Seconds", max(late.Seconds(), 0)})
}

// AddressSuppressed counts an address that takes no mail any more, for a reason.
func (m *Metrics) AddressSuppressed(reason string) {
	m.write(dimensions("reason", word(reason)), value{"SuppressedAddresses", "Count", 1})
}

// word keeps what is no word of a list out of the metrics: an address, a name with a capital or a space, and an id, whose
// length alone is more than this.
func word(s string) string {
	odd := func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '_' }
	if s == "" || len(s) > 24 || strings.ContainsFunc(s, odd) {
		return "other"
	}
	return s
}

type value struct {
	Name, Unit string
	Number     float64
}

func dimensions(pairs ...string) (attrs []slog.Attr) {
	for i := 0; i < len(pairs); i += 2 {
		attrs = append(attrs, slog.String(pairs[i], pairs[i+1]))
	}
	return attrs
}

// metadata says which members of a line are metrics and which are their dimensions.
type metadata struct {
	Timestamp         int64
	CloudWatchMetrics []directive
}

type directive struct {
	Namespace  string
	Dimensions [][]string
	Metrics    []metric
}

type metric struct{ Name, Unit string }

func (m *Metrics) write(dimensions []slog.Attr, values ...value) {
	now := m.now()
	names, metrics, attrs := []string{}, []metric{}, dimensions
	for _, d := range dimensions {
		names = append(names, d.Key)
	}
	for _, v := range values {
		metrics = append(metrics, metric{v.Name, v.Unit})
		attrs = append(attrs, slog.Float64(v.Name, v.Number))
	}
	record := slog.NewRecord(now, slog.LevelInfo, "metric", 0)
	record.AddAttrs(slog.Any("_aws", metadata{now.UnixMilli(), []directive{{m.namespace, [][]string{names}, metrics}}}))
	record.AddAttrs(attrs...)
	// A line that cannot be written has nobody to be told.
	_ = m.logger.Handler().Handle(context.Background(), record)
}
