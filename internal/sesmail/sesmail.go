// Package sesmail sends messages through Amazon SES, version 2 of its API. It is the only package that
// talks to SES.
//
// SES has no idempotency token: whoever sends the same message twice has sent two. So there is exactly one
// attempt per call, and when a call fails without an answer nobody knows whether the message went out.
// What to do then is for the caller to decide, who keeps the ledger.
package sesmail

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"
	"github.com/aws/smithy-go"

	"flashmentoring/internal/mail"
)

// timeout is how long one call may take, from connecting to the answer. SES usually answers within a
// fraction of a second; whoever waits longer holds up the messages behind.
const timeout = 10 * time.Second

// Connect makes a client that tries once: retrying is ours.
func Connect(cfg aws.Config) *sesv2.Client {
	return sesv2.NewFromConfig(cfg, func(o *sesv2.Options) { o.Retryer = aws.NopRetryer{} })
}

// Sender sends messages. It is safe for concurrent use.
type Sender struct {
	client           *sesv2.Client
	configurationSet string
}

// New makes a sender. The client should be one of [Connect]. configurationSet names what SES does with
// bounces, complaints and metrics; empty means the default of the sending identity.
func New(client *sesv2.Client, configurationSet string) *Sender {
	return &Sender{client, configurationSet}
}

// Send hands the message to SES and returns the id SES gave it, which later names it in bounces and
// complaints. An error that is none of [mail.ErrRefused], [mail.ErrPaused] and [mail.ErrThrottled] may have come after SES
// took the message.
func (s *Sender) Send(ctx context.Context, m mail.Message) (providerID string, err error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	input := &sesv2.SendEmailInput{
		FromEmailAddress: aws.String(m.From),
		Destination:      &types.Destination{ToAddresses: []string{m.To}},
		Content:          &types.EmailContent{Raw: &types.RawMessage{Data: m.Raw}},
		EmailTags:        []types.MessageTag{{Name: aws.String("kind"), Value: aws.String(string(m.Kind))}},
	}
	if s.configurationSet != "" {
		input.ConfigurationSetName = aws.String(s.configurationSet)
	}
	out, err := s.client.SendEmail(ctx, input)
	if err != nil {
		return "", classified(err)
	}
	return aws.ToString(out.MessageId), nil
}

// accountTimeout is short: whoever wants to send waits for the answer, and can do without.
const accountTimeout = 3 * time.Second

// Account asks SES what it allows the account, in this region. Its errors are those of [Sender.Send].
func (s *Sender) Account(ctx context.Context) (mail.Account, error) {
	ctx, cancel := context.WithTimeout(ctx, accountTimeout)
	defer cancel()
	out, err := s.client.GetAccount(ctx, &sesv2.GetAccountInput{})
	if err != nil {
		return mail.Account{}, classified(err)
	}
	a := mail.Account{Enabled: out.SendingEnabled && aws.ToString(out.EnforcementStatus) != "SHUTDOWN"}
	if q := out.SendQuota; q != nil {
		a.Rate, a.Quota, a.Sent = q.MaxSendRate, q.Max24HourSend, q.SentLast24Hours
	}
	return a, nil
}

// answered is a failure that SES told: what kind of failure it is, nil where that is unknown, and SES's code for it. The
// message is left out: it names addresses.
type answered struct {
	kind error
	code string
}

func (a *answered) Error() string {
	if a.kind == nil {
		return "ses: " + a.code
	}
	return a.kind.Error() + ": " + a.code
}

func (a *answered) Unwrap() error { return a.kind }

// ErrorCode is SES's code, as the SDK's own errors have it.
func (a *answered) ErrorCode() string { return a.code }

// classified puts what kind of failure it is before an error, where SES said so. The codes are those of
// SendEmail in the Amazon SES API v2 reference, "Errors", and of the developer guide: "Errors related to the
// sending quotas" for throttling, "Amazon SES email sending errors" for what MessageRejected says of an
// address that is not verified.
func classified(err error) error {
	answer := smithy.APIError(nil)
	if !errors.As(err, &answer) {
		return err
	}
	code, kind := answer.ErrorCode(), error(nil)
	switch code {
	case "MessageRejected":
		kind = mail.ErrRefused
		if strings.Contains(answer.ErrorMessage(), "not verified") {
			kind = mail.ErrPaused
		}
	case "BadRequestException":
		kind = mail.ErrRefused
	case "SendingPausedException", "AccountSuspendedException", "MailFromDomainNotVerifiedException",
		"NotFoundException":
		kind = mail.ErrPaused
	case "TooManyRequestsException", "LimitExceededException", "ThrottlingException", "Throttling":
		kind = mail.ErrThrottled
	}
	return &answered{kind, code}
}
