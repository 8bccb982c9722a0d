package httpapi_test

import (
	"net/http"
	"testing"
	"time"

	"flashmentoring/internal/httpapi"
	"flashmentoring/internal/identity"
	"flashmentoring/internal/identity/localissuer"
	"flashmentoring/internal/mentoring"
)

// TestNoRouteWithoutAToken tries every route, with whatever body, with everything that is no token.
func TestNoRouteWithoutAToken(t *testing.T) {
	tests := map[string]struct {
		change    change
		challenge string
		status    int
		code      mentoring.Code
	}{
		"nothing":           {header("Authorization"), "Bearer", 401, "unauthenticated"},
		"empty":             {header("Authorization", ""), `Bearer error="invalid_token"`, 401, "unauthenticated"},
		"another scheme":    {header("Authorization", "Basic YTpi"), `Bearer error="invalid_token"`, 401, "unauthenticated"},
		"only the scheme":   {header("Authorization", "Bearer "), `Bearer error="invalid_token"`, 401, "unauthenticated"},
		"two tokens":        {header("Authorization", "Bearer a", "Bearer b"), `Bearer error="invalid_token"`, 401, "unauthenticated"},
		"does not hold":     {header("Authorization", "Bearer expired"), `Bearer error="invalid_token"`, 401, "unauthenticated"},
		"not verified":      {header("Authorization", "Bearer unverified"), `Bearer error="invalid_token"`, 401, "email_not_verified"},
		"cannot be checked": {header("Authorization", "Bearer unavailable"), "", 503, "busy"},
	}
	for name, test := range tests {
		for _, door := range []setting{{}, {door: asEvents}} {
			w := open(t, door)
			for _, route := range httpapi.Routes() {
				path := somewhere.Replace(route.Pattern)
				got := w.person("").send(route.Method, path+"?x=%zz", "not JSON", test.change).refused(test.status, test.code)
				if c := got.header.Get("WWW-Authenticate"); c != test.challenge {
					t.Errorf("%s: %s: challenge %q, want %q", name, route, c, test.challenge)
				}
			}
		}
	}
	w := open(t, setting{})
	got := w.person("unavailable").get("/v1/me").refused(503, "busy")
	if got.header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
}

// TestWithTheRealIssuer goes the whole way once: a token of an issuer, its keys, the API.
func TestWithTheRealIssuer(t *testing.T) {
	now := func() time.Time { return morning }
	issuer, err := localissuer.New("https://issuer.example", now)
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := identity.New(identity.Config{Issuer: issuer.URL(), Audience: "flash", HTTPClient: issuer.Client(), Now: now})
	if err != nil {
		t.Fatal(err)
	}
	w := open(t, setting{door: asEvents, verifier: verifier})
	token := func(c localissuer.Claims, validFor time.Duration) person {
		t.Helper()
		text, err := issuer.Mint(c, validFor)
		if err != nil {
			t.Fatal(err)
		}
		return w.person(text)
	}
	ada := localissuer.Claims{Sub: "ada", Email: "Ada@Example.org", Name: "Ada Byron", Audience: "flash"}
	me := token(ada, time.Hour).get("/v1/me").expect(http.StatusOK).is("Ada@example.org", "email").is("Ada Byron", "name").
		is("example.org", "organisation").is(string(mentoring.PersonIDFor(issuer.URL(), "ada")), "id")
	token(ada, time.Hour).put("/v1/me", enrolment("Ada")).expect(http.StatusOK).is(me.at("id"), "id")

	token(ada, -time.Hour).get("/v1/me").refused(401, "unauthenticated")
	other := ada
	other.Audience = "another"
	token(other, time.Hour).get("/v1/me").refused(401, "unauthenticated")
	unverified := ada
	unverified.Unverified = true
	token(unverified, time.Hour).get("/v1/me").refused(401, "email_not_verified")
	w.person("ada").get("/v1/me").refused(401, "unauthenticated")
}
