package dispatch

import (
	"errors"
	"slices"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mail"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
)

// noticeError is what kept one message from being sent.
type noticeError struct {
	kind mentoring.NoticeKind
	role mentoring.Role
	err  error
}

func (e *noticeError) Error() string { return string(e.kind) + ": " + e.err.Error() }
func (e *noticeError) Unwrap() error { return e.err }

// parts are the errors that were joined into one.
func parts(err error) []error {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return []error{err}
	}
	var all []error
	for _, e := range joined.Unwrap() {
		all = append(all, parts(e)...)
	}
	return all
}

// every reports whether all the errors that were joined into one are of a kind: a row is only as hopeless as the most
// hopeful of its messages.
func every(err error, is func(error) bool) bool {
	return !slices.ContainsFunc(parts(err), func(e error) bool { return !is(e) })
}

// waits reports whether the mail service, its quota, or the reader's, keeps something waiting. No message is at fault then, so
// none is given up for it.
func waits(err error) bool {
	return errors.Is(err, mail.ErrPaused) || errors.Is(err, mail.ErrThrottled) || errors.Is(err, errTooMany)
}

// soonest is what failed without what waits for the next day and what is settled, unless there is nothing else: a reader who
// has had the mails of the day does not hold up the others of the same row.
func soonest(err error) error {
	today := slices.DeleteFunc(parts(err), func(e error) bool { return errors.Is(e, errTooMany) || mail.Final(e) })
	if len(today) == 0 {
		return err
	}
	return errors.Join(today...)
}

// failures say what could not be done, in codes that are safe to store and to show.
func failures(err error) []desk.Failure {
	var all []desk.Failure
	for _, e := range parts(err) {
		f := desk.Failure{Reason: reason(e)}
		if n := new(noticeError); errors.As(e, &n) {
			f.Kind, f.Role = n.kind, n.role
		}
		all = append(all, f)
	}
	return all
}

// reason is the code of an error.
func reason(err error) string {
	switch {
	case errors.Is(err, desk.ErrDamaged):
		return "damaged"
	case errors.Is(err, mail.ErrRefused):
		return "refused"
	case mail.Final(err):
		return "not_composable"
	case errors.Is(err, errUnknownEvent):
		return "unknown_event"
	case errors.Is(err, errPanicked):
		return "panicked"
	case errors.Is(err, mail.ErrPaused):
		return "paused"
	case errors.Is(err, mail.ErrThrottled):
		return "throttled"
	case errors.Is(err, table.ErrUnavailable), errors.As(err, new(*table.Refusal)):
		return "storage"
	}
	return "failed"
}
