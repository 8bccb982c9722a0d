package cloud

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"flashmentoring/internal/config"
	"flashmentoring/internal/sesbox"
	"flashmentoring/internal/sesmail"
)

// sesPath is where the mail service answers.
const sesPath = "/_local/ses"

// services adds what stands in for services of others: the mail service and the issuer.
func (c *Cloud) services(mux *http.ServeMux) {
	mux.Handle(sesPath+"/", http.StripPrefix(sesPath, c.mailbox))
	mux.Handle(issuerPath+"/", c.issuer.Handler())
}

// sender sends as the deployed functions do, with the SDK's client for SES, to the mail service here. BaseEndpoint is
// what AWS_ENDPOINT_URL_SESV2 sets for them.
func (c *Cloud) sender(m config.Mail) *sesmail.Sender {
	return sesmail.New(sesmail.Connect(aws.Config{
		Region:       "local",
		BaseEndpoint: aws.String(c.url + sesPath),
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "local", SecretAccessKey: "local"}, nil
		}),
	}), m.ConfigurationSet)
}

// Mail is the mails to an address, oldest first; all there are where it is empty.
func (c *Cloud) Mail(to string) []sesbox.Mail { return c.mailbox.to(to) }

// mailbox is an SES endpoint that also remembers what it took before the program was last started.
type mailbox struct {
	box   *sesbox.Box
	state *state
	log   *slog.Logger

	mu    sync.Mutex
	mails []sesbox.Mail
	last  string // id of the last mail that came from the box
}

func openMailbox(s *state, now func() time.Time, log *slog.Logger) (*mailbox, error) {
	kept, err := mails[sesbox.Mail](s)
	if err != nil {
		return nil, err
	}
	box := sesbox.New(now)
	box.Allow(sesbox.Account{Rate: 1000, Quota: -1}) // whoever travels in time need not wait for a rate
	return &mailbox{box: box, state: s, log: log, mails: kept}, nil
}

// ServeHTTP lets the box answer, and keeps what it took, whether or not the answer arrives.
func (m *mailbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer m.collect()
	m.box.ServeHTTP(w, r)
}

// collect takes over what is new in the box. The box keeps the order and drops only the oldest.
func (m *mailbox) collect() {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := m.box.Messages("")
	fresh := len(all)
	for fresh > 0 && all[fresh-1].ID != m.last {
		fresh--
	}
	for _, mail := range all[fresh:] {
		m.mails, m.last = append(m.mails, mail), mail.ID
		if err := m.state.addMail(mail); err != nil {
			m.log.Error("a mail will be forgotten when the program ends", "error", err)
		}
	}
}

func (m *mailbox) to(address string) []sesbox.Mail {
	m.mu.Lock()
	defer m.mu.Unlock()
	found := []sesbox.Mail{}
	for _, mail := range m.mails {
		if address == "" || strings.EqualFold(mail.To, address) {
			found = append(found, mail)
		}
	}
	return found
}

func (m *mailbox) named(id string) (sesbox.Mail, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	at := slices.IndexFunc(m.mails, func(mail sesbox.Mail) bool { return mail.ID == id })
	if at < 0 {
		return sesbox.Mail{}, false
	}
	return m.mails[at], true
}
