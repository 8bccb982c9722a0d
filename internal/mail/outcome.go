package mail

import (
	"errors"

	"flashmentoring/internal/calendar"
)

// What a mail service says of a message it does not take. Senders return errors that match one of these where the
// service said so; after any other error the message may have gone out.
var (
	// ErrRefused: it will never take this message, which is malformed, too large, or holds what it does not carry.
	ErrRefused = errors.New("mail service refuses the message")
	// ErrPaused: it takes no message of ours until somebody sets something right. Sending is paused or the account
	// suspended, the sender is not verified (or, in the sandbox of SES, the reader is not), or a setting is missing.
	ErrPaused = errors.New("mail service takes no messages at present")
	// ErrThrottled: we send too fast, or have used up the day's quota.
	ErrThrottled = errors.New("mail service asks to slow down")
)

// Final reports whether a later attempt at the same message cannot do better: the service refuses it, or it cannot be
// composed.
func Final(err error) bool {
	for _, final := range []error{ErrRefused, ErrKind, ErrAddress, ErrID, calendar.ErrEntry} {
		if errors.Is(err, final) {
			return true
		}
	}
	return false
}
