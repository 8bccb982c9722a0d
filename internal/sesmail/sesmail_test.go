package sesmail_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/mail"
	"flashmentoring/internal/sesbox"
	"flashmentoring/internal/sesmail"
)

var noon = time.Date(2026, time.November, 22, 12, 0, 0, 0, time.UTC)

var message = mail.Message{
	Kind: "booking_confirmed", From: "mentoring@mentoring.example", To: "rana@south.example", Subject: "Größe",
	Raw: []byte("From: Flash Mentoring <mentoring@mentoring.example>\r\nTo: rana@south.example\r\n" +
		"Subject: =?UTF-8?q?Gr=C3=B6=C3=9Fe?=\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n" +
		"Content-Transfer-Encoding: quoted-printable\r\n\r\nHello R=C3=A4na\r\n"),
}

// sender sends to the handler.
func sender(t *testing.T, handler http.Handler, configurationSet string) *sesmail.Sender {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return sesmail.New(sesmail.Connect(aws.Config{
		Region:       "eu-central-1",
		BaseEndpoint: aws.String(server.URL),
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "test", SecretAccessKey: "test"}, nil
		}),
		RetryMaxAttempts: 5, // as AWS_MAX_ATTEMPTS would set it; Connect must not care
	}), configurationSet)
}

func box() *sesbox.Box { return sesbox.New(func() time.Time { return noon }) }

func TestSend(t *testing.T) {
	b := box()
	id, err := sender(t, b, "").Send(t.Context(), message)
	if err != nil || id == "" {
		t.Fatalf("id %q, %v", id, err)
	}
	want := []sesbox.Mail{{
		ID: id, To: "rana@south.example", From: `"Flash Mentoring" <mentoring@mentoring.example>`, Subject: "Größe",
		Text: "Hello Räna\n", Raw: string(message.Raw), Kind: "booking_confirmed", At: noon,
	}}
	if diff := cmp.Diff(want, b.Messages("")); diff != "" {
		t.Errorf("taken (-want +got):\n%s", diff)
	}
}

// decoded is the JSON of a request.
func decoded(t *testing.T, r *http.Request) map[string]any {
	t.Helper()
	var body map[string]any
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		t.Error(err)
	}
	return body
}

// What the request says besides the message: envelope, tag, configuration set.
func TestRequest(t *testing.T) {
	for _, set := range []string{"", "production"} {
		var body map[string]any
		s := sender(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body = decoded(t, r)
			w.Write([]byte(`{"MessageId":"1"}`))
		}), set)
		if _, err := s.Send(t.Context(), message); err != nil {
			t.Fatal(err)
		}
		delete(body, "Content")
		want := map[string]any{
			"FromEmailAddress": "mentoring@mentoring.example",
			"Destination":      map[string]any{"ToAddresses": []any{"rana@south.example"}},
			"EmailTags":        []any{map[string]any{"Name": "kind", "Value": "booking_confirmed"}},
		}
		if set != "" {
			want["ConfigurationSetName"] = set
		}
		if diff := cmp.Diff(want, body); diff != "" {
			t.Errorf("request with configuration set %q (-want +got):\n%s", set, diff)
		}
	}
}

// Every failure is told apart, and none is tried again: a second attempt could be a second mail.
func TestFailures(t *testing.T) {
	classes := []error{mail.ErrRefused, mail.ErrPaused, mail.ErrThrottled}
	for failure, want := range map[sesbox.Failure]error{
		sesbox.Rejected:    mail.ErrRefused,
		sesbox.BadRequest:  mail.ErrRefused,
		sesbox.Paused:      mail.ErrPaused,
		sesbox.Suspended:   mail.ErrPaused,
		sesbox.Unverified:  mail.ErrPaused,
		sesbox.NotFound:    mail.ErrPaused,
		sesbox.TooMany:     mail.ErrThrottled,
		sesbox.Limited:     mail.ErrThrottled,
		sesbox.Throttling:  mail.ErrThrottled,
		sesbox.Internal:    nil,
		sesbox.Unavailable: nil,
		sesbox.Denied:      nil,
		sesbox.LostReply:   nil,
	} {
		t.Run(string(failure), func(t *testing.T) {
			b := box()
			var attempts atomic.Int32
			b.Fail(func(int) sesbox.Failure { attempts.Add(1); return failure })
			id, err := sender(t, b, "").Send(t.Context(), message)
			if err == nil || id != "" {
				t.Fatalf("id %q and error %v", id, err)
			}
			for _, class := range classes {
				if is := errors.Is(err, class); is != (class == want) {
					t.Errorf("is %v: %v, in %v", class, is, err)
				}
			}
			if n := attempts.Load(); n != 1 {
				t.Errorf("%d attempts", n)
			}
			taken := 0
			if failure == sesbox.LostReply {
				taken = 1
			}
			if got := len(b.Messages("")); got != taken {
				t.Errorf("%d messages taken, want %d", got, taken)
			}
		})
	}
}

// SES says of an unverified address what it says of a bad message; only the words differ.
func TestUnverifiedAddressIsNoFaultOfTheMessage(t *testing.T) {
	s := sender(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Amzn-ErrorType", "MessageRejected")
		w.WriteHeader(http.StatusBadRequest)
		w.Write([]byte(`{"message":"Email address is not verified. The following identities failed the check in region EU-CENTRAL-1: a@b.example"}`))
	}), "")
	_, err := s.Send(t.Context(), message)
	if !errors.Is(err, mail.ErrPaused) || errors.Is(err, mail.ErrRefused) {
		t.Errorf("error %v", err)
	}
}

// Nobody there is neither a refusal nor a reason to slow down.
func TestUnreachable(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	client := sesmail.Connect(aws.Config{Region: "eu-central-1", BaseEndpoint: aws.String(server.URL), Credentials: aws.AnonymousCredentials{}})
	_, err := sesmail.New(client, "").Send(t.Context(), message)
	if err == nil || errors.Is(err, mail.ErrRefused) || errors.Is(err, mail.ErrPaused) || errors.Is(err, mail.ErrThrottled) {
		t.Errorf("error %v", err)
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s := sender(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		cancel()
		<-r.Context().Done() // the client has hung up
	}), "")
	if _, err := s.Send(ctx, message); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

// What SES says of the account. One that is shut down sends nothing, whatever else it says.
func TestAccount(t *testing.T) {
	for body, want := range map[string]mail.Account{
		`{"SendingEnabled":true,"EnforcementStatus":"PROBATION","SendQuota":{"MaxSendRate":14,"Max24HourSend":50000,"SentLast24Hours":7}}`: {
			Enabled: true, Rate: 14, Quota: 50000, Sent: 7,
		},
		`{"SendingEnabled":false,"EnforcementStatus":"HEALTHY"}`: {},
		`{"SendingEnabled":true,"EnforcementStatus":"SHUTDOWN"}`: {},
	} {
		s := sender(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodGet || r.URL.Path != "/v2/email/account" {
				t.Errorf("asks %s %s", r.Method, r.URL.Path)
			}
			io.WriteString(w, body)
		}), "")
		if got, err := s.Account(t.Context()); err != nil || got != want {
			t.Errorf("%s: %+v, %v", body, got, err)
		}
	}
	s := sender(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Amzn-ErrorType", "TooManyRequestsException")
		w.WriteHeader(http.StatusTooManyRequests)
	}), "")
	if _, err := s.Account(t.Context()); !errors.Is(err, mail.ErrThrottled) {
		t.Errorf("asked too often: %v", err)
	}
}
