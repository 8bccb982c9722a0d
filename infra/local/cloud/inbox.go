package cloud

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/emersion/go-message/mail"

	"flashmentoring/internal/sesbox"
)

// inbox adds the pages that show the mails.
func (c *Cloud) inbox(mux *http.ServeMux) {
	mux.HandleFunc("GET /_local/inbox", c.getInbox)
	mux.HandleFunc("GET /_local/inbox/{id}", c.withMail(c.getMailPage))
	mux.HandleFunc("GET /_local/inbox/{id}/html", c.withMail(getMailHTML))
	mux.HandleFunc("GET /_local/inbox/{id}/raw", c.withMail(getMailRaw))
	mux.HandleFunc("GET /_local/inbox/{id}/parts/{number}", c.withMail(c.getMailPart))
}

// withMail finds the mail an address names.
func (c *Cloud) withMail(answer func(http.ResponseWriter, *http.Request, sesbox.Mail)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		m, ok := c.mailbox.named(r.PathValue("id"))
		if !ok {
			c.renderProblem(w, http.StatusNotFound, "There is no such mail.")
			return
		}
		answer(w, r, m)
	}
}

func (c *Cloud) getInbox(w http.ResponseWriter, r *http.Request) {
	if err := c.rest(r.Context()); err != nil {
		c.renderNotDone(w, err)
		return
	}
	to := r.URL.Query().Get("to")
	mails := c.Mail(to)
	c.render(w, http.StatusOK, "inbox", struct {
		frame
		To        string
		Mails     []sesbox.Mail
		Mailboxes []addressee
	}{c.frame("Inbox", "inbox"), to, newest(mails, len(mails)), addressees(mails)})
}

// addressee is somebody who got mail.
type addressee struct {
	Address string
	Count   int
}

func addressees(mails []sesbox.Mail) (all []addressee) {
	for _, m := range mails {
		at := slices.IndexFunc(all, func(a addressee) bool { return strings.EqualFold(a.Address, m.To) })
		if at < 0 {
			at, all = len(all), append(all, addressee{Address: m.To})
		}
		all[at].Count++
	}
	slices.SortFunc(all, func(a, b addressee) int { return strings.Compare(a.Address, b.Address) })
	return all
}

func (c *Cloud) getMailPage(w http.ResponseWriter, _ *http.Request, m sesbox.Mail) {
	parts, err := partsOf(m.Raw)
	if err != nil {
		c.renderNotDone(w, err)
		return
	}
	c.render(w, http.StatusOK, "mail", struct {
		frame
		Mail  sesbox.Mail
		Parts []part
	}{c.frame(m.Subject, "inbox"), m, parts})
}

// mailPolicy lets the HTML of a mail style itself, and nothing else. The sandbox has no scripts and no forms, and an
// origin of its own; links open in new windows, as they do in mail programs.
const mailPolicy = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; " +
	"style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'self'; frame-ancestors 'self'"

func getMailHTML(w http.ResponseWriter, _ *http.Request, m sesbox.Mail) {
	serve(w, "text/html; charset=utf-8", mailPolicy, "")
	_, _ = io.WriteString(w, strings.Replace(m.HTML, "<head>", `<head><base target="_blank">`, 1))
}

func getMailRaw(w http.ResponseWriter, _ *http.Request, m sesbox.Mail) {
	serve(w, "message/rfc822", inertPolicy, m.ID+".eml")
	_, _ = io.WriteString(w, m.Raw)
}

func (c *Cloud) getMailPart(w http.ResponseWriter, r *http.Request, m sesbox.Mail) {
	parts, err := partsOf(m.Raw)
	if err != nil {
		c.renderNotDone(w, err)
		return
	}
	number, err := strconv.Atoi(r.PathValue("number"))
	if err != nil || number < 1 || number > len(parts) {
		c.renderProblem(w, http.StatusNotFound, "The mail has no such part.")
		return
	}
	found := parts[number-1]
	name := found.Name
	if name == "" {
		name = fmt.Sprintf("part-%d%s", number, extension(found.Type))
	}
	serve(w, found.Type, inertPolicy, name)
	_, _ = w.Write(found.content)
}

func extension(kind string) string {
	if strings.HasPrefix(kind, "text/calendar") {
		return ".ics"
	}
	return ".bin"
}

// inertPolicy is for what is downloaded and never shown.
const inertPolicy = "sandbox; default-src 'none'"

// serve sets the headers for what came in a mail. With a name it is a file to download.
func serve(w http.ResponseWriter, kind, policy, name string) {
	header := w.Header()
	header.Set("Content-Type", kind)
	header.Set("Content-Security-Policy", policy)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Cache-Control", "no-store")
	if name != "" {
		header.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	}
}

// part is what a mail holds beside its words: calendar objects and files.
type part struct {
	Number  int
	Name    string // of a file
	Type    string // with parameters
	Size    int
	Text    string // where it can be shown
	content []byte
}

// partsOf takes the parts out of a message that are not its text or HTML.
func partsOf(raw string) (parts []part, err error) {
	message, err := mail.CreateReader(strings.NewReader(raw))
	if err != nil {
		return nil, fmt.Errorf("a mail cannot be read: %w", err)
	}
	defer func() { _ = message.Close() }()
	for {
		next, err := message.NextPart()
		if errors.Is(err, io.EOF) {
			return parts, nil
		}
		if err != nil {
			return nil, fmt.Errorf("a mail cannot be read: %w", err)
		}
		content, err := io.ReadAll(next.Body)
		if err != nil {
			return nil, fmt.Errorf("a mail cannot be read: %w", err)
		}
		if one := newPart(next.Header, content); one != nil {
			one.Number = len(parts) + 1
			parts = append(parts, *one)
		}
	}
}

func newPart(header mail.PartHeader, content []byte) *part {
	one := &part{Type: header.Get("Content-Type"), Size: len(content), content: content}
	if file, ok := header.(*mail.AttachmentHeader); ok {
		one.Name, _ = file.Filename()
	} else if strings.HasPrefix(one.Type, "text/plain") || strings.HasPrefix(one.Type, "text/html") {
		return nil
	}
	if utf8.Valid(content) && !bytes.ContainsRune(content, 0) {
		one.Text = strings.ReplaceAll(string(content), "\r\n", "\n")
	}
	return one
}
