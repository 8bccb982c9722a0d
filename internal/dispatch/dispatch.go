// Package dispatch handles what the outbox holds: it brings projections up to date and sends the mail.
//
// A use case commits an event with its effect. Two functions wake this package for it. The mailer is
// called by the table's stream within moments ([Dispatcher.Stream]); the clock looks every minute for
// what the stream missed or what was put off ([Dispatcher.Tick]). Both do the same: read the row, decide
// from the state as it is now who must be told, send each message under a claim in the ledger, and drop
// the row when all of them are recorded.
//
// The promise is every message at least once, at most one extra copy per crash, and none without a fault.
// What fails is put off with growing pauses and in the end parked, so that one bad row or a mail service
// that is down never holds up the rest.
package dispatch

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mail"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
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
	Log      *slog.Logger
}

// Dispatcher handles outbox rows. It is safe for concurrent use, by any number of processes.
type Dispatcher struct{ Config }

// New makes a Dispatcher.
func New(c Config) *Dispatcher { return &Dispatcher{c} }

const (
	// lease is how long a message belongs to who claimed it: longer than either function may run.
	lease = 2 * time.Minute
	// maxAttempts is after how many failures a row is parked: 32 hours, with the pauses.
	maxAttempts = 40
	firstPause  = 15 * time.Second
	maxPause    = time.Hour
)

// errElsewhere says that somebody else is at work on a part of the row.
var errElsewhere = errors.New("being handled elsewhere")

// Handle does what an outbox row asks for, if it is still there and due. A failure is recorded in the row
// itself; the error returned is only for when not even that was possible, and the caller should come
// again.
func (x *Dispatcher) Handle(ctx context.Context, key table.Key) error {
	row, err := x.Desk.OutboxRow(ctx, key)
	if errors.Is(err, desk.ErrDamaged) {
		x.Log.ErrorContext(ctx, "outbox row parked", "reason", "damaged")
		return settled(x.Desk.Park(ctx, row))
	}
	if err != nil || row == nil || row.Due.After(x.Desk.Now()) {
		return err
	}
	err = x.work(ctx, row.Event)
	switch {
	case err == nil:
		return x.Desk.Handled(ctx, row)
	case ctx.Err() != nil:
		return ctx.Err()
	case every(err, isElsewhere):
		return nil // whoever it is drops the row, or the clock comes back for it
	case every(err, mail.Final), row.Attempts+1 >= maxAttempts:
		x.Log.ErrorContext(ctx, "outbox row parked", "event", row.Event.Kind, "attempts", row.Attempts+1, "error", err)
		return settled(x.Desk.Park(ctx, row))
	}
	attempts := row.Attempts + 1
	if errors.Is(err, mail.ErrPaused) {
		attempts = row.Attempts // the message is not at fault: it waits as long as it takes
	}
	x.Log.WarnContext(ctx, "outbox row put off", "event", row.Event.Kind, "attempts", attempts, "error", err)
	return settled(x.Desk.Postpone(ctx, row, x.Desk.Now().Add(pause(attempts)), attempts))
}

func isElsewhere(err error) bool { return errors.Is(err, errElsewhere) }

// every reports whether all the errors that were joined into one are of a kind: a row is only as hopeless as the most
// hopeful of its messages.
func every(err error, is func(error) bool) bool {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return !slices.ContainsFunc(joined.Unwrap(), func(e error) bool { return !every(e, is) })
	}
	return is(err)
}

// pause grows with each attempt. Rows do not fail in step, so it needs no jitter.
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

func (x *Dispatcher) work(ctx context.Context, e mentoring.Event) error {
	switch e.Kind {
	case mentoring.BookingMade, mentoring.BookingEnded:
		return errors.Join(x.Desk.Refresh(ctx, e.Slot), x.tell(ctx, e))
	case mentoring.PersonChanged:
		return x.Desk.FollowPerson(ctx, e.Person)
	}
	return fmt.Errorf("no handling for events of kind %q in this version", e.Kind)
}

// tell sends all notices of an event. One that fails does not keep the others back.
func (x *Dispatcher) tell(ctx context.Context, e mentoring.Event) error {
	notices, err := x.Desk.Notices(ctx, e)
	for _, n := range notices {
		err = errors.Join(err, x.send(ctx, n))
	}
	return err
}

// send sends one notice, unless it was sent before.
func (x *Dispatcher) send(ctx context.Context, n mentoring.Notice) error {
	claim, err := x.Desk.ClaimMessage(ctx, n, lease)
	switch {
	case errors.Is(err, desk.ErrSent):
		return nil
	case errors.Is(err, desk.ErrClaimed):
		return errElsewhere
	case err != nil:
		return err
	}
	providerID, err := x.hand(ctx, n)
	if err != nil {
		return errors.Join(err, x.Desk.Release(ctx, claim))
	}
	x.Log.InfoContext(ctx, "mail sent", "kind", n.Kind, "role", n.Role)
	return x.Desk.Sent(ctx, claim, providerID)
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
	return fmt.Sprintf("%s.%s.%d.%s", n.Booking.ID, n.Kind, n.Booking.Version, n.Role)
}
