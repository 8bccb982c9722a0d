package httpapi

import (
	"time"

	"flashmentoring/internal/mentoring"
)

// StatusOf is the status a refusal with the code is answered with.
func StatusOf(code string) int {
	return problemFor(&mentoring.Error{Code: mentoring.Code(code)}, "").Status
}

// Limiter is a limiter by itself.
type Limiter = limiter

// NewLimiter makes one.
var NewLimiter = newLimiter

// MaxBuckets is how many buckets one generation keeps.
const MaxBuckets = maxBuckets

// Admit asks for a request of a caller.
func (l *limiter) Admit(caller mentoring.PersonID, write bool) time.Duration {
	return l.admit(bucketKey{caller, write})
}

// Kept is how many buckets are kept, some of them perhaps in both generations.
func (l *limiter) Kept() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.recent) + len(l.older)
}
