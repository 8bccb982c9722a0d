package cloud_test

import (
	"net/http"
	"strings"
	"testing"
)

// What is no route of the template never reaches the function, as deployed.
func TestUnknownRoutes(t *testing.T) {
	w := start(t, empty(t))
	ada := w.signIn("ada")
	for _, request := range []string{
		"GET /v1", "GET /v1/nothing", "GET /v2/me", "GET /v1/me/", "GET //v1/me", "GET /v1/slots/", "GET /v1/slots/a/b/c",
		"GET /_localhost", "GET /docs2", "GET /favicon.ico",
		"HEAD /v1/me", "DELETE /v1/topics", "PATCH /v1/slots", "OPTIONS /v1/me", "PUT /v1/slots/{slotId}",
	} {
		method, path, _ := strings.Cut(request, " ")
		a := w.ask(w.client, ada.token, method, path, nil)
		body := `{"message":"Not Found"}`
		if method == http.MethodHead {
			body = ""
		}
		if a.status != http.StatusNotFound || a.text != body || a.header.Get("Content-Type") != "application/json" ||
			a.header.Get("Apigw-Requestid") == "" {
			t.Errorf("%s answers %d %q %v", request, a.status, a.text, a.header)
		}
	}
}

// The gateway leaves tokens to the function, which refuses in its own words.
func TestFunctionChecksTokens(t *testing.T) {
	w := start(t, empty(t))
	for _, token := range []string{"", "nonsense", "a.b.c"} {
		a := w.ask(w.api(), token, http.MethodGet, "/v1/me", nil)
		if a.status != http.StatusUnauthorized || a.field("code") != "unauthenticated" {
			t.Errorf("token %q: %d %s", token, a.status, a.text)
		}
	}
}
