package sesbox

import (
	"net/http"
	"time"
)

// Account is what the endpoint allows whoever sends.
type Account struct {
	Paused bool    // it takes nothing
	Rate   float64 // messages a second; told, and left to the client to keep
	Quota  float64 // messages in 24 hours; any number where it is negative
}

// ordinary is what an account outside the sandbox begins with.
var ordinary = Account{Rate: 14, Quota: 50_000}

// Allow changes what the account may do, from now on.
func (b *Box) Allow(a Account) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.account = a
}

// Allowed is what the account may do.
func (b *Box) Allowed() Account {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.account
}

// getAccount answers with what is used of GetAccount (Amazon SES API v2 reference).
func (b *Box) getAccount(w http.ResponseWriter) {
	b.mu.Lock()
	account, sent := b.account, b.sentToday()
	b.mu.Unlock()
	answer(w, map[string]any{
		"SendingEnabled": !account.Paused, "EnforcementStatus": "HEALTHY", "ProductionAccessEnabled": true,
		"SendQuota": map[string]float64{
			"MaxSendRate": account.Rate, "Max24HourSend": account.Quota, "SentLast24Hours": float64(sent),
		},
	})
}

// forbidden is the failure of a request the account does not allow. b.mu must be held.
func (b *Box) forbidden() Failure {
	switch {
	case b.account.Paused:
		return Paused
	case b.account.Quota >= 0 && float64(b.sentToday()) >= b.account.Quota:
		return Limited
	}
	return None
}

// sentToday counts the messages taken in the 24 hours before now. b.mu must be held.
func (b *Box) sentToday() int {
	since, old := b.now().Add(-24*time.Hour), 0
	for old < len(b.taken) && !b.taken[old].After(since) {
		old++
	}
	b.taken = b.taken[old:]
	return len(b.taken)
}
