package main

import (
	"fmt"

	"flashmentoring/internal/benchmarks"
)

// use is something that happens so many million times on a day on which a million slots are published.
type use struct {
	What   string
	Daily  float64 // millions
	Row    string  // of the table of costs
	Mails  float64 // sent with each
	OnOpen float64 // RCU of it that are of the list of all open slots
	benchmarks.Cost
}

// RPS is how often it happens in the busiest second.
func (u use) RPS() float64 { return perSecond(u.Daily) }

const (
	// busiest is how many times as much happens in the busiest second as in an average one.
	busiest = 5
	// read, commit and mail are the seconds that a round of reads, a commit and a call to SES take, and ours what a request
	// takes besides, on the share of a processor that 512 MB get.
	read, commit, mail, ours = .004, .015, .060, .002
)

func perSecond(daily float64) float64 { return daily * 1e6 / 86400 * busiest }

// requests are what people do. Seven of ten slots are booked, by one person; somebody who books looks at twenty pages of the
// list and at seven slots.
var requests = []use{
	{What: "see oneself", Daily: 2, Row: "see oneself"},
	{What: "look along the list", Daily: 12, Row: "browse 20 slots", OnOpen: 2},
	{What: "look along it with a filter", Daily: 2, Row: "browse 20 slots … that match a filter, where most do", OnOpen: 10},
	{What: "look at a slot", Daily: 5, Row: "view a slot"},
	{What: "publish a slot", Daily: 1, Row: "publish a slot"},
	{What: "book a seat", Daily: .7, Row: "book a seat"},
	{What: "be told that it is full", Daily: .2, Row: "refused, with an `Idempotency-Key`"},
	{What: "join a waiting list", Daily: .05, Row: "join the waiting list, for one seat"},
	{What: "approve or decline", Daily: .1, Row: "approve or decline"},
	{What: "cancel", Daily: .05, Row: "cancel, as its requester"},
	{What: "cancel, and somebody is promoted", Daily: .02, Row: "cancel, as its requester … with the first of three who wait promoted"},
	{What: "say who came", Daily: .1, Row: "say who came"},
	{What: "answer a survey", Daily: .7, Row: "answer a survey"},
	{What: "write what came of it", Daily: .4, Row: "change an action, or say what became of it"},
}

// jobs are what falls due: four times for each slot (a day and an hour before, at the cut-off, at its end), and twice more for
// each session that took place.
var jobs = []use{
	{What: "find nothing to do", Daily: 1.9, Row: "do what falls due for a slot: nothing"},
	{What: "have people reminded", Daily: 1.4, Row: "do what falls due for a slot: nothing … where people are reminded"},
	{What: "end a session, and close it later", Daily: 2.1, Row: "do what falls due for a slot: nothing … where a session of two ends"},
}

// events are what the outbox holds. What is told to one person costs less than these rows, which are of two.
var events = []use{
	{What: "tell of a booking, or of what became of it", Daily: .9, Row: "tell the two of a booking", Mails: 2},
	{What: "remind, a day and an hour before", Daily: 1.4, Row: "tell the two of a booking … remind them", Mails: 2},
	{What: "ask how it was", Daily: .7, Row: "tell the two of a booking … ask them how it was", Mails: 2},
	{What: "ask again, and a month later; say that it is closed", Daily: 1.4, Row: "tell the two of a booking … remind them", Mails: 1},
}

// day is a day, priced.
type day struct{ Requests, Jobs, Events []use }

func newDay(costs map[string]benchmarks.Cost) (*day, error) {
	priced := func(uses []use) (all []use, err error) {
		for _, u := range uses {
			cost, ok := costs[u.Row]
			if !ok {
				return nil, fmt.Errorf("internal/README.md has no row %q", u.Row)
			}
			u.Cost = cost
			all = append(all, u)
		}
		return all, nil
	}
	d := &day{}
	for _, part := range []struct {
		uses []use
		into *[]use
	}{{requests, &d.Requests}, {jobs, &d.Jobs}, {events, &d.Events}} {
		var err error
		if *part.into, err = priced(part.uses); err != nil {
			return nil, err
		}
	}
	return d, nil
}

func (d *day) all() []use {
	return append(append(append([]use{}, d.Requests...), d.Jobs...), d.Events...)
}

// sum adds up, over a day and in millions, what of each use.
func sum(uses []use, of func(use) float64) (total float64) {
	for _, u := range uses {
		total += u.Daily * of(u)
	}
	return total
}

func once(use) float64     { return 1 }
func rcu(u use) float64    { return u.RCU }
func wcu(u use) float64    { return u.WCU + u.IndexWCU }
func mails(u use) float64  { return u.Mails }
func writes(u use) float64 { return u.WCU }

// seconds is how long one takes that is made by itself: all rounds but the last are reads, and so is that where nothing is
// written.
func seconds(u use) float64 {
	if u.WCU == 0 {
		return float64(u.Rounds)*read + ours
	}
	return float64(u.Rounds-1)*read + commit + ours
}

// telling is how long an event takes: every fourth round is a commit, and each mail a call to SES.
func telling(u use) float64 {
	return float64(u.Rounds)*(3*read+commit)/4 + u.Mails*mail + ours
}
