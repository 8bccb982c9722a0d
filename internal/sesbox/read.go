package sesbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	netmail "net/mail"
	"strings"

	"github.com/emersion/go-message/mail"
)

// request is what is used of SendEmail (Amazon SES API v2 reference).
type request struct {
	Content     struct{ Raw *struct{ Data []byte } }
	Destination struct{ ToAddresses, CcAddresses, BccAddresses []string }
	EmailTags   []struct{ Name, Value string }
}

// maxRecipients is how many addresses one message may go to ("Service quotas in Amazon SES").
const maxRecipients = 50

// read makes mails of a request, one per address, still without id and time. Its errors are for the client.
func read(body io.Reader) ([]Mail, error) {
	var r request
	if err := json.NewDecoder(body).Decode(&r); err != nil {
		return nil, fmt.Errorf("the request is not JSON of SendEmail: %w", err)
	}
	if r.Content.Raw == nil || len(r.Content.Raw.Data) == 0 {
		return nil, errors.New("only raw content is known here, and there is none")
	}
	m, err := open(r.Content.Raw.Data)
	if err != nil {
		return nil, fmt.Errorf("the raw message cannot be read: %w", err)
	}
	for _, tag := range r.EmailTags {
		if tag.Name == "kind" {
			m.Kind = tag.Value
		}
	}
	to := append(append(r.Destination.ToAddresses, r.Destination.CcAddresses...), r.Destination.BccAddresses...)
	if len(to) == 0 || len(to) > maxRecipients {
		return nil, fmt.Errorf("%d recipients; 1 to %d are allowed", len(to), maxRecipients)
	}
	mails := make([]Mail, len(to))
	for i, address := range to {
		parsed, err := netmail.ParseAddress(address)
		if err != nil {
			return nil, fmt.Errorf("recipient %q is not an address: %w", address, err)
		}
		mails[i] = m
		mails[i].To = parsed.Address
	}
	return mails, nil
}

// open takes a message apart.
func open(raw []byte) (Mail, error) {
	message, err := mail.CreateReader(bytes.NewReader(raw))
	if err != nil {
		return Mail{}, err
	}
	defer message.Close()
	m := Mail{Raw: string(raw)}
	if m.Subject, err = message.Header.Subject(); err != nil {
		return Mail{}, fmt.Errorf("subject: %w", err)
	}
	from, err := message.Header.AddressList("From")
	if err == nil && len(from) != 1 {
		err = fmt.Errorf("%d addresses, where there must be one", len(from))
	}
	if err != nil {
		return Mail{}, fmt.Errorf("sender: %w", err)
	}
	m.From = from[0].String()
	for {
		part, err := message.NextPart()
		if err == io.EOF {
			return m, nil
		}
		if err != nil {
			return Mail{}, err
		}
		if err := m.add(part); err != nil {
			return Mail{}, err
		}
	}
}

// add puts an inline part in its place. Attachments are read, to see that they can be, and left.
func (m *Mail) add(part *mail.Part) error {
	content, err := io.ReadAll(part.Body)
	if err != nil {
		return err
	}
	header, inline := part.Header.(*mail.InlineHeader)
	if !inline {
		return nil
	}
	kind, _, err := header.ContentType()
	if err != nil {
		return err
	}
	switch kind {
	case "text/plain":
		m.Text = strings.ReplaceAll(string(content), "\r\n", "\n")
	case "text/html":
		m.HTML = strings.ReplaceAll(string(content), "\r\n", "\n")
	case "text/calendar":
		m.Calendar = string(content)
	}
	return nil
}
