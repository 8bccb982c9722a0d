package mail

import (
	"cmp"
	"errors"
	"fmt"
	netmail "net/mail"
	"time"
	_ "time/tzdata" // readers' zones, on machines that have none

	"flashmentoring/internal/calendar"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/plaintext"
)

// Config says who the mails come from.
type Config struct {
	// From is the sender, a mailbox of RFC 5322 section 3.4: "Flash Mentoring <mentoring@example.org>".
	From string
	// Domain is what stands right of the @ in Message-IDs and in the UIDs of calendar entries. Calendars
	// recognise an entry by its UID, so it must never change while entries it named are still to come.
	Domain string
	// Links makes the addresses of pages that a letter offers. Its functions may be missing.
	Links Links
	// Strikes is what letters say of the rule; by default it is [DefaultStrikeRule].
	Strikes StrikeRule
}

// Composer makes messages. It holds no state and is safe for concurrent use.
type Composer struct {
	from      netmail.Address
	domain    string
	calendars *calendar.Encoder
	links     Links
	strikes   StrikeRule
}

// New checks the configuration; its error names what is wrong with it.
func New(c Config) (*Composer, error) {
	from, err := netmail.ParseAddress(c.From)
	if err != nil {
		return nil, fmt.Errorf("mail: sender %q is not a mailbox: %w", c.From, err)
	}
	from.Name = headerText(from.Name)
	calendars, err := calendar.New(*from, c.Domain)
	if err != nil {
		return nil, fmt.Errorf("mail: %w", err)
	}
	return &Composer{*from, c.Domain, calendars, c.Links, cmp.Or(c.Strikes, DefaultStrikeRule)}, nil
}

// Message is a mail, ready to be sent.
type Message struct {
	Kind    mentoring.NoticeKind
	From    string // addresses only; the names are in Raw
	To      string
	Subject string
	Raw     []byte // RFC 5322 and MIME, lines end with CRLF, 7-bit
}

var (
	// ErrKind says that this version has no words for a notice of that kind.
	ErrKind = errors.New("mail: no words for this kind of notice")
	// ErrAddress says that the reader has no address that can stand in a header as it is.
	ErrAddress = errors.New("mail: not a plain e-mail address")
	// ErrID says that a message id or a calendar UID is not a dot-atom of RFC 5322 section 3.2.3 of at most 200
	// characters.
	ErrID = errors.New("mail: not usable as an id")
)

// Compose puts a notice into a message dated now, whose Message-ID is messageID at the composer's domain.
// The same arguments give the same bytes.
//
// It returns [ErrKind], [ErrAddress], [ErrID], or an error of the words where the notice holds a value that
// is not of its closed list (product.md sections 5 and 6). None of them goes away by trying again.
func (c *Composer) Compose(n mentoring.Notice, messageID string, now time.Time) (Message, error) {
	put, known := kinds[n.Kind]
	switch {
	case !known:
		return Message{}, fmt.Errorf("%w: %q", ErrKind, n.Kind)
	case !plaintext.IsAddress(n.Reader.Email):
		return Message{}, ErrAddress
	case !plaintext.IsID(messageID) || n.Calendar.Method != mentoring.CalendarNone && !plaintext.IsID(n.Calendar.UID):
		return Message{}, ErrID
	}
	reader := netmail.Address{Name: headerText(n.Reader.Profile.Name), Address: n.Reader.Email}
	words := tell(n, c.strikes, now)
	letter := put(words, n)
	letter.Actions = words.actions(n, c.links)
	unsubscribe := c.links.unsubscribe(n)
	if unsubscribe != "" {
		letter.Stop = []action{{words.say("stop"), unsubscribe}}
	}
	if words.err != nil {
		return Message{}, fmt.Errorf("mail: words for %s: %w", n.Kind, words.err)
	}
	m := content{
		from: c.from, to: reader, subject: headerText(letter.Subject), id: messageID + "@" + c.domain, date: now,
		unsubscribe: unsubscribe,
	}
	var err error
	if m.text, m.html, err = letter.set(); err != nil {
		return Message{}, fmt.Errorf("mail: set %s: %w", n.Kind, err)
	}
	if m.calendar, err = c.invite(n, reader, now); err != nil {
		return Message{}, fmt.Errorf("mail: calendar of %s: %w", n.Kind, err)
	}
	raw, err := m.mime()
	if err != nil {
		return Message{}, fmt.Errorf("mail: encode %s: %w", n.Kind, err)
	}
	return Message{n.Kind, c.from.Address, reader.Address, m.subject, raw}, nil
}

// invite is what happens to the reader's calendar entry, or nothing.
func (c *Composer) invite(n mentoring.Notice, reader netmail.Address, now time.Time) (invitation, error) {
	if n.Calendar.Method == mentoring.CalendarNone {
		return invitation{}, nil
	}
	entry := calendar.EntryFor(n.Role, n.Slot, n.Booking, n.Other.Name, n.Calendar)
	object, err := c.calendars.Invite(entry, reader, now)
	return invitation{n.Calendar.Method, object}, err
}
