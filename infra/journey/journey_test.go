package journey

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"flashmentoring/infra/local/cloud"
)

// site is a local cloud, and a journey to walk there.
func site(t *testing.T) (j *Journey, said *bytes.Buffer, token func(sub string) string) {
	t.Helper()
	local, err := cloud.Start(t.Context(), cloud.Config{DataDir: t.TempDir(), Table: cloud.Bolt, Empty: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = local.Close() })
	said = &bytes.Buffer{}
	token = func(sub string) string {
		body, _ := json.Marshal(object{"sub": sub, "email": sub + "@example.org", "name": sub, "groups": []string{}})
		answer, err := http.Post(local.URL()+"/_local/token", "application/json", bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		var made struct{ Token string }
		if err := json.NewDecoder(answer.Body).Decode(&made); err != nil {
			t.Fatal(err)
		}
		return made.Token
	}
	return &Journey{URL: local.URL(), Client: http.DefaultClient, Now: time.Now, Out: said}, said, token
}

// The journey ends well, by one person as far as one can, and leaves nothing behind.
func TestWalk(t *testing.T) {
	j, said, token := site(t)
	for requester, last := range map[string]string{"": "ok, but nothing was booked", token("ben"): "ok\n"} {
		j.undo = nil
		said.Reset()
		if err := j.Walk(token("ada"), requester); err != nil || !strings.Contains(said.String(), last) {
			t.Errorf("%v\n%s", err, said)
		}
	}
	for _, who := range []string{"ada", "ben"} {
		me, err := j.expect(http.StatusOK, token(who), http.MethodGet, "/v1/me", nil)
		if err != nil || me["enrolled"] != false {
			t.Errorf("%s is left behind: %v, %v", who, me, err)
		}
	}
	open, err := j.expect(http.StatusOK, token("eve"), http.MethodGet, "/v1/slots?limit=100", nil)
	if err != nil || len(list(open)) != 0 {
		t.Errorf("slots are left behind: %v, %v", open, err)
	}
}

// Whoever wants to look while the booking stands, and when it is cancelled, is called then, and can end the journey.
func TestWalkLetsLook(t *testing.T) {
	j, said, token := site(t)
	var seen []string
	see := func(booking string) error {
		now, err := j.expect(http.StatusOK, token("ben"), http.MethodGet, "/v1/bookings/"+booking, nil)
		seen = append(seen, fmt.Sprint(now["status"]))
		return err
	}
	j.Booked, j.Cancelled = see, see
	if err := j.Walk(token("ada"), token("ben")); err != nil || !slices.Equal(seen, []string{"confirmed", "cancelled"}) {
		t.Errorf("%v, %v\n%s", seen, err, said)
	}
	j.undo, j.Booked = nil, func(string) error { return errors.New("there is no mail") }
	if err := j.Walk(token("ada"), token("ben")); err == nil || !strings.Contains(err.Error(), "there is no mail") {
		t.Errorf("what somebody who looked said is lost: %v", err)
	}
}

// What goes wrong on the way is told, and what was made by then is taken back.
func TestWalkFails(t *testing.T) {
	j, said, token := site(t)
	if err := j.Walk("no token", ""); err == nil || !strings.Contains(err.Error(), "401") {
		t.Errorf("with no good token: %v", err)
	}
	j.undo = nil
	site, _ := url.Parse(j.URL)
	proxy := httputil.NewSingleHostReverseProxy(site)
	broken := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet && r.URL.Path == "/v1/slots" {
			http.Error(w, "{}", http.StatusInternalServerError)
			return
		}
		r.Host = site.Host
		proxy.ServeHTTP(w, r)
	}))
	defer broken.Close()
	j.URL = broken.URL
	said.Reset()
	if err := j.Walk(token("ada"), token("ben")); err == nil || !strings.Contains(err.Error(), "GET /v1/slots") {
		t.Errorf("with browsing broken: %v", err)
	}
	if !strings.Contains(said.String(), "/cancel") || !strings.Contains(said.String(), "204  DELETE /v1/me") {
		t.Errorf("it was not taken back:\n%s", said)
	}
}
