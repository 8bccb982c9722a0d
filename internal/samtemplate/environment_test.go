package samtemplate_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"flashmentoring/internal/config"
	"flashmentoring/internal/samtemplate"
)

var deployed = samtemplate.Values{
	Refs: map[string]string{
		"Table":               "flash-table",
		"CursorKey":           "arn:aws:secretsmanager:eu-central-1:123456789012:secret:CursorKey-a1b2c3",
		"LinkKey":             "arn:LinkKey",
		"LinkKeyBefore":       "arn:LinkKeyBefore",
		"TokenIssuer":         "https://login.example.org",
		"TokenAudience":       "mentoring",
		"MailDomain":          "example.org",
		"HttpApi.ApiEndpoint": "https://abc.execute-api.eu-central-1.amazonaws.com",
		"ConfigurationSet":    "flash-set", "AWS::StackName": "flash", "AWS::AccountId": "123456789012",
	},
	Dynamic: map[string]string{
		"secretsmanager:arn:aws:secretsmanager:eu-central-1:123456789012:secret:CursorKey-a1b2c3": sealingKey,

		"secretsmanager:arn:LinkKey:SecretString:id":           "2",
		"secretsmanager:arn:LinkKey:SecretString:secret":       sealingKey,
		"secretsmanager:arn:LinkKeyBefore:SecretString:id":     "1",
		"secretsmanager:arn:LinkKeyBefore:SecretString:secret": sealingKey,
	},
}

// sealingKey is as long as template.yaml has the secret made.
const sealingKey = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ01"

func TestProjectEnvironment(t *testing.T) {
	common := map[string]string{
		"TABLE_NAME": "flash-table", "OUTBOX_SHARDS": "4", "OPEN_SHARDS": "1", "DUE_SHARDS": "16", "LOG_LEVEL": "INFO",
		"POLICY_MAX_UPCOMING_CONFIRMED": "3", "POLICY_MAX_OPEN_REQUESTS": "5", "POLICY_MAX_PER_PAIR": "1", "POLICY_REQUEST_HOURS": "48",
		"POLICY_MAILS_PER_DAY": "20", "POLICY_KEEP_WORDS_DAYS": "365", "POLICY_STRIKES_ALLOWED": "3", "POLICY_STRIKE_DAYS": "90", "POLICY_COOLDOWN_DAYS": "28",
		"MAIL_FROM": "Flash Mentoring <mentoring@example.org>", "MAIL_DOMAIN": "example.org", "SECRETS_ROUND": "1", "METRICS_NAMESPACE": "FlashMentoring/flash",
	}
	const keys = "2:" + sealingKey + ",1:" + sealingKey
	mail := map[string]string{
		"SES_CONFIGURATION_SET": "flash-set",
		"LINK_KEYS":             keys, "LINK_BASE": "https://abc.execute-api.eu-central-1.amazonaws.com",
	}
	for function, own := range map[string]map[string]string{
		"ApiFunction": {
			"TOKEN_ISSUER": "https://login.example.org", "TOKEN_AUDIENCE": "mentoring", "CURSOR_KEY": sealingKey,
			"RATE_WRITES_PER_MINUTE": "30", "RATE_READS_PER_MINUTE": "300", "LINK_KEYS": keys,
		},
		"PagesFunction":  {"LINK_KEYS": keys},
		"MailerFunction": mail,
		"ClockFunction":  mail,
		"MailEventsFunction": {
			"ACCOUNT_ID": "123456789012", "SES_CONFIGURATION_SET": "flash-set",
		},
	} {
		t.Run(function, func(t *testing.T) {
			want := map[string]string{}
			for _, part := range []map[string]string{common, own} {
				for name, value := range part {
					want[name] = value
				}
			}
			got, err := project(t).Environment(function, deployed)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Without an issuer of one's own, tokens are those of the user pool that is made.
func TestProjectIssuer(t *testing.T) {
	values := samtemplate.Values{Refs: maps.Clone(deployed.Refs), Dynamic: deployed.Dynamic}
	delete(values.Refs, "TokenIssuer")
	delete(values.Refs, "TokenAudience")
	maps.Copy(values.Refs, map[string]string{
		"AWS::Region": "eu-central-1", "AWS::URLSuffix": "amazonaws.com", "UserPool": "eu-central-1_Ab1", "UserPoolClient": "client",
	})
	got, err := project(t).Environment("ApiFunction", values)
	if err != nil {
		t.Fatal(err)
	}
	if issuer := got["TOKEN_ISSUER"]; issuer != "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Ab1" {
		t.Errorf("issuer %s", issuer)
	}
	if audience := got["TOKEN_AUDIENCE"]; audience != "client" {
		t.Errorf("audience %s", audience)
	}
}

// The functions start with the environment that the template gives them.
func TestProjectEnvironmentStartsTheFunctions(t *testing.T) {
	for function, load := range map[string]func(map[string]string) error{
		"ApiFunction":        func(e map[string]string) error { _, err := config.LoadAPI(e); return err },
		"PagesFunction":      func(e map[string]string) error { _, err := config.LoadPages(e); return err },
		"MailerFunction":     func(e map[string]string) error { _, err := config.LoadMailer(e); return err },
		"ClockFunction":      func(e map[string]string) error { _, err := config.LoadClock(e); return err },
		"MailEventsFunction": func(e map[string]string) error { _, err := config.LoadMailEvents(e); return err },
	} {
		environment, err := project(t).Environment(function, deployed)
		if err != nil {
			t.Fatal(err)
		}
		if err := load(environment); err != nil {
			t.Errorf("%s: %v", function, err)
		}
	}
}

func TestEnvironmentNamesAllThatIsMissing(t *testing.T) {
	given := samtemplate.Values{Refs: map[string]string{"CursorKey": "key"}}
	_, err := project(t).Environment("ApiFunction", given)
	if err == nil {
		t.Fatal("no error")
	}
	for _, missing := range []string{
		"TABLE_NAME: no value for Table", "TOKEN_ISSUER: no value for AWS::Region", "TOKEN_AUDIENCE: no value for UserPoolClient",
		"no value for {{resolve:secretsmanager:key}}",
	} {
		if !strings.Contains(err.Error(), missing) {
			t.Errorf("error does not say %q:\n%v", missing, err)
		}
	}

	if _, err = project(t).Environment("Nothing", deployed); err == nil || !strings.Contains(err.Error(), "ApiFunction") {
		t.Errorf("got error %v, want the functions there are", err)
	}
}

func TestEnvironmentNotations(t *testing.T) {
	const head = `
Parameters:
  Given: {Type: String, Default: default}
  Number: {Type: Number, Default: 4}
  Empty: {Type: String, Default: ""}
Globals: {Function: {Environment: {Variables: {SHARED: global, OWN: global}}}}
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties: {Environment: {Variables: {OWN: function, VALUE: `
	values := samtemplate.Values{
		Refs:    map[string]string{"Given": "given", "Table": "t", "Table.Arn": "arn:t", "AWS::Region": "here"},
		Dynamic: map[string]string{"ssm:/a": "one", "secretsmanager:t": "two"},
	}
	for notation, want := range map[string]string{
		`plain`:                                  "plain",
		`1`:                                      "1",
		`true`:                                   "true",
		`"2012-10-17"`:                           "2012-10-17",
		`2012-10-17`:                             "2012-10-17",
		`"${Table}"`:                             "${Table}",
		`!Ref Given`:                             "given",
		`{Ref: Given}`:                           "given",
		`!Ref Number`:                            "4",
		`!Ref Empty`:                             "",
		`!Ref AWS::Region`:                       "here",
		`!GetAtt Table.Arn`:                      "arn:t",
		`!GetAtt [Table, Arn]`:                   "arn:t",
		`{"Fn::GetAtt": Table.Arn}`:              "arn:t",
		`{"Fn::GetAtt": [Table, Arn]}`:           "arn:t",
		`!Sub "${Given}-${Table.Arn}/${!Given}"`: "given-arn:t/${Given}",
		`{"Fn::Sub": "${Number}"}`:               "4",
		`"{{resolve:ssm:/a}}"`:                   "one",
		`!Sub "<{{resolve:secretsmanager:${Table}}}>"`: "<two>",
	} {
		t.Run(notation, func(t *testing.T) {
			got, err := parse(t, head+notation+"}}}\n").Environment("F", values)
			if err != nil {
				t.Fatal(err)
			}
			want := map[string]string{"SHARED": "global", "OWN": "function", "VALUE": want}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	for notation, want := range map[string]string{
		`!Sub "${Given"`:       "${ without }",
		`!Sub "${Other}"`:      "no value for Other",
		`"{{resolve:ssm:/b}}"`: "no value for {{resolve:ssm:/b}}",
	} {
		_, err := parse(t, head+notation+"}}}\n").Environment("F", values)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got error %v, want one with %q", notation, err, want)
		}
	}
}

// What is given for a parameter arrives as it is, whatever is in it.
func TestEnvironmentPassesValuesThrough(t *testing.T) {
	template := parse(t, `
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties: {Environment: {Variables: {VALUE: !Sub "<${Given}>"}}}
`)
	rapid.Check(t, func(t *rapid.T) {
		given := rapid.StringOf(rapid.RuneFrom([]rune("a${}!<>: "))).Draw(t, "given")
		got, err := template.Environment("F", samtemplate.Values{Refs: map[string]string{"Given": given}})
		if err != nil || got["VALUE"] != "<"+given+">" {
			t.Fatalf("got %q, %v", got["VALUE"], err)
		}
	})
}
