package config

import (
	"net/mail"
	"net/netip"
	"net/url"
	"strings"
	"unicode"
)

// The methods here read variables that mean something.

func (r *reader) table() Table {
	const name, expected = "TABLE_NAME", "the name of a DynamoDB table: 3 to 255 letters, digits and _ . -"
	t := Table{
		Name:         r.required(name, expected),
		OutboxShards: r.number("OUTBOX_SHARDS", 4, 1, 64),
		OpenShards:   r.number("OPEN_SHARDS", 1, 1, 64),
	}
	if t.Name != "" && !madeOf(t.Name, "_.-", 3, 255) {
		r.refuse(name, t.Name, expected)
	}
	return t
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
	case err != nil, u.Hostname() == "", strings.ContainsAny(value, "?#"),
		u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname())):
		r.refuse(name, value, expected)
	}
	return value
}

func (r *reader) mail() Mail {
	m := Mail{From: r.mailbox("MAIL_FROM"), ConfigurationSet: r.optional("SES_CONFIGURATION_SET")}
	_, m.Domain, _ = strings.Cut(m.From.Address, "@")
	if given := r.optional("MAIL_DOMAIN"); given != "" {
		m.Domain = given
		if !isDomain(given) {
			r.refuse("MAIL_DOMAIN", given, "a domain name such as example.org")
		}
	}
	m.Domain = strings.ToLower(m.Domain)
	if m.ConfigurationSet != "" && !madeOf(m.ConfigurationSet, "_-", 1, 64) {
		r.refuse("SES_CONFIGURATION_SET", m.ConfigurationSet, "1 to 64 letters, digits and _ -")
	}
	return m
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

// isLoopback reports whether host is this machine. RFC 6761 section 6.3 gives localhost and all names under it to it.
func isLoopback(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
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
