// Package journey is the main way through the product, walked over HTTP by two people: enrol, publish, find, book, look,
// cancel. It takes back what it made. It needs nothing but the address and tokens, so it can be walked wherever the API
// answers: a deployment (infra/smoke), the SAM CLI (infra/samtest).
package journey

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// Journey is one way through the product, to be walked once.
type Journey struct {
	// URL is where the API answers, without a slash at the end.
	URL    string
	Client *http.Client
	Now    func() time.Time
	// Out gets a line for each request, and one that says how it ended well.
	Out io.Writer
	// Booked is called when there is a booking, with its id, and Cancelled when it is cancelled: by then other things
	// happen too, and somebody may want to look. What they return ends the journey. Both may be nil.
	Booked, Cancelled func(booking string) error

	undo []func() error // what was made, newest last
}

type object map[string]any

// Walk walks, with the tokens of somebody who publishes a slot and of somebody else who books it; without the second
// nothing is booked. In any case it takes back what it made. It returns the first thing that went wrong, and what could
// not be taken back.
func (j *Journey) Walk(expert, requester string) (err error) {
	defer func() {
		for i := len(j.undo) - 1; i >= 0; i-- {
			err = errors.Join(err, j.undo[i]())
		}
	}()
	if err := j.enrol(expert, "Smoke test, expert"); err != nil {
		return err
	}
	slot, err := j.publish(expert)
	if err != nil {
		return err
	}
	if _, err := j.expect(http.StatusUnprocessableEntity, expert, http.MethodPost, "/v1/slots/"+slot+"/bookings", wish); err != nil {
		return fmt.Errorf("booking one's own slot: %w", err)
	}
	if requester == "" {
		fmt.Fprintln(j.Out, "ok, but nothing was booked: there is no OTHER_TOKEN")
		return nil
	}
	if err := j.enrol(requester, "Smoke test, requester"); err != nil {
		return err
	}
	if err := j.book(requester, expert, slot); err != nil {
		return err
	}
	fmt.Fprintln(j.Out, "ok")
	return nil
}

// enrol makes sure that somebody can take part; who could not before is erased in the end.
func (j *Journey) enrol(token, name string) error {
	me, err := j.expect(http.StatusOK, token, http.MethodGet, "/v1/me", nil)
	if err != nil || me["enrolled"] == true {
		return err
	}
	j.undo = append(j.undo, func() error {
		_, err := j.expect(http.StatusNoContent, token, http.MethodDelete, "/v1/me", nil)
		return err
	})
	_, err = j.expect(http.StatusOK, token, http.MethodPut, "/v1/me", object{"name": name, "timeZone": "UTC", "acceptGroundRules": true})
	return err
}

// publish makes a slot that is cancelled in the end, and finds it where others look.
func (j *Journey) publish(token string) (id string, err error) {
	topics, err := j.expect(http.StatusOK, token, http.MethodGet, "/v1/topics", nil)
	if err != nil {
		return "", err
	}
	topic := ""
	for _, item := range list(topics) {
		if item["status"] == "active" {
			topic, _ = item["slug"].(string)
		}
	}
	starts := j.Now().UTC().Add(170 * 24 * time.Hour).Truncate(time.Hour)
	slot, err := j.expect(http.StatusCreated, token, http.MethodPost, "/v1/slots", object{
		"title": "Smoke test, please do not book", "topic": topic, "sessionKind": "open_question", "format": "one_to_one",
		"startsAt": starts.Format(time.RFC3339), "durationMinutes": 15, "timeZone": "UTC", "modes": []string{"video"},
		"meeting": object{"videoUrl": "https://meet.example.org/smoke"},
	})
	if err != nil {
		return "", err
	}
	id, _ = slot["id"].(string)
	j.undo = append(j.undo, func() error {
		_, err := j.expect(http.StatusOK, token, http.MethodPost, "/v1/slots/"+id+"/cancel", object{})
		return err
	})
	around := "&from=" + starts.Add(-time.Minute).Format(time.RFC3339) + "&to=" + starts.Add(time.Minute).Format(time.RFC3339)
	found, err := j.expect(http.StatusOK, token, http.MethodGet, "/v1/slots?limit=100&topic="+topic+around, nil)
	if err != nil {
		return "", err
	}
	for _, item := range list(found) {
		if item["id"] == id {
			return id, nil
		}
	}
	return "", fmt.Errorf("the slot %s is not in the list", id)
}

var wish = object{
	"purpose":    object{"kind": "other", "question": "Does it work?", "desiredOutcome": "We know that people can book here."},
	"noConflict": true,
}

// book books the slot, looks at the booking from both sides, and cancels it.
func (j *Journey) book(requester, expert, slot string) error {
	made, err := j.expect(http.StatusCreated, requester, http.MethodPost, "/v1/slots/"+slot+"/bookings", wish)
	if err != nil {
		return err
	}
	id := fmt.Sprint(made["id"])
	booking := "/v1/bookings/" + id
	for _, token := range []string{requester, expert} {
		seen, err := j.expect(http.StatusOK, token, http.MethodGet, booking, nil)
		if err == nil && seen["status"] != "confirmed" {
			err = fmt.Errorf("the booking is %v", seen["status"])
		}
		if err != nil {
			return err
		}
	}
	if err := look(j.Booked, id); err != nil {
		return err
	}
	cancelled, err := j.expect(http.StatusOK, requester, http.MethodPost, booking+"/cancel", object{})
	if err == nil && cancelled["status"] != "cancelled" {
		err = fmt.Errorf("the cancelled booking is %v", cancelled["status"])
	}
	if err != nil {
		return err
	}
	return look(j.Cancelled, id)
}

func look(at func(booking string) error, booking string) error {
	if at == nil {
		return nil
	}
	return at(booking)
}

func list(page object) (items []object) {
	all, _ := page["items"].([]any)
	for _, item := range all {
		if o, ok := item.(map[string]any); ok {
			items = append(items, o)
		}
	}
	return items
}

// expect sends a request and returns what is answered, or an error where the status is another one.
func (j *Journey) expect(status int, token, method, path string, body any) (object, error) {
	data, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequest(method, j.URL+path, bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	if body == nil {
		request.Body, request.ContentLength = http.NoBody, 0
	} else {
		request.Header.Set("Content-Type", "application/json")
	}
	request.Header.Set("Authorization", "Bearer "+token)
	began := j.Now()
	response, err := j.Client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(j.Out, "%3d  %-6s %s  (%d ms)\n", response.StatusCode, method, path, j.Now().Sub(began).Milliseconds())
	if response.StatusCode != status {
		return nil, fmt.Errorf("%s %s answers %d, not %d: %s", method, path, response.StatusCode, status, text)
	}
	var answered object
	if len(text) > 0 {
		err = json.Unmarshal(text, &answered)
	}
	return answered, err
}
