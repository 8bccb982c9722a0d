package cloud_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// fields are the pointers of the errors of an answer.
func (a answer) fields() (pointers []string) {
	var problem struct {
		Errors []struct{ Pointer, Code, Detail string }
	}
	_ = json.Unmarshal([]byte(a.text), &problem)
	for _, e := range problem.Errors {
		if e.Code != "" && e.Detail != "" {
			pointers = append(pointers, e.Pointer)
		}
	}
	return pointers
}

// Bad input is answered with all that is wrong with it.
func TestControlRefuses(t *testing.T) {
	w := start(t, empty(t))
	tests := []struct {
		name, method, path, body string
		status                   int
		fields                   []string
	}{
		{"no token for nobody", "POST", "/_local/token", `{}`, 422, []string{"/sub", "/email"}},
		{
			"all at once", "POST", "/_local/token",
			`{"sub":"a b","email":"Ada <ada@example.org>","name":"` + strings.Repeat("x", 101) + `"}`,
			422, []string{"/sub", "/email", "/name"},
		},
		{
			"wrong types, unknown names", "POST", "/_local/token",
			`{"sub":1,"email":"ada@example.org","groups":"x","Name":"y"}`, 422, []string{"/sub", "/groups", "/Name"},
		},
		{
			"too many groups", "POST", "/_local/token",
			`{"sub":"a","email":"a@example.org","groups":[` + strings.Repeat(`"g",`, 20) + `"g"]}`, 422, []string{"/groups"},
		},
		{"no JSON", "POST", "/_local/token", `sub=ada`, 400, nil},
		{"nothing", "POST", "/_local/token", ``, 400, nil},
		{"too much", "POST", "/_local/token", `{"sub":"` + strings.Repeat("x", 70000) + `"}`, 413, nil},
		{"wrong method", "GET", "/_local/token", ``, 405, nil},
		{"no way back", "POST", "/_local/clock", `{"advance":"-1h"}`, 422, []string{"/advance"}},
		{"no standing still", "POST", "/_local/clock", `{"advance":"0s"}`, 422, []string{"/advance"}},
		{"not too far", "POST", "/_local/clock", `{"advance":"9601h"}`, 422, []string{"/advance"}},
		{"no days", "POST", "/_local/clock", `{"advance":"1d"}`, 422, []string{"/advance"}},
		{"no number", "POST", "/_local/clock", `{"advance":3600,"to":1}`, 422, []string{"/advance", "/to"}},
		{"nothing to do", "POST", "/_local/clock", `{}`, 422, []string{"/advance"}},
		{"up or down", "POST", "/_local/mailer", `{}`, 422, []string{"/down"}},
		{"up or down, in JSON", "POST", "/_local/mailer", `{"down":"yes"}`, 422, []string{"/down"}},
		{"no such state", "POST", "/_local/ses", `{"state":"sleepy"}`, 422, []string{"/state"}},
		{"no state", "POST", "/_local/ses", `{}`, 422, []string{"/state"}},
		{"no such mail", "POST", "/_local/mail/x/bounce", ``, 404, nil},
		{"no such outcome", "POST", "/_local/mail/x/applause", ``, 404, nil},
		{"unknown parameter", "GET", "/_local/mail?from=x", ``, 422, []string{"/query/from"}},
		{"unknown address", "GET", "/_local/secrets", ``, 404, nil},
		{"another service of AWS", "POST", "/_local/ses/v2/email/templates", `{}`, 404, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a := w.ask(w.client, "", test.method, test.path, test.body)
			if a.status != test.status {
				t.Fatalf("answers %d, want %d: %s", a.status, test.status, a.text)
			}
			if diff := cmp.Diff(test.fields, a.fields()); diff != "" {
				t.Errorf("fields (-want +got):\n%s\n%s", diff, a.text)
			}
		})
	}
	if ahead := w.get("/_local/clock").field("ahead"); ahead != "0s" {
		t.Errorf("after all that the clock is %s ahead", ahead)
	}
}

func TestClock(t *testing.T) {
	w := start(t, empty(t))
	before := time.Now()
	got, err := time.Parse(time.RFC3339, w.travels("25h").field("now"))
	if err != nil || got.Sub(before) < 25*time.Hour-time.Minute || got.Sub(before) > 26*time.Hour {
		t.Errorf("the clock moved from %v to %v (%v)", before, got, err)
	}
	if w.travels("1m30s").field("ahead") != "25h1m30s" {
		t.Error("the clock did not go on from where it was")
	}
}

// A token says what was asked of it, and outlives the longest journey one can make in one go.
func TestToken(t *testing.T) {
	w := start(t, empty(t))
	ada := w.signIn("ada")
	w.travels("720h")
	me := ada.must(http.StatusOK, http.MethodGet, "/v1/me", nil)
	if me.field("email") != "ada@example.org" || me.field("name") != "ADA" || me.field("organisation") != "example.org" {
		t.Errorf("got %s", me.text)
	}
	text, err := base64.RawURLEncoding.DecodeString(strings.Split(ada.token, ".")[1])
	if err != nil {
		t.Fatal(err)
	}
	var claims struct{ Iat, Exp int64 }
	if err := json.Unmarshal(text, &claims); err != nil {
		t.Fatal(err)
	}
	if life := time.Duration(claims.Exp-claims.Iat) * time.Second; life <= 9600*time.Hour {
		t.Errorf("the token lives for %v", life)
	}
}
