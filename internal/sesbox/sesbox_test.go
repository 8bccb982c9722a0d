package sesbox_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/mail"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/sesbox"
	"flashmentoring/internal/sesmail"
)

var noon = time.Date(2026, time.November, 22, 12, 0, 0, 0, time.UTC)

// send is where SES v2 takes messages.
const send = "/v2/email/outbound-emails"

func box() *sesbox.Box { return sesbox.New(func() time.Time { return noon }) }

// sender is the real client, pointed at the box.
func sender(t *testing.T, b *sesbox.Box) *sesmail.Sender {
	t.Helper()
	server := httptest.NewServer(b)
	t.Cleanup(server.Close)
	return sesmail.New(sesmail.Connect(aws.Config{
		Region:       "eu-central-1",
		BaseEndpoint: aws.String(server.URL),
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "test", SecretAccessKey: "test"}, nil
		}),
	}), "")
}

// simple is a message of the least there can be.
func simple(to, subject string) mail.Message {
	raw := fmt.Sprintf("From: a@b.example\r\nTo: %s\r\nSubject: %s\r\n\r\nHello\r\n", to, subject)
	return mail.Message{Kind: "test", From: "a@b.example", To: to, Subject: subject, Raw: []byte(raw)}
}

// A message of ours, with all its parts, as a mail program finds it.
func TestTakesAMessageApart(t *testing.T) {
	c, err := mail.New(mail.Config{From: "Flash Mentoring <mentoring@mentoring.example>", Domain: "mentoring.example"})
	if err != nil {
		t.Fatal(err)
	}
	m, err := c.Compose(mentoring.Notice{
		Kind: mentoring.BookingConfirmed, Role: mentoring.Requester, Calendar: mentoring.Calendar{Method: mentoring.CalendarRequest, UID: "bkg_a"},
		Reader: mentoring.Person{Email: "rana@south.example", Profile: mentoring.Profile{Name: "Rana Süd", TimeZone: "Europe/Berlin"}},
		Slot: mentoring.Slot{
			Title: "Größe", Kind: mentoring.OpenQuestion, Format: mentoring.OneToOne, StartsAt: noon.Add(time.Hour), DurationMinutes: 30, TimeZone: "UTC",
		},
		Booking: mentoring.Booking{Mode: mentoring.Video, Purpose: mentoring.Purpose{Kind: "knowledge", Question: "Wie groß?"}},
	}, "id-1", noon)
	if err != nil {
		t.Fatal(err)
	}
	b := box()
	id, err := sender(t, b).Send(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	mails := b.Messages("Rana@South.example")
	if len(mails) != 1 {
		t.Fatalf("%d mails", len(mails))
	}
	got := mails[0]
	for what, ok := range map[string]bool{
		"text":     strings.Contains(got.Text, "> Wie groß?\n"),
		"html":     strings.Contains(got.HTML, "<dd>Größe</dd>"),
		"calendar": strings.HasPrefix(got.Calendar, "BEGIN:VCALENDAR\r\n") && strings.Contains(got.Calendar, "UID:bkg_a@mentoring.example\r\n"),
		"raw":      got.Raw == string(m.Raw),
	} {
		if !ok {
			t.Errorf("%s is not as sent: %+v", what, got)
		}
	}
	got.Text, got.HTML, got.Calendar, got.Raw = "", "", "", ""
	want := sesbox.Mail{
		ID: id, To: "rana@south.example", From: `"Flash Mentoring" <mentoring@mentoring.example>`, Subject: m.Subject,
		Kind: "booking_confirmed", At: noon,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("mail (-want +got):\n%s", diff)
	}
}

func TestMessages(t *testing.T) {
	b := box()
	s := sender(t, b)
	for i, to := range []string{"a@x.example", "b@x.example", "a@x.example"} {
		if _, err := s.Send(t.Context(), simple(to, fmt.Sprint(i))); err != nil {
			t.Fatal(err)
		}
	}
	for to, want := range map[string][]string{
		"": {"0", "1", "2"}, "a@x.example": {"0", "2"}, "B@X.example": {"1"}, "c@x.example": {},
	} {
		got := []string{}
		for _, m := range b.Messages(to) {
			got = append(got, m.Subject)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("to %q (-want +got):\n%s", to, diff)
		}
	}
	ids := map[string]bool{}
	for _, m := range b.Messages("") {
		ids[m.ID] = true
	}
	if len(ids) != 3 {
		t.Errorf("ids are not unique: %v", ids)
	}
	if text, err := json.Marshal(b.Messages("c@x.example")); string(text) != "[]" || err != nil {
		t.Errorf("no mails are %s in JSON, %v; want an empty list", text, err)
	}
}

// The names clients of the local inbox rely on.
func TestMailAsJSON(t *testing.T) {
	text, err := json.Marshal(sesbox.Mail{At: noon})
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"id":"","to":"","from":"","subject":"","text":"","html":"","calendar":"","raw":"","kind":"","at":"2026-11-22T12:00:00Z"}`
	if diff := cmp.Diff(want, string(text)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// request is the body of SendEmail.
func request(raw string, to ...string) string {
	body, _ := json.Marshal(map[string]any{
		"Content":     map[string]any{"Raw": map[string]any{"Data": base64.StdEncoding.EncodeToString([]byte(raw))}},
		"Destination": map[string]any{"ToAddresses": to},
	})
	return string(body)
}

func TestKeepsTheLatest(t *testing.T) {
	b := box()
	const more = 5003
	for i := range more {
		body := request(fmt.Sprintf("From: a@b.example\r\nSubject: %d\r\n\r\n", i), "c@d.example")
		answer := httptest.NewRecorder()
		b.ServeHTTP(answer, httptest.NewRequest("POST", send, strings.NewReader(body)))
		if answer.Code != http.StatusOK {
			t.Fatal(answer.Body)
		}
	}
	mails := b.Messages("")
	if len(mails) != 5000 || mails[0].Subject != "3" || mails[4999].Subject != "5002" {
		t.Errorf("%d mails, %q to %q", len(mails), mails[0].Subject, mails[len(mails)-1].Subject)
	}
}

// What cannot be a message is answered as SES does, and nothing is kept.
func TestRefuses(t *testing.T) {
	const (
		good = "From: a@b.example\r\nSubject: x\r\n\r\nHello\r\n"
		to   = `,"Destination":{"ToAddresses":["a@b.example"]}`
		cut  = "From: a@b.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nHello"
		bad  = "From: a@b.example\r\nContent-Transfer-Encoding: base64\r\n\r\n????\r\n"
	)
	many := make([]string, 51)
	for i := range many {
		many[i] = "a@b.example"
	}
	for _, c := range []struct {
		name, method, path, body, code string
		status                         int
	}{
		{"another operation", "POST", "/v2/email/identities", "{}", "UnknownOperationException", 404},
		{"another method", "GET", send, "", "UnknownOperationException", 404},
		{"no JSON", "POST", send, "<xml/>", "BadRequestException", 400},
		{"no base64", "POST", send, `{"Content":{"Raw":{"Data":"?"}}` + to + `}`, "BadRequestException", 400},
		{"no raw content", "POST", send, `{"Content":{"Simple":{}}` + to + `}`, "BadRequestException", 400},
		{"no recipient", "POST", send, request(good), "BadRequestException", 400},
		{"51 recipients", "POST", send, request(good, many...), "BadRequestException", 400},
		{"recipient that is no address", "POST", send, request(good, "somebody"), "BadRequestException", 400},
		{"no sender", "POST", send, request("Subject: x\r\n\r\nHello\r\n", "a@b.example"), "BadRequestException", 400},
		{"no header", "POST", send, request("hello", "a@b.example"), "BadRequestException", 400},
		{"broken part", "POST", send, request(bad, "a@b.example"), "BadRequestException", 400},
		{"part without end", "POST", send, request(cut, "a@b.example"), "BadRequestException", 400},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := box()
			answer := httptest.NewRecorder()
			b.ServeHTTP(answer, httptest.NewRequest(c.method, c.path, strings.NewReader(c.body)))
			if answer.Code != c.status || answer.Header().Get("X-Amzn-ErrorType") != c.code {
				t.Errorf("%d %s, want %d %s: %s", answer.Code, answer.Header().Get("X-Amzn-ErrorType"), c.status, c.code, answer.Body)
			}
			var problem struct{ Message string }
			if err := json.Unmarshal(answer.Body.Bytes(), &problem); err != nil || problem.Message == "" {
				t.Errorf("says %q, %v", answer.Body, err)
			}
			if kept := b.Messages(""); len(kept) != 0 {
				t.Errorf("kept %+v", kept)
			}
		})
	}
}

// Failures are decided request by request, and end when they are told to.
func TestFail(t *testing.T) {
	b := box()
	s := sender(t, b)
	b.Fail(func(n int) sesbox.Failure {
		return []sesbox.Failure{sesbox.TooMany, sesbox.None, sesbox.LostReply}[n-1]
	})
	var failed []bool
	for i := range 3 {
		_, err := s.Send(t.Context(), simple("c@d.example", fmt.Sprint(i)))
		failed = append(failed, err != nil)
	}
	b.Fail(nil)
	_, err := s.Send(t.Context(), simple("c@d.example", "3"))
	if diff := cmp.Diff([]bool{true, false, true, false}, append(failed, err != nil)); diff != "" {
		t.Errorf("failed (-want +got):\n%s", diff)
	}
	var kept []string
	for _, m := range b.Messages("") {
		kept = append(kept, m.Subject)
	}
	if diff := cmp.Diff([]string{"1", "2", "3"}, kept); diff != "" {
		t.Errorf("kept (-want +got):\n%s", diff)
	}
}

// The connection ends without a byte of an answer.
func TestLostReplyOnTheWire(t *testing.T) {
	b := box()
	b.Fail(func(int) sesbox.Failure { return sesbox.LostReply })
	server := httptest.NewServer(b)
	defer server.Close()
	body := request("From: a@b.example\r\n\r\n", "c@d.example")
	answer, err := http.Post(server.URL+send, "application/json", bytes.NewBufferString(body))
	if err == nil {
		content, _ := io.ReadAll(answer.Body)
		answer.Body.Close()
		t.Errorf("got an answer: %d %s", answer.StatusCode, content)
	}
	if len(b.Messages("")) != 1 {
		t.Error("the message was not taken")
	}
}

func TestManyAtOnce(t *testing.T) {
	b := box()
	s := sender(t, b)
	var senders sync.WaitGroup
	for i := range 8 {
		senders.Go(func() {
			for j := range 25 {
				if _, err := s.Send(context.Background(), simple("c@d.example", fmt.Sprintf("%d-%d", i, j))); err != nil {
					t.Error(err)
				}
				b.Messages("c@d.example")
			}
		})
	}
	senders.Wait()
	subjects := map[string]bool{}
	for _, m := range b.Messages("") {
		subjects[m.Subject] = true
	}
	if len(subjects) != 200 {
		t.Errorf("%d different mails, want 200", len(subjects))
	}
}
