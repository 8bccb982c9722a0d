package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strings"
	"testing"
)

// What listens at one address of this machine is reached at another, at the same port.
func TestReachable(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux has more than one address of its own by itself, and only there this is used")
	}
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(w, io.MultiReader(strings.NewReader(r.Method+" "+r.URL.String()+" "), r.Body))
	}))
	defer service.Close()
	s := &surroundings{place: place{gateway: "127.0.0.2"}}
	theirs, err := s.reachable(service.URL + "/below")
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(theirs)
	if err != nil || u.Hostname() != hostName || u.Path != "/below" {
		t.Fatalf("containers are told %s, %v", theirs, err)
	}
	if again, err := s.reachable(service.URL + "/below"); again != theirs || err != nil {
		t.Errorf("a second time it is %s, %v", again, err)
	}
	u.Host = "127.0.0.2:" + u.Port()
	response, err := http.Post(u.String()+"?a=b", "text/plain", strings.NewReader("body"))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if text, err := io.ReadAll(response.Body); err != nil || string(text) != "POST /below?a=b body" {
		t.Errorf("got %s, %v", text, err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if _, err := http.Get(u.String()); err == nil {
		t.Error("it is reached after the end")
	}
}

func TestMailer(t *testing.T) {
	s := &surroundings{}
	if _, err := s.mailer(t.Context(), []byte(`{}`)); err == nil {
		t.Error("a mailer that is not there answers")
	}
	failed := false
	lambda := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if failed {
			w.Header().Set("X-Amz-Function-Error", "Unhandled")
		}
		_, _ = io.WriteString(w, r.URL.Path)
	}))
	defer lambda.Close()
	s.lambda.Store(&lambda.URL)
	answer, err := s.mailer(t.Context(), []byte(`{}`))
	if err != nil || string(answer) != "/2015-03-31/functions/MailerFunction/invocations" || s.delivered.Load() != 1 {
		t.Errorf("got %s, %v, %d delivered", answer, err, s.delivered.Load())
	}
	failed = true
	if _, err := s.mailer(t.Context(), []byte(`{}`)); err == nil || s.delivered.Load() != 1 {
		t.Errorf("a mailer that failed: %v, %d delivered", err, s.delivered.Load())
	}
}
