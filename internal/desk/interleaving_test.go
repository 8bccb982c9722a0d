package desk_test

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// hookAfterGet runs once after a Get that named the key.
type hookAfterGet struct {
	table.Table
	sk   string
	mu   sync.Mutex
	then func()
}

func (h *hookAfterGet) Get(ctx context.Context, keys ...table.Key) ([]table.Record, error) {
	r, err := h.Table.Get(ctx, keys...)
	for _, k := range keys {
		if k.SK == h.sk {
			if then := h.take(); then != nil {
				then()
			}
		}
	}
	return r, err
}

// take is what is to be done, once: what is read beside the record may be read by another goroutine.
func (h *hookAfterGet) take() func() {
	h.mu.Lock()
	defer h.mu.Unlock()
	then := h.then
	h.then = nil
	return then
}

// Two PersonChanged events are at work at the same time: the slower one must not bring back the older profile.
func TestSlotsNeverGoBackToAnOlderProfile(t *testing.T) {
	hook := &hookAfterGet{sk: "PROFILE"}
	o := openOffice(t, func(e table.Table) table.Table { hook.Table = e; return hook })
	ctx := t.Context()
	ada, ben := o.enrolled(t, "ada"), o.enrolled(t, "ben")
	slot := o.published(t, ada, circle(1, 26*time.Hour))
	if _, err := o.Enrol(ctx, ada, enrolment("Ada"), nil); err != nil { // event 1
		t.Fatal(err)
	}
	hook.then = func() { // worker 1 has read the profile; now the second change, and worker 2 is done with it
		e := enrolment("Ada")
		e.Profile.DeclaredConflicts = []mentoring.PersonID{ben.ID}
		if _, err := o.Enrol(ctx, ada, e, nil); err != nil {
			t.Fatal(err)
		}
		if err := o.FollowPerson(ctx, ada.ID, 0); err != nil {
			t.Fatal(err)
		}
	}
	if err := o.FollowPerson(ctx, ada.ID, 0); err != nil { // worker 1
		t.Fatal(err)
	}
	if _, err := o.Book(ctx, ben, slot, request, desk.Once{}); codeOf(err) != mentoring.ConflictOfInterest {
		t.Errorf("both events are handled, and booking answers %v", err)
	}
}

// A slot that is published while the profile changes keeps the changed one, though it was in no agenda yet when the
// others followed.
func TestPublishAgainstAChangedProfile(t *testing.T) {
	hook := &hookAfterGet{sk: "PROFILE"}
	o := openOffice(t, func(e table.Table) table.Table { hook.Table = e; return hook })
	ctx := t.Context()
	ada, ben := o.enrolled(t, "ada"), o.enrolled(t, "ben")
	hook.then = func() {
		e := enrolment("Ada")
		e.Profile.DeclaredConflicts = []mentoring.PersonID{ben.ID}
		_, err := o.Enrol(ctx, ada, e, nil)
		must(t, err)
		must(t, o.FollowPerson(ctx, ada.ID, 0))
	}
	slot := o.published(t, ada, circle(1, 26*time.Hour))
	if _, err := o.Book(ctx, ben, slot, request, desk.Once{}); codeOf(err) != mentoring.ConflictOfInterest {
		t.Errorf("booking answers %v", err)
	}
}

// Each side gets its own message, also where the other has no profile any more.
func TestNoticesGoToTheRightPerson(t *testing.T) {
	o := openOffice(t, nil)
	ctx := t.Context()
	ada, ben := o.enrolled(t, "ada"), o.enrolled(t, "ben")
	slot := o.published(t, ada, circle(1, 26*time.Hour))
	b, err := o.Book(ctx, ben, slot, request, desk.Once{})
	if err != nil {
		t.Fatal(err)
	}
	must(t, o.engine.Commit(ctx, table.Drop(table.Key{PK: "PERSON#" + string(ben.ID), SK: "PROFILE"})))
	told, _, err := o.Notices(ctx, mentoring.Event{Kind: mentoring.BookingMade, Slot: slot, Bookings: []mentoring.BookingID{b.Booking.ID}})
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range told {
		if n.Role == mentoring.Requester && n.Reader.ID == ada.ID {
			t.Errorf("the requester's mail goes to the expert")
		}
	}
}

// throttled has no capacity for the ledger.
type throttled struct{ table.Table }

func (h throttled) Commit(ctx context.Context, w ...table.Write) error {
	if strings.HasPrefix(w[0].Record.SK, "MAIL#") {
		return &table.Refusal{Reasons: []table.Reason{table.Throttled}}
	}
	return h.Table.Commit(ctx, w...)
}

func TestAThrottledClaimIsNoClaim(t *testing.T) {
	o := openOffice(t, func(e table.Table) table.Table { return throttled{e} })
	_, err := o.ClaimMessage(t.Context(), mentoring.Notice{Kind: "x", Booking: mentoring.Booking{ID: mentoring.NewBookingID([16]byte{1})}}, 0, time.Minute)
	if err == desk.ErrClaimed {
		t.Errorf("throttled is told as %v", err)
	}
}

// One slot that is gone does not keep the others from following.
func TestFollowingGoesOnWhereASlotIsGone(t *testing.T) {
	o := openOffice(t, nil)
	ctx := t.Context()
	ada, ben := o.enrolled(t, "ada"), o.enrolled(t, "ben")
	gone := o.published(t, ada, circle(1, 26*time.Hour))
	slot := o.published(t, ada, circle(1, 28*time.Hour))
	must(t, o.engine.Commit(ctx, table.Drop(table.Key{PK: "SLOT#" + string(gone), SK: "META"})))
	e := enrolment("Ada")
	e.Profile.PausedUntil = morning.Add(100 * time.Hour)
	_, err := o.Enrol(ctx, ada, e, nil)
	must(t, err)
	if err := o.FollowPerson(ctx, ada.ID, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Book(ctx, ben, slot, request, desk.Once{}); codeOf(err) != mentoring.ExpertPaused {
		t.Errorf("booking answers %v", err)
	}
}

// tornQuery reads META before, the seats after something else happens (read committed, item by item).
type tornQuery struct {
	table.Table
	between func()
}

func (q *tornQuery) Query(ctx context.Context, r table.Range) (table.Page, error) {
	between := q.between
	if between == nil || !strings.HasPrefix(r.PK, "SLOT#") || r.From != "LISTING" {
		return q.Table.Query(ctx, r)
	}
	q.between = nil
	early, err := q.Table.Query(ctx, table.Range{PK: r.PK, From: r.From, To: "META\x00", Limit: 2})
	if err != nil {
		return early, err
	}
	between()
	r.From = "META\x00"
	late, err := q.Table.Query(ctx, r)
	late.Records = append(early.Records, late.Records...)
	return late, err
}

// The seats say of which version of the slot they are, so that no decision mixes two.
func TestASlotReadInTwoStatesIsReadAgain(t *testing.T) {
	q := &tornQuery{}
	o := openOffice(t, func(e table.Table) table.Table { q.Table = e; return q })
	ctx := t.Context()
	ada, ben := o.enrolled(t, "ada"), o.enrolled(t, "ben")
	slot := o.published(t, ada, circle(1, 26*time.Hour))
	e := enrolment("Ada")
	e.Profile.PausedUntil = morning.Add(100 * time.Hour)
	_, err := o.Enrol(ctx, ada, e, nil)
	must(t, err)
	q.between = func() { must(t, o.FollowPerson(ctx, ada.ID, 0)) }
	if _, err := o.Book(ctx, ben, slot, request, desk.Once{}); codeOf(err) != mentoring.ExpertPaused {
		t.Errorf("booked on the slot as it was although its seats were changed: %v", err)
	}
}

// Somebody changes employer: the token says so, the profile not yet.
func TestTheTokenNamesTheOrganisation(t *testing.T) {
	o := openOffice(t, nil)
	ctx := t.Context()
	ada, ben := o.enrolled(t, "ada"), o.enrolled(t, "ben")
	d := circle(1, 26*time.Hour)
	d.Audience = mentoring.MyOrganisation
	slot := o.published(t, ada, d)
	ben.Email = "ben@competitor.example"
	if _, err := o.Book(ctx, ben, slot, request, desk.Once{}); codeOf(err) != mentoring.NotFound {
		t.Errorf("a person of another organisation books: %v", err)
	}
}

// lateCommit answers the first commit with silence, and carries it out between the reads of the second attempt.
type lateCommit struct {
	table.Table
	writes  []table.Write
	armed   bool
	pending atomic.Bool
	once    sync.Mutex // of several reads side by side, one brings it
}

func (l *lateCommit) Commit(ctx context.Context, w ...table.Write) error {
	if l.armed {
		l.armed, l.writes = false, w
		l.pending.Store(true)
		return table.ErrUnavailable
	}
	return l.Table.Commit(ctx, w...)
}

func (l *lateCommit) Get(ctx context.Context, k ...table.Key) ([]table.Record, error) {
	r, err := l.Table.Get(ctx, k...)
	l.once.Lock()
	defer l.once.Unlock()
	if l.pending.Load() {
		defer l.pending.Store(false)
		if err := l.Table.Commit(ctx, l.writes...); err != nil {
			return nil, err
		}
	}
	return r, err
}

// seqQuery reads the slot after the agenda, and after what arrived between.
type seqQuery struct{ *lateCommit }

func (l seqQuery) Query(ctx context.Context, r table.Range) (table.Page, error) {
	for i := 0; i < 1000 && l.pending.Load(); i++ {
		time.Sleep(time.Millisecond)
	}
	return l.Table.Query(ctx, r)
}

// Whoever has the seat is not told that it is gone.
func TestALateCommitIsRecognised(t *testing.T) {
	l := &lateCommit{}
	o := openOffice(t, func(e table.Table) table.Table { l.Table = e; return seqQuery{l} })
	ada, ben := o.enrolled(t, "ada"), o.enrolled(t, "ben")
	slot := o.published(t, ada, circle(1, 26*time.Hour))
	l.armed = true
	if _, err := o.Book(t.Context(), ben, slot, request, desk.Once{}); err != nil {
		t.Errorf("ben has the seat and is told %v", err)
	}
}
