package simulation

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"sync"
	"testing/synctest"
	"time"
)

// stage is where tasks move one step at a time. A step is a call to the table or to the mail service: there each
// goroutine of a task waits until it is let go on, and only one is at any time.
type stage struct {
	mu       sync.Mutex
	waiting  []*call
	underWay []*task
	began    int           // tasks
	news     chan struct{} // somebody waits, or a task ended
}

// task is one thing a process does: a request, a batch of the stream, a tick of the clock. Each has a process of its own,
// which can be killed.
type task struct {
	number int
	what   string
	errand *errand // whose attempt it is, nil where it is nobody's
	ctx    context.Context
	die    context.CancelFunc
	dead   bool // nothing it does from now on reaches anybody
	over   bool
	err    error
	ended  func(err error) // is told, by whoever plays
}

// call is a step that waits to be made.
type call struct {
	task    *task
	what    string
	about   string
	proceed chan fate
}

// fate is what becomes of a step.
type fate struct {
	dies  bool // the process ends with it
	after bool // it is made, and then the process ends
	torn  int  // a read of several records is not of one instant: how many it reads first
}

var errKilled = errors.New("the process is gone")

type taskKey struct{}

// taskOf is the task a context belongs to, nil where it is none: then nothing waits, and nothing fails.
func taskOf(ctx context.Context) *task {
	t, _ := ctx.Value(taskKey{}).(*task)
	return t
}

func newStage() *stage { return &stage{news: make(chan struct{}, 1)} }

// begin has a task begin, which is to end within a time, and runs it up to its first step.
func (s *stage) begin(t *task, within time.Duration, do func(ctx context.Context) error) {
	s.began++
	t.number = s.began
	ctx, die := context.WithTimeout(context.WithValue(context.Background(), taskKey{}, t), within)
	t.ctx, t.die = ctx, die
	s.underWay = append(s.underWay, t)
	go func() {
		err := surviving(func() error { return do(ctx) })
		die()
		s.mu.Lock()
		t.over, t.err = true, err
		s.mu.Unlock()
		s.tell()
	}()
	synctest.Wait()
}

// errPanicked says that the product panicked.
var errPanicked = errors.New("panicked")

func surviving(do func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v\n%s", errPanicked, p, debug.Stack())
		}
	}()
	return do()
}

func (s *stage) tell() {
	select {
	case s.news <- struct{}{}:
	default:
	}
}

// step makes a call when its turn comes, unless its process is gone by then.
func (s *stage) step(ctx context.Context, what, about string, do func(fate) error) error {
	t := taskOf(ctx)
	if t == nil {
		return do(fate{})
	}
	c := &call{t, what, about, make(chan fate)}
	s.mu.Lock()
	if t.dead {
		s.mu.Unlock()
		return errKilled
	}
	s.waiting = append(s.waiting, c)
	s.mu.Unlock()
	s.tell()
	f := <-c.proceed
	if f.dies && !f.after {
		t.die()
		return errKilled
	}
	err := do(f)
	if f.dies {
		t.die()
		return errKilled
	}
	return err
}

// ready are the steps that wait, in an order that does not depend on which goroutine came first. Those of dead processes are
// sent away.
func (s *stage) ready() []*call {
	for {
		synctest.Wait()
		s.mu.Lock()
		var gone []*call
		s.waiting = slices.DeleteFunc(s.waiting, func(c *call) bool {
			if c.task.dead {
				gone = append(gone, c)
			}
			return c.task.dead
		})
		calls := slices.Clone(s.waiting)
		s.mu.Unlock()
		if len(gone) == 0 {
			slices.SortStableFunc(calls, func(a, b *call) int {
				return cmp.Or(a.task.number-b.task.number, cmp.Compare(a.what, b.what), cmp.Compare(a.about, b.about))
			})
			return calls
		}
		for _, c := range gone {
			c.proceed <- fate{dies: true}
		}
	}
}

// release lets a step be made.
func (s *stage) release(c *call, f fate) {
	s.mu.Lock()
	s.waiting = slices.DeleteFunc(s.waiting, func(other *call) bool { return other == c })
	c.task.dead = c.task.dead || f.dies
	s.mu.Unlock()
	c.proceed <- f
	synctest.Wait()
}

// reap are the tasks that ended since.
func (s *stage) reap() (ended []*task) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.underWay = slices.DeleteFunc(s.underWay, func(t *task) bool {
		if t.over {
			ended = append(ended, t)
		}
		return t.over
	})
	return ended
}

// idle lets time pass until somebody has something to do. It reports whether anybody ever had.
func (s *stage) idle() bool {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	select {
	case <-s.news:
		return true
	case <-timer.C:
		return false
	}
}

// clear ends everything that is under way.
func (s *stage) clear() {
	for {
		s.mu.Lock()
		for _, t := range s.underWay {
			t.dead = true
			t.die()
		}
		s.mu.Unlock()
		s.ready()
		s.reap()
		if len(s.underWay) == 0 || !s.idle() {
			return
		}
	}
}
