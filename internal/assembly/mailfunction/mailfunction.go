// Package mailfunction is what the functions mailer and clock are made of.
package mailfunction

import (
	"context"
	"math/rand/v2"
	"time"

	"flashmentoring/internal/assembly"
	"flashmentoring/internal/config"
	"flashmentoring/internal/dispatch"
	"flashmentoring/internal/mail"
	"flashmentoring/internal/telemetry"
)

// Service is the mail service.
type Service interface {
	dispatch.Sender
	Account(context.Context) (mail.Account, error)
}

// New puts the functions together: the mailer runs the dispatcher's Stream, the clock its Tick. Its error
// says what is wrong with the configuration.
func New(c config.Mailer, service Service, s assembly.Surroundings) (*dispatch.Dispatcher, error) {
	signer, err := assembly.Links(c.LinkBase, c.LinkKeys)
	if err != nil {
		return nil, err
	}
	composer, err := mail.New(mail.Config{
		From: c.Mail.From.String(), Domain: c.Mail.Domain,
		Links:   to(signer),
		Strikes: mail.StrikeRule{Strikes: c.Policy.StrikesAllowed, Within: c.Policy.StrikeDays, Cooldown: c.Policy.CooldownDays},
	})
	if err != nil {
		return nil, err
	}
	log := telemetry.NewLogger(s.Log, c.LogLevel)
	return dispatch.New(dispatch.Config{
		Desk:     assembly.Desk(c.Table, c.Policy, s),
		Composer: composer,
		Sender:   service,
		Account:  service.Account,
		Jitter:   rand.N[time.Duration],
		Metrics:  telemetry.NewMetrics(log, c.MetricsNamespace, s.Now),
		Log:      log,
	}), nil
}
