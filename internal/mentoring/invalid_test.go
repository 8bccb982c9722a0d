package mentoring_test

import (
	"errors"
	"strings"
	"testing"

	"flashmentoring/internal/mentoring"
)

// A refusal for the state says what can be done, or that nothing can.
func TestAWrongStateSaysWhatCanBeDone(t *testing.T) {
	w := newWorld(t, edda(), rana())
	slot := w.slot(edda(), wide(1))
	id := w.book(rana(), slot)
	says := func(want string) {
		t.Helper()
		_, err := w.do(slot, w.decline(id, edda().ID))
		refused := new(mentoring.Error)
		if !errors.As(err, &refused) || refused.Code != mentoring.InvalidTransition ||
			!strings.Contains(refused.Detail, want) || (len(refused.Allowed) == 0) != strings.Contains(want, "nothing") {
			t.Errorf("declining: %v, allowed %v; want one that says %q", err, refused.Allowed, want)
		}
	}
	says("allowed says")
	if _, err := w.do(slot, w.cancel(id, edda().ID)); err != nil {
		t.Fatal(err)
	}
	says("nothing you can do")
}
