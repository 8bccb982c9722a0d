// Package assembly puts each function together from its parts: what functions/ deploys and what the local
// cloud runs is the same, down to here. What differs between the two is given as [Surroundings].
//
// There is a package for the API (apifunction) and one for the two functions that send mail (mailfunction),
// so that the API's binary carries no templates and starts without reading any.
package assembly

import (
	"crypto/rand"
	"io"
	"net/http"
	"time"
	_ "time/tzdata" // provided.al2023 has no zone data

	"flashmentoring/internal/config"
	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
)

// Surroundings are what differs between a deployed function and the same one at home.
type Surroundings struct {
	Table table.Table
	Now   func() time.Time
	Log   io.Writer
	// IssuerClient reads the issuer's keys; nil is the usual HTTP client.
	IssuerClient *http.Client
}

// Desk is the desk of a function, with the product's own topics.
func Desk(c config.Table, p config.Policy, s Surroundings) *desk.Desk {
	return desk.New(desk.Config{
		Table: s.Table, Now: s.Now, Random: rand.Reader,
		Policy: policy(p), Topics: mentoring.StarterTopics,
		OpenShards: c.OpenShards, OutboxShards: c.OutboxShards, DueShards: c.DueShards,
	})
}

// policy is the product's own, with the numbers an operator may choose.
func policy(c config.Policy) mentoring.Policy {
	const day = 24 * time.Hour
	p := mentoring.DefaultPolicy()
	p.MaxUpcoming, p.MaxAsks, p.MaxPerPair = c.MaxUpcomingConfirmed, c.MaxOpenRequests, c.MaxPerPair
	p.RequestLife = time.Duration(c.RequestHours) * time.Hour
	p.MailsPerDay = c.MailsPerDay
	p.KeepWords = time.Duration(c.KeepWordsDays) * day
	p.StrikesAllowed, p.StrikeWindow, p.Cooldown = c.StrikesAllowed, time.Duration(c.StrikeDays)*day, time.Duration(c.CooldownDays)*day
	return p
}
