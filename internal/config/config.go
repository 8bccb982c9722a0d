// Package config turns a function's environment into a checked struct. A function loads it first and does not start
// with a wrong one:
//
//	cfg, err := config.LoadAPI(config.Environ(os.Environ()))
//
// The error lists every variable that is wrong, what is wrong with it and what is expected, so that one deployment is
// enough to set them all right. A variable that is set to nothing counts as not set.
//
// Each function reads only what it needs; TABLE_NAME, the numbers of shards, POLICY_ and LOG_LEVEL are common to all.
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
	Mail      Mail      // calendar entries that are fetched are those of the mails
	LinkKeys  []LinkKey // as in Pages
	Rate      Rate
	// MetricsNamespace is METRICS_NAMESPACE, below which CloudWatch keeps the metrics; "FlashMentoring" by default.
	MetricsNamespace string
	LogLevel         slog.Level // LOG_LEVEL: DEBUG, INFO (default), WARN or ERROR
}

// Mailer is what the function behind the table's stream needs.
type Mailer struct {
	Table  Table
	Policy Policy // those who wait get seats by the same rules as those who book
	Mail   Mail
	// LinkBase is LINK_BASE, where the pages are that links in mails lead to: an https address without a path, or http on
	// this machine.
	LinkBase         string
	LinkKeys         []LinkKey  // as in Pages
	MetricsNamespace string     // as in API
	LogLevel         slog.Level // as in API
}

// Pages is what the function behind the links in mails needs.
type Pages struct {
	Table            Table
	Policy           Policy     // as in Mailer: cancelling gives a seat to who waits
	Mail             Mail       // names calendar entries as mails do
	LinkKeys         []LinkKey  // LINK_KEYS: id:secret, separated by commas; the first signs links, all are accepted
	MetricsNamespace string     // as in API
	LogLevel         slog.Level // as in API
}

// LinkKey signs links.
type LinkKey struct {
	ID     string // 1 to 16 letters, digits and - _
	Secret Secret // at least 32 characters
}

// Clock is what the function behind the schedule needs. It sends what the mailer missed, so it needs the same.
type Clock Mailer

// MailEvents is what the function that takes in bounces and complaints needs.
type MailEvents struct {
	Table            Table
	Account          string     // ACCOUNT_ID: of AWS, 12 digits; events about others are refused
	ConfigurationSet string     // SES_CONFIGURATION_SET: the one our mails go out with; events of others are passed over
	MetricsNamespace string     // as in API
	LogLevel         slog.Level // as in API
}

// Table says where and how records are kept.
type Table struct {
	Name         string // TABLE_NAME: of the DynamoDB table
	OutboxShards int    // OUTBOX_SHARDS: partitions of the outbox, 1 to 64, default 4
	OpenShards   int    // OPEN_SHARDS: partitions of the index of open slots, 1 to 64, default 1
	DueShards    int    // DUE_SHARDS: partitions of what is due at some time, 1 to 64, default 16
}

// Token says which bearer tokens are accepted.
type Token struct {
	// Issuer is TOKEN_ISSUER, compared with the "iss" claim to the letter. It is an https address without query and
	// fragment (OpenID Connect Discovery 1.0, section 4.3). Plain http is accepted from this machine only: localhost, the
	// loopback addresses, and host.docker.internal, which is what a container calls the machine it runs on.
	Issuer string
	// Audience is TOKEN_AUDIENCE, what the "aud" claim must hold.
	Audience string
}

// Policy holds the numbers of product.md sections 6 and 7.
type Policy struct {
	MaxUpcomingConfirmed int // POLICY_MAX_UPCOMING_CONFIRMED: confirmed bookings ahead of one requester, 1 to 100, default 3
	MaxOpenRequests      int // POLICY_MAX_OPEN_REQUESTS: requests and waits of one requester nobody answered yet, 1 to 100, default 5
	MaxPerPair           int // POLICY_MAX_PER_PAIR: upcoming sessions of one requester with one expert, 1 to 100, default 1
	RequestHours         int // POLICY_REQUEST_HOURS: an expert has to answer a request, at the most, 1 to 336, default 48
	MailsPerDay          int // POLICY_MAILS_PER_DAY: of one reader, beyond what the calendar needs, 1 to 1000, default 20
	KeepWordsDays        int // POLICY_KEEP_WORDS_DAYS: what people wrote about a session is kept, 60 to 3650, default 365
	StrikesAllowed       int // POLICY_STRIKES_ALLOWED: strikes that keep somebody from booking and publishing, 1 to 100, default 3
	StrikeDays           int // POLICY_STRIKE_DAYS: within which they count, 1 to 366, default 90
	CooldownDays         int // POLICY_COOLDOWN_DAYS: for which they keep somebody, 1 to 366, default 28
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
		Policy:    r.policy(),
		Mail:      r.mail(),
		LinkKeys:  r.linkKeys("LINK_KEYS"),
		Rate: Rate{
			WritesPerMinute: r.number("RATE_WRITES_PER_MINUTE", 30, 1, 60_000),
			ReadsPerMinute:  r.number("RATE_READS_PER_MINUTE", 300, 1, 60_000),
		},
		MetricsNamespace: r.metrics(), LogLevel: r.logLevel("LOG_LEVEL"),
	}
	r.onlyKnown("RATE_")
	if err := r.err(); err != nil {
		return API{}, err
	}
	return cfg, nil
}

// LoadMailer reads the configuration of the mailer function. The error is an [*Error]. It also refuses variables that begin
// with POLICY_ and are not known.
func LoadMailer(environ map[string]string) (Mailer, error) {
	r := reader{environ: environ}
	cfg := Mailer{
		Table: r.table(), Policy: r.policy(), Mail: r.mail(), LinkBase: r.site("LINK_BASE"), LinkKeys: r.linkKeys("LINK_KEYS"),
		MetricsNamespace: r.metrics(), LogLevel: r.logLevel("LOG_LEVEL"),
	}
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

// LoadPages reads the configuration of the pages function. The error is an [*Error]. It also refuses variables that begin
// with POLICY_ and are not known.
func LoadPages(environ map[string]string) (Pages, error) {
	r := reader{environ: environ}
	cfg := Pages{
		Table: r.table(), Policy: r.policy(), Mail: r.mail(), LinkKeys: r.linkKeys("LINK_KEYS"),
		MetricsNamespace: r.metrics(), LogLevel: r.logLevel("LOG_LEVEL"),
	}
	if err := r.err(); err != nil {
		return Pages{}, err
	}
	return cfg, nil
}

// LoadMailEvents reads the configuration of the function that takes in bounces and complaints. The error is an [*Error].
func LoadMailEvents(environ map[string]string) (MailEvents, error) {
	r := reader{environ: environ}
	cfg := MailEvents{
		Table: r.table(), Account: r.account(), ConfigurationSet: r.configurationSet(true),
		MetricsNamespace: r.metrics(), LogLevel: r.logLevel("LOG_LEVEL"),
	}
	if err := r.err(); err != nil {
		return MailEvents{}, err
	}
	return cfg, nil
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
