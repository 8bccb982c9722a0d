// Package config turns a function's environment into a checked struct. A function loads it first and does not start
// with a wrong one:
//
//	cfg, err := config.LoadAPI(config.Environ(os.Environ()))
//
// The error lists every variable that is wrong, what is wrong with it and what is expected, so that one deployment is
// enough to set them all right. A variable that is set to nothing counts as not set.
//
// Each function reads only what it needs; TABLE_NAME, OUTBOX_SHARDS, OPEN_SHARDS and LOG_LEVEL are common to all.
// template.yaml sets them and says what they are for.
//
// Why not a library: the usual one (caarlos0/env) names the field of the struct instead of the variable, repeats the
// value it could not read, secret or not, and would leave all checks of meaning to us. What is left of the work is in
// reader.go.
package config

import (
	"log/slog"
	"net/mail"
	"strings"
)

// API is what the API function needs.
type API struct {
	Table     Table
	Token     Token
	CursorKey Secret // CURSOR_KEY: seals the cursors of lists; at least 32 characters
	Policy    Policy
	Rate      Rate
	LogLevel  slog.Level // LOG_LEVEL: DEBUG, INFO (default), WARN or ERROR
}

// Mailer is what the function behind the table's stream needs.
type Mailer struct {
	Table    Table
	Mail     Mail
	LogLevel slog.Level // as in API
}

// Clock is what the function behind the schedule needs. It sends what the mailer missed, so it needs the same.
type Clock Mailer

// Table says where and how records are kept.
type Table struct {
	Name         string // TABLE_NAME: of the DynamoDB table
	OutboxShards int    // OUTBOX_SHARDS: partitions of the outbox, 1 to 64, default 4
	OpenShards   int    // OPEN_SHARDS: partitions of the index of open slots, 1 to 64, default 1
}

// Token says which bearer tokens are accepted.
type Token struct {
	// Issuer is TOKEN_ISSUER, compared with the "iss" claim to the letter. It is an https address without query and
	// fragment (OpenID Connect Discovery 1.0, section 4.3). Plain http is accepted from this machine only: localhost and
	// the loopback addresses.
	Issuer string
	// Audience is TOKEN_AUDIENCE, what the "aud" claim must hold.
	Audience string
}

// Policy holds the caps of product.md section 6, each 1 to 100.
type Policy struct {
	MaxUpcomingConfirmed int // POLICY_MAX_UPCOMING_CONFIRMED: confirmed bookings ahead of one requester, default 3
	MaxPerPair           int // POLICY_MAX_PER_PAIR: upcoming sessions of one requester with one expert, default 1
}

// Rate holds the limits of product.md section 11: how many requests one caller may send to one process in a minute, each 1
// to 60,000.
type Rate struct {
	WritesPerMinute int // RATE_WRITES_PER_MINUTE: default 30
	ReadsPerMinute  int // RATE_READS_PER_MINUTE: default 300
}

// Mail says how mails go out.
type Mail struct {
	From mail.Address // MAIL_FROM: a mailbox of RFC 5322, "Flash Mentoring <mentoring@example.org>"
	// Domain is MAIL_DOMAIN, the domain calendar entries and messages are named after, in lower case. The default is the
	// one of From.
	Domain string
	// ConfigurationSet is SES_CONFIGURATION_SET, the one of SES to send with. "" is none.
	ConfigurationSet string
}

// LoadAPI reads the configuration of the API function. The error is an [*Error].
//
// It also refuses variables that begin with POLICY_ or RATE_ and are not known: a misspelt cap would silently be the
// default.
func LoadAPI(environ map[string]string) (API, error) {
	r := reader{environ: environ}
	cfg := API{
		Table:     r.table(),
		Token:     r.token(),
		CursorKey: r.secret("CURSOR_KEY", 32),
		Policy: Policy{
			MaxUpcomingConfirmed: r.number("POLICY_MAX_UPCOMING_CONFIRMED", 3, 1, 100),
			MaxPerPair:           r.number("POLICY_MAX_PER_PAIR", 1, 1, 100),
		},
		Rate: Rate{
			WritesPerMinute: r.number("RATE_WRITES_PER_MINUTE", 30, 1, 60_000),
			ReadsPerMinute:  r.number("RATE_READS_PER_MINUTE", 300, 1, 60_000),
		},
		LogLevel: r.logLevel("LOG_LEVEL"),
	}
	r.onlyKnown("POLICY_")
	r.onlyKnown("RATE_")
	if err := r.err(); err != nil {
		return API{}, err
	}
	return cfg, nil
}

// LoadMailer reads the configuration of the mailer function. The error is an [*Error].
func LoadMailer(environ map[string]string) (Mailer, error) {
	r := reader{environ: environ}
	cfg := Mailer{Table: r.table(), Mail: r.mail(), LogLevel: r.logLevel("LOG_LEVEL")}
	if err := r.err(); err != nil {
		return Mailer{}, err
	}
	return cfg, nil
}

// LoadClock reads the configuration of the clock function. The error is an [*Error].
func LoadClock(environ map[string]string) (Clock, error) {
	cfg, err := LoadMailer(environ)
	return Clock(cfg), err
}

// Environ makes a map of what os.Environ returns.
func Environ(list []string) map[string]string {
	environ := make(map[string]string, len(list))
	for _, entry := range list {
		name, value, _ := strings.Cut(entry, "=")
		environ[name] = value
	}
	return environ
}
