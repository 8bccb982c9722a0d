package localissuer

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
)

const (
	configurationPath = "/.well-known/openid-configuration"
	keysPath          = "/.well-known/jwks.json"
)

// Handler serves the issuer's configuration (OpenID Connect Discovery section 4) and its public keys, below
// the path of the issuer's URL. Everything else is 404.
func (i *Issuer) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+i.url.Path+configurationPath, func(w http.ResponseWriter, _ *http.Request) {
		serveJSON(w, map[string]any{
			"issuer":                                i.URL(),
			"jwks_uri":                              i.URL() + keysPath,
			"response_types_supported":              []string{"id_token"},
			"subject_types_supported":               []string{"public"},
			"id_token_signing_alg_values_supported": []string{"ES256"},
		})
	})
	mux.HandleFunc("GET "+i.url.Path+keysPath, func(w http.ResponseWriter, _ *http.Request) {
		serveJSON(w, i.published())
	})
	return mux
}

// Client reaches this issuer without a network, whatever its URL's host is, and nothing else.
func (i *Issuer) Client() *http.Client {
	return &http.Client{Transport: inMemory{i.Handler()}}
}

// inMemory answers requests with a handler.
type inMemory struct{ http.Handler }

func (m inMemory) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	w := httptest.NewRecorder()
	m.ServeHTTP(w, r)
	return w.Result(), nil
}

func serveJSON(w http.ResponseWriter, v any) {
	text, err := json.Marshal(v)
	if err != nil {
		http.Error(w, "cannot be written as JSON", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Write(text)
}
