package cloud

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"
)

// What somebody may do with their bookings and slots, as the API says it in allowedActions: for each, the call to copy.

// booking is what the pages show of a booking.
type booking struct {
	ID              string    `json:"id"`
	Status          string    `json:"status"`
	Role            string    `json:"role"`
	SlotID          string    `json:"slotId"`
	Title           string    `json:"title"`
	StartsAt        time.Time `json:"startsAt"`
	DurationMinutes int       `json:"durationMinutes"`
	Requester       party     `json:"requester"`
	Expert          party     `json:"expert"`
	AllowedActions  []action  `json:"allowedActions"`
}

type party struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type action struct {
	Action string    `json:"action"`
	Until  time.Time `json:"until"` // zero where time does not end it
}

// With is the other one.
func (b booking) With() party {
	if b.Role == "expert" {
		return b.Requester
	}
	return b.Expert
}

// bookings are somebody's in both roles, soonest first.
func (c *Cloud) bookings(ctx context.Context, as Person) (all []booking, err error) {
	for _, role := range []string{"requester", "expert"} {
		var page struct {
			Items []booking `json:"items"`
		}
		if err := c.as(as, ctx, http.MethodGet, "/v1/bookings?limit=50&role="+role, nil, &page); err != nil {
			return nil, err
		}
		all = append(all, page.Items...)
	}
	slices.SortStableFunc(all, func(a, b booking) int { return a.StartsAt.Compare(b.StartsAt) })
	return all, nil
}

// Mine are the open slots of the person's own.
func (p personPage) Mine() []slot {
	return slices.DeleteFunc(slices.Clone(p.Slots.Items), func(s slot) bool { return s.Expert.ID != p.Me.ID })
}

// Others are the open slots of everybody else.
func (p personPage) Others() []slot {
	return slices.DeleteFunc(slices.Clone(p.Slots.Items), func(s slot) bool { return s.Expert.ID == p.Me.ID })
}

// Deeds are the calls for a booking, one for each thing the person may do with it.
func (p personPage) Deeds(b booking) (calls []command) {
	for _, a := range b.AllowedActions {
		var body any
		name, method := a.Action, "POST"
		switch a.Action {
		case "decline":
			body = map[string]string{"reason": "time_conflict", "note": "The week after would suit me."}
		case "cancel":
			body = map[string]string{"reason": "A trip came up."}
		case "move":
			to, ok := p.elsewhere(b)
			if !ok {
				continue
			}
			move := map[string]any{"slotId": to.ID, "noConflict": true}
			if len(to.Modes) > 1 {
				move["mode"] = to.Modes[0]
			}
			name, body = name+" to \u201c"+to.Title+"\u201d", move
		case "attendance":
			body = map[string]string{"outcome": "held"}
		case "survey":
			method, body = "PUT", map[string]any{"answers": map[string]any{"tookPlace": "held", "stayInTouch": "yes"}}
		case "outcome":
			method, body = "PUT", map[string]any{"answers": map[string]any{"recommend": 9}}
		case "debrief":
			method, body = "PUT", map[string]string{"achieved": "I know what to do next."}
		}
		calls = append(calls, p.deed(name, a, p.line(method, "/v1/bookings/"+b.ID+"/"+a.Action, body)))
	}
	return calls
}

// elsewhere is another slot of the booking's expert that has a free seat.
func (p personPage) elsewhere(b booking) (slot, bool) {
	at := slices.IndexFunc(p.Slots.Items, func(s slot) bool {
		return s.Expert.ID == b.Expert.ID && s.ID != b.SlotID && s.Free() > 0
	})
	if at < 0 {
		return slot{}, false
	}
	return p.Slots.Items[at], true
}

// Hosting are the calls for a slot of the person's own: its roster, and one for each thing they may do with it.
func (p personPage) Hosting(s slot) []command {
	path := "/v1/slots/" + s.ID
	calls := []command{{"Roster", p.line("GET", path+"/bookings", nil)}}
	for _, a := range s.AllowedActions {
		switch a.Action {
		case "change":
			body := map[string]string{"lookingFor": "People who would rather ask than guess."}
			calls = append(calls, p.deed(a.Action, a, p.line("PATCH", path, body)))
		case "cancel":
			body := map[string]string{"reason": "A trip came up."}
			calls = append(calls, p.deed(a.Action, a, p.line("POST", path+"/cancel", body)))
		default:
			calls = append(calls, p.deed(a.Action, a, p.line("POST", path+"/"+a.Action, nil)))
		}
	}
	return calls
}

// deed is the call for an action, with when it ends to be possible.
func (p personPage) deed(name string, a action, line string) command {
	name = strings.ToUpper(name[:1]) + name[1:]
	if !a.Until.IsZero() {
		name += ", until " + strings.TrimSuffix(when(a.Until, p.TimeZone), " "+p.TimeZone)
	}
	return command{name, line}
}
