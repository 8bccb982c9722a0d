package desk

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"time"

	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
)

// Once identifies a request that its client may send again (product.md section 2, Idempotency-Key). The
// zero value is a request without a key.
type Once struct {
	Route string // method and pattern, so that one key on two routes is two keys
	Key   string
	Body  [sha256.Size]byte // of the body, and of the path where it names things
}

// keptFor is how long an answer is remembered.
const keptFor = 24 * time.Hour

func (o Once) given() bool { return o.Key != "" }

func (o Once) key(who mentoring.PersonID) table.Key {
	sum := sha256.Sum256([]byte(o.Route + "\x00" + o.Key))
	return table.Key{PK: answersOf(who), SK: base64.RawURLEncoding.EncodeToString(sum[:16])}
}

// answersOf is the partition of all answers that one person was given.
func answersOf(who mentoring.PersonID) string { return "IDEM#" + string(who) }

// memory is the stored form: the answer of a request that had an effect. It commits with the effect, so
// there is never one without the other. A refusal is not remembered: it had no effect, and may be other
// the next time. The answer is raw as it is read, because a key that comes with another body may be of another route; it is a
// value as it is written, so that it is encoded once.
type memory[T any] struct {
	At     time.Time `json:"at"`
	Body   string    `json:"body"`
	Answer T         `json:"answer"`
}

func (o Once) body() string { return base64.RawURLEncoding.EncodeToString(o.Body[:16]) }

// recall looks whether the request was answered before. It refuses a key that was used with another body.
func recall[T any](o Once, s standing, now time.Time) (answer T, known bool, err error) {
	if s.memory == nil {
		return answer, false, nil
	}
	m, err := decode[memory[json.RawMessage]](*s.memory)
	if err != nil || now.Sub(m.At) >= keptFor {
		return answer, false, err
	}
	if m.Body != o.body() {
		return answer, false, &mentoring.Error{
			Code:   mentoring.KeyReused,
			Detail: "This Idempotency-Key was used for another request. Use a new key for each new request.",
		}
	}
	err = json.Unmarshal(m.Answer, &answer)
	return answer, err == nil, err
}

// unlessAnswered is the last word on a request that was refused: the refusal, or the answer of the same request when
// that committed meanwhile. The records a decision rests on are not read at one instant (DynamoDB's BatchGetItem and
// Query do not offer that), so a request that comes twice can see its own effect and not yet the record of its answer.
// This looks again after the effect was read, when the answer is there as a rule; where even that was too early, the
// client's next attempt finds it.
func unlessAnswered[T any](ctx context.Context, d *Desk, c Caller, once Once, refusal error) (answer T, err error) {
	if !once.given() {
		return answer, refusal
	}
	records, err := d.Table.Get(ctx, once.key(c.ID))
	if err != nil {
		return answer, err
	}
	if len(records) == 0 {
		return answer, refusal
	}
	answer, known, err := recall[T](once, standing{memory: &records[0]}, d.Now())
	if err == nil && !known {
		err = refusal
	}
	return answer, err
}

// remember adds the answer to the writes of its effect, where the client gave a key.
func (o Once) remember(writes []table.Write, who mentoring.PersonID, s standing, answer any, now time.Time) []table.Write {
	if !o.given() {
		return writes
	}
	r := record(o.key(who), 0, memory[any]{now, o.body(), answer})
	r.Expires = now.Add(keptFor)
	if s.memory != nil { // out of date
		r.Version = s.memory.Version
	}
	return append(writes, put(r))
}
