package dispatch

import (
	"errors"
	"fmt"
	"testing"

	"flashmentoring/internal/mail"
)

// A row comes back for the first of its messages that may go: for none that is settled, and for those of the next day only
// where there are no others.
func TestSoonest(t *testing.T) {
	tomorrow, down := &held{cause: errTooMany}, errors.New("down")
	paused, refused := &held{cause: mail.ErrPaused}, fmt.Errorf("%w: earlier", mail.ErrRefused)
	for name, tc := range map[string]struct{ failed, want error }{
		"one for tomorrow":                       {tomorrow, tomorrow},
		"one down":                               {down, down},
		"one down, one for tomorrow":             {errors.Join(tomorrow, down), down},
		"one held, one for tomorrow":             {errors.Join(tomorrow, paused), paused},
		"one refused for good, one for tomorrow": {errors.Join(refused, tomorrow), errors.Join(refused, tomorrow)},
		"all of them":                            {errors.Join(refused, tomorrow, paused, down), errors.Join(paused, down)},
	} {
		if got := soonest(tc.failed); got.Error() != tc.want.Error() {
			t.Errorf("%s: %v, want %v", name, got, tc.want)
		}
	}
}
