package main

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"flashmentoring/internal/sesbox"
)

// What is walked under the SAM CLI ends well without it too.
func TestWalk(t *testing.T) {
	j, _ := court(t)
	var said bytes.Buffer
	w := walker{client: http.DefaultClient, api: j.cloud.URL(), cloud: j.cloud, out: &said}
	if err := w.walk(t.Context()); err != nil {
		t.Fatalf("%v\n%s", err, &said)
	}
	mail, err := w.awaits(t.Context(), "ben@example.com", "booking_confirmed", "REQUEST")
	if err != nil {
		t.Fatal(err)
	}
	if err := w.follows(t.Context(), mail, "/manage/", "Your session is confirmed"); err == nil || !strings.Contains(err.Error(), "without") {
		t.Errorf("the page of a booking that is cancelled: %v", err)
	}
	if err := w.follows(t.Context(), sesbox.Mail{Kind: "any", Text: "https://example.org/other"}, "/manage/", ""); err == nil || !strings.Contains(err.Error(), "no link") {
		t.Errorf("a mail without a link: %v", err)
	}
}

func TestWhoIsLetInWithoutToken(t *testing.T) {
	open := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer open.Close()
	w := walker{client: http.DefaultClient, api: open.URL, out: io.Discard}
	if err := w.walk(t.Context()); err == nil || !strings.Contains(err.Error(), "without a token is answered 200") {
		t.Errorf("got %v", err)
	}
}

func TestMailThatDoesNotCome(t *testing.T) {
	j, _ := court(t)
	w := walker{client: http.DefaultClient, api: j.cloud.URL(), cloud: j.cloud}
	if _, err := w.once("ben@example.com", "booking_confirmed", "REQUEST"); err == nil || !strings.Contains(err.Error(), "has no mail booking_confirmed") {
		t.Errorf("got %v", err)
	}
}
