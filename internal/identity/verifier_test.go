package identity_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/identity"
	"flashmentoring/internal/identity/localissuer"
)

func TestGoodTokensAreAccepted(t *testing.T) {
	const sub, email, name = "sub-canary", "canary@example.org", "Ca Nary"
	who := func(subject, email, name string) identity.Principal {
		return identity.Principal{Issuer: issuerURL, Subject: subject, Email: email, Name: name}
	}
	plain := who(sub, email, name)
	coordinator := plain
	coordinator.Coordinator = true
	// As the user pool of Cognito writes it: no typ, the truth as text, groups under their own name.
	cognito := forge(object{"kid": rsaKID, "alg": "RS256"}.String(), object{
		"sub": "0a1b2c3d-1111-2222-3333-444455556666", "iss": issuerURL, "aud": audience, "token_use": "id",
		"cognito:username": "ana", "cognito:groups": []string{"coordinators", "eu-central-1_Google"},
		"origin_jti": "5ca1ab1e", "event_id": "0ddba11", "jti": "0b5e55ed", "auth_time": noon.Unix(),
		"iat": noon.Unix(), "exp": noon.Add(time.Hour).Unix(),
		"email": "Ana.Lima@Example.ORG", "email_verified": "true", "name": "Ana Lima",
		"identities": []object{{"providerName": "Google", "primary": "true"}},
	}.String(), rs256(rsaKey()))
	ana := who("0a1b2c3d-1111-2222-3333-444455556666", "Ana.Lima@example.org", "Ana Lima")
	ana.Coordinator = true
	longest := strings.Repeat("s", 255)

	tests := []struct {
		name  string
		token string
		want  identity.Principal
	}{
		{"RS256", good(), plain},
		{"ES256", inES256(), plain},
		{"Cognito", cognito, ana},
		{"typ in another case", headed(object{"typ": "jwt"}), plain},
		{"one audience in a list", claiming(object{"aud": []string{audience}}), plain},
		{"several audiences", claiming(object{"aud": []string{"other", audience}, "azp": audience}), plain},
		{"no time of issue", claiming(object{"iat": absent}), plain},
		{"fractions of a second", claiming(object{"exp": float64(noon.Unix()) + 0.5}), plain},
		{"claims we do not know", claiming(object{"picture": "x", "address": object{"country": "PT"}}), plain},
		{"longest subject", claiming(object{"sub": longest}), who(longest, email, name)},
		{"no name", claiming(object{"name": absent}), who(sub, email, "")},
		{"name null", claiming(object{"name": nil}), who(sub, email, "")},
		{"name cleaned", claiming(object{"name": " Ca\r\nBcc:\x00 \u202eNary\t"}), who(sub, email, "Ca Bcc: Nary")},
		{"spaces around the address", claiming(object{"email": " canary@example.org "}), plain},
		{"domain lowered", claiming(object{"email": "Ca.Nary+x@Example.ORG"}), who(sub, "Ca.Nary+x@example.org", name)},
		{"international domain", claiming(object{"email": "c@xn--exmple-cua.org"}), who(sub, "c@xn--exmple-cua.org", name)},
		{"coordinator by groups", claiming(object{"groups": []string{"staff", "coordinators"}}), coordinator},
		{"coordinator with Cognito", claiming(object{"cognito:groups": []string{"coordinators"}}), coordinator},
		{"coordinator by one group alone", claiming(object{"groups": "coordinators"}), coordinator},
		{"other groups", claiming(object{"groups": []string{"coordinator", "Coordinators"}}), plain},
		{"groups in one text are not taken apart", claiming(object{"groups": "staff coordinators"}), plain},
		{"groups null", claiming(object{"groups": nil}), plain},
		{"groups an object", claiming(object{"groups": object{"coordinators": true}}), plain},
		{"groups not all texts", claiming(object{"groups": []any{"coordinators", 1}}), plain},
		{"groups in a list in a list", claiming(object{"groups": [][]string{{"coordinators"}}}), plain},
	}
	v := verifier(t, newIssuer(), atNoon)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := v.Verify(t.Context(), test.token)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Clocks may differ by a minute and no more, and it is the given clock that counts.
func TestTimesAreJudgedByTheClockWithAMinuteLeeway(t *testing.T) {
	from, to := noon.Add(time.Hour), noon.Add(2*time.Hour)
	both := func(name string) string {
		return claiming(object{"iat": absent}.with(object{name: from.Unix(), "exp": to.Unix()}))
	}
	for _, token := range []string{both("iat"), both("nbf")} {
		for _, test := range []struct {
			at   time.Time
			good bool
		}{
			{noon, false},
			{from.Add(-61 * time.Second), false},
			{from.Add(-60 * time.Second), true},
			{to, true},
			{to.Add(60 * time.Second), true},
			{to.Add(61 * time.Second), false},
			{to.AddDate(1, 0, 0), false},
		} {
			v := verifier(t, newIssuer(), func() time.Time { return test.at })
			_, err := v.Verify(t.Context(), token)
			if test.good && err != nil || !test.good && !errors.Is(err, identity.ErrUnauthenticated) {
				t.Errorf("at %s: error is %v", test.at, err)
			}
		}
	}
}

func TestNewNamesAllMistakesAtOnce(t *testing.T) {
	_, err := identity.New(identity.Config{})
	for _, word := range []string{"issuer", "audience", "clock"} {
		if err == nil || !strings.Contains(err.Error(), word) {
			t.Errorf("error is %v, without the word %s", err, word)
		}
	}
}

func TestNewChecksTheIssuer(t *testing.T) {
	for issuer, good := range map[string]bool{
		"https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Ab12Cd": true,
		"https://accounts.example":           true,
		"https://accounts.example/":          true,
		"http://localhost:3000":              true,
		"http://127.0.0.1:3000/issuer":       true,
		"http://[::1]:3000":                  true,
		"http://192.168.1.7:3000":            true,
		"http://host.docker.internal:3000":   true,
		"http://accounts.example":            false,
		"http://localhost.example":           false,
		"http://8.8.8.8":                     false,
		"ftp://accounts.example":             false,
		"accounts.example":                   false,
		"https://":                           false,
		"https://user:word@accounts.example": false,
		"https://accounts.example?tenant=1":  false,
		"https://accounts.example#fragment":  false,
		"https://accounts.example/\n":        false,
	} {
		_, err := identity.New(identity.Config{Issuer: issuer, Audience: audience, Now: atNoon})
		if (err == nil) != good {
			t.Errorf("%q: error is %v", issuer, err)
		}
	}
}

func TestBearerToken(t *testing.T) {
	for _, test := range []struct {
		name   string
		values []string
		want   string // empty where it is refused
	}{
		{"usual", []string{"Bearer abc.DEF-_~+/.012=="}, "abc.DEF-_~+/.012=="},
		{"lower case", []string{"bearer abc"}, "abc"},
		{"upper case", []string{"BEARER abc"}, "abc"},
		{"several spaces", []string{"Bearer   abc"}, "abc"},
		{"none", nil, ""},
		{"empty", []string{""}, ""},
		{"two", []string{"Bearer abc", "Bearer abc"}, ""},
		{"two joined", []string{"Bearer abc,Bearer abc"}, ""},
		{"two joined with a space", []string{"Bearer abc, Bearer abc"}, ""},
		{"no token", []string{"Bearer"}, ""},
		{"only spaces", []string{"Bearer   "}, ""},
		{"no scheme", []string{"abc"}, ""},
		{"another scheme", []string{"Basic abc"}, ""},
		{"longer scheme", []string{"Bearers abc"}, ""},
		{"look-alike scheme", []string{"\u0412earer abc"}, ""},
		{"tab", []string{"Bearer\tabc"}, ""},
		{"space before", []string{" Bearer abc"}, ""},
		{"word after", []string{"Bearer abc def"}, ""},
		{"line break", []string{"Bearer abc\r\nX: y"}, ""},
		{"quoted", []string{`Bearer "abc"`}, ""},
		{"not ASCII", []string{"Bearer äbc"}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := identity.BearerToken(test.values)
			if got != test.want || errors.Is(err, identity.ErrUnauthenticated) != (test.want == "") {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
}

// What the local issuer mints is believed like any other issuer's tokens.
func TestLocalIssuer(t *testing.T) {
	local, err := localissuer.New("http://localhost:3000/issuer", atNoon)
	if err != nil {
		t.Fatal(err)
	}
	v, err := identity.New(identity.Config{
		Issuer: local.URL(), Audience: audience, HTTPClient: local.Client(), Now: atNoon,
	})
	if err != nil {
		t.Fatal(err)
	}
	verify := func(c localissuer.Claims, validFor time.Duration) (identity.Principal, error) {
		token, err := local.Mint(c, validFor)
		if err != nil {
			t.Fatal(err)
		}
		return v.Verify(t.Context(), token)
	}
	ana := localissuer.Claims{
		Sub: "ana", Audience: audience, Email: "ana@example.org", Name: "Ana", Groups: []string{"coordinators"},
	}
	want := identity.Principal{
		Issuer: local.URL(), Subject: "ana", Email: "ana@example.org", Name: "Ana", Coordinator: true,
	}
	got, err := verify(ana, time.Hour)
	if err != nil || got != want {
		t.Errorf("got %+v, %v", got, err)
	}
	if _, err := verify(ana, -time.Hour); !errors.Is(err, identity.ErrUnauthenticated) {
		t.Errorf("an expired token: %v", err)
	}
	unverified := ana
	unverified.Unverified = true
	if _, err := verify(unverified, time.Hour); !errors.Is(err, identity.ErrEmailNotVerified) {
		t.Errorf("an address that is not verified: %v", err)
	}
	nowhere := localissuer.Claims{Sub: "bo", Audience: audience}
	if _, err := verify(nowhere, time.Hour); !errors.Is(err, identity.ErrEmailNotVerified) {
		t.Errorf("no address: %v", err)
	}
}

// "again" is a token that came before.
func BenchmarkVerify(b *testing.B) {
	foreign := signedBy(nil, rs256(otherRSA()))
	tokens := map[string]string{"RS256": good(), "ES256": inES256(), "foreign": foreign, "junk": "junk", "again": inES256()}
	for name, token := range tokens {
		b.Run(name, func(b *testing.B) {
			v := verifier(b, newIssuer(), atNoon)
			b.ReportAllocs()
			for b.Loop() {
				v.Verify(b.Context(), token)
				if name != "again" {
					v.ForgetSignatures()
				}
			}
		})
	}
}
