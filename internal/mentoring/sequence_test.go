package mentoring_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"flashmentoring/internal/mentoring"
)

func TestNoSequenceBreaksARule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { t.Repeat(newLife(t, false).steps()) })
}

// Whatever a use case read while others wrote, the versions of what it writes keep the rules.
func TestNoRaceBreaksARule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { t.Repeat(newLife(t, true).steps()) })
}

// The properties above must not hold because nothing ever happens: of lives like theirs, with fixed seeds, few are enough to
// hear every answer, tell of everything and lose races.
func TestSequencesReachEverything(t *testing.T) {
	lives := rapid.Custom(func(t *rapid.T) *life {
		l := newLife(t, rapid.Bool().Draw(t, "restless"))
		l.live(t, 150)
		l.lookAfter(t)
		l.outlive(t, 40)
		l.check(true)
		return l
	})
	missing := map[string]bool{"lost a race": true}
	for _, code := range heardCodes {
		missing["answer "+string(code)] = true
	}
	for _, kind := range decidedKinds {
		missing["message "+string(kind)] = true
	}
	for seed := 0; seed < 60 && len(missing) > 0; seed++ {
		l := lives.Example(seed)
		for code := range l.answered {
			delete(missing, "answer "+string(code))
		}
		for kind := range l.mailbox.kinds {
			delete(missing, "message "+string(kind))
		}
		if l.lost > 0 {
			delete(missing, "lost a race")
		}
	}
	if len(missing) > 0 {
		t.Errorf("never: %v", slices.Sorted(maps.Keys(missing)))
	}
}

// heardCodes are the answers that lives can give.
var heardCodes = []mentoring.Code{
	"", mentoring.NotFound, mentoring.Forbidden, mentoring.InvalidField, mentoring.OverlappingSession, mentoring.ActiveLimitReached,
	mentoring.SlotFull, mentoring.OwnSlot, mentoring.AlreadyBooked, mentoring.TooLateToBook, mentoring.TooLateToCancel,
	mentoring.InvalidTransition, mentoring.ConflictOfInterest, mentoring.ExpertPaused, mentoring.ExpertCapReached,
	mentoring.CalledOff, mentoring.NoLongerOpen, mentoring.ParticipantsBusy, mentoring.SurveyClosed,
}

// decidedKinds are the messages that events bring. Reminders are time's.
var decidedKinds = []mentoring.NoticeKind{
	mentoring.BookingConfirmed, mentoring.BookingRequested, mentoring.BookingDeclined, mentoring.RequestExpired,
	mentoring.BookingWaiting, mentoring.WaitlistPromoted, mentoring.MovedNotice, mentoring.BookingCancelled,
	mentoring.SlotChangedNotice, mentoring.ConflictFound, mentoring.SlotUnfilledNotice, mentoring.StrikeGiven,
	mentoring.SurveyPulse, mentoring.NotHeld, mentoring.NoteForExpert, mentoring.InTouchNotice, mentoring.ActionDue, mentoring.SessionClosed,
}

// The control of the property before: where the last to write wins, lives like these break rules.
func TestRacesBreakRulesWithoutVersions(t *testing.T) {
	lives := rapid.Custom(func(t *rapid.T) (broken string) {
		l := newLife(t, true)
		l.unprotected, l.t = true, breaker{}
		defer func() {
			what := recover()
			if b, is := what.(brokenRule); is {
				broken = string(b)
			} else if what != nil {
				panic(what)
			}
		}()
		l.live(t, 100)
		return ""
	})
	for seed := range 20 {
		if broken := lives.Example(seed); broken != "" {
			t.Logf("seed %d: %.200s", seed, broken)
			return
		}
	}
	t.Error("twenty restless lives broke no rule")
}

// breaker is a test that ends at the first broken rule, and is not failed by it.
type breaker struct{}

type brokenRule string

func (breaker) Helper() {}

func (breaker) Fatalf(format string, args ...any) { panic(brokenRule(fmt.Sprintf(format, args...))) }
