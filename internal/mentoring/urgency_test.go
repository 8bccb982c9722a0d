package mentoring_test

import (
	"testing"

	"flashmentoring/internal/mentoring"
)

func TestTransactional(t *testing.T) {
	for kind, want := range map[mentoring.NoticeKind]bool{
		mentoring.BookingConfirmed: true, mentoring.BookingCancelled: true, "of the future": true,
		"survey_pulse": false, "survey_reminder": false, "survey_outcome": false, "action_due": false,
	} {
		if got := kind.Transactional(); got != want {
			t.Errorf("%s: transactional %v", kind, got)
		}
	}
}
