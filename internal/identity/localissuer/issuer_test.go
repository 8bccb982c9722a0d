package localissuer_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/identity/localissuer"
)

const issuerURL = "http://localhost:3000/_local/issuer"

var ana = localissuer.Claims{
	Sub: "ana", Audience: "client", Email: "ana@example.org", Name: "Ana", Groups: []string{"coordinators"},
}

func atNoon() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }

func newIssuer(t *testing.T) *localissuer.Issuer {
	t.Helper()
	i, err := localissuer.New(issuerURL, atNoon)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func mint(t *testing.T, i *localissuer.Issuer, c localissuer.Claims) string {
	t.Helper()
	token, err := i.Mint(c, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// get reads a JSON answer of the issuer.
func get(t *testing.T, i *localissuer.Issuer, address string, v any) {
	t.Helper()
	resp, err := i.Client().Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if got := resp.Header.Get("Content-Type"); resp.StatusCode != http.StatusOK || got != "application/json" {
		t.Fatalf("%s: status %d, type %s", address, resp.StatusCode, got)
	}
	if err := json.NewDecoder(resp.Body).Decode(v); err != nil {
		t.Fatal(err)
	}
}

// published finds the keys as a stranger does: by the configuration.
func published(t *testing.T, i *localissuer.Issuer) jose.JSONWebKeySet {
	t.Helper()
	var configuration struct {
		Issuer  string `json:"issuer"`
		KeysURL string `json:"jwks_uri"`
	}
	get(t, i, i.URL()+"/.well-known/openid-configuration", &configuration)
	if configuration.Issuer != i.URL() {
		t.Errorf("the configuration is of %s", configuration.Issuer)
	}
	var keys jose.JSONWebKeySet
	get(t, i, configuration.KeysURL, &keys)
	return keys
}

// claims are those of a token whose signature the published keys confirm.
func claims(t *testing.T, i *localissuer.Issuer, token string) (map[string]any, error) {
	t.Helper()
	signed, err := jwt.ParseSigned(token, []jose.SignatureAlgorithm{jose.ES256})
	if err != nil {
		t.Fatal(err)
	}
	var c map[string]any
	return c, signed.Claims(published(t, i), &c)
}

func TestMint(t *testing.T) {
	i := newIssuer(t)
	noon := float64(atNoon().Unix())
	unverified, unnamed := ana, localissuer.Claims{Sub: "bo", Audience: "client"}
	unverified.Unverified = true
	whole := map[string]any{
		"iss": issuerURL, "aud": "client", "sub": "ana", "iat": noon, "exp": noon + 3600,
		"email": "ana@example.org", "email_verified": true, "name": "Ana", "groups": []any{"coordinators"},
	}
	doubted := map[string]any{}
	for name, value := range whole {
		doubted[name] = value
	}
	doubted["email_verified"] = false
	for _, test := range []struct {
		name  string
		given localissuer.Claims
		want  map[string]any
	}{
		{"everything", ana, whole},
		{"address not verified", unverified, doubted},
		{"no more than who", unnamed, map[string]any{
			"iss": issuerURL, "aud": "client", "sub": "bo", "iat": noon, "exp": noon + 3600, "email_verified": false}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := claims(t, i, mint(t, i, test.given))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestMintWantsSubjectAndAudience(t *testing.T) {
	i := newIssuer(t)
	for _, c := range []localissuer.Claims{{Sub: "ana"}, {Audience: "client"}} {
		if token, err := i.Mint(c, time.Hour); err == nil {
			t.Errorf("%+v: minted %s", c, token)
		}
	}
}

func TestPublishedKeysArePublic(t *testing.T) {
	resp, err := newIssuer(t).Client().Get(issuerURL + "/.well-known/jwks.json")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var set struct{ Keys []map[string]any }
	if err := json.NewDecoder(resp.Body).Decode(&set); err != nil || len(set.Keys) != 1 {
		t.Fatalf("%d keys, %v", len(set.Keys), err)
	}
	if d, private := set.Keys[0]["d"]; private {
		t.Errorf("the private key is published: %v", d)
	}
}

func TestRotate(t *testing.T) {
	i := newIssuer(t)
	first := mint(t, i, ana)
	rotate := func() {
		if err := i.Rotate(); err != nil {
			t.Fatal(err)
		}
	}
	good := func(name, token string, want bool) {
		if _, err := claims(t, i, token); (err == nil) != want {
			t.Errorf("%s: %v", name, err)
		}
	}
	rotate()
	second := mint(t, i, ana)
	good("token of the key before", first, true)
	good("token of the new key", second, true)
	if n := len(published(t, i).Keys); n != 2 {
		t.Errorf("%d keys are published", n)
	}
	rotate()
	good("token of the key before the last", first, false)
	good("token of the last key", second, true)
}

func TestConcurrentUse(t *testing.T) {
	i := newIssuer(t)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if err := i.Rotate(); err != nil {
				t.Error(err)
			}
		})
		all.Go(func() {
			if _, err := i.Mint(ana, time.Hour); err != nil {
				t.Error(err)
			}
		})
		all.Go(func() { published(t, i) })
	}
	all.Wait()
}

func TestHandlerServesNothingElse(t *testing.T) {
	server := httptest.NewServer(newIssuer(t).Handler())
	defer server.Close()
	for path, want := range map[string]int{
		"/_local/issuer/.well-known/openid-configuration": 200,
		"/_local/issuer/.well-known/jwks.json":            200,
		"/.well-known/openid-configuration":               404,
		"/_local/issuer":                                  404,
		"/":                                               404,
	} {
		resp, err := server.Client().Get(server.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("%s: status %d", path, resp.StatusCode)
		}
	}
}

func TestClientHeedsItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, issuerURL+"/.well-known/jwks.json", nil)
	if err != nil {
		t.Fatal(err)
	}
	if resp, err := newIssuer(t).Client().Do(req); !errors.Is(err, context.Canceled) {
		t.Errorf("answered %v, %v", resp, err)
	}
}

func TestNewChecksTheURL(t *testing.T) {
	for issuer, good := range map[string]bool{
		"http://localhost:3000":          true,
		"https://issuer.example/a/b":     true,
		"https://issuer.example/":        false,
		"https://issuer.example?a=b":     false,
		"https://issuer.example#a":       false,
		"https://issuer.example/%7Bx%7D": false,
		"https://issuer.example/{x}":     false,
		"ftp://issuer.example":           false,
		"issuer.example":                 false,
		"https://":                       false,
		"":                               false,
	} {
		i, err := localissuer.New(issuer, atNoon)
		if (err == nil) != good {
			t.Errorf("%q: error is %v", issuer, err)
		}
		if err == nil && i.URL() != issuer {
			t.Errorf("%q became %q", issuer, i.URL())
		}
	}
}

func loadOrCreate(t *testing.T, path string) *localissuer.Issuer {
	t.Helper()
	i, err := localissuer.LoadOrCreate(path, issuerURL, atNoon)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func TestTokensSurviveARestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "keys.json")
	before := loadOrCreate(t, path)
	first := mint(t, before, ana)
	if err := before.Rotate(); err != nil {
		t.Fatal(err)
	}
	second := mint(t, before, ana)

	after := loadOrCreate(t, path)
	for name, token := range map[string]string{"first": first, "second": second, "own": mint(t, after, ana)} {
		if _, err := claims(t, after, token); err != nil {
			t.Errorf("%s token: %v", name, err)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file is %v, %v", info.Mode(), err)
	}
	if files, err := os.ReadDir(filepath.Dir(path)); err != nil || len(files) != 1 {
		t.Errorf("files left behind: %v, %v", files, err)
	}
}

func TestKeysThatCannotBeReadAreKept(t *testing.T) {
	public, err := json.Marshal(published(t, newIssuer(t)))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"empty":      "",
		"not JSON":   "keys",
		"no keys":    `{"keys":[]}`,
		"public key": string(public),
		"secret":     `{"keys":[{"kty":"oct","kid":"a","k":"AAAA"}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "keys.json")
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := localissuer.LoadOrCreate(path, issuerURL, atNoon)
			if err == nil || !strings.Contains(err.Error(), path) {
				t.Errorf("error is %v", err)
			}
			if now, err := os.ReadFile(path); err != nil || string(now) != text {
				t.Errorf("the file holds %q now, %v", now, err)
			}
		})
	}
}

// Where keys cannot be written, there is no issuer whose tokens would be lost, and no rotation.
func TestKeysThatCannotBeWritten(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	i, err := localissuer.LoadOrCreate(filepath.Join(file, "keys.json"), issuerURL, atNoon)
	if err == nil || i != nil {
		t.Errorf("got %v, %v", i, err)
	}

	path := filepath.Join(folder, "sub", "keys.json")
	i = loadOrCreate(t, path)
	before := published(t, i)
	if err := os.RemoveAll(filepath.Dir(path)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Dir(path), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := i.Rotate(); err == nil {
		t.Error("rotated without a file")
	}
	if diff := cmp.Diff(keyIDs(before), keyIDs(published(t, i))); diff != "" {
		t.Error(diff)
	}
}

func keyIDs(set jose.JSONWebKeySet) (ids []string) {
	for _, key := range set.Keys {
		ids = append(ids, key.KeyID)
	}
	return ids
}
