// Package apifunction is the function behind every /v1 route.
package apifunction

import (
	"context"

	"github.com/aws/aws-lambda-go/events"

	"flashmentoring/internal/assembly"
	"flashmentoring/internal/config"
	"flashmentoring/internal/httpapi"
	"flashmentoring/internal/identity"
	"flashmentoring/internal/lambdahttp"
	"flashmentoring/internal/mentoring"
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
	policy := mentoring.DefaultPolicy()
	policy.MaxUpcoming, policy.MaxPerPair = c.Policy.MaxUpcomingConfirmed, c.Policy.MaxPerPair
	return lambdahttp.Handler(httpapi.New(httpapi.Config{
		Desk:      assembly.Desk(c.Table, policy, s),
		Verifier:  verifier,
		CursorKey: []byte(c.CursorKey),
		Limits:    httpapi.Limits{WritesPerMinute: c.Rate.WritesPerMinute, ReadsPerMinute: c.Rate.ReadsPerMinute},
		Logger:    telemetry.NewLogger(s.Log, c.LogLevel),
	})), nil
}
