// Package sesbox is an Amazon SES endpoint that keeps what it is given instead of sending it, for tests and
// for local use.
//
// It speaks the protocol of SES v2 itself (SendEmail and GetAccount, REST and JSON, errors named in a
// header), so a real client works with it by nothing but its address, AWS_ENDPOINT_URL_SESV2. Each message
// is taken apart as a mail program would do it; one that cannot be is answered with the error SES has for
// that. [Box.Fail] makes it fail in the ways SES and networks fail, [Box.Allow] limits the account as SES
// does, and [Mail.Event] makes the event SES publishes when a mail bounces or its reader complains.
package sesbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Mail is a message as it was taken. From is as the message says it; To is one address of the request.
type Mail struct {
	ID       string    `json:"id"`
	To       string    `json:"to"`
	From     string    `json:"from"`
	Subject  string    `json:"subject"`
	Text     string    `json:"text"`
	HTML     string    `json:"html"`
	Calendar string    `json:"calendar"` // the text/calendar part, or empty
	Raw      string    `json:"raw"`
	Kind     string    `json:"kind"` // the tag "kind" of the request
	At       time.Time `json:"at"`
}

// capacity is how many mails are kept: the latest ones.
const capacity = 5000

// maxRequest is the most a request may hold: 40 MB in base64, as of SES v2 ("Service quotas in Amazon SES").
const maxRequest = 56 << 20

// Box is the endpoint, an [http.Handler]. It is safe for concurrent use.
type Box struct {
	now func() time.Time

	mu       sync.Mutex
	requests int
	kept     int
	fail     func(n int) Failure
	mails    []Mail
	account  Account
	taken    []time.Time // when messages were taken, of the last 24 hours
}

// New makes an empty box that dates what it takes with now.
func New(now func() time.Time) *Box {
	return &Box{now: now, fail: func(int) Failure { return None }, account: ordinary}
}

// Messages are the mails to an address, whatever its case, or to everybody where it is empty; the newest
// comes last.
func (b *Box) Messages(to string) []Mail {
	b.mu.Lock()
	defer b.mu.Unlock()
	found := []Mail{}
	for _, m := range b.mails {
		if to == "" || strings.EqualFold(m.To, to) {
			found = append(found, m)
		}
	}
	return found
}

// Fail asks decide, from now on, what to do with each request to send; n counts them from 1. A nil decide
// ends the failures.
func (b *Box) Fail(decide func(n int) Failure) {
	if decide == nil {
		decide = func(int) Failure { return None }
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.requests, b.fail = 0, decide
}

// ServeHTTP answers a request to SES: GetAccount, and SendEmail with raw content.
func (b *Box) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.Method + " " + r.URL.Path {
	case "POST /v2/email/outbound-emails":
		b.sendEmail(w, r)
	case "GET /v2/email/account":
		b.getAccount(w)
	default:
		refuse(w, unknownOperation, "This endpoint knows SendEmail and GetAccount only.")
	}
}

func (b *Box) sendEmail(w http.ResponseWriter, r *http.Request) {
	mails, err := read(http.MaxBytesReader(w, r.Body, maxRequest))
	switch failure := b.next(); {
	case failure == LostReply && err == nil:
		b.keep(mails)
		panic(http.ErrAbortHandler) // how net/http closes a connection without an answer
	case failure != None && failure != LostReply:
		refuse(w, failure, "This endpoint was asked to fail.")
	case err != nil:
		refuse(w, BadRequest, err.Error())
	default:
		answer(w, map[string]string{"MessageId": b.keep(mails)})
	}
}

func answer(w http.ResponseWriter, body any) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(body)
}

// next decides what to do with a request to send: what the account does not allow is refused before anybody is asked.
func (b *Box) next() Failure {
	b.mu.Lock()
	b.requests++
	n, decide, failure := b.requests, b.fail, b.forbidden()
	b.mu.Unlock()
	if failure != None {
		return failure
	}
	return decide(n)
}

// keep stores one mail per address under a new id.
func (b *Box) keep(mails []Mail) (id string) {
	at := b.now()
	b.mu.Lock()
	defer b.mu.Unlock()
	b.kept++
	b.taken = append(b.taken, at)
	id = fmt.Sprintf("%016x-%06d", at.UnixMilli(), b.kept)
	for _, m := range mails {
		m.ID, m.At = id, at
		b.mails = append(b.mails, m)
	}
	if over := len(b.mails) - capacity; over > 0 {
		b.mails = slices.Delete(b.mails, 0, over)
	}
	return id
}
