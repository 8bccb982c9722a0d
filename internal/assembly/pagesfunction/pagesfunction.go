// Package pagesfunction is the function behind the links in mails.
package pagesfunction

import (
	"context"

	"github.com/aws/aws-lambda-go/events"

	"flashmentoring/internal/assembly"
	"flashmentoring/internal/calendar"
	"flashmentoring/internal/config"
	"flashmentoring/internal/lambdahttp"
	"flashmentoring/internal/pages"
	"flashmentoring/internal/telemetry"
)

// Handler answers HTTP API events, payload format 2.0.
type Handler func(context.Context, events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error)

// New puts the function together. Its error says what is wrong with the configuration.
func New(c config.Pages, s assembly.Surroundings) (Handler, error) {
	const here = "" // pages lead to each other by path
	signer, err := assembly.Links(here, c.LinkKeys)
	if err != nil {
		return nil, err
	}
	encoder, err := calendar.New(c.Mail.From, c.Mail.Domain)
	if err != nil {
		return nil, err
	}
	log := telemetry.NewLogger(s.Log, c.LogLevel)
	return lambdahttp.Handler(pages.New(pages.Config{
		Desk:     assembly.Desk(c.Table, c.Policy, s),
		Links:    signer,
		Calendar: encoder,
		Logger:   log,
		Metrics:  telemetry.NewMetrics(log, c.MetricsNamespace, s.Now),
	})), nil
}
