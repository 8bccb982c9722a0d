package simulation

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"time"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
)

// errand is what somebody wants of the product, sent until there is an answer: with one Idempotency-Key, where the route
// takes one.
type errand struct {
	what     string
	who      desk.Caller
	once     desk.Once
	do       func(ctx context.Context, d *desk.Desk, once desk.Once) (answer string, err error)
	most     int // records it may add, however often it is sent
	at       time.Time
	attempts int
	answered bool
	answer   string
	made     []string  // what it added
	memory   table.Key // of its answer, where one is kept
}

// keep is how long a client goes on asking with the same key: well within the day for which an answer is kept.
const keep = 20 * time.Hour

// sent is an attempt of an errand: a request in a process of its own.
func (w *world) sent(e *errand) func() {
	return func() {
		e.attempts++
		t := &task{what: e.what, errand: e}
		var answer string
		t.ended = func(err error) { w.heard(e, t, answer, err) }
		w.stage.begin(t, 10*time.Second, func(ctx context.Context) (err error) {
			answer, err = e.do(ctx, w.api, e.once)
			return err
		})
	}
}

// heard is what a client makes of how an attempt ended.
func (w *world) heard(e *errand, t *task, answer string, err error) {
	refused := new(mentoring.Error)
	switch {
	case t.dead:
		w.again = append(w.again, e) // whatever it said, nobody heard it
	case err == nil:
		w.checkAnswer(e, answer)
		e.answered, e.answer = true, answer
		if w.lots.chance(.05) { // the answer is lost on the way
			w.again = append(w.again, e)
		}
	case errors.As(err, &refused) && refused.Code == mentoring.Busy:
		if w.calm {
			w.wrong("%s: busy, and nothing is in the way: %v", e.what, err)
		}
		w.busy++
		w.again = append(w.again, e)
	case errors.As(err, &refused):
		w.refused[refused.Code]++
		if len(e.made) > 0 && e.once.Key != "" && !w.forgotten(e) {
			w.wrong("%s had its effect %v, and is refused: %v", e.what, e.made, err)
		}
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		w.again = append(w.again, e)
	default:
		w.wrong("%s is neither answered nor refused: %v", e.what, err)
	}
}

// checkAnswer wants the same answer as before, and the one that tells of the effect there was.
func (w *world) checkAnswer(e *errand, answer string) {
	if e.once.Key == "" {
		return
	}
	if e.answered && w.remembered(e) && answer != e.answer {
		w.wrong("%s was answered %s, and is answered %s when it comes again", e.what, e.answer, answer)
	}
	if len(e.made) > 0 && e.most == 1 && !slices.Contains(e.made, answer) && e.made[0][0] == 'b' {
		w.wrong("%s made %v, and the answer tells of %s", e.what, e.made, answer)
	}
}

// remembered reports whether the answer of an errand is kept.
func (w *world) remembered(e *errand) bool { return e.memory.PK != "" && w.books.records[e.memory] > 0 }

// forgotten reports whether it was kept and is not any more: with somebody who left, all that names them goes.
func (w *world) forgotten(e *errand) bool { return e.memory.PK != "" && !w.remembered(e) }

// errandOf makes an errand. Where the route takes a key, it has one.
func (w *world) errandOf(what string, who desk.Caller, most int, do func(context.Context, *desk.Desk, desk.Once) (string, error)) *errand {
	w.errands++
	key := fmt.Sprint("key-", w.errands)
	return &errand{
		what: fmt.Sprintf("%s by %s (%d)", what, who.Name, w.errands), who: who, most: most, do: do, at: w.now(),
		once: desk.Once{Route: what, Key: key, Body: sha256.Sum256([]byte(key))},
	}
}

// keyless is an errand on a route without a key, where asking again has no further effect anyway.
func (w *world) keyless(what string, who desk.Caller, do func(context.Context, *desk.Desk) error) *errand {
	e := w.errandOf(what, who, 0, func(ctx context.Context, d *desk.Desk, _ desk.Once) (string, error) { return "", do(ctx, d) })
	e.once = desk.Once{}
	return e
}

// asked are the errands whose clients ask again now. Who has asked for too long gives up.
func (w *world) asked(all bool) (now []*errand) {
	w.again = slices.DeleteFunc(w.again, func(e *errand) bool {
		due := all || w.lots.chance(.6)
		if due && w.now().Sub(e.at) < keep {
			now = append(now, e)
		}
		return due
	})
	return now
}

func ignored[T any](_ T, err error) error { return err }
