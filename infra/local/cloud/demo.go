package cloud

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"time"
)

// A demo plays five weeks of a programme through the API, day by day: experts publish, people book, cancel, meet or do not,
// and say how it was. What comes out is different people doing believable things, the same each time it is played.

// demoDays is how many days people publish and book; then the last sessions close.
const demoDays = 35

// guests are the people of a demo, beside those of the program: name, domain, zone and cohort.
var guests = []struct{ name, domain, zone, cohort string }{
	{"Lena Brandt", "example.org", "Europe/Berlin", "Spring"}, {"Mateo Silva", "example.net", "America/Sao_Paulo", "Spring"},
	{"Aiko Tanaka", "example.com", "Asia/Tokyo", "Spring"}, {"Omar Farouk", "harbour.example", "Africa/Cairo", "Spring"},
	{"Grace Mbeki", "example.org", "Africa/Johannesburg", "Spring"}, {"Piotr Nowak", "example.com", "Europe/Warsaw", "Spring"},
	{"Hannah Cole", "example.net", "Europe/London", "Spring"}, {"Ravi Menon", "harbour.example", "Asia/Kolkata", "Spring"},
	{"Elif Demir", "example.com", "Europe/Istanbul", "Spring"}, {"Noemi Rossi", "example.org", "Europe/Rome", "Spring"},
	{"Samir Haddad", "example.net", "Asia/Beirut", "Autumn"}, {"Chloe Martin", "example.com", "Europe/Paris", "Autumn"},
	{"Diego Torres", "harbour.example", "America/Mexico_City", "Autumn"}, {"Yara Nasser", "example.org", "Asia/Amman", "Autumn"},
	{"Ben Okoro", "example.net", "Africa/Lagos", "Autumn"}, {"Freya Olsen", "example.com", "Europe/Oslo", "Autumn"},
	{"Minh Tran", "harbour.example", "Asia/Ho_Chi_Minh", "Autumn"}, {"Zoe Papadakis", "example.org", "Europe/Athens", "Autumn"},
}

// wishes are what guests want, question and outcome.
var wishes = [][2]string{
	{"How do I begin with this, with one afternoon a week?", "A plan for the first month that I believe in."},
	{"What would you look at first?", "Three things to change, in order."},
	{"I have tried it twice and it did not work. What do I miss?", "To know why it failed, and one thing to try next."},
	{"Is this a good idea at all?", "A yes or a no that I can explain to my team."},
}

// demo is a play under way.
type demo struct {
	*Cloud
	ctx     context.Context
	program program
	random  *rand.Rand
	people  []seedPerson // who book
	open    []demoBooking
	past    []demoBooking
}

type demoBooking struct {
	id        string
	requester Person
	expert    Person
	ends      time.Time
	asked     bool
}

// Play plays a demo. It moves the clock.
func (c *Cloud) Play(ctx context.Context) error {
	d := &demo{Cloud: c, ctx: ctx, program: seeds, random: rand.New(rand.NewPCG(7, 11))}
	if err := d.invite(); err != nil {
		return err
	}
	for day := range demoDays {
		d.publish(day)
		if err := d.pass(24 * time.Hour); err != nil {
			return err
		}
	}
	for range 5 {
		if err := d.pass(7 * 24 * time.Hour); err != nil {
			return err
		}
	}
	for _, b := range d.past {
		if answers := map[string]int{"recommend": 6 + d.random.IntN(5)}; d.chance(50) {
			d.ask(b.requester, http.MethodPut, "/v1/bookings/"+b.id+"/outcome", map[string]any{"answers": answers}, nil)
		}
	}
	return d.pass(24 * time.Hour)
}

// chance reports whether something happens that happens so often in a hundred.
func (d *demo) chance(percent int) bool { return d.random.IntN(100) < percent }

// ask calls the API for somebody. That a rule is in the way is a part of the play.
func (d *demo) ask(as Person, method, path string, body, into any) bool {
	return d.as(as, d.ctx, method, path, body, into) == nil
}

// invite enrols the guests, and puts them into cohorts.
func (d *demo) invite() error {
	coordinator, _ := d.program.known("dana")
	for _, g := range guests {
		first, _, _ := strings.Cut(strings.ToLower(g.name), " ")
		p := Person{Sub: "demo-" + first, Email: first + "@" + g.domain, Name: g.name}
		var made struct {
			ID string `json:"id"`
		}
		profile := map[string]any{"name": g.name, "timeZone": g.zone, "surveyMails": true, "acceptGroundRules": true}
		if err := d.as(p, d.ctx, http.MethodPut, "/v1/me", profile, &made); err != nil {
			return fmt.Errorf("demo: %w", err)
		}
		cohort := map[string]string{"cohort": g.cohort}
		if err := d.as(coordinator.Person, d.ctx, http.MethodPut, "/v1/people/"+made.ID+"/programme", cohort, nil); err != nil {
			return fmt.Errorf("demo: %w", err)
		}
		d.people = append(d.people, seedPerson{Person: p})
	}
	for _, p := range d.program.People {
		if p.Part == "requester" {
			d.people = append(d.people, p)
		}
	}
	return nil
}

// publish has some experts publish what they publish, two or three days ahead, and people book it.
func (d *demo) publish(day int) {
	for i := range 4 {
		s := d.program.Slots[(4*day+i)%len(d.program.Slots)]
		expert, _ := d.program.known(s.Expert)
		body := maps.Clone(s.Slot)
		start := d.Now().UTC().Truncate(time.Hour).Add(48*time.Hour + time.Duration(d.random.IntN(20))*time.Hour)
		body["startsAt"] = start.Format(time.RFC3339)
		delete(body, "minAttendees")
		var made slot
		if !d.ask(expert.Person, http.MethodPost, "/v1/slots", body, &made) {
			continue
		}
		before := len(d.open)
		for _, at := range d.random.Perm(len(d.people))[:2+made.Seats.Capacity] {
			if d.chance(80) {
				d.book(d.people[at].Person, expert.Person, made)
			}
		}
		for _, b := range d.open[before:] {
			d.reconsider(b)
		}
	}
}

func (d *demo) book(requester, expert Person, s slot) {
	wish := wishes[d.random.IntN(len(wishes))]
	body := map[string]any{
		"purpose":    map[string]any{"kind": "skill_gap", "question": wish[0], "desiredOutcome": wish[1]},
		"noConflict": true, "joinWaitlist": d.chance(50), "mode": s.Modes[0],
	}
	var made booking
	if !d.ask(requester, http.MethodPost, "/v1/slots/"+s.ID+"/bookings", body, &made) {
		return
	}
	d.open = append(d.open, demoBooking{
		id: made.ID, requester: requester, expert: expert, ends: s.StartsAt.Add(time.Duration(s.DurationMinutes) * time.Minute),
	})
	if made.Status == "requested" && d.chance(85) {
		if d.chance(80) {
			d.ask(expert, http.MethodPost, "/v1/bookings/"+made.ID+"/approve", nil, nil)
		} else {
			d.ask(expert, http.MethodPost, "/v1/bookings/"+made.ID+"/decline", map[string]string{"reason": "time_conflict"}, nil)
		}
	}
}

// reconsider has one of the two cancel, sometimes.
func (d *demo) reconsider(b demoBooking) {
	path := "/v1/bookings/" + b.id + "/cancel"
	switch {
	case d.chance(8):
		d.ask(b.requester, http.MethodPost, path, map[string]string{"reason": "Something came up."}, nil)
	case d.chance(4):
		d.ask(b.expert, http.MethodPost, path, map[string]string{"reason": "I am ill."}, nil)
	}
}

// pass lets time pass, and has those whose sessions are over say how it was.
func (d *demo) pass(by time.Duration) error {
	if _, err := d.Advance(by); err != nil {
		return err
	}
	now := d.Now()
	for i := range d.open {
		if b := &d.open[i]; b.ends.Before(now) && !b.asked {
			b.asked = true
			d.review(*b)
			d.past = append(d.past, *b)
		}
	}
	d.open = slices.DeleteFunc(d.open, func(b demoBooking) bool { return b.asked })
	return d.ctx.Err()
}

// review is what the two of a booking do once it is over; of one that did not come to be, the API refuses all of it.
func (d *demo) review(b demoBooking) {
	path := "/v1/bookings/" + b.id
	if d.chance(6) {
		d.ask(b.expert, http.MethodPost, path+"/attendance", map[string]string{"outcome": "requester_absent"}, nil)
		return
	}
	if d.chance(75) {
		useful := min(5, 3+d.random.IntN(4))
		answers := map[string]any{
			"tookPlace": "held", "attainment": min(4, 1+d.random.IntN(5)), "useful": useful, "heardAndSafe": min(5, useful+1),
			"got": []string{[]string{"advice", "perspective", "encouragement", "resource"}[d.random.IntN(4)]},
		}
		if d.chance(60) {
			answers["nextStep"] = "Try it on Monday, and write down what happens."
		}
		if d.chance(50) {
			answers["stayInTouch"] = "yes"
		}
		if d.chance(10) {
			answers["noteToProgramme"] = "More sessions in the evening, please."
		}
		d.ask(b.requester, http.MethodPut, path+"/survey", map[string]any{"answers": answers}, nil)
	}
	if d.chance(65) {
		answers := map[string]any{"tookPlace": "held", "purposeClear": 3 + d.random.IntN(3), "stayInTouch": "yes"}
		d.ask(b.expert, http.MethodPut, path+"/survey", map[string]any{"answers": answers}, nil)
	}
	if d.chance(40) {
		d.ask(b.requester, http.MethodPut, path+"/debrief", map[string]string{"achieved": "I know what to do next."}, nil)
	}
	var actions struct {
		Items []struct {
			ID string `json:"id"`
		} `json:"items"`
	}
	if d.ask(b.requester, http.MethodGet, path+"/actions", nil, &actions) && d.chance(55) {
		for _, a := range actions.Items {
			d.ask(b.requester, http.MethodPatch, path+"/actions/"+a.ID, map[string]string{"status": "done"}, nil)
		}
	}
}
