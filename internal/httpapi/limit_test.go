package httpapi_test

import (
	"fmt"
	"math/big"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"flashmentoring/internal/httpapi"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
	"flashmentoring/internal/table/tabletest"
)

// machine is a machine's clock that moves when it is told to.
type machine struct{ at atomic.Int64 }

func newMachine() *machine {
	m := &machine{}
	m.at.Store(morning.UnixNano())
	return m
}

func (m *machine) now() time.Time          { return time.Unix(0, m.at.Load()).UTC() }
func (m *machine) advance(d time.Duration) { m.at.Add(int64(d)) }

// limited is a world with small limits on a clock of its own. The product's clock stands still, which changes nothing.
func limited(t testing.TB, writes, reads int, s setting) (*world, *machine) {
	m := newMachine()
	s.limits = &httpapi.Limits{WritesPerMinute: writes, ReadsPerMinute: reads, Now: m.now}
	return open(t, s), m
}

// waits stops the test unless the request was refused with so many seconds to wait.
func (r reply) waits(seconds int) {
	r.Helper()
	r.refused(http.StatusTooManyRequests, mentoring.RateLimited)
	if got := r.header.Get("Retry-After"); got != strconv.Itoa(seconds) {
		r.Fatalf("%s: Retry-After is %q, want %d", r.to, got, seconds)
	}
}

// TestRetryAfterIsTrue: waiting so long is enough, and one second less is not, whenever one asks.
func TestRetryAfterIsTrue(t *testing.T) {
	tests := map[string]struct {
		reads  int
		passed time.Duration // since the bucket was emptied
		wait   int
	}{
		"a token in 2 s, at once":             {30, 0, 2},
		"a token in 2 s, a moment later":      {30, time.Nanosecond, 2},
		"a token in 2 s, after one":           {30, time.Second, 1},
		"a token in 2 s, a moment before":     {30, 2*time.Second - time.Nanosecond, 1},
		"a token in a minute":                 {1, 0, 60},
		"a token in a minute, in its middle":  {1, 30*time.Second + time.Millisecond, 30},
		"no whole seconds: a token in 60/7 s": {7, 0, 9},
		"less than a second":                  {300, 0, 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			w, clock := limited(t, 1, test.reads, setting{door: asEvents})
			ben := w.person("ben")
			for range test.reads {
				ben.get("/v1/topics").expect(http.StatusOK)
			}
			clock.advance(test.passed)
			ben.get("/v1/topics").waits(test.wait)
			clock.advance(time.Duration(test.wait-1) * time.Second)
			ben.get("/v1/topics").waits(1)
			clock.advance(time.Second)
			ben.get("/v1/topics").expect(http.StatusOK)
		})
	}
}

// TestARefusalSaysWhatToDo, and is logged as what it is.
func TestARefusalSaysWhatToDo(t *testing.T) {
	w, _ := limited(t, 1, 1, setting{})
	ben := w.enrolled("ben")
	got := ben.put("/v1/me", enrolment("Ben"))
	got.waits(60)
	got.is("/problems/rate_limited", "type").is("Too many requests", "title").
		is("You have sent more than 1 writes a minute. Wait 60 s, then send the same request again.", "detail")
	if log := w.log.String(); !strings.Contains(log, `"status":429`) || !strings.Contains(log, `"code":"rate_limited"`) {
		t.Errorf("logged: %s", log)
	}
}

// TestEveryRouteHasALimit, and on every route a refusal is as the contract says, which the client sees to. HEAD reads.
func TestEveryRouteHasALimit(t *testing.T) {
	for _, route := range httpapi.Routes() {
		w, _ := limited(t, 1, 1, setting{})
		ben := w.person("ben")
		if route.Method == http.MethodGet {
			ben.send(http.MethodHead, "/v1/topics", nil).expect(http.StatusOK)
		} else {
			ben.put("/v1/me", enrolment("Ben")).expect(http.StatusOK)
		}
		path := somewhere.Replace(route.Pattern)
		ben.send(route.Method, path, "not even JSON").waits(60)
	}
}

// TestRefusedRequestsCostNoStorage.
func TestRefusedRequestsCostNoStorage(t *testing.T) {
	var storage *tabletest.Counting
	w, _ := limited(t, 1, 1, setting{wrap: func(engine table.Table) table.Table {
		storage = tabletest.NewCounting(engine)
		return storage
	}})
	ben := w.enrolled("ben")
	ben.get("/v1/me").expect(http.StatusOK)
	if storage.Usage() == (tabletest.Usage{}) {
		t.Fatal("what was answered cost nothing: nothing is counted")
	}
	storage.Reset()
	ben.put("/v1/me", enrolment("Ben")).waits(60)
	ben.post("/v1/slots", draft(48*time.Hour), key("k")).waits(60)
	ben.get("/v1/me").waits(60)
	ben.get("/v1/slots").waits(60)
	if used := storage.Usage(); used != (tabletest.Usage{}) {
		t.Errorf("refused requests cost %+v", used)
	}
}

// TestSendingAgainCounts: an answer that is remembered is a request like any other, and so is one that is refused for
// another reason.
func TestSendingAgainCounts(t *testing.T) {
	w, clock := limited(t, 4, 100, setting{})
	anna := w.enrolled("anna")
	first := anna.post("/v1/slots", draft(48*time.Hour), key("k")).expect(http.StatusCreated)
	anna.post("/v1/slots", "{", key("l")).expect(http.StatusBadRequest)
	anna.post("/v1/slots", draft(48*time.Hour), key("k")).expect(http.StatusCreated)
	anna.post("/v1/slots", draft(48*time.Hour), key("k")).waits(15)
	clock.advance(15 * time.Second)
	if again := anna.post("/v1/slots", draft(48*time.Hour), key("k")).expect(http.StatusCreated); again.id() != first.id() {
		t.Errorf("the answer after the wait is %s, and was %s", again.id(), first.id())
	}
}

// TestLimitsAreApart: between callers, and between reads and writes. Who has no token has no bucket.
func TestLimitsAreApart(t *testing.T) {
	w, _ := limited(t, 1, 2, setting{})
	anna, ben := w.enrolled("anna"), w.person("ben")
	anna.put("/v1/me", enrolment("Anna")).waits(60)
	anna.get("/v1/me").expect(http.StatusOK)
	anna.get("/v1/me").expect(http.StatusOK)
	anna.get("/v1/me").waits(30)
	ben.put("/v1/me", enrolment("Ben")).expect(http.StatusOK)
	ben.get("/v1/me").expect(http.StatusOK)
	for range 5 {
		w.person("").get("/v1/me").refused(http.StatusUnauthorized, mentoring.Unauthenticated)
	}
}

// TestTheProductsClockIsNotAsked: time travel gives nobody tokens.
func TestTheProductsClockIsNotAsked(t *testing.T) {
	w, clock := limited(t, 1, 1, setting{})
	ben := w.person("ben")
	ben.get("/v1/me").expect(http.StatusOK)
	w.advance(48 * time.Hour)
	ben.get("/v1/me").waits(60)
	clock.advance(time.Minute)
	ben.get("/v1/me").expect(http.StatusOK)
}

// TestLimitIsExactUnderConcurrency: of many at once as many get through as there are tokens.
func TestLimitIsExactUnderConcurrency(t *testing.T) {
	w, clock := limited(t, 1, 30, setting{door: overNetwork})
	ben := w.person("ben")
	for _, tokens := range []int{30, 5} {
		count := map[int]int{}
		for _, a := range together(100, func(int) reply { return ben.get("/v1/topics") }) {
			count[a.status]++
		}
		if count[http.StatusOK] != tokens || count[http.StatusTooManyRequests] != 100-tokens {
			t.Errorf("answers by status: %v, want %d of 100 let through", count, tokens)
		}
		clock.advance(10 * time.Second)
	}
}

// TestBucketsFillExactly compares with a bucket in whole numbers that forgets nothing, over many callers and any time
// between them.
func TestBucketsFillExactly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		clock := newMachine()
		writes, reads := rapid.IntRange(1, 50).Draw(t, "writes"), rapid.IntRange(1, 400).Draw(t, "reads")
		l := httpapi.NewLimiter(httpapi.Limits{WritesPerMinute: writes, ReadsPerMinute: reads, Now: clock.now})
		model := map[string]*wholeBucket{}
		for i := range rapid.IntRange(1, 40).Draw(t, "steps") {
			clock.advance(time.Millisecond * time.Duration(rapid.OneOf(
				rapid.IntRange(0, 3000), rapid.IntRange(59_990, 60_010), rapid.IntRange(0, 200_000)).Draw(t, "ms")))
			caller, write := rapid.SampledFrom([]string{"anna", "ben", "cleo"}).Draw(t, "caller"), rapid.Bool().Draw(t, "write")
			name, perMinute := fmt.Sprint(caller, write), reads
			if write {
				perMinute = writes
			}
			if model[name] == nil {
				model[name] = &wholeBucket{perMinute: int64(perMinute), tokens: minuteOf(perMinute), at: clock.now()}
			}
			for j := range rapid.OneOf(rapid.IntRange(1, 3), rapid.Just(perMinute+1)).Draw(t, "requests") {
				got, want := l.Admit(mentoring.PersonID(caller), write), model[name].admit(clock.now())
				if d := got - want; d < -time.Nanosecond || d > time.Nanosecond || (got == 0) != (want == 0) {
					t.Fatalf("step %d, request %d of %s: wait %v, want %v", i, j, name, got, want)
				}
			}
		}
	})
}

// wholeBucket counts in tokens times nanoseconds of a minute.
type wholeBucket struct {
	perMinute int64
	tokens    *big.Int
	at        time.Time
}

func minuteOf(n int) *big.Int {
	return new(big.Int).Mul(big.NewInt(int64(n)), big.NewInt(int64(time.Minute)))
}

func (b *wholeBucket) admit(now time.Time) time.Duration {
	b.tokens.Add(b.tokens, new(big.Int).Mul(big.NewInt(int64(now.Sub(b.at))), big.NewInt(b.perMinute)))
	if full := minuteOf(int(b.perMinute)); b.tokens.Cmp(full) > 0 {
		b.tokens = full
	}
	b.at = now
	left := new(big.Int).Sub(b.tokens, minuteOf(1))
	if left.Sign() >= 0 {
		b.tokens = left
		return 0
	}
	return time.Duration(new(big.Int).Quo(left.Neg(left), big.NewInt(b.perMinute)).Int64())
}

// TestBucketsAreForgotten: memory is bounded whoever calls, and callers of long ago cost none.
func TestBucketsAreForgotten(t *testing.T) {
	clock := newMachine()
	l := httpapi.NewLimiter(httpapi.Limits{WritesPerMinute: 1, ReadsPerMinute: 1, Now: clock.now})
	caller := func(i int) mentoring.PersonID { return mentoring.PersonID(fmt.Sprintf("per_%026d", i)) }
	for i := range 5 * httpapi.MaxBuckets {
		if l.Admit(caller(i), i%2 == 0) != 0 {
			t.Fatalf("caller %d was refused the first request", i)
		}
		if kept := l.Kept(); kept > 2*httpapi.MaxBuckets {
			t.Fatalf("%d buckets are kept", kept)
		}
	}
	if last := 5*httpapi.MaxBuckets - 1; l.Admit(caller(last), last%2 == 0) == 0 {
		t.Error("the last caller's bucket was forgotten with the first ones'")
	}
	for range 2 {
		clock.advance(time.Minute)
		l.Admit("somebody", false)
	}
	if kept := l.Kept(); kept != 2 {
		t.Errorf("after two quiet minutes %d buckets are kept, want the one in use, in both generations", kept)
	}
}

// TestAMinuteIsNotForgotten: while others come and go, a bucket that is not full yet is kept, whenever it was emptied.
func TestAMinuteIsNotForgotten(t *testing.T) {
	for _, emptied := range []int{0, 1, 30, 59, 60, 61} {
		clock := newMachine()
		l := httpapi.NewLimiter(httpapi.Limits{WritesPerMinute: 100, ReadsPerMinute: 1, Now: clock.now})
		for second := range emptied + 60 {
			l.Admit("others", true)
			if second == emptied {
				l.Admit("ben", false)
			}
			clock.advance(time.Second)
		}
		clock.advance(-time.Second)
		if wait := l.Admit("ben", false); wait != time.Second {
			t.Errorf("emptied after %d s, and a second before it is full: wait %v", emptied, wait)
		}
	}
}

// TestAClockThatIsSetBack neither locks anybody out for longer nor gives back what was used.
func TestAClockThatIsSetBack(t *testing.T) {
	clock := newMachine()
	l := httpapi.NewLimiter(httpapi.Limits{WritesPerMinute: 1, ReadsPerMinute: 1, Now: clock.now})
	l.Admit("ben", true)
	clock.advance(-time.Hour)
	if wait := l.Admit("ben", true); wait != time.Minute {
		t.Errorf("wait %v, want a minute", wait)
	}
	clock.advance(time.Minute)
	if wait := l.Admit("ben", true); wait != 0 {
		t.Errorf("after the wait: wait %v", wait)
	}
}

// TestTheLimiterIsSafeForConcurrentUse: each of many callers gets what is theirs, to the token.
func TestTheLimiterIsSafeForConcurrentUse(t *testing.T) {
	clock := newMachine()
	l := httpapi.NewLimiter(httpapi.Limits{WritesPerMinute: 10, ReadsPerMinute: 10, Now: clock.now})
	var admitted atomic.Int64
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for i := range 500 {
				if l.Admit(mentoring.PersonID(strconv.Itoa(i%20)), false) == 0 {
					admitted.Add(1)
				}
			}
		})
	}
	all.Wait()
	if admitted.Load() != 20*10 {
		t.Errorf("%d were let through, want 10 for each of 20 callers", admitted.Load())
	}
}

func TestALimitBelowOneIsAMistake(t *testing.T) {
	for _, l := range []httpapi.Limits{{}, {WritesPerMinute: 1}, {ReadsPerMinute: 1}, {WritesPerMinute: 1, ReadsPerMinute: -1}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%+v was taken", l)
				}
			}()
			httpapi.New(httpapi.Config{CursorKey: make([]byte, 16), Limits: l})
		}()
	}
}
