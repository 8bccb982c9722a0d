// Package assembly puts each function together from its parts: what functions/ deploys and what the local
// cloud runs is the same, down to here. What differs between the two is given: the engine of the table,
// the way to the mail service, and the clock.
package assembly

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"time"
	_ "time/tzdata" // provided.al2023 has no zone data

	"github.com/aws/aws-lambda-go/events"

	"flashmentoring/internal/config"
	"flashmentoring/internal/desk"
	"flashmentoring/internal/dispatch"
	"flashmentoring/internal/httpapi"
	"flashmentoring/internal/identity"
	"flashmentoring/internal/lambdahttp"
	"flashmentoring/internal/mail"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
	"flashmentoring/internal/telemetry"
)

// Surroundings are what differs between a deployed function and the same one at home.
type Surroundings struct {
	Table table.Table
	Now   func() time.Time
	Log   io.Writer
}

// APIHandler answers HTTP API events, payload format 2.0.
type APIHandler func(context.Context, events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error)

// API is the function behind every /v1 route.
func API(c config.API, s Surroundings) (APIHandler, error) {
	verifier, err := identity.New(identity.Config{Issuer: c.Token.Issuer, Audience: c.Token.Audience, Now: s.Now})
	if err != nil {
		return nil, err
	}
	policy := mentoring.DefaultPolicy()
	policy.MaxUpcoming, policy.MaxPerPair = c.Policy.MaxUpcomingConfirmed, c.Policy.MaxPerPair
	return lambdahttp.Handler(httpapi.New(httpapi.Config{
		Desk:      newDesk(c.Table, policy, s),
		Verifier:  verifier,
		CursorKey: []byte(c.CursorKey),
		Logger:    telemetry.NewLogger(s.Log, c.LogLevel),
	})), nil
}

// Dispatcher is what mailer and clock are made of: the mailer function runs its Stream, the clock function
// its Tick.
func Dispatcher(c config.Mailer, sender dispatch.Sender, s Surroundings) (*dispatch.Dispatcher, error) {
	composer, err := mail.New(mail.Config{From: c.Mail.From.String(), Domain: c.Mail.Domain})
	if err != nil {
		return nil, fmt.Errorf("mail: %w", err)
	}
	return dispatch.New(dispatch.Config{
		Desk:     newDesk(c.Table, mentoring.DefaultPolicy(), s),
		Composer: composer,
		Sender:   sender,
		Log:      telemetry.NewLogger(s.Log, c.LogLevel),
	}), nil
}

func newDesk(c config.Table, policy mentoring.Policy, s Surroundings) *desk.Desk {
	return desk.New(desk.Config{
		Table: s.Table, Now: s.Now, Random: rand.Reader,
		Policy: policy, Topics: mentoring.StarterTopics,
		OpenShards: c.OpenShards, OutboxShards: c.OutboxShards,
	})
}
