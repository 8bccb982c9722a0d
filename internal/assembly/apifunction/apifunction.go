// Package apifunction is the function behind every /v1 route.
package apifunction

import (
	"context"

	"github.com/aws/aws-lambda-go/events"

	"flashmentoring/internal/assembly"
	"flashmentoring/internal/calendar"
	"flashmentoring/internal/config"
	"flashmentoring/internal/httpapi"
	"flashmentoring/internal/identity"
	"flashmentoring/internal/lambdahttp"
	"flashmentoring/internal/telemetry"
)

// Handler answers HTTP API events, payload format 2.0.
type Handler func(context.Context, events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error)

// New puts the function together. Its error says what is wrong with the configuration.
func New(c config.API, s assembly.Surroundings) (Handler, error) {
	verifier, err := identity.New(identity.Config{Issuer: c.Token.Issuer, Audience: c.Token.Audience, HTTPClient: s.IssuerClient, Now: s.Now})
	if err != nil {
		return nil, err
	}
	entries, err := calendar.New(c.Mail.From, c.Mail.Domain)
	if err != nil {
		return nil, err
	}
	const here = "" // the api is told with each request where it is
	signer, err := assembly.Links(here, c.LinkKeys)
	if err != nil {
		return nil, err
	}
	log := telemetry.NewLogger(s.Log, c.LogLevel)
	return lambdahttp.Handler(httpapi.New(httpapi.Config{
		Desk:      assembly.Desk(c.Table, c.Policy, s),
		Verifier:  verifier,
		CursorKey: []byte(c.CursorKey),
		Calendar:  entries,
		Links:     signer,
		Limits:    httpapi.Limits{WritesPerMinute: c.Rate.WritesPerMinute, ReadsPerMinute: c.Rate.ReadsPerMinute},
		Logger:    log,
		Metrics:   telemetry.NewMetrics(log, c.MetricsNamespace, s.Now),
	})), nil
}
