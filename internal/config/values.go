package config

import (
	"fmt"
	"net/mail"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The methods here read variables that mean something.

func (r *reader) table() Table {
	const name, expected = "TABLE_NAME", "the name of a DynamoDB table: 3 to 255 letters, digits and _ . -"
	t := Table{
		Name:         r.required(name, expected),
		OutboxShards: r.number("OUTBOX_SHARDS", 4, 1, 64),
		OpenShards:   r.number("OPEN_SHARDS", 1, 1, 64),
		DueShards:    r.number("DUE_SHARDS", 16, 1, 64),
	}
	if t.Name != "" && !madeOf(t.Name, "_.-", 3, 255) {
		r.refuse(name, t.Name, expected)
	}
	return t
}

func (r *reader) policy() Policy {
	defer r.onlyKnown("POLICY_")
	return Policy{
		MaxUpcomingConfirmed: r.number("POLICY_MAX_UPCOMING_CONFIRMED", 3, 1, 100),
		MaxOpenRequests:      r.number("POLICY_MAX_OPEN_REQUESTS", 5, 1, 100),
		MaxPerPair:           r.number("POLICY_MAX_PER_PAIR", 1, 1, 100),
		RequestHours:         r.number("POLICY_REQUEST_HOURS", 48, 1, 336),
		MailsPerDay:          r.number("POLICY_MAILS_PER_DAY", 20, 1, 1000),
		KeepWordsDays:        r.number("POLICY_KEEP_WORDS_DAYS", 365, 60, 3650),
		StrikesAllowed:       r.number("POLICY_STRIKES_ALLOWED", 3, 1, 100),
		StrikeDays:           r.number("POLICY_STRIKE_DAYS", 90, 1, 366),
		CooldownDays:         r.number("POLICY_COOLDOWN_DAYS", 28, 1, 366),
	}
}

func (r *reader) token() Token {
	return Token{
		Issuer:   r.issuer("TOKEN_ISSUER"),
		Audience: r.required("TOKEN_AUDIENCE", `the "aud" claim of the tokens`),
	}
}

func (r *reader) issuer(name string) string {
	const expected = `the https address in the "iss" claim of the tokens, without query and fragment`
	value := r.required(name, expected)
	u, err := url.Parse(value)
	switch {
	case value == "":
	case strings.Contains(value, "@"):
		// Not shown: what stands before the @ may be a password.
		r.problem(name, "holds a user name or password", expected)
	case err != nil, !private(u), strings.ContainsAny(value, "?#"):
		r.refuse(name, value, expected)
	}
	return value
}

// site reads where pages of ours are.
func (r *reader) site(name string) string {
	const expected = "an https address without a path, such as https://flash.example.org"
	value := r.required(name, expected)
	u, err := url.Parse(value)
	switch {
	case value == "":
	case strings.Contains(value, "@"):
		r.problem(name, "holds a user name or password", expected)
	case err != nil, !private(u), u.Scheme+"://"+u.Host != value:
		r.refuse(name, value, expected)
	}
	return value
}

func (r *reader) mail() Mail {
	m := Mail{From: r.mailbox("MAIL_FROM"), ConfigurationSet: r.configurationSet(false)}
	_, m.Domain, _ = strings.Cut(m.From.Address, "@")
	if given := r.optional("MAIL_DOMAIN"); given != "" {
		m.Domain = given
		if !isDomain(given) {
			r.refuse("MAIL_DOMAIN", given, "a domain name such as example.org")
		}
	}
	m.Domain = strings.ToLower(m.Domain)
	return m
}

func (r *reader) configurationSet(needed bool) string {
	const name, expected = "SES_CONFIGURATION_SET", "1 to 64 letters, digits and _ -"
	value := r.optional(name)
	if value == "" && needed {
		r.problem(name, "is not set", expected)
	}
	if value != "" && !madeOf(value, "_-", 1, 64) {
		r.refuse(name, value, expected)
	}
	return value
}

func (r *reader) account() string {
	const name, expected = "ACCOUNT_ID", "an AWS account: 12 digits"
	value := r.required(name, expected)
	letter := func(c rune) bool { return c < '0' || c > '9' }
	if value != "" && (len(value) != 12 || strings.ContainsFunc(value, letter)) {
		r.refuse(name, value, expected)
	}
	return value
}

// metrics reads the namespace of metrics ("Namespace" in the Amazon CloudWatch API reference, MetricDatum).
func (r *reader) metrics() string {
	const name, expected = "METRICS_NAMESPACE", "1 to 255 letters, digits and . - _ / #, not AWS/"
	value := r.optional(name)
	switch {
	case value == "":
		return "FlashMentoring"
	case !madeOf(value, ".-_/#", 1, 255), strings.HasPrefix(value, "AWS/"):
		r.refuse(name, value, expected)
	}
	return value
}

func (r *reader) mailbox(name string) mail.Address {
	const expected = "a mailbox such as Flash Mentoring <mentoring@example.org>"
	value := r.required(name, expected)
	if value == "" {
		return mail.Address{}
	}
	box, err := mail.ParseAddress(value)
	if err != nil {
		r.refuse(name, value, expected)
		return mail.Address{}
	}
	// An encoded word in the name (RFC 2047) may hide a line break.
	_, domain, _ := strings.Cut(box.Address, "@")
	if !isDomain(domain) || strings.ContainsFunc(box.Name, unicode.IsControl) {
		r.refuse(name, value, expected)
	}
	return *box
}

// linkKeys reads keys as id:secret. What is wrong with one is told by its place in the list, because any of it may be secret.
func (r *reader) linkKeys(name string) (keys []LinkKey) {
	const expected = "id:secret, separated by commas: ids of 1 to 16 letters, digits and - _, each its own; secrets of at least 32 characters"
	value := r.required(name, expected)
	if value == "" {
		return nil
	}
	for entry := range strings.SplitSeq(value, ",") {
		id, secret, _ := strings.Cut(entry, ":")
		taken := slices.ContainsFunc(keys, func(k LinkKey) bool { return k.ID == id })
		if !madeOf(id, "-_", 1, 16) || taken || utf8.RuneCountInString(secret) < 32 {
			r.problem(name, fmt.Sprintf("is wrong in entry %d", len(keys)+1), expected)
			return nil
		}
		keys = append(keys, LinkKey{id, Secret(secret)})
	}
	return keys
}

// private reports whether nobody on the way reads what goes to an address: it is https, or does not leave this machine.
func private(u *url.URL) bool {
	return u.Hostname() != "" && (u.Scheme == "https" || u.Scheme == "http" && isHere(u.Hostname()))
}

// isHere reports whether host is this machine. RFC 6761 section 6.3 gives localhost and all names under it to it. Docker's
// name for the machine around a container ends in "internal", which is never a name on the internet (ICANN, 2024).
func isHere(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") || host == "host.docker.internal" {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback()
}

// isDomain reports whether s is a host name of two labels or more (RFC 1123 section 2.1), the last of which does not
// begin with a digit, so that it is no address.
func isDomain(s string) bool {
	labels := strings.Split(s, ".")
	for _, label := range labels {
		if !madeOf(label, "-", 1, 63) || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
	}
	last := labels[len(labels)-1]
	return len(s) <= 253 && len(labels) > 1 && (last[0] < '0' || last[0] > '9')
}

// madeOf reports whether s has least to most characters, each an ASCII letter, a digit, or one of others. (Regular
// expressions would be shorter, but are compiled at every start of a function.)
func madeOf(s, others string, least, most int) bool {
	for _, c := range s {
		letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
		if digit := '0' <= c && c <= '9'; !letter && !digit && !strings.ContainsRune(others, c) {
			return false
		}
	}
	return least <= len(s) && len(s) <= most
}
