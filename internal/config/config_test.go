package config_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/mail"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/config"
)

const cursorKey = "a-key-that-must-not-be-seen-anywhere"

// api is the least environment the API starts with, dispatch that of the mailer and the clock, and mailEvents that of the
// function for bounces and complaints.
var (
	api = map[string]string{
		"TABLE_NAME": "flash", "TOKEN_ISSUER": "https://id.example.org/", "TOKEN_AUDIENCE": "flash", "CURSOR_KEY": cursorKey,
		"MAIL_FROM": "mentoring@example.org", "LINK_KEYS": "1:" + cursorKey,
	}
	dispatch = map[string]string{
		"TABLE_NAME": "flash", "MAIL_FROM": "Flash Mentoring <mentoring@Example.org>",
		"LINK_BASE": "https://flash.example.org", "LINK_KEYS": "1:" + cursorKey,
	}
	mailEvents = map[string]string{
		"TABLE_NAME": "flash", "ACCOUNT_ID": "012345678901", "SES_CONFIGURATION_SET": "set_1",
	}
)

// usual are the numbers of product.md.
var usual = config.Policy{
	MaxUpcomingConfirmed: 3, MaxOpenRequests: 5, MaxPerPair: 1, RequestHours: 48, MailsPerDay: 20, KeepWordsDays: 365, StrikesAllowed: 3, StrikeDays: 90, CooldownDays: 28,
}

func with(environ map[string]string, changes ...string) map[string]string {
	environ = maps.Clone(environ)
	for i := 0; i < len(changes); i += 2 {
		environ[changes[i]] = changes[i+1]
	}
	return environ
}

func TestLoadAPI(t *testing.T) {
	defaults := config.API{
		Table:     config.Table{Name: "flash", OutboxShards: 4, OpenShards: 1, DueShards: 16},
		Token:     config.Token{Issuer: "https://id.example.org/", Audience: "flash"},
		CursorKey: cursorKey,
		Policy:    usual,
		Mail:      config.Mail{From: mail.Address{Address: "mentoring@example.org"}, Domain: "example.org"},
		LinkKeys:  []config.LinkKey{{ID: "1", Secret: cursorKey}},
		Rate:      config.Rate{WritesPerMinute: 30, ReadsPerMinute: 300},
		LogLevel:  slog.LevelInfo, MetricsNamespace: "FlashMentoring",
	}
	all := defaults
	all.Table.OutboxShards, all.Table.OpenShards, all.Table.DueShards = 64, 2, 1
	all.Policy = config.Policy{
		MaxUpcomingConfirmed: 100, MaxOpenRequests: 7, MaxPerPair: 2, RequestHours: 336, MailsPerDay: 1000, KeepWordsDays: 60, StrikesAllowed: 4, StrikeDays: 366, CooldownDays: 1,
	}
	all.Rate = config.Rate{WritesPerMinute: 1, ReadsPerMinute: 60_000}
	all.MetricsNamespace, all.LogLevel = "Flash/stack-1", slog.LevelDebug
	tests := map[string]struct {
		environ map[string]string
		want    config.API
	}{
		"the least":             {api, defaults},
		"nothing counts as not": {with(api, "OUTBOX_SHARDS", "", "LOG_LEVEL", "", "POLICY_MAX_PER_PAIR", ""), defaults},
		"other variables":       {with(api, "PATH", "/bin", "LINK_BASE", "?"), defaults},
		"everything": {with(api, "OUTBOX_SHARDS", "64", "OPEN_SHARDS", "2", "DUE_SHARDS", "1", "LOG_LEVEL", "debug",
			"POLICY_MAX_UPCOMING_CONFIRMED", "100", "POLICY_MAX_OPEN_REQUESTS", "7", "POLICY_MAX_PER_PAIR", "2",
			"POLICY_REQUEST_HOURS", "336", "POLICY_MAILS_PER_DAY", "1000", "POLICY_KEEP_WORDS_DAYS", "60", "POLICY_STRIKES_ALLOWED", "4", "POLICY_STRIKE_DAYS", "366", "POLICY_COOLDOWN_DAYS", "1",
			"RATE_WRITES_PER_MINUTE", "1", "RATE_READS_PER_MINUTE", "60000", "METRICS_NAMESPACE", "Flash/stack-1"), all},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := config.LoadAPI(test.environ)
			if diff := cmp.Diff(test.want, got); diff != "" || err != nil {
				t.Errorf("error %v (-want +got):\n%s", err, diff)
			}
		})
	}
}

func TestLoadMailerAndClock(t *testing.T) {
	want := config.Mailer{
		Table:  config.Table{Name: "flash", OutboxShards: 4, OpenShards: 1, DueShards: 16},
		Policy: usual,
		Mail: config.Mail{
			From: mail.Address{Name: "Flash Mentoring", Address: "mentoring@Example.org"}, Domain: "example.org",
		},
		LinkBase:         "https://flash.example.org",
		LinkKeys:         []config.LinkKey{{ID: "1", Secret: cursorKey}},
		MetricsNamespace: "FlashMentoring",
	}
	got, err := config.LoadMailer(dispatch)
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("mailer: error %v (-want +got):\n%s", err, diff)
	}
	want.Mail.Domain, want.Mail.ConfigurationSet, want.LogLevel = "mail.example.org", "set_1", slog.LevelError
	want.MetricsNamespace = "Flash/stack-1"
	clock, err := config.LoadClock(
		with(dispatch, "MAIL_DOMAIN", "Mail.Example.Org", "SES_CONFIGURATION_SET", "set_1", "LOG_LEVEL", "ERROR",
			"METRICS_NAMESPACE", "Flash/stack-1"))
	if diff := cmp.Diff(config.Clock(want), clock); diff != "" || err != nil {
		t.Errorf("clock: error %v (-want +got):\n%s", err, diff)
	}
}

func TestLoadPages(t *testing.T) {
	want := config.Pages{
		Table:  config.Table{Name: "flash", OutboxShards: 4, OpenShards: 1, DueShards: 16},
		Policy: usual,
		Mail: config.Mail{
			From: mail.Address{Name: "Flash Mentoring", Address: "mentoring@Example.org"}, Domain: "example.org",
		},
		LinkKeys:         []config.LinkKey{{ID: "2", Secret: cursorKey}, {ID: "key_1", Secret: cursorKey + ":x"}},
		MetricsNamespace: "FlashMentoring",
	}
	got, err := config.LoadPages(with(dispatch, "LINK_KEYS", "2:"+cursorKey+",key_1:"+cursorKey+":x"))
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("error %v (-want +got):\n%s", err, diff)
	}
	if shown := fmt.Sprintf("%v %+v %#v", got, got, got); strings.Contains(shown, cursorKey) {
		t.Errorf("printed: %s", shown)
	}
}

func TestLoadMailEvents(t *testing.T) {
	want := config.MailEvents{
		Table:   config.Table{Name: "flash", OutboxShards: 4, OpenShards: 1, DueShards: 16},
		Account: "012345678901", ConfigurationSet: "set_1", MetricsNamespace: "FlashMentoring",
	}
	got, err := config.LoadMailEvents(mailEvents)
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("error %v (-want +got):\n%s", err, diff)
	}
}

func TestMailFrom(t *testing.T) {
	for value, want := range map[string]mail.Address{
		"mentoring@example.org":                    {Address: "mentoring@example.org"},
		"Q & A's! Mentoring <a.b+c@x.example.org>": {Name: "Q & A's! Mentoring", Address: "a.b+c@x.example.org"},
		"Förderung <a@example.org>":                {Name: "Förderung", Address: "a@example.org"},
		`"Doe, J." <a@example.org>`:                {Name: "Doe, J.", Address: "a@example.org"},
	} {
		got, err := config.LoadMailer(with(dispatch, "MAIL_FROM", value))
		if err != nil || got.Mail.From != want {
			t.Errorf("%s: %#v, error %v", value, got.Mail.From, err)
		}
	}
}

func TestTokenIssuer(t *testing.T) {
	for _, value := range []string{
		"https://id.example.org", "https://id.example.org/", "https://id.example.org:8443/realms/a",
		"http://localhost:3000/_local/oidc", "http://127.0.0.1:3000", "http://127.9.9.9", "http://[::1]:3000/",
		"http://id.localhost", "http://host.docker.internal:3000/_local/issuer",
	} {
		if got, err := config.LoadAPI(with(api, "TOKEN_ISSUER", value)); err != nil || got.Token.Issuer != value {
			t.Errorf("%s: issuer %q, error %v", value, got.Token.Issuer, err)
		}
	}
}

func TestLinkBase(t *testing.T) {
	for _, value := range []string{
		"https://flash.example.org", "https://abc.execute-api.eu-central-1.amazonaws.com", "https://flash.example.org:8443",
		"http://localhost:3000", "http://127.0.0.1:3000", "http://[::1]:3000",
	} {
		if got, err := config.LoadMailer(with(dispatch, "LINK_BASE", value)); err != nil || got.LinkBase != value {
			t.Errorf("%s: base %q, error %v", value, got.LinkBase, err)
		}
	}
}

// Each case is one mistake in an otherwise good environment.
func TestLoadRefuses(t *testing.T) {
	loadAPI := func(e map[string]string) error { _, err := config.LoadAPI(with(api, flat(e)...)); return err }
	loadMailer := func(e map[string]string) error { _, err := config.LoadMailer(with(dispatch, flat(e)...)); return err }
	loadPages := func(e map[string]string) error { _, err := config.LoadPages(with(dispatch, flat(e)...)); return err }
	loadEvents := func(e map[string]string) error {
		_, err := config.LoadMailEvents(with(mailEvents, flat(e)...))
		return err
	}
	const (
		keys    = "id:secret, separated by commas: ids of 1 to 16 letters, digits and - _, each its own; secrets of at least 32 characters"
		table   = "the name of a DynamoDB table: 3 to 255 letters, digits and _ . -"
		issuer  = `the https address in the "iss" claim of the tokens, without query and fragment`
		shards  = "a whole number from 1 to 64"
		limit   = "a whole number from 1 to 100"
		rate    = "a whole number from 1 to 60000"
		mailbox = "a mailbox such as Flash Mentoring <mentoring@example.org>"
		domain  = "a domain name such as example.org"
		set     = "1 to 64 letters, digits and _ -"
		account = "an AWS account: 12 digits"
		site    = "an https address without a path, such as https://flash.example.org"
		space   = "1 to 255 letters, digits and . - _ / #, not AWS/"
	)
	long := strings.Repeat("x", 300)
	tests := []struct {
		load            func(map[string]string) error
		variable, value string
		wrong, expected string
	}{
		{loadAPI, "TABLE_NAME", "", "is not set", table},
		{loadAPI, "TABLE_NAME", "ab", `is "ab"`, table},
		{loadAPI, "TABLE_NAME", "a b c", `is "a b c"`, table},
		{loadAPI, "TABLE_NAME", long, `is "` + long[:80] + `…"`, table},
		{loadAPI, "OUTBOX_SHARDS", "0", `is "0"`, shards},
		{loadAPI, "OUTBOX_SHARDS", "65", `is "65"`, shards},
		{loadAPI, "OUTBOX_SHARDS", "4.0", `is "4.0"`, shards},
		{loadAPI, "OPEN_SHARDS", "many", `is "many"`, shards},
		{loadAPI, "LOG_LEVEL", "INFO+1", `is "INFO+1"`, "DEBUG, INFO, WARN or ERROR"},
		{loadAPI, "TOKEN_ISSUER", "", "is not set", issuer},
		{loadAPI, "TOKEN_ISSUER", "id.example.org", `is "id.example.org"`, issuer},
		{loadAPI, "TOKEN_ISSUER", "https://", `is "https://"`, issuer},
		{loadAPI, "TOKEN_ISSUER", "https://:443", `is "https://:443"`, issuer},
		{loadAPI, "TOKEN_ISSUER", "http://id.example.org", `is "http://id.example.org"`, issuer},
		{loadAPI, "TOKEN_ISSUER", "http://localhost.example.org", `is "http://localhost.example.org"`, issuer},
		{loadAPI, "TOKEN_ISSUER", "http://10.0.0.1", `is "http://10.0.0.1"`, issuer},
		{loadAPI, "TOKEN_ISSUER", "http://host.docker.internal.example.org", `is "http://host.docker.internal.example.org"`, issuer},
		{loadAPI, "TOKEN_ISSUER", "ftp://localhost", `is "ftp://localhost"`, issuer},
		{loadAPI, "TOKEN_ISSUER", "https://id.example.org/?a", `is "https://id.example.org/?a"`, issuer},
		{loadAPI, "TOKEN_ISSUER", "https://id.example.org/#", `is "https://id.example.org/#"`, issuer},
		{loadAPI, "TOKEN_ISSUER", "https://id.example.org\n", `is "https://id.example.org\n"`, issuer},
		{loadAPI, "TOKEN_ISSUER", "https://me:hunter2@id.example.org", "holds a user name or password", issuer},
		{loadAPI, "TOKEN_AUDIENCE", "", "is not set", `the "aud" claim of the tokens`},
		{loadAPI, "CURSOR_KEY", "", "is not set", "a secret of at least 32 characters"},
		{loadAPI, "CURSOR_KEY", "0123456789abcdef0123456789abcde", "has 31 characters", "a secret of at least 32 characters"},
		{loadAPI, "POLICY_MAX_UPCOMING_CONFIRMED", "0", `is "0"`, limit},
		{loadAPI, "POLICY_MAX_PER_PAIR", "101", `is "101"`, limit},
		{loadAPI, "POLICY_MAX_PER_PAIR", "-1", `is "-1"`, limit},
		{loadAPI, "POLICY_MAX_UPCOMMING_CONFIRMED", "4", "is not known",
			"one of POLICY_MAX_UPCOMING_CONFIRMED, POLICY_MAX_OPEN_REQUESTS, POLICY_MAX_PER_PAIR, POLICY_REQUEST_HOURS, POLICY_MAILS_PER_DAY, POLICY_KEEP_WORDS_DAYS, POLICY_STRIKES_ALLOWED, POLICY_STRIKE_DAYS, POLICY_COOLDOWN_DAYS"},
		{loadAPI, "RATE_WRITES_PER_MINUTE", "0", `is "0"`, rate},
		{loadAPI, "RATE_READS_PER_MINUTE", "60001", `is "60001"`, rate},
		{loadAPI, "RATE_WRITE_PER_MINUTE", "60", "is not known", "one of RATE_WRITES_PER_MINUTE, RATE_READS_PER_MINUTE"},
		{loadMailer, "TABLE_NAME", "", "is not set", table},
		{loadMailer, "MAIL_FROM", "", "is not set", mailbox},
		{loadMailer, "MAIL_FROM", "mentoring", `is "mentoring"`, mailbox},
		{loadMailer, "MAIL_FROM", "a@b.org, c@d.org", `is "a@b.org, c@d.org"`, mailbox},
		{loadMailer, "MAIL_FROM", "a@localhost", `is "a@localhost"`, mailbox},
		{loadMailer, "MAIL_FROM", "a@[192.0.2.1]", `is "a@[192.0.2.1]"`, mailbox},
		{loadMailer, "MAIL_FROM", "a@192.0.2.1", `is "a@192.0.2.1"`, mailbox},
		{loadMailer, "MAIL_FROM", "=?utf-8?q?a=0D=0Ab?= <a@b.org>", `is "=?utf-8?q?a=0D=0Ab?= <a@b.org>"`, mailbox},
		{loadMailer, "MAIL_DOMAIN", "example", `is "example"`, domain},
		{loadMailer, "MAIL_DOMAIN", "-a.example.org", `is "-a.example.org"`, domain},
		{loadMailer, "MAIL_DOMAIN", "a-.example.org", `is "a-.example.org"`, domain},
		{loadMailer, "MAIL_DOMAIN", "a..org", `is "a..org"`, domain},
		{loadMailer, "MAIL_DOMAIN", "exämple.org", `is "exämple.org"`, domain},
		{loadMailer, "SES_CONFIGURATION_SET", "a b", `is "a b"`, set},
		{loadPages, "LINK_KEYS", "", "is not set", keys},
		{loadPages, "LINK_KEYS", cursorKey, "is wrong in entry 1", keys},
		{loadPages, "LINK_KEYS", "a b:" + cursorKey, "is wrong in entry 1", keys},
		{loadPages, "LINK_KEYS", "12345678901234567:" + cursorKey, "is wrong in entry 1", keys},
		{loadPages, "LINK_KEYS", "1:" + cursorKey[:31], "is wrong in entry 1", keys},
		{loadPages, "LINK_KEYS", "1:" + cursorKey + ",", "is wrong in entry 2", keys},
		{loadPages, "LINK_KEYS", "1:" + cursorKey + ",1:" + cursorKey, "is wrong in entry 2", keys},
		{loadMailer, "LINK_KEYS", "", "is not set", keys},
		{loadMailer, "LINK_BASE", "", "is not set", site},
		{loadMailer, "LINK_BASE", "flash.example.org", `is "flash.example.org"`, site},
		{loadMailer, "LINK_BASE", "https://", `is "https://"`, site},
		{loadMailer, "LINK_BASE", "https://:443", `is "https://:443"`, site},
		{loadMailer, "LINK_BASE", "https://flash.example.org/", `is "https://flash.example.org/"`, site},
		{loadMailer, "LINK_BASE", "https://flash.example.org?", `is "https://flash.example.org?"`, site},
		{loadMailer, "LINK_BASE", "http://flash.example.org", `is "http://flash.example.org"`, site},
		{loadMailer, "LINK_BASE", "https://flash.example.org\n", `is "https://flash.example.org\n"`, site},
		{loadMailer, "LINK_BASE", "https://me:hunter2@flash.example.org", "holds a user name or password", site},
		{loadMailer, "METRICS_NAMESPACE", "a b", `is "a b"`, space},
		{loadMailer, "METRICS_NAMESPACE", "AWS/SES", `is "AWS/SES"`, space},
		{loadEvents, "ACCOUNT_ID", "", "is not set", account},
		{loadEvents, "ACCOUNT_ID", "12345678901", `is "12345678901"`, account},
		{loadEvents, "ACCOUNT_ID", "12345678901x", `is "12345678901x"`, account},
		{loadEvents, "SES_CONFIGURATION_SET", "", "is not set", set},
		{loadEvents, "SES_CONFIGURATION_SET", "a b", `is "a b"`, set},
		{loadMailer, "LOG_LEVEL", "TRACE", `is "TRACE"`, "DEBUG, INFO, WARN or ERROR"},
	}
	for _, test := range tests {
		err := test.load(map[string]string{test.variable: test.value})
		var all *config.Error
		if !errors.As(err, &all) {
			t.Errorf("%s=%q was accepted: %v", test.variable, test.value, err)
			continue
		}
		want := []config.Problem{{Variable: test.variable, Wrong: test.wrong, Expected: test.expected}}
		if diff := cmp.Diff(want, all.Problems); diff != "" {
			t.Errorf("%s=%q (-want +got):\n%s", test.variable, test.value, diff)
		}
	}
}

func flat(environ map[string]string) (list []string) {
	for name, value := range environ {
		list = append(list, name, value)
	}
	return list
}

func TestAllMistakesAtOnce(t *testing.T) {
	cfg, err := config.LoadAPI(map[string]string{
		"TOKEN_ISSUER": "http://id.example.org", "CURSOR_KEY": "too-short-to-keep", "OUTBOX_SHARDS": "x", "POLICY_X": "1",
	})
	want := `config: the environment has 8 mistake(s):
  TABLE_NAME is not set; expected: the name of a DynamoDB table: 3 to 255 letters, digits and _ . -
  OUTBOX_SHARDS is "x"; expected: a whole number from 1 to 64
  TOKEN_ISSUER is "http://id.example.org"; expected: the https address in the "iss" claim of the tokens, without query and fragment
  TOKEN_AUDIENCE is not set; expected: the "aud" claim of the tokens
  CURSOR_KEY has 17 characters; expected: a secret of at least 32 characters
  POLICY_X is not known; expected: one of POLICY_MAX_UPCOMING_CONFIRMED, POLICY_MAX_OPEN_REQUESTS, POLICY_MAX_PER_PAIR, POLICY_REQUEST_HOURS, POLICY_MAILS_PER_DAY, POLICY_KEEP_WORDS_DAYS, POLICY_STRIKES_ALLOWED, POLICY_STRIKE_DAYS, POLICY_COOLDOWN_DAYS
  MAIL_FROM is not set; expected: a mailbox such as Flash Mentoring <mentoring@example.org>
  LINK_KEYS is not set; expected: id:secret, separated by commas: ids of 1 to 16 letters, digits and - _, each its own; secrets of at least 32 characters`
	if err == nil || cmp.Diff(want, err.Error()) != "" {
		t.Errorf("error (-want +got):\n%s", cmp.Diff(want, fmt.Sprint(err)))
	}
	if diff := cmp.Diff(config.API{}, cfg); diff != "" {
		t.Errorf("a wrong configuration was returned: %s", diff)
	}
}

func TestSecretsDoNotShow(t *testing.T) {
	cfg, err := config.LoadAPI(api)
	if err != nil {
		t.Fatal(err)
	}
	if string(cfg.CursorKey) != cursorKey {
		t.Errorf("the key itself is %q", string(cfg.CursorKey))
	}
	asJSON, err := json.Marshal(cfg)
	if err != nil {
		t.Fatal(err)
	}
	var logged strings.Builder
	slog.New(slog.NewJSONHandler(&logged, nil)).Info("start", "config", cfg, "key", cfg.CursorKey)
	for how, shown := range map[string]string{
		"%v": fmt.Sprintf("%v", cfg), "%+v": fmt.Sprintf("%+v", cfg), "%#v": fmt.Sprintf("%#v", cfg),
		"String": cfg.CursorKey.String(), "%q": fmt.Sprintf("%q", cfg.CursorKey), "JSON": string(asJSON),
		"log": logged.String(),
	} {
		if strings.Contains(shown, cursorKey) || !strings.Contains(shown, "[secret]") {
			t.Errorf("printed with %s: %s", how, shown)
		}
	}
}

func TestEnviron(t *testing.T) {
	t.Setenv("FLASH_TEST", "a=b")
	if got := config.Environ(os.Environ())["FLASH_TEST"]; got != "a=b" {
		t.Errorf("FLASH_TEST is %q", got)
	}
}

func BenchmarkLoadAPI(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := config.LoadAPI(api); err != nil {
			b.Fatal(err)
		}
	}
}
