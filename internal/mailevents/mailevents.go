// Package mailevents takes in what became of mails after SES had them: bounces and complaints stop further mail to an
// address.
//
// SES publishes to EventBridge, and a rule of EventBridge invokes the function. Both steps are a matter of permissions:
// only that rule may invoke the function, and nobody but AWS can put an event on a bus whose source begins with "aws."
// (Amazon EventBridge API reference, PutEventsRequestEntry). So no signature has to be checked, which the other way, a
// topic of SNS that calls an address on the internet, would need, with certificates to fetch and to trust. What remains
// is checked here: that an event is from SES, about this account, and has the form AWS documents.
//
// The same event may come more than once, late, or before an older one ("Monitoring SES events using Amazon
// EventBridge": best effort). [desk.Desk.Suppress] bears all three.
package mailevents

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/mail"
	"slices"
	"time"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/telemetry"
)

// ErrRefused says that an event is not what SES sends to this account.
var ErrRefused = errors.New("no event of SES for this account")

// Config is what a Handler works with.
type Config struct {
	Desk *desk.Desk
	// Account is the AWS account the events must be about, and ConfigurationSet the one our mails go out with: others of
	// the account may send mail too.
	Account          string
	ConfigurationSet string
	Metrics          *telemetry.Metrics
	Log              *slog.Logger
}

// Handler takes in events. It is safe for concurrent use.
type Handler struct{ Config }

// New makes a Handler.
func New(c Config) *Handler { return &Handler{c} }

// Handle takes in one event. What is forged or malformed is refused with [ErrRefused]; kinds that suppress nothing, and
// those this version does not know, are passed over. Other errors are the table's, and the event should come again.
//
// It takes the text of the event, because the runtime logs what it cannot read itself, addresses and all.
func (h *Handler) Handle(ctx context.Context, text json.RawMessage) error {
	return telemetry.Run(ctx, h.Log, h.Metrics, "mail event", time.Now, func(ctx context.Context) error { return h.takeIn(ctx, text) }, ErrRefused)
}

// envelope is what is used of an event of EventBridge ("Events in Amazon EventBridge" in its user guide).
type envelope struct {
	ID         string          `json:"id"`
	DetailType string          `json:"detail-type"`
	Source     string          `json:"source"`
	Account    string          `json:"account"`
	Detail     json.RawMessage `json:"detail"`
}

func (h *Handler) takeIn(ctx context.Context, text json.RawMessage) error {
	var e envelope
	if err := json.Unmarshal(text, &e); err != nil {
		return refuse(ctx, "event")
	}
	if e.Source != "aws.ses" || e.Account != h.Account || e.ID == "" {
		return refuse(ctx, "source or account")
	}
	read, known := kinds[e.DetailType]
	if !known {
		return passOver(ctx, "kind")
	}
	var d detail
	if err := json.Unmarshal(e.Detail, &d); err != nil {
		return refuse(ctx, "detail") // the error quotes what it could not read
	}
	if !slices.Contains(d.Mail.Tags["ses:configuration-set"], h.ConfigurationSet) {
		return passOver(ctx, "configuration set")
	}
	news, ok := read(d)
	if !ok {
		return refuse(ctx, "form")
	}
	if news.reason == "" {
		return passOver(ctx, "passing")
	}
	return h.suppress(ctx, d.Mail.MessageID, news)
}

func passOver(ctx context.Context, why string) error {
	telemetry.Add(ctx, slog.String("passedOver", why))
	return nil
}

func refuse(ctx context.Context, what string) error {
	telemetry.Add(ctx, slog.String("refused", what))
	return fmt.Errorf("%w: %s", ErrRefused, what)
}

func (h *Handler) suppress(ctx context.Context, messageID string, n news) error {
	var failed error
	for _, to := range n.to {
		changed, err := h.Desk.Suppress(ctx, to, desk.Suppression{Reason: n.reason, At: n.at, MessageID: messageID})
		failed = errors.Join(failed, err)
		if changed {
			h.Metrics.AddressSuppressed(string(n.reason))
		}
	}
	telemetry.Add(ctx, slog.String("suppressed", string(n.reason)), slog.Int("addresses", len(n.to)))
	return failed
}

// detail is what is used of an event ("Contents of event data that Amazon SES publishes to Amazon SNS" in the Amazon SES
// developer guide, which holds for EventBridge too).
type detail struct {
	EventType string `json:"eventType"`
	Mail      struct {
		MessageID string              `json:"messageId"`
		Tags      map[string][]string `json:"tags"`
	} `json:"mail"`
	Bounce struct {
		Type       string      `json:"bounceType"`
		Recipients []recipient `json:"bouncedRecipients"`
		At         time.Time   `json:"timestamp"`
	} `json:"bounce"`
	Complaint struct {
		FeedbackType string      `json:"complaintFeedbackType"`
		Recipients   []recipient `json:"complainedRecipients"`
		At           time.Time   `json:"timestamp"`
	} `json:"complaint"`
}

type recipient struct {
	Address string `json:"emailAddress"`
}

// news is what an event says of addresses. Without a reason it is nothing that would keep mail from them.
type news struct {
	reason desk.SuppressionReason
	at     time.Time
	to     []string
}

// kinds read the kinds of events that can suppress, and report whether one has the form it must have.
var kinds = map[string]func(detail) (news, bool){
	"Email Bounced":            bounced,
	"Email Complaint Received": complained,
}

// bounced: only a permanent bounce says anything of the address. A mailbox that is full today takes mail tomorrow, and of
// an undetermined one SES itself could not tell.
func bounced(d detail) (news, bool) {
	if d.EventType != "Bounce" || d.Bounce.Type == "" {
		return news{}, false
	}
	if d.Bounce.Type != "Permanent" {
		return news{}, true
	}
	return d.about(desk.SuppressedBounce, d.Bounce.At, d.Bounce.Recipients)
}

// complained: "not-spam" is the one kind of feedback that takes a complaint back.
func complained(d detail) (news, bool) {
	if d.EventType != "Complaint" {
		return news{}, false
	}
	if d.Complaint.FeedbackType == "not-spam" {
		return news{}, true
	}
	return d.about(desk.SuppressedComplaint, d.Complaint.At, d.Complaint.Recipients)
}

func (d detail) about(reason desk.SuppressionReason, at time.Time, to []recipient) (news, bool) {
	n := news{reason: reason, at: at}
	for _, r := range to {
		address, err := mail.ParseAddress(r.Address)
		if err != nil {
			return news{}, false
		}
		n.to = append(n.to, address.Address)
	}
	return n, len(n.to) > 0 && !at.IsZero() && d.Mail.MessageID != ""
}
