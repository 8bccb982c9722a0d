package simulation

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	netmail "net/mail"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/emersion/go-ical"

	"flashmentoring/internal/mail"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/sesbox"
	"flashmentoring/internal/sesmail"
	"flashmentoring/internal/table"
)

// post is the mail service, with everybody's mailbox and calendar behind it: package sesbox, which package sesmail's real
// client talks to without a network.
type post struct {
	*world
	box       *sesbox.Box
	sender    *sesmail.Sender
	next      sesbox.Failure // of the next message
	took      bool           // the last message
	copies    map[string][]*copyOf
	calendars map[calendarKey]object
	spoilt    map[string]bool // readers of whom a message was refused, or whose address takes none
	extra     int             // copies that faults explain
}

// copyOf is one copy of a message that was taken.
type copyOf struct {
	by       *task
	lost     bool // its sender got no answer
	faulty   bool // recording it failed
	recorded bool
}

type calendarKey struct{ to, uid string }

// object is what the last calendar object says of an entry.
type object struct {
	sequence   int
	shown      bool
	start, end time.Time
}

func newPost(w *world) *post {
	p := &post{
		world: w, box: sesbox.New(w.now), copies: map[string][]*copyOf{}, calendars: map[calendarKey]object{}, spoilt: map[string]bool{},
	}
	p.box.Fail(func(int) sesbox.Failure { return p.next })
	url := "https://ses.invalid"
	p.sender = sesmail.New(sesmail.Connect(aws.Config{
		Region: "eu-central-1", BaseEndpoint: &url, HTTPClient: p,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "a", SecretAccessKey: "b"}, nil
		}),
	}), "mails")
	return p
}

// Do hands a request to the mail service.
func (p *post) Do(r *http.Request) (answer *http.Response, err error) {
	defer func() {
		if cut := recover(); cut != nil {
			answer, err = nil, io.ErrUnexpectedEOF
			p.took = true
		}
	}()
	rec := httptest.NewRecorder()
	p.box.ServeHTTP(rec, r)
	p.took = r.Method == http.MethodPost && rec.Code == http.StatusOK
	return rec.Result(), nil
}

// Send is a step.
func (p *post) Send(ctx context.Context, m mail.Message) (id string, err error) {
	about := fmt.Sprint(m.Kind, " to ", m.To)
	err = p.stage.step(ctx, "send", about, func(f fate) error {
		p.took = false
		id, err = p.sender.Send(ctx, m)
		if p.took {
			p.taken(taskOf(ctx), m, err != nil)
		}
		p.traced(ctx, "send", about, len(m.Raw), err)
		return err
	})
	return id, err
}

// Account is no step: whoever asks keeps the others of the process waiting.
func (p *post) Account(ctx context.Context) (mail.Account, error) { return p.sender.Account(ctx) }

// taken looks at a message that the service took. A second copy of one needs a fault that explains it.
func (p *post) taken(t *task, m mail.Message, lost bool) {
	id := messageID(m.Raw)
	for _, before := range p.copies[id] {
		switch {
		case before.recorded:
			p.wrong("%s to %s goes out again, and was recorded: %s", m.Kind, m.To, id)
		case !before.lost && !before.faulty && !(before.by != nil && before.by.dead):
			p.wrong("%s to %s goes out twice, and no fault explains it: %s", m.Kind, m.To, id)
		default:
			p.extra++
		}
	}
	p.copies[id] = append(p.copies[id], &copyOf{by: t, lost: lost})
	p.checkReminder(m.Kind, id)
	all := p.box.Messages(m.To)
	p.read(all[len(all)-1])
}

// checkReminder wants nobody to be reminded of a session that has begun.
func (p *post) checkReminder(kind mentoring.NoticeKind, id string) {
	if kind != mentoring.Reminder24h && kind != mentoring.Reminder1h {
		return
	}
	subject, _, _ := strings.Cut(id, ".")
	slot := mentoring.SlotID(subject)
	if b, known := p.books.bookings[mentoring.BookingID(subject)]; known {
		slot = b.Slot
	}
	if s := p.books.slots[slot]; !p.now().Before(s.StartsAt) {
		p.wrong("%s goes out for a session of %v", kind, s.StartsAt)
	}
}

// read is what a calendar program does with a message: it minds the highest sequence.
func (p *post) read(m sesbox.Mail) {
	if m.Calendar == "" {
		return
	}
	parsed, err := ical.NewDecoder(strings.NewReader(m.Calendar)).Decode()
	if err != nil || len(parsed.Events()) != 1 {
		p.wrong("the calendar of %s: %v", m.Kind, err)
		return
	}
	event := parsed.Events()[0]
	method, _ := parsed.Props.Text(ical.PropMethod)
	uid, _ := event.Props.Text(ical.PropUID)
	sequence, failed := 0, error(nil)
	if prop := event.Props.Get(ical.PropSequence); prop != nil {
		sequence, failed = prop.Int()
	}
	start, wrong := event.DateTimeStart(time.UTC)
	end, worse := event.DateTimeEnd(time.UTC)
	if failed != nil || wrong != nil || worse != nil || uid == "" || method == "" {
		p.wrong("the calendar of %s: %v %v %v", m.Kind, failed, wrong, worse)
		return
	}
	uid, _, _ = strings.Cut(uid, "@")
	key := calendarKey{m.To, uid}
	if has, known := p.calendars[key]; !known || sequence >= has.sequence {
		p.calendars[key] = object{sequence, method == "REQUEST", start, end}
	}
}

// recorded is told of every commit: of those that record a message.
func (p *post) recorded(writes []table.Write) {
	for _, w := range writes {
		if w.Action != table.Put || !isLedger(w.Record.Key) {
			continue
		}
		name := w.Record.SK[strings.IndexByte(w.Record.SK, '#')+1:]
		reader := name[strings.Index(name, "per_"):]
		reader, _, _ = strings.Cut(reader, "#")
		switch e := decoded[entry](w.Record); e.Status {
		case "refused", "suppressed":
			p.spoilt[reader] = true
		case "sent":
			copies := p.copies[messageOf(w.Record.Key)]
			if len(copies) == 0 {
				p.wrong("%s is recorded as sent, and was not", name)
			}
			for _, c := range copies {
				c.recorded = true
			}
		}
	}
}

// notRecorded is told of commits that failed, or whose sender heard nothing.
func (p *post) notRecorded(writes []table.Write) {
	if !isSent(writes) {
		return
	}
	for _, c := range p.copies[messageOf(writes[0].Record.Key)] {
		c.faulty = true
	}
}

// messageOf is the id of the message that a record of the ledger is about.
func messageOf(k table.Key) string {
	_, subject, _ := strings.Cut(k.PK, "#")
	_, name, _ := strings.Cut(k.SK, "#")
	return subject + "." + strings.ReplaceAll(name, "#", ".")
}

// messageID names a message by what is the same for all its copies.
func messageID(raw []byte) string {
	m, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return "none"
	}
	id, _, _ := strings.Cut(strings.TrimPrefix(m.Header.Get("Message-ID"), "<"), "@")
	return id
}

// checkCalendars wants the last calendar object of everybody who is to come to something to say what is.
func (p *post) checkCalendars() {
	for _, id := range p.books.bookingIDs() {
		b := p.books.bookings[id]
		if s := p.books.slots[b.Slot]; s.StartsAt.After(p.now()) {
			p.checkEntry(b.Requester.ID, string(id), b.StatusAt(p.now()) == mentoring.Confirmed, s)
		}
	}
	for _, id := range p.books.slotIDs() {
		if s := p.books.slots[id]; s.StartsAt.After(p.now()) {
			p.checkEntry(s.Host.ID, string(id), p.books.state(id).Confirmed() > 0, s)
		}
	}
}

func (p *post) checkEntry(who mentoring.PersonID, uid string, comes bool, s mentoring.Slot) {
	reader := p.books.people[who]
	if !reader.Enrolled() || p.wasErased[who] || p.spoilt[string(who)] {
		return
	}
	has := p.calendars[calendarKey{reader.Email, uid}]
	switch {
	case has.shown != comes:
		p.wrong("the calendar of %s shows %s: %v, and they come: %v", p.nameOf(who), uid, has.shown, comes)
	case comes && (!has.start.Equal(s.StartsAt) || !has.end.Equal(s.EndsAt())):
		p.wrong("the calendar of %s shows %s at %v, and it is at %v", p.nameOf(who), uid, has.start, s.StartsAt)
	}
}
