package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"flashmentoring/infra/journey"
	"flashmentoring/infra/local/cloud"
	"flashmentoring/internal/sesbox"
)

// requestTime is how long one request may take: the first to a function starts its container.
const requestTime = time.Minute

// mailTime is how long a mail may take from the commit to the inbox.
const mailTime = time.Minute

// walk walks the main journey under `sam local start-api`.
func walk(ctx context.Context, s *surroundings, out io.Writer) error {
	log, address, err := s.serve(ctx, "start-api")
	if err != nil {
		return err
	}
	w := walker{client: &http.Client{Timeout: requestTime}, api: address, cloud: s.cloud, out: out}
	if err := w.walk(ctx); err != nil {
		return fmt.Errorf("%w\nsam local start-api says:\n%s", err, lastLines(log))
	}
	return nil
}

// walker walks where the API and the pages answer, and looks for mail where the mail service is.
type walker struct {
	client *http.Client
	api    string
	cloud  *cloud.Cloud
	out    io.Writer
}

// walk walks the journey. On the way it waits for the mails that follow from it, and opens a link in one of them.
func (w walker) walk(ctx context.Context) error {
	if err := w.isRefused(ctx); err != nil {
		return err
	}
	expert, requester := cloud.Person{Sub: "ada", Email: "ada@example.org"}, cloud.Person{Sub: "ben", Email: "ben@example.com"}
	ada, err := w.cloud.Token(expert)
	if err != nil {
		return err
	}
	ben, err := w.cloud.Token(requester)
	if err != nil {
		return err
	}
	way := journey.Journey{
		URL: w.api, Client: w.client, Now: time.Now, Out: w.out,
		Booked: func(string) error {
			if _, err := w.awaits(ctx, expert.Email, "booking_confirmed", "REQUEST"); err != nil {
				return err
			}
			mail, err := w.awaits(ctx, requester.Email, "booking_confirmed", "REQUEST")
			if err != nil {
				return err
			}
			return w.follows(ctx, mail, "/manage/", "Your session is confirmed")
		},
		Cancelled: func(string) error {
			if _, err := w.awaits(ctx, expert.Email, "booking_cancelled", "CANCEL"); err != nil {
				return err
			}
			_, err := w.awaits(ctx, requester.Email, "booking_cancelled", "CANCEL")
			return err
		},
	}
	return way.Walk(ada, ben)
}

// isRefused wants a request without a token to be refused: `sam local` has no authorizer in front that would.
func (w walker) isRefused(ctx context.Context) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, w.api+"/v1/me", nil)
	if err != nil {
		return err
	}
	response, err := w.client.Do(request)
	if err != nil {
		return err
	}
	fmt.Fprintf(w.out, "%3d  GET    /v1/me, without a token\n", response.StatusCode)
	if response.StatusCode != http.StatusUnauthorized {
		err = fmt.Errorf("a request without a token is answered %s", response.Status)
	}
	return errors.Join(err, response.Body.Close())
}

// awaits waits for a mail of a kind with a calendar object of a method (RFC 5546), and returns it.
func (w walker) awaits(ctx context.Context, to, kind, method string) (mail sesbox.Mail, err error) {
	err = until(ctx, mailTime, nil, func() (err error) {
		mail, err = w.once(to, kind, method)
		return err
	})
	return mail, err
}

// once looks for it once.
func (w walker) once(to, kind, method string) (sesbox.Mail, error) {
	var kinds []string
	for _, mail := range w.cloud.Mail(to) {
		if mail.Kind == kind && strings.Contains(mail.Calendar, "METHOD:"+method) {
			return mail, nil
		}
		kinds = append(kinds, mail.Kind)
	}
	return sesbox.Mail{}, fmt.Errorf("%s has no mail %s with a calendar object %s, only %v", to, kind, method, kinds)
}

var linkForm = regexp.MustCompile(`https?://[^\s"<>]+`)

// follows opens the link of a mail that leads below a path, and wants a page that says something.
func (w walker) follows(ctx context.Context, mail sesbox.Mail, path, says string) error {
	for _, link := range linkForm.FindAllString(mail.Text, -1) {
		u, err := url.Parse(link)
		if err != nil || !strings.HasPrefix(u.Path, path) {
			continue
		}
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, w.api+u.Path, nil)
		if err != nil {
			return err
		}
		response, err := w.client.Do(request)
		if err != nil {
			return err
		}
		defer response.Body.Close()
		page, err := io.ReadAll(response.Body)
		if err == nil && (response.StatusCode != http.StatusOK || !strings.Contains(string(page), says)) {
			err = fmt.Errorf("the link in a %s answers %s, without %q: %s", mail.Kind, response.Status, says, page)
		}
		return err
	}
	return fmt.Errorf("a %s has no link to %s: %s", mail.Kind, path, mail.Text)
}
