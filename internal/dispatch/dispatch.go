// Package dispatch handles what the outbox holds: it brings projections up to date and sends the mail.
//
// A use case commits an event with its effect. Two functions wake this package for it. The mailer is
// called by the table's stream within moments ([Dispatcher.Stream]); the clock looks every minute for
// what the stream missed or what was put off ([Dispatcher.Tick]). Both do the same: read the row, decide
// from the state as it is now who must be told, send each message under a claim in the ledger, and drop
// the row when all of them are recorded.
//
// The promise is every message at least once, at most one extra copy per crash, and none without a fault.
// What fails is put off with growing pauses and in the end put aside among the dead letters, from where a
// person can have it tried again, so that one bad row or a mail service that is down never holds up the
// rest.
//
// Messages go through a valve (valve.go), which keeps to the rate and the quota of the account, lets
// transactional mail go first, and closes while the account is paused (breaker.go).
package dispatch

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mail"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
	"flashmentoring/internal/telemetry"
)

// Sender hands a message to the mail service and returns what the service calls it.
type Sender interface {
	Send(ctx context.Context, m mail.Message) (providerID string, err error)
}

// Config is what a Dispatcher works with.
type Config struct {
	Desk     *desk.Desk
	Composer *mail.Composer
	Sender   Sender
	// Account asks what the mail service allows at present.
	Account func(context.Context) (mail.Account, error)
	// Jitter draws a random part of a duration, which is more than nothing.
	Jitter  func(time.Duration) time.Duration
	Pace    Pace
	Metrics *telemetry.Metrics
	Log     *slog.Logger
}

// Dispatcher handles outbox rows. It is safe for concurrent use, by any number of processes.
type Dispatcher struct {
	Config
	valve *valve
}

// New makes a Dispatcher.
func New(c Config) *Dispatcher { return &Dispatcher{c, newValve(c)} }

const (
	// lease is how long a message belongs to who claimed it: longer than either function may run.
	lease = 2 * time.Minute
	// maxAttempts is after how many failures a row is parked: after 32 hours on average, with the pauses.
	maxAttempts = 72
	firstPause  = 15 * time.Second
	maxPause    = time.Hour
	// spread is the time over which rows come back that were put off until the same moment.
	spread = time.Minute
)

var (
	// errElsewhere says that somebody else is at work on a part of the row.
	errElsewhere = errors.New("being handled elsewhere")
	// errTooMany says that a message waits for the next day, because its reader has had those of this one.
	errTooMany = errors.New("reader has had the mails of the day")
	// errUnknownEvent says that a row is from a later version. One that is being deployed will know it.
	errUnknownEvent = errors.New("no handling for this kind of event in this version")
	// errPanicked says that handling a row panicked. It must not end the process, which would meet the row again each time.
	errPanicked = errors.New("panicked")
)

// causes are errors whose texts say nothing of anybody.
var causes = []error{
	errElsewhere, errTooMany, errPanicked, desk.ErrDamaged, desk.ErrLater, mentoring.ErrTorn,
	mail.ErrRefused, mail.ErrPaused, mail.ErrThrottled, mail.ErrKind, mail.ErrAddress, mail.ErrID, errUnknownEvent,
}

// Handle does what an outbox row asks for, if it is still there and due. A failure is recorded in the row
// itself; the error returned is only for when not even that was possible, and the caller should come
// again.
func (x *Dispatcher) Handle(ctx context.Context, key table.Key) error {
	row, err := x.Desk.OutboxRow(ctx, key)
	if errors.Is(err, desk.ErrDamaged) {
		return x.park(ctx, row, err)
	}
	if err != nil || row == nil || row.Due.After(x.Desk.Now()) {
		return err
	}
	telemetry.Count(ctx, "rows", 1)
	switch err = x.surviving(ctx, row, func() error { return x.work(ctx, row) }); {
	case err == nil:
		return x.Desk.Handled(ctx, row)
	case ctx.Err() != nil:
		return ctx.Err()
	case every(err, isElsewhere):
		return nil // whoever it is drops the row, or the clock comes back for it
	case every(err, mail.Final), row.Attempts+1 >= maxAttempts && !waits(err):
		return x.park(ctx, row, err)
	}
	return x.putOff(ctx, row, err)
}

// park puts a row aside for good. The alarm comes first: rather one too many than a dead letter without.
func (x *Dispatcher) park(ctx context.Context, row *desk.Row, why error) error {
	x.Metrics.DeadLetter()
	if err := x.Desk.Park(ctx, row, row.Attempts+1, failures(why)); err != nil {
		return settled(err)
	}
	x.Log.ErrorContext(ctx, "outbox row parked", "event", told(row.Event.Kind, why), "attempts", row.Attempts+1, telemetry.Cause(why, causes...))
	telemetry.Count(ctx, "parked", 1)
	x.countFates(why, telemetry.Dead)
	return nil
}

// countFates counts the messages among what failed, but for those that were counted when they were refused.
func (x *Dispatcher) countFates(why error, fate telemetry.Fate) {
	for _, e := range parts(why) {
		if n := new(noticeError); errors.As(e, &n) && !mail.Final(e) && !isElsewhere(e) {
			x.Metrics.Mail(string(n.kind), fate)
		}
	}
}

// putOff moves a row to a later time: by a random part of a pause that grows with each attempt, so that rows which failed
// together do not come back together, or to when the valve lets messages out again. To the next day only where nothing of it
// may go today.
func (x *Dispatcher) putOff(ctx context.Context, row *desk.Row, why error) error {
	attempts, sooner := row.Attempts, soonest(why)
	if !waits(sooner) {
		attempts++
	}
	until := x.Desk.Now().Add(x.Jitter(pause(row.Attempts + 1)))
	if h := new(held); errors.As(sooner, &h) {
		until = h.until.Add(x.Jitter(spread))
	}
	x.Log.WarnContext(ctx, "outbox row put off", "event", told(row.Event.Kind, why), "attempts", attempts, telemetry.Cause(why, causes...))
	telemetry.Count(ctx, "putOff", 1)
	x.countFates(why, telemetry.PutOff)
	return settled(x.Desk.Postpone(ctx, row, until, attempts))
}

func isElsewhere(err error) bool { return errors.Is(err, errElsewhere) }

// pause is the longest a row waits after so many attempts.
func pause(attempts int) time.Duration {
	if attempts > 8 {
		return maxPause
	}
	return min(firstPause<<max(attempts-1, 0), maxPause)
}

// settled forgives that the row was moved or dropped by somebody else first.
func settled(err error) error {
	if refused := new(table.Refusal); errors.As(err, &refused) && !refused.Has(table.Throttled) {
		return nil
	}
	return err
}

// told is what the log says of an event that could not be handled. A kind that this version does not know is whatever a row
// says.
func told(k mentoring.EventKind, why error) string {
	if errors.Is(why, errUnknownEvent) {
		return "unknown"
	}
	return string(k)
}

// surviving makes an error of a panic.
func (x *Dispatcher) surviving(ctx context.Context, row *desk.Row, work func() error) (err error) {
	defer func() {
		if panicked := recover(); panicked != nil {
			x.Log.LogAttrs(ctx, slog.LevelError, "panicked",
				append(telemetry.Panic(panicked), slog.String("event", string(row.Event.Kind)))...)
			err = errPanicked
		}
	}()
	return work()
}

func (x *Dispatcher) work(ctx context.Context, row *desk.Row) error {
	switch e := row.Event; e.Kind {
	case mentoring.PersonChanged:
		return x.Desk.FollowPerson(ctx, e.Person, e.Hops)
	case mentoring.PersonErased:
		return x.Desk.Leave(ctx, e.Person, e.At)
	case mentoring.PersonForgotten:
		return x.Desk.Forget(ctx, e.Person, e.At.Add(-mentoring.ForgetAfter))
	case mentoring.PersonArrived:
		return x.Desk.Meet(ctx, e.Person)
	case mentoring.BookingMade, mentoring.BookingPromoted, mentoring.BookingApproved, mentoring.BookingMoved, mentoring.BookingEnded,
		mentoring.BookingConflicted, mentoring.SlotChanged, mentoring.SlotEnded, mentoring.SlotUnfilled, mentoring.StrikeCounted,
		mentoring.DayBefore, mentoring.HourBefore, mentoring.RequestExpiresSoon:
		return errors.Join(x.tend(ctx, e), x.count(ctx, e), x.tell(ctx, row))
	case mentoring.SessionEnded, mentoring.SurveyReminderDue, mentoring.OutcomeDue, mentoring.SurveyAnswered,
		mentoring.AttendanceSaid, mentoring.SurveysClosed, mentoring.BookingDebriefed, mentoring.TasksChanged, mentoring.TaskDue:
		return errors.Join(x.count(ctx, e), x.tell(ctx, row)) // no seat changes any more
	}
	return fmt.Errorf("%w: %q", errUnknownEvent, row.Event.Kind)
}

// tend sees to the slots of an event: what the change made possible for those who wait, and what browsing shows.
func (x *Dispatcher) tend(ctx context.Context, e mentoring.Event) (failed error) {
	for _, slot := range []mentoring.SlotID{e.Slot, e.From} {
		if slot != "" {
			failed = errors.Join(failed, x.Desk.Tend(ctx, slot, time.Time{}), x.Desk.TendMonth(ctx, slot, e.Was))
		}
	}
	return failed
}

// count has the programme's report count what an event is about.
func (x *Dispatcher) count(ctx context.Context, e mentoring.Event) error {
	if !e.Kind.Counted() {
		return nil
	}
	return x.Desk.RecordFacts(ctx, e)
}

// tell sends all notices of an event. One that fails does not keep the others back.
func (x *Dispatcher) tell(ctx context.Context, row *desk.Row) error {
	notices, stale, err := x.Desk.Notices(ctx, row.Event)
	if stale != "" {
		x.Metrics.Mail(string(stale), telemetry.Stale)
	}
	for _, n := range notices {
		failed := x.surviving(ctx, row, func() error { return x.send(ctx, row, n) })
		if failed != nil {
			err = errors.Join(err, &noticeError{n.Kind, n.Role, failed})
		}
	}
	return err
}

// send sends one notice, unless it was sent before or is not to be sent.
func (x *Dispatcher) send(ctx context.Context, row *desk.Row, n mentoring.Notice) error {
	probe, err := x.valve.admit(ctx, n.Kind)
	if err != nil {
		return err
	}
	claim, err := x.Desk.ClaimMessage(ctx, n, row.Round, lease)
	if err != nil {
		x.valve.unused(probe)
		return x.unclaimed(n, err)
	}
	providerID, err := x.hand(ctx, n)
	x.valve.learn(err, probe)
	return x.record(ctx, row, n, claim, providerID, err)
}

// unclaimed is what keeps a notice from being sent where it could not be claimed, nil where nothing is to be sent.
func (x *Dispatcher) unclaimed(n mentoring.Notice, err error) error {
	switch tooMany := new(desk.TooManyMails); {
	case errors.As(err, &tooMany):
		return &held{tooMany.Until, errTooMany}
	case errors.Is(err, desk.ErrSettled):
		return nil
	case errors.Is(err, desk.ErrSuppressed):
		x.Metrics.Mail(string(n.Kind), telemetry.Suppressed)
		return nil
	case errors.Is(err, desk.ErrRefused):
		return fmt.Errorf("%w: earlier", mail.ErrRefused)
	case errors.Is(err, desk.ErrClaimed):
		return errElsewhere
	}
	return err
}

// record puts in the ledger what became of a claimed notice, and returns what kept it from being sent.
func (x *Dispatcher) record(ctx context.Context, row *desk.Row, n mentoring.Notice, c desk.Claim, providerID string, err error) error {
	switch {
	case err == nil:
		x.Log.InfoContext(ctx, "mail sent", "kind", n.Kind, "role", n.Role)
		telemetry.Count(ctx, "mails", 1)
		x.Metrics.MailSent(string(n.Kind), x.Desk.Now().Sub(row.Event.At))
		return x.Desk.Sent(ctx, c, providerID)
	case mail.Final(err):
		x.Metrics.Mail(string(n.Kind), telemetry.Refused)
		return errors.Join(err, x.Desk.Refused(ctx, c, reason(err)))
	}
	return errors.Join(err, x.Desk.Release(ctx, c))
}

// hand composes the message and hands it to the mail service.
func (x *Dispatcher) hand(ctx context.Context, n mentoring.Notice) (providerID string, err error) {
	message, err := x.Composer.Compose(n, messageID(n), x.Desk.Now())
	if err != nil {
		return "", fmt.Errorf("compose %s: %w", n.Kind, err)
	}
	return x.Sender.Send(ctx, message)
}

// messageID is the same for every copy of a message. SES replaces it on the way out (Amazon SES developer guide, "Amazon
// SES header fields"), so only those who read what was handed over can tell a copy by it.
func messageID(n mentoring.Notice) string {
	subject := string(n.Booking.ID)
	if subject == "" {
		subject = string(n.Slot.ID)
	}
	return subject + "." + strings.ReplaceAll(n.Name(), "#", ".")
}
