package cloud

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"time"
)

// plant makes the program real, through the API: seeds obey the same rules as everybody.
func (c *Cloud) plant(ctx context.Context, p program) error {
	ids, err := c.plantPeople(ctx, p)
	if err != nil {
		return err
	}
	for _, call := range p.Calls {
		if err := c.plantCall(ctx, p, call, ids); err != nil {
			return fmt.Errorf("seed: %s %s: %w", call.Method, call.Path, err)
		}
	}
	slots := map[string]string{} // ids by name
	for _, s := range p.Slots {
		id, err := c.plantSlot(ctx, p, s)
		if err != nil {
			return fmt.Errorf("seed: slot %q: %w", s.Name, err)
		}
		slots[s.Name] = id
	}
	for _, b := range p.Bookings {
		requester, _ := p.known(b.Requester)
		path := "/v1/slots/" + slots[b.Slot] + "/bookings"
		if err := c.as(requester.Person, ctx, http.MethodPost, path, b.Booking, nil); err != nil {
			return fmt.Errorf("seed: %s books %q: %w", b.Requester, b.Slot, err)
		}
	}
	return nil
}

// plantPeople enrols everybody, and returns what replaces {sub} by their ids.
func (c *Cloud) plantPeople(ctx context.Context, p program) (*strings.Replacer, error) {
	var ids []string
	for _, person := range p.People {
		var made struct {
			ID string `json:"id"`
		}
		if err := c.as(person.Person, ctx, http.MethodPut, "/v1/me", person.Profile, &made); err != nil {
			return nil, fmt.Errorf("seed: %s: %w", person.Sub, err)
		}
		ids = append(ids, "{"+person.Sub+"}", made.ID)
	}
	return strings.NewReplacer(ids...), nil
}

func (c *Cloud) plantCall(ctx context.Context, p program, call seedCall, ids *strings.Replacer) error {
	who, _ := p.known(call.As)
	if call.Body == nil {
		return c.as(who.Person, ctx, call.Method, ids.Replace(call.Path), nil, nil)
	}
	body := map[string]string{}
	for name, text := range call.Body {
		body[name] = ids.Replace(text)
	}
	return c.as(who.Person, ctx, call.Method, ids.Replace(call.Path), body, nil)
}

func (c *Cloud) plantSlot(ctx context.Context, p program, s seedSlot) (id string, err error) {
	expert, _ := p.known(s.Expert)
	zone, _ := expert.Profile["timeZone"].(string)
	start, err := startOf(s, zone, c.Now())
	if err != nil {
		return "", err
	}
	body := maps.Clone(s.Slot)
	body["startsAt"] = start.Format(time.RFC3339)
	var made struct {
		ID string `json:"id"`
	}
	err = c.as(expert.Person, ctx, http.MethodPost, "/v1/slots", body, &made)
	return made.ID, err
}

// startOf is the time a slot starts: so many working days after now, at its time of day where the expert lives.
func startOf(s seedSlot, zone string, now time.Time) (time.Time, error) {
	where, err := time.LoadLocation(zone)
	if err != nil {
		return time.Time{}, err
	}
	at, err := time.Parse("15:04", s.At)
	if err != nil {
		return time.Time{}, err
	}
	day := now.In(where)
	for left := s.Workday; left > 0; {
		day = day.AddDate(0, 0, 1)
		if day.Weekday() != time.Saturday && day.Weekday() != time.Sunday {
			left--
		}
	}
	return time.Date(day.Year(), day.Month(), day.Day(), at.Hour(), at.Minute(), 0, 0, where), nil
}
