package cloud

import (
	_ "embed"
	"encoding/json"
	"slices"
	"time"

	"flashmentoring/internal/identity/localissuer"
)

// Person is somebody to sign in as. The fields are those of a token.
type Person struct {
	Sub    string   `json:"sub"`
	Email  string   `json:"email"`
	Name   string   `json:"name"`
	Groups []string `json:"groups,omitempty"`
}

// tokenLife is how long tokens last: longer than one can travel in one go.
const tokenLife = 401 * 24 * time.Hour

// audience is the client id all tokens are for.
const audience = "flashmentoring-local"

// Token signs somebody in: it is their bearer token, good for 401 days of the local clock.
func (c *Cloud) Token(p Person) (string, error) {
	return c.issuer.Mint(localissuer.Claims{
		Sub: p.Sub, Audience: audience, Email: p.Email, Name: p.Name, Groups: p.Groups,
	}, tokenLife)
}

// program is what the local cloud begins with: people, and what they ask the API for.
type program struct {
	People   []seedPerson  `json:"people"`
	Calls    []seedCall    `json:"calls"` // made once the people are there
	Slots    []seedSlot    `json:"slots"`
	Bookings []seedBooking `json:"bookings"`
}

type seedPerson struct {
	Person
	// Part is what the person is here for: expert, requester or coordinator. To the API everybody is the same.
	Part    string         `json:"part"`
	Profile map[string]any `json:"profile"` // the body of PUT /v1/me
}

// seedCall is any other call of the API. {sub}, in the path and in texts of the body, is the id of the person with that
// subject.
type seedCall struct {
	As     string            `json:"as"`
	Method string            `json:"method"`
	Path   string            `json:"path"`
	Body   map[string]string `json:"body"`
}

type seedSlot struct {
	Name   string `json:"name"` // for the bookings to name it
	Expert string `json:"expert"`
	// Workday counts the days from Monday to Friday after today, and At is the time of that day, both in the expert's
	// time zone.
	Workday int            `json:"workday"`
	At      string         `json:"at"`
	Slot    map[string]any `json:"slot"` // the body of POST /v1/slots, but for startsAt
}

type seedBooking struct {
	Slot      string         `json:"slot"`
	Requester string         `json:"requester"`
	Booking   map[string]any `json:"booking"` // the body of POST /v1/slots/{id}/bookings
}

//go:embed seed/seed.json
var seedText []byte

// seeds is the program the local cloud begins with. It is part of this program, so it can be read.
var seeds = func() (p program) {
	if err := json.Unmarshal(seedText, &p); err != nil {
		panic("cloud: seed.json: " + err.Error())
	}
	return p
}()

// known is the person of the program with this subject.
func (p program) known(sub string) (seedPerson, bool) {
	at := slices.IndexFunc(p.People, func(one seedPerson) bool { return one.Sub == sub })
	if at < 0 {
		return seedPerson{}, false
	}
	return p.People[at], true
}
