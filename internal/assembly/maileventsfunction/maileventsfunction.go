// Package maileventsfunction is the function that takes in bounces and complaints.
package maileventsfunction

import (
	"flashmentoring/internal/assembly"
	"flashmentoring/internal/config"
	"flashmentoring/internal/mailevents"
	"flashmentoring/internal/telemetry"
)

// New puts the function together.
func New(c config.MailEvents, s assembly.Surroundings) *mailevents.Handler {
	log := telemetry.NewLogger(s.Log, c.LogLevel)
	return mailevents.New(mailevents.Config{
		Desk:             assembly.Desk(c.Table, config.Policy{}, s),
		Account:          c.Account,
		ConfigurationSet: c.ConfigurationSet,
		Metrics:          telemetry.NewMetrics(log, c.MetricsNamespace, s.Now),
		Log:              log,
	})
}
