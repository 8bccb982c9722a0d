package modeltest

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/dispatch"
	"flashmentoring/internal/mail"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
	"flashmentoring/internal/table/bolttable"
	"flashmentoring/internal/telemetry"
)

// R3: whatever people, coordinators and the clock do, in whatever order, no rule is broken, and the engine does what the
// rules say: it refuses what the ideal refuses, for one of its reasons, and what is on record afterwards is the same.
func TestNoSequenceBreaksARule(t *testing.T) {
	runs(t, 500)
	rapid.Check(t, func(r *rapid.T) {
		engine := openTable(t)
		defer engine.Close()
		m := newMachine(r, engine)
		m.drawPublish(r)
		m.drawPublish(r)
		m.on = m.scan(r)
		r.Repeat(map[string]func(*rapid.T){"": m.compare, "act": m.act})
		m.end(r)
	})
	t.Logf("figure R3: %s random lives of all commands and clock ticks against the model: no rule broken", flag.Lookup("rapid.checks").Value)
}

// machine is engine and ideal side by side.
type machine struct {
	*desk.Desk
	*ideal
	dispatcher *dispatch.Dispatcher
	engine     *bolttable.Table
	log        bytes.Buffer // of what the dispatcher could not do
	callers    map[*member]desk.Caller
	on         records // after the last command
	decoded    map[table.Key]document
}

// coordinator looks after the programme, and is otherwise nobody.
var coordinator = desk.Caller{ID: mentoring.PersonIDFor("https://issuer.example", "coordinator"), Email: "coordinator@north.example", Coordinator: true}

func newMachine(r *rapid.T, engine *bolttable.Table) *machine {
	m := &machine{engine: engine, callers: map[*member]desk.Caller{}, decoded: map[table.Key]document{}}
	policy := mentoring.DefaultPolicy()
	policy.MaxHosted = rapid.SampledFrom([]int{4, 100}).Draw(r, "most hosted")
	policy.MaxUpcoming = rapid.IntRange(1, 4).Draw(r, "most confirmed")
	policy.MaxAsks = rapid.IntRange(1, 4).Draw(r, "most asks")
	policy.MaxPerPair = rapid.IntRange(1, 3).Draw(r, "most per pair")
	policy.MaxWaiting = rapid.IntRange(1, 4).Draw(r, "most waiting")
	policy.RequestLife = rapid.SampledFrom([]time.Duration{2 * time.Hour, 48 * time.Hour}).Draw(r, "request life")
	policy.MailsPerDay = 1000 // what that limit puts off is tested with the dispatcher
	policy.StrikesAllowed, policy.StrikeWindow, policy.Cooldown = rapid.IntRange(1, 2).Draw(r, "strikes"), 240*time.Hour, 72*time.Hour
	m.ideal = &ideal{now: morning, policy: policy}
	config := desk.Config{
		Table: engine, Now: func() time.Time { return m.ideal.now }, Random: rand.NewChaCha8([32]byte{byte(rapid.Byte().Draw(r, "seed"))}),
		Policy: policy, Topics: mentoring.StarterTopics, OpenShards: 1, OutboxShards: 1, DueShards: 1,
	}
	m.Desk = desk.New(config)
	composer, err := mail.New(mail.Config{From: "Flash Mentoring <mentoring@example.org>", Domain: "example.org"})
	if err != nil {
		r.Fatal(err)
	}
	m.dispatcher = m.clerk(composer)
	for n, domain := range []string{"north.example", "north.example", "north.example", "south.example", "south.example", "gmail.com", "north.example"} {
		c := caller(fmt.Sprint("person-", n), domain)
		who := &member{id: c.ID, organisation: domain}
		if domain == "gmail.com" {
			who.organisation = ""
		}
		m.members, m.callers[who] = append(m.members, who), c
		if n < 6 { // the last one is new
			m.enrol(r, who, mentoring.Profile{}, true)
		}
	}
	return m
}

// clerk is the dispatcher at work. What it cannot do goes to the log.
func (m *machine) clerk(composer *mail.Composer) *dispatch.Dispatcher {
	log := slog.New(slog.NewTextHandler(&m.log, &slog.HandlerOptions{Level: slog.LevelWarn}))
	return dispatch.New(dispatch.Config{
		Desk: m.Desk, Composer: composer, Sender: taker{}, Account: taker{}.Account, Log: log,
		Jitter:  func(most time.Duration) time.Duration { return most },
		Pace:    dispatch.Pace{Wait: func(context.Context, time.Duration) error { return nil }},
		Metrics: telemetry.NewMetrics(slog.New(slog.DiscardHandler), "Test", func() time.Time { return m.ideal.now }),
	})
}

// taker is a mail service that takes everything.
type taker struct{}

func (taker) Send(context.Context, mail.Message) (string, error) { return "id", nil }

func (taker) Account(context.Context) (mail.Account, error) {
	return mail.Account{Enabled: true, Rate: 1e6, Quota: -1}, nil
}

// judge holds the engine's answer against the reasons that the ideal has.
func (m *machine) judge(r *rapid.T, what string, err error, reasons codes) {
	refused := refusal(r, err)
	switch got := code(refused); {
	case got == "" && len(reasons) > 0:
		r.Fatalf("%s is allowed, and must be refused: %v\n%s", what, reasons, m.describe())
	case got != "" && len(reasons) == 0:
		r.Fatalf("%s is refused, and is allowed: %v\n%s", what, refused, m.describe())
	case got != "" && !slices.Contains(reasons, got):
		r.Fatalf("%s is refused: %v; the reasons are %v", what, refused, reasons)
	}
}

// describe is the ideal, to find out why it and the engine differ.
func (m *machine) describe() string {
	text := fmt.Sprintln("now", m.ideal.now)
	for _, s := range m.sessions {
		text += fmt.Sprintf("%s of %s %+v\n", s.id, m.callers[s.host].Name, m.slotPicture(s))
	}
	for _, b := range m.bookings {
		text += fmt.Sprintf("%s of %s in %s: %s\n", b.id, m.callers[b.who].Name, b.in.id, m.statusOf(b))
	}
	return text
}

// acts are what happens, as often as each is here.
var acts = slices.Concat(
	slices.Repeat([]string{"book"}, 12), slices.Repeat([]string{"publish", "cancel", "move"}, 3),
	slices.Repeat([]string{"revise", "approve", "tick"}, 3), slices.Repeat([]string{"profile"}, 2),
	[]string{"decline", "close", "cancel slot", "assign", "block", "outage"},
)

// act is one command, or time that passes.
func (m *machine) act(r *rapid.T) {
	m.ideal.now = m.ideal.now.Add(time.Millisecond) // nothing happens at the same moment
	what := rapid.SampledFrom(acts).Draw(r, "act")
	map[string]func(*rapid.T){
		"publish": m.drawPublish, "book": m.drawBook, "cancel": m.drawCancel, "move": m.drawMove, "approve": m.drawApprove,
		"decline": m.drawDecline, "revise": m.drawRevise, "close": m.drawClose, "cancel slot": m.drawCancelSlot,
		"profile": m.drawProfile, "assign": m.drawAssign, "block": m.drawBlock, "tick": m.drawTick, "outage": m.drawOutage,
	}[what](r)
	before := m.on
	m.on = m.scan(r)
	m.announced(r, before, m.on)
}

func (m *machine) drawMember(r *rapid.T, label string) *member {
	return m.members[rapid.IntRange(0, len(m.members)-1).Draw(r, label)]
}

// drawSession is mostly a slot that can still be booked.
func (m *machine) drawSession(r *rapid.T) *session {
	return drawMostly(r, "slot, from the last", m.sessions, func(s *session) bool {
		return s.status == mentoring.SlotOpen && !m.passed(s.cutOff())
	})
}

// drawBooking is mostly a live one.
func (m *machine) drawBooking(r *rapid.T) *booking {
	return drawMostly(r, "booking, from the last", m.bookings, m.live)
}

// drawMostly is one of some things, and mostly one that is apt.
func drawMostly[T any](r *rapid.T, label string, all []T, apt func(T) bool) T {
	if len(all) == 0 {
		r.Skip("there is none")
	}
	if rapid.IntRange(0, 9).Draw(r, "any") > 0 {
		some := slices.DeleteFunc(slices.Clone(all), func(one T) bool { return !apt(one) })
		if len(some) > 0 {
			all = some
		}
	}
	last := len(all) - 1
	return all[last-rapid.IntRange(0, min(last, 7)).Draw(r, label)]
}

// rarely is true once in a while.
func rarely(r *rapid.T, label string) bool { return rapid.IntRange(0, 19).Draw(r, label) == 19 }

// drawParty is mostly one of the two of a booking.
func (m *machine) drawParty(r *rapid.T, b *booking, first, second *member) *member {
	switch n := rapid.IntRange(0, 9).Draw(r, "by"); {
	case n < 7:
		return first
	case n < 9:
		return second
	}
	return m.drawMember(r, "stranger")
}

// drawStart is a time at which a session begins, on quarters of an hour and at few of them, so that many overlap.
func (m *machine) drawStart(r *rapid.T) time.Time {
	ahead := []time.Duration{30 * time.Minute, 3 * time.Hour, 26 * time.Hour, 27 * time.Hour, 50 * time.Hour, 51 * time.Hour, 28 * 24 * time.Hour}
	if rarely(r, "wrong time") {
		ahead = []time.Duration{-time.Hour, 0, 200 * 24 * time.Hour}
	}
	return m.ideal.now.Truncate(15 * time.Minute).Add(15 * time.Minute).Add(rapid.SampledFrom(ahead).Draw(r, "ahead"))
}

func (m *machine) drawDraft(r *rapid.T) mentoring.SlotDraft {
	d := mentoring.SlotDraft{
		Title: "Reading a balance sheet", Topic: "finance", Kind: mentoring.OpenQuestion, TimeZone: "Europe/Berlin", Languages: []string{"en"},
		StartsAt: m.drawStart(r), DurationMinutes: rapid.SampledFrom([]int{15, 30, 90}).Draw(r, "duration"),
		Format: rapid.SampledFrom([]mentoring.Format{mentoring.OneToOne, mentoring.OneToOne, mentoring.Circle, mentoring.PeerGroup}).Draw(r, "format"), Capacity: new(1),
		Direction: rapid.SampledFrom(mentoring.Directions).Draw(r, "direction"), Audience: mentoring.Everyone,
		Approval:             rapid.SampledFrom(mentoring.Approvals).Draw(r, "approval"),
		BookingNoticeMinutes: new(rapid.SampledFrom([]int{0, 5, 30, 120}).Draw(r, "booking notice")),
		CancelNoticeMinutes:  new(rapid.SampledFrom([]int{0, 60, 1440}).Draw(r, "cancel notice")),
		Modes:                []mentoring.Mode{mentoring.Video},
	}
	if rapid.IntRange(0, 4).Draw(r, "for some") == 4 {
		d.Audience = rapid.SampledFrom(mentoring.Audiences).Draw(r, "audience")
	}
	if rarely(r, "several modes") {
		d.Modes = []mentoring.Mode{mentoring.Video, mentoring.Phone}
	}
	if d.Format != mentoring.OneToOne {
		d.Capacity = new(rapid.IntRange(2, 3).Draw(r, "capacity"))
	}
	if rapid.IntRange(0, 3).Draw(r, "needs some") == 3 {
		d.MinAttendees = new(rapid.IntRange(1, min(*d.Capacity, 2)).Draw(r, "least"))
	}
	return d
}

func (m *machine) drawPublish(r *rapid.T) {
	who := m.members[rapid.IntRange(0, 3).Draw(r, "expert")]
	var drafts []mentoring.SlotDraft
	for range rapid.SampledFrom([]int{1, 1, 1, 2}).Draw(r, "drafts") {
		drafts = append(drafts, m.drawDraft(r))
	}
	views, err := m.PublishAll(r.Context(), m.callers[who], drafts, desk.Once{})
	m.judge(r, "publish", err, m.ideal.publish(who, drafts))
	for n, view := range views {
		m.published(who, drafts[n], view.Slot.ID)
	}
}

func (m *machine) drawBook(r *rapid.T) {
	s := m.drawSession(r)
	who := drawMostly(r, "requester", m.members, func(who *member) bool { return who != s.host })
	request := mentoring.BookingRequest{
		Purpose: purpose, JoinWaitlist: rapid.Bool().Draw(r, "join"), NoConflict: !rarely(r, "not attested"),
	}
	if rarely(r, "mode given") {
		request.Mode = rapid.SampledFrom([]mentoring.Mode{mentoring.Video, mentoring.Phone}).Draw(r, "mode")
	}
	view, err := m.Book(r.Context(), m.callers[who], s.id, request, desk.Once{})
	m.judge(r, "book", err, m.ideal.book(who, s, request))
	if err != nil {
		return
	}
	if b := m.booked(who, s, request, view.Booking.ID); b.status != view.Status {
		r.Fatalf("a booking is answered %s, and is %s", view.Status, b.status)
	}
}

func (m *machine) drawCancel(r *rapid.T) {
	b := m.drawBooking(r)
	by := m.drawParty(r, b, b.who, b.in.host)
	_, err := m.Cancel(r.Context(), m.callers[by], b.id, mentoring.Cancel{}, desk.Once{})
	m.judge(r, "cancel", err, m.ideal.cancel(b, by))
}

func (m *machine) drawApprove(r *rapid.T) {
	b := m.drawBooking(r)
	by := m.drawParty(r, b, b.in.host, b.who)
	_, err := m.Approve(r.Context(), m.callers[by], b.id, desk.Once{})
	m.judge(r, "approve", err, m.ideal.approve(b, by))
}

func (m *machine) drawDecline(r *rapid.T) {
	b := m.drawBooking(r)
	by := m.drawParty(r, b, b.in.host, b.who)
	_, err := m.Decline(r.Context(), m.callers[by], b.id, mentoring.Decline{Reason: mentoring.NotMyArea}, desk.Once{})
	m.judge(r, "decline", err, m.ideal.decline(b, by))
}

func (m *machine) drawMove(r *rapid.T) {
	b, to := m.drawBooking(r), m.drawSession(r)
	by := m.drawParty(r, b, b.who, b.in.host)
	move := mentoring.Move{To: to.id, NoConflict: !rarely(r, "not attested")}
	if rarely(r, "mode given") {
		move.Mode = rapid.SampledFrom([]mentoring.Mode{mentoring.Video, mentoring.Phone}).Draw(r, "mode")
	}
	_, err := m.Move(r.Context(), m.callers[by], b.id, move, desk.Once{})
	m.judge(r, "move", err, m.ideal.move(b, by, to, move))
}

func (m *machine) drawHost(r *rapid.T, s *session) *member {
	if rapid.IntRange(0, 9).Draw(r, "by the host") > 0 {
		return s.host
	}
	return m.drawMember(r, "by")
}

func (m *machine) drawRevise(r *rapid.T) {
	s := m.drawSession(r)
	by, after := m.drawHost(r, s), s.draft
	var change mentoring.Revision
	switch rapid.SampledFrom([]string{"title", "capacity", "capacity", "start", "start", "start", "duration", "notice", "approval", "audience", "least"}).Draw(r, "what") {
	case "title":
		after.Title = rapid.SampledFrom([]string{"Reading a balance sheet", "Reading a cash flow statement"}).Draw(r, "title")
		change.Title = &after.Title
	case "capacity":
		after.Capacity = new(rapid.IntRange(1, 5).Draw(r, "capacity"))
		change.Capacity = after.Capacity
	case "start":
		after.StartsAt = m.drawStart(r)
		change.StartsAt = &after.StartsAt
	case "duration":
		after.DurationMinutes = rapid.SampledFrom([]int{15, 30, 90}).Draw(r, "duration")
		change.DurationMinutes = &after.DurationMinutes
	case "notice":
		after.BookingNoticeMinutes = new(rapid.SampledFrom([]int{0, 30, 120}).Draw(r, "notice"))
		change.BookingNoticeMinutes = after.BookingNoticeMinutes
	case "approval":
		after.Approval = rapid.SampledFrom(mentoring.Approvals).Draw(r, "approval")
		change.Approval = &after.Approval
	case "audience":
		after.Audience = rapid.SampledFrom(mentoring.Audiences).Draw(r, "audience")
		change.Audience = &after.Audience
	case "least":
		least := rapid.IntRange(0, 3).Draw(r, "least")
		change.MinAttendees, after.MinAttendees = new(least), &least
		if least == 0 {
			after.MinAttendees = nil
		}
	}
	_, err := m.Revise(r.Context(), m.callers[by], s.id, change, nil)
	m.judge(r, "revise", err, m.ideal.revise(s, by, after))
}

func (m *machine) drawClose(r *rapid.T) {
	s := m.drawSession(r)
	by := m.drawHost(r, s)
	_, err := m.Desk.Close(r.Context(), m.callers[by], s.id, desk.Once{})
	m.judge(r, "close", err, m.ideal.closeSlot(s, by))
}

func (m *machine) drawCancelSlot(r *rapid.T) {
	s := m.drawSession(r)
	by := m.drawHost(r, s)
	_, err := m.Desk.CancelSlot(r.Context(), m.callers[by], s.id, mentoring.Cancel{}, desk.Once{})
	m.judge(r, "cancel the slot", err, m.ideal.cancelSlot(s, by))
}

// enrol makes somebody's profile what they ask for, in engine and ideal.
func (m *machine) enrol(r *rapid.T, who *member, p mentoring.Profile, accept bool) {
	c := m.callers[who]
	p.Name, p.TimeZone = c.Name, "Europe/Berlin"
	_, err := m.Enrol(r.Context(), c, mentoring.Enrolment{Profile: p, AcceptGroundRules: accept}, nil)
	m.judge(r, "enrol", err, nil)
	who.enrolled, who.groundRules = true, who.groundRules || accept
	if who.cap == 0 {
		who.capSince = m.ideal.now
	}
	who.cap, who.pausedUntil, who.conflicts = p.MonthlySessionCap, p.PausedUntil, nil
	for _, id := range p.DeclaredConflicts {
		who.conflicts = append(who.conflicts, m.named(id))
	}
}

func (m *machine) named(id mentoring.PersonID) *member {
	return m.members[slices.IndexFunc(m.members, func(who *member) bool { return who.id == id })]
}

// drawProfile pauses, caps, declares a conflict, or none of these; whatever rests on the person follows. What is overdue is
// done before: a slot learns of the change a moment later, and of a seat that came free earlier either order is right.
func (m *machine) drawProfile(r *rapid.T) {
	m.drain(r)
	who := m.drawMember(r, "who")
	p := mentoring.Profile{MonthlySessionCap: rapid.SampledFrom([]int{0, 0, 1, 2}).Draw(r, "cap")}
	if ahead := rapid.SampledFrom([]int{0, 0, 0, 0, 1, 30}).Draw(r, "pause, hours"); ahead > 0 {
		p.PausedUntil = m.ideal.now.Add(time.Duration(ahead) * time.Hour)
	}
	if other := m.drawMember(r, "conflict with"); other != who && rapid.IntRange(0, 3).Draw(r, "conflict") == 3 {
		p.DeclaredConflicts = []mentoring.PersonID{other.id}
	}
	m.enrol(r, who, p, rapid.Bool().Draw(r, "accept"))
	m.drain(r)
}

// drawAssign gives somebody a manager or none, and may suspend them; what is overdue is done before, as in drawProfile.
func (m *machine) drawAssign(r *rapid.T) {
	m.drain(r)
	who, manager := m.drawMember(r, "who"), m.drawMember(r, "manager")
	var a mentoring.Assignment
	if rapid.IntRange(0, 3).Draw(r, "managed") == 0 {
		manager = nil
	} else {
		a.Manager = manager.id
	}
	if rapid.IntRange(0, 4).Draw(r, "suspended") == 0 {
		a.SuspendedUntil = m.ideal.now.Add(30 * time.Hour)
	}
	_, err := m.Assign(r.Context(), coordinator, who.id, a, nil)
	m.judge(r, "assign", err, m.ideal.assign(who, manager, a.SuspendedUntil))
	m.drain(r)
}

func (m *machine) drawBlock(r *rapid.T) {
	who, other, on := m.drawMember(r, "who"), m.drawMember(r, "whom"), rapid.Bool().Draw(r, "on")
	err := m.Desk.Block(r.Context(), m.callers[who], mentoring.Block{Of: other.id, On: on})
	m.judge(r, "block", err, m.ideal.block(who, other, on))
}

// drawOutage lets time pass with nobody at work.
func (m *machine) drawOutage(r *rapid.T) {
	m.pass(rapid.SampledFrom([]time.Duration{time.Minute, 30 * time.Minute, 3 * time.Hour, 26 * time.Hour}).Draw(r, "outage"))
}

// drawTick lets time pass and the clock and the mailer work. What one tick makes possible elsewhere, the next one does: then
// nothing is left to do.
func (m *machine) drawTick(r *rapid.T) {
	m.tick(r, rapid.SampledFrom([]time.Duration{time.Minute, 30 * time.Minute, 2 * time.Hour, 2 * time.Hour, 12 * time.Hour, 25 * time.Hour}).Draw(r, "tick"))
	for range 2 {
		m.tick(r, time.Minute)
	}
	for _, s := range m.sessions {
		if !m.settled(s) {
			r.Fatalf("past a tick something is left to do for %s:\n%s", s.id, m.picture(s))
		}
	}
}

// pass lets time pass, to a full minute: so things happen at the very moments that rules name.
func (m *machine) pass(d time.Duration) { m.ideal.now = m.ideal.now.Truncate(time.Minute).Add(d) }

func (m *machine) tick(r *rapid.T, d time.Duration) {
	m.pass(d)
	m.drain(r)
}

// drain does what is due, one thing at a time, in engine and ideal: wakes as the clock does, and rows of the outbox.
func (m *machine) drain(r *rapid.T) {
	for {
		wakes, err := m.WakesDue(r.Context(), 0, "", m.ideal.now, 1)
		if err != nil {
			r.Fatal(err)
		}
		rows, err := m.OutboxDue(r.Context(), 0, "", m.ideal.now, 1)
		if err != nil {
			r.Fatal(err)
		}
		switch {
		case len(wakes) > 0:
			m.wake(r, wakes[0])
		case len(rows) > 0:
			m.handle(r, rows[0])
		default:
			return
		}
	}
}

func (m *machine) wake(r *rapid.T, key table.Key) {
	records, err := m.engine.Get(r.Context(), key)
	if err != nil || len(records) == 0 {
		r.Fatalf("a wake is gone: %v", err)
	}
	var doc struct{ Slot mentoring.SlotID }
	if err := json.Unmarshal(records[0].Data, &doc); err != nil {
		r.Fatal(err)
	}
	if _, err := m.Wake(r.Context(), key); err != nil {
		r.Fatalf("wake: %v", err)
	}
	r.Logf("woken for %s: %s", doc.Slot, key.SK)
	m.settle(m.session(doc.Slot))
}

func (m *machine) handle(r *rapid.T, key table.Key) {
	row, err := m.OutboxRow(r.Context(), key)
	if err != nil || row == nil {
		r.Fatalf("row: %v", err)
	}
	r.Logf("handled: %+v", row.Event)
	if err := m.dispatcher.Handle(r.Context(), key); err != nil {
		r.Fatalf("handle %s: %v", row.Event.Kind, err)
	}
	if left, err := m.OutboxRow(r.Context(), key); err != nil || left != nil || m.log.Len() > 0 {
		r.Fatalf("%s was not handled: %v %s", row.Event.Kind, err, m.log.String())
	}
	if row.Event.Kind == mentoring.PersonChanged {
		m.refresh(m.named(row.Event.Person))
		return
	}
	for _, id := range []mentoring.SlotID{row.Event.Slot, row.Event.From} {
		if id != "" {
			m.settleMonth(m.session(id))
		}
	}
}

// settleMonth settles a slot, and the others of a month that is counted.
func (m *machine) settleMonth(s *session) {
	m.settle(s)
	if s.host.cap == 0 {
		return
	}
	for _, other := range m.hosted(s.host) {
		if other != s && other.month() == s.month() {
			m.settle(other)
		}
	}
}

func (m *machine) session(id mentoring.SlotID) *session {
	return m.sessions[slices.IndexFunc(m.sessions, func(s *session) bool { return s.id == id })]
}

// end lets everything come to its end: then every booking is over, and nothing is left to be done.
func (m *machine) end(r *rapid.T) {
	for range 3 {
		m.tick(r, 200*24*time.Hour)
	}
	m.on = m.scan(r)
	m.compare(r)
	for _, b := range m.bookings {
		if m.live(b) {
			r.Fatalf("a booking never ends: it is %s", m.statusOf(b))
		}
	}
	for _, b := range m.on.bookings {
		if closed := b.After.Closure == mentoring.AutoClosed || b.After.Closure == mentoring.Debriefed; b.Status == mentoring.Confirmed || (b.Status == mentoring.Completed) != closed {
			r.Fatalf("a session is over, and its booking is %s, %+v", b.Status, b.After)
		}
	}
	if wakes, rows := len(m.on.wakes), len(m.on.rows); wakes+rows > 0 {
		r.Fatalf("%d wakes and %d rows are left", wakes, rows)
	}
}
