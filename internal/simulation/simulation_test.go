package simulation_test

import (
	"fmt"
	"maps"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/simulation"
)

// TestMain has the garbage of thousands of small worlds collected less often.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	m.Run()
}

// number reads how much of something a test does from the environment.
func number(t *testing.T, variable string, short int) int {
	t.Helper()
	text := os.Getenv(variable)
	if text == "" {
		return short
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		t.Fatalf("%s=%s is not a number", variable, text)
	}
	return n
}

// failed tells of a seed that broke a rule, and how to see it again.
func failed(t *testing.T, seed uint64, o simulation.Outcome) {
	t.Helper()
	t.Errorf("seed %d: %s\nthe last that happened:\n%s\nagain, with all that happens: SEED=%d go test -run Seeds -v ./internal/simulation",
		seed, o.Violation, strings.Join(o.Last[max(0, len(o.Last)-60):], "\n"), seed)
}

// Weeks of a programme with everything that can go wrong, a thousand times: no rule is ever broken, and in the end
// everybody was told, and every count is a recount. FROM= is the first seed, SEEDS= is how many, SEED= plays a single one.
func TestSeeds(t *testing.T) {
	if text := os.Getenv("SEED"); text != "" {
		seed := uint64(number(t, "SEED", 0))
		o := simulation.Run(t, seed, simulation.Options{Trace: func(line string) { t.Log(line) }})
		t.Logf("hash %x, %v, refused %v, mails %v", o.Hash, o.Counts, o.Refused, o.Kinds)
		if o.Violation != "" {
			failed(t, seed, o)
		}
		return
	}
	first, seeds := number(t, "FROM", 0), number(t, "SEEDS", seedsByDefault)
	var mu sync.Mutex
	all := tally{counts: map[string]int{}, refused: map[mentoring.Code]int{}, kinds: map[mentoring.NoticeKind]int{}}
	t.Run("all", func(t *testing.T) {
		for worker := range runtime.GOMAXPROCS(0) {
			t.Run(fmt.Sprint("worker ", worker), func(t *testing.T) {
				t.Parallel()
				for n := worker; n < seeds; n += runtime.GOMAXPROCS(0) {
					seed := uint64(first + n)
					o := simulation.Run(t, seed, simulation.Options{})
					mu.Lock()
					all.add(o)
					mu.Unlock()
					if o.Violation != "" {
						failed(t, seed, o)
						return // one is enough
					}
				}
			})
		}
	})
	t.Logf("figure SIM: %d seeds: %s", seeds, all)
	t.Logf("refused %v\nmails %v", all.refused, all.kinds)
	if seeds >= 1000 && !t.Failed() {
		all.check(t)
	}
}

// tally adds up what happened in many simulations.
type tally struct {
	counts  map[string]int
	refused map[mentoring.Code]int
	kinds   map[mentoring.NoticeKind]int
}

func (a tally) add(o simulation.Outcome) {
	for name, n := range o.Counts {
		a.counts[name] += n
	}
	for code, n := range o.Refused {
		a.refused[code] += n
	}
	for kind, n := range o.Kinds {
		a.kinds[kind] += n
	}
}

func (a tally) String() string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(a.counts)) {
		parts = append(parts, fmt.Sprint(a.counts[name], " ", name))
	}
	return strings.Join(parts, ", ")
}

// check wants something of everything to have happened, or nothing was put to the test: every kind of mail, every kind of fault,
// and every refusal that a race could get wrong.
func (a tally) check(t *testing.T) {
	t.Helper()
	for _, name := range []string{"bookings", "mails", "kills", "conflicts", "throttles", "lost replies", "unavailable", "failed reads", "extra copies", "dead letters"} {
		if a.counts[name] == 0 {
			t.Errorf("there were no %s", name)
		}
	}
	for _, code := range []mentoring.Code{
		mentoring.SlotFull, mentoring.NoLongerOpen, mentoring.CalledOff, mentoring.TooLateToBook, mentoring.TooLateToCancel,
		mentoring.AlreadyBooked, mentoring.OwnSlot, mentoring.OverlappingSession, mentoring.ConflictOfInterest, mentoring.ExpertPaused, mentoring.ExpertCapReached,
		mentoring.ActiveLimitReached, mentoring.InvalidTransition, mentoring.ParticipantsBusy, mentoring.Suspended, mentoring.SurveyClosed,
		mentoring.ProfileRequired, mentoring.ReliabilityCooldown,
	} {
		if a.refused[code] == 0 {
			t.Errorf("nobody was refused with %s", code)
		}
	}
	for _, kind := range []mentoring.NoticeKind{
		mentoring.BookingConfirmed, mentoring.BookingRequested, mentoring.BookingDeclined, mentoring.RequestExpiring, mentoring.RequestExpired,
		mentoring.BookingWaiting, mentoring.WaitlistPromoted, mentoring.MovedNotice, mentoring.BookingCancelled, mentoring.SlotChangedNotice,
		mentoring.ConflictFound, mentoring.SlotUnfilledNotice, mentoring.StrikeGiven, mentoring.Reminder24h, mentoring.Reminder1h,
		mentoring.SurveyPulse, mentoring.SurveyReminderNotice, mentoring.NotHeld, mentoring.NoteForExpert, mentoring.InTouchNotice,
		mentoring.ActionDue, mentoring.SurveyOutcome, mentoring.SessionClosed,
	} {
		if a.kinds[kind] == 0 {
			t.Errorf("no mail of the kind %s went out", kind)
		}
	}
}

// The same seed is the same simulation, step by step, also where others run beside it: or a failure could not be seen again.
func TestTheSameSeedIsTheSame(t *testing.T) {
	hashes := make([][2]uint64, sameSeeds)
	for round := range 2 {
		t.Run(fmt.Sprint("round ", round), func(t *testing.T) {
			for seed := range hashes {
				t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
					if round == 0 {
						t.Parallel()
					}
					hashes[seed][round] = simulation.Run(t, uint64(seed), simulation.Options{}).Hash
				})
			}
		})
	}
	seen := map[uint64]bool{}
	for seed, h := range hashes {
		if h[0] != h[1] {
			t.Errorf("seed %d: %x and then %x", seed, h[0], h[1])
		}
		if seen[h[0]] {
			t.Errorf("seed %d is another one again", seed)
		}
		seen[h[0]] = true
	}
}
