package httpapi

import (
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"flashmentoring/internal/mentoring"
)

// Limits says how many requests one caller may send to this process (product.md section 11). They are for accidents, such
// as a client in a loop: a caller who meets N processes can send N times as much.
//
// Each number is also the size of a token bucket: so many requests may come at once, and then one more each time a
// token has come back, evenly over the minute.
type Limits struct {
	WritesPerMinute int // at least 1
	ReadsPerMinute  int // GET and HEAD; at least 1
	// Now is the machine's clock; nil means [time.Now]. It is not the product's, which may stand still in a test and jump
	// in the local cloud: a loop runs, and whoever is told to wait waits, in the machine's time.
	Now func() time.Time
}

// maxBuckets is how many buckets a generation of a limiter keeps: some megabytes for both, and more than the callers a
// function meets in a minute.
const maxBuckets = 10_000

// limiter keeps the buckets of callers. It is safe for concurrent use.
//
// A bucket nobody has used for a minute is full, and a full one is the same as none. So buckets are kept in two
// generations. What is used moves to recent; when that is a minute old it becomes older, and what was older is
// forgotten: nothing in it was used for a minute. That costs no sweep and no goroutine, which would stand still with a
// frozen function. Only where more than maxBuckets are used within a minute is a bucket forgotten that was not full.
type limiter struct {
	Limits
	mu            sync.Mutex
	since         time.Time // when recent began
	recent, older map[bucketKey]*rate.Limiter
}

type bucketKey struct {
	caller mentoring.PersonID
	write  bool
}

// newLimiter panics where a limit is below one, which is a mistake of whoever wired it: nobody could do anything.
func newLimiter(l Limits) *limiter {
	if l.WritesPerMinute < 1 || l.ReadsPerMinute < 1 {
		panic("httpapi: limits must be at least 1 a minute")
	}
	if l.Now == nil {
		l.Now = time.Now
	}
	return &limiter{Limits: l, recent: map[bucketKey]*rate.Limiter{}}
}

// admit takes a token out of a bucket and returns 0. Where there is none, it returns how long it will be until there is,
// and takes nothing: asking too often does not make the wait longer.
func (l *limiter) admit(key bucketKey) time.Duration {
	l.mu.Lock() // around the library's own: reserving and giving back must be one step, for one request alone
	defer l.mu.Unlock()
	// By the wall clock: the monotonic reading may stand still while a function is frozen. rate bears a clock that is set
	// back; it then counts anew from there.
	now := l.Now().Round(0)
	token := l.bucket(key, now).ReserveN(now, 1)
	wait := token.DelayFrom(now)
	if wait > 0 {
		token.CancelAt(now)
	}
	return wait
}

func (l *limiter) bucket(key bucketKey, now time.Time) *rate.Limiter {
	if now.Sub(l.since) >= time.Minute || len(l.recent) >= maxBuckets {
		l.since, l.older, l.recent = now, l.recent, map[bucketKey]*rate.Limiter{}
	}
	b := l.recent[key]
	if b == nil {
		if b = l.older[key]; b == nil {
			b = rate.NewLimiter(rate.Limit(l.perMinute(key.write))/60, l.perMinute(key.write))
		}
		l.recent[key] = b
	}
	return b
}

func (l *limiter) perMinute(write bool) int {
	if write {
		return l.WritesPerMinute
	}
	return l.ReadsPerMinute
}

// admit lets a request of a known caller through, or says in a header how long to wait and refuses with
// [mentoring.RateLimited].
func (a *api) admit(w http.ResponseWriter, caller mentoring.PersonID, route Route) error {
	write, kind := route.Method != http.MethodGet, "reads"
	if write {
		kind = "writes"
	}
	wait := a.limiter.admit(bucketKey{caller, write})
	if wait == 0 {
		return nil
	}
	seconds := int((wait + time.Second - 1) / time.Second)
	w.Header().Set("Retry-After", strconv.Itoa(seconds))
	return refuse(mentoring.RateLimited, fmt.Sprintf(
		"You have sent more than %d %s a minute. Wait %d s, then send the same request again.",
		a.limiter.perMinute(write), kind, seconds))
}
