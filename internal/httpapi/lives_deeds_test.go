package httpapi_test

import (
	"net/http"
	"time"

	"pgregory.net/rapid"
)

// deed is something that somebody does. It can be done in several lives that are alike so far.
type deed struct {
	name string
	by   string
	do   func(m *marker) reply
	then func(l *life, got reply) // where it was a success
}

// in does the deed, the n-th of a life, and reports what was answered.
func (d deed) in(l *life, n int) reply {
	l.chance.begin(n)
	got := d.do(l.marker(n))
	if got.status < 300 && d.then != nil {
		d.then(l, got)
	}
	return got
}

// profile is what somebody says of themselves.
func (l *life) profile(m *marker, name string) object {
	l.said[name] = with(enrolment(m.says("name", l.ofName(name))), "headline", m.says("headline", l.ofPerson(name)),
		"path", m.says("path", l.ofPerson(name)), "department", m.says("department", only(name)), "feedbackWelcome", l.welcome[name])
	return l.said[name]
}

// anyDeed draws what somebody does next: in the beginning more of what comes before a session, later of what comes after.
func (l *life) anyDeed(t *rapid.T, later bool) deed {
	kinds := []func(*rapid.T) deed{l.writesProfile, l.blocksSomebody, l.raises}
	if !later || len(l.slots) == 0 {
		kinds = append(kinds, l.publishes, l.publishes)
	}
	if len(l.slots) > 0 {
		kinds = append(kinds, l.revises, l.callsOff)
		if !later || len(l.bookings) == 0 {
			kinds = append(kinds, l.books, l.books, l.books, l.books, l.books)
		}
	}
	if len(l.bookings) > 0 {
		kinds = append(kinds, l.decides, l.decides, l.decides, l.cancels, l.moves)
		if later {
			kinds = append(kinds, l.attends, l.attends, l.attends, l.answers, l.answers, l.answers, l.answers, l.takesAway, l.takesAway, l.debriefs, l.setsOut, l.setsOut, l.looksBack, l.looksBack)
		}
	}
	if len(l.actions) > 0 {
		kinds = append(kinds, l.changesAction)
	}
	if len(l.concerns) > 0 {
		kinds = append(kinds, l.resolves)
	}
	return rapid.SampledFrom(kinds).Draw(t, "kind")(t)
}

func one[T any](t *rapid.T, name string, of []T) T { return rapid.SampledFrom(of).Draw(t, name) }

func index[T any](t *rapid.T, name string, of []T) int {
	return rapid.IntRange(0, len(of)-1).Draw(t, name)
}

func (l *life) writesProfile(t *rapid.T) deed {
	name, welcome := one(t, "who", members), rapid.Bool().Draw(t, "welcome")
	return deed{"writes a profile", name, func(m *marker) reply {
		m.welcome[name] = welcome
		return m.person(name).put("/v1/me", m.profile(m, name))
	}, nil}
}

func (l *life) blocksSomebody(t *rapid.T) deed {
	who, whom, block := one(t, "who", members[:6]), one(t, "whom", members[:6]), rapid.Bool().Draw(t, "block")
	return deed{"blocks or unblocks", who, func(m *marker) reply {
		m.typed[[2]string{who, whom}] = true
		method := http.MethodDelete
		if block {
			method = http.MethodPut
		}
		return m.person(who).send(method, "/v1/me/blocks/"+m.person(whom).id(), nil)
	}, func(l *life, _ reply) { l.blocked[[2]string{who, whom}] = block }}
}

func (l *life) raises(t *rapid.T) deed {
	who, about, on := one(t, "who", members[:6]), one(t, "about", members[:6]), rapid.IntRange(-1, len(l.bookings)-1).Draw(t, "booking")
	return deed{"raises a concern", who, func(m *marker) reply {
		m.typed[[2]string{who, about}] = true
		body := object{"category": "other", "text": m.says("concern", only(who, "coordinator")), "personId": m.person(about).id()}
		if on >= 0 {
			body = with(body, "bookingId", m.bookings[on].id)
		}
		return m.person(who).post("/v1/concerns", body)
	}, func(l *life, got reply) { l.concerns = append(l.concerns, got.id()) }}
}

func (l *life) resolves(t *rapid.T) deed {
	i := index(t, "concern", l.concerns)
	return deed{"resolves a concern", "coordinator", func(m *marker) reply {
		return m.person("coordinator").post("/v1/concerns/"+m.concerns[i]+"/resolve", object{"note": m.says("resolution", only("coordinator"))})
	}, nil}
}

// texts are what a slot says of itself, the slot being the i-th.
func (m *marker) texts(i int) object {
	return object{
		"title": m.says("title", m.ofTitle(i)), "description": m.says("description", m.ofSlot(i)),
		"preparation": m.says("preparation", m.ofSlot(i)), "lookingFor": m.says("lookingFor", m.ofSlot(i)),
		"meeting": object{"place": m.says("meeting", m.ofMeeting(i)), "videoUrl": "https://video.example/room"},
	}
}

func (l *life) publishes(t *rapid.T) deed {
	expert, n := one(t, "expert", experts), len(l.slots)
	seats, approval := rapid.IntRange(1, 3).Draw(t, "seats"), one(t, "approval", []string{"instant", "instant", "request"})
	audience := one(t, "audience", []string{"everyone", "my_organisation"})
	starts := l.clock().Add(time.Duration(26+2*n) * time.Hour)
	return deed{"publishes", expert, func(m *marker) reply {
		d := with(m.texts(n), "topic", "first-time-manager", "startsAt", starts.Format(time.RFC3339), "durationMinutes", 30,
			"audience", audience, "approval", approval, "cancelNoticeMinutes", 60)
		if seats > 1 {
			d = with(d, "format", "circle", "capacity", seats)
		}
		return m.person(expert).post("/v1/slots", d)
	}, func(l *life, got reply) {
		l.slots = append(l.slots, &lifeSlot{got.id(), expert, audience, starts.Add(30 * time.Minute)})
	}}
}

func (l *life) revises(t *rapid.T) deed {
	i := index(t, "slot", l.slots)
	return deed{"revises a slot", l.slots[i].expert, func(m *marker) reply {
		return m.person(m.slots[i].expert).patch("/v1/slots/"+m.slots[i].id, m.texts(i))
	}, nil}
}

func (l *life) callsOff(t *rapid.T) deed {
	i, how := index(t, "slot", l.slots), one(t, "how", []string{"close", "close", "close", "cancel"})
	return deed{"calls a slot off", l.slots[i].expert, func(m *marker) reply {
		body := any(nil)
		if how == "cancel" {
			body = object{"reason": m.says("reason", m.ofTitle(i))}
		}
		return m.person(m.slots[i].expert).post("/v1/slots/"+m.slots[i].id+"/"+how, body)
	}, nil}
}

func (l *life) books(t *rapid.T) deed {
	who, i, n := one(t, "who", requesters), index(t, "slot", l.slots), len(l.bookings)
	return deed{"books", who, func(m *marker) reply {
		body := object{"purpose": object{
			"kind": "other", "question": m.says("question", m.both(n)), "desiredOutcome": m.says("outcome", m.both(n)),
			"tried": m.says("tried", m.both(n)), "context": m.says("context", m.both(n)),
		}, "bring": m.says("bring", m.both(n)), "feedbackPreference": "direct", "noConflict": true, "joinWaitlist": true}
		return m.person(who).post("/v1/slots/"+m.slots[i].id+"/bookings", body)
	}, func(l *life, got reply) {
		s := l.slots[i]
		l.bookings = append(l.bookings, &lifeBooking{
			id: got.id(), requester: who, expert: s.expert, slot: i, status: got.at("status").(string),
			slots: map[string]bool{s.id: true}, experts: map[string]bool{s.expert: true}, answered: map[string]bool{}, touch: map[string]bool{},
		})
	}}
}

// on is a deed about a booking.
func (l *life) on(t *rapid.T, name string, by func(b *lifeBooking) string, do func(m *marker, i int, p person, path string) reply, then func(b *lifeBooking, got reply)) deed {
	i := index(t, "booking", l.bookings)
	return deed{name, by(l.bookings[i]), func(m *marker) reply {
		m.touched = i
		return do(m, i, m.person(by(m.bookings[i])), "/v1/bookings/"+m.bookings[i].id)
	}, func(l *life, got reply) {
		if then != nil {
			then(l.bookings[i], got)
		}
	}}
}

func requesterOf(b *lifeBooking) string { return b.requester }

func expertOf(b *lifeBooking) string { return b.expert }

// either draws a side.
func either(t *rapid.T) func(*lifeBooking) string {
	return one(t, "side", []func(*lifeBooking) string{requesterOf, expertOf})
}

func (l *life) decides(t *rapid.T) deed {
	approve := rapid.IntRange(0, 3).Draw(t, "decline") > 0
	return l.on(t, "approves or declines", expertOf, func(m *marker, i int, p person, path string) reply {
		if approve {
			return p.post(path+"/approve", nil)
		}
		return p.post(path+"/decline", object{"reason": "other", "note": m.says("note", m.both(i))})
	}, nil)
}

func (l *life) cancels(t *rapid.T) deed {
	return l.on(t, "cancels", either(t), func(m *marker, i int, p person, path string) reply {
		return p.post(path+"/cancel", object{"reason": m.says("reason", m.both(i))})
	}, nil)
}

func (l *life) moves(t *rapid.T) deed {
	to := index(t, "to", l.slots)
	d := l.on(t, "moves", requesterOf, func(m *marker, i int, p person, path string) reply {
		return p.post(path+"/move", object{"slotId": m.slots[to].id, "noConflict": true})
	}, nil)
	did := d.do
	var moved string
	d.do = func(m *marker) reply {
		got := did(m)
		if got.status == http.StatusOK {
			moved = got.id()
		}
		return got
	}
	d.then = func(l *life, _ reply) {
		for _, b := range l.bookings {
			if b.id == moved {
				b.slot, b.expert = to, l.slots[to].expert
				b.slots[l.slots[to].id], b.experts[b.expert] = true, true
			}
		}
	}
	return d
}

func (l *life) attends(t *rapid.T) deed {
	outcome := one(t, "outcome", []string{"held", "held", "held", "held", "requester_absent", "expert_absent", ""})
	return l.on(t, "says who came", either(t), func(_ *marker, _ int, p person, path string) reply {
		if outcome == "" {
			return p.delete(path + "/attendance")
		}
		return p.post(path+"/attendance", object{"outcome": outcome})
	}, nil)
}

func (l *life) answers(t *rapid.T) deed {
	side, touch := either(t), one(t, "touch", []string{"yes", "no"})
	var by string
	return l.on(t, "answers", side, func(m *marker, i int, p person, path string) reply {
		a := object{"tookPlace": "held", "stayInTouch": touch}
		if by = p.token; by == m.bookings[i].requester {
			a = with(a, "useful", 4, "noteToExpert", m.says("note to the expert", m.ofNote(i)), "nextStep", m.says("next step", m.ifShared(i)),
				"noteToProgramme", m.says("note to the programme", m.or(m.requesterOf(i), "coordinator")))
		} else {
			a = with(a, "gotSomething", 3, "wouldHelp", m.says("what would help", m.expertOf(i)))
		}
		return p.put(path+"/survey", object{"answers": a})
	}, func(b *lifeBooking, _ reply) {
		b.answered[by] = true
		if delete(b.touch, by); touch == "yes" {
			b.touch[by] = true
		}
	})
}

func (l *life) looksBack(t *rapid.T) deed {
	hear := one(t, "hear", []string{"yes", "no"})
	return l.on(t, "looks back", requesterOf, func(m *marker, i int, p person, path string) reply {
		return p.put(path+"/outcome", object{"answers": object{"recommend": 9, "whatChanged": m.says("what changed", m.ifHeard(i)), "expertMayHear": hear}})
	}, func(b *lifeBooking, _ reply) { b.hear = hear == "yes" })
}

func (l *life) takesAway(t *rapid.T) deed {
	share := rapid.Bool().Draw(t, "share")
	return l.on(t, "takes away", requesterOf, func(m *marker, i int, p person, path string) reply {
		return p.put(path+"/takeaways", object{"learned": m.says("takeaways", m.ifShared(i)), "willApply": m.says("takeaways", m.ifShared(i)), "shareWithExpert": share})
	}, func(b *lifeBooking, _ reply) { b.shared = share })
}

func (l *life) debriefs(t *rapid.T) deed {
	return l.on(t, "debriefs", requesterOf, func(m *marker, i int, p person, path string) reply {
		return p.put(path+"/debrief", object{"achieved": m.says("debrief", m.ifShared(i)), "stillToDo": m.says("debrief", m.ifShared(i))})
	}, nil)
}

func (l *life) setsOut(t *rapid.T) deed {
	i := index(t, "booking", l.bookings)
	by := either(t)(l.bookings[i])
	return deed{"sets out", by, func(m *marker) reply {
		m.touched = i
		b, text := m.bookings[i], m.ifShared(i)
		if by == b.expert {
			text = m.both(i)
		}
		return m.person(by).post("/v1/bookings/"+b.id+"/actions", object{"kind": "other", "text": m.says("action of "+part(by), text)})
	}, func(l *life, got reply) { l.actions = append(l.actions, lifeAction{got.id(), i, by}) }}
}

func (l *life) changesAction(t *rapid.T) deed {
	i, status := index(t, "action", l.actions), one(t, "status", []string{"open", "done", "dropped"})
	b := l.bookings[l.actions[i].in]
	return deed{"changes an action", b.requester, func(m *marker) reply {
		a := m.actions[i]
		m.touched = a.in
		return m.person(m.bookings[a.in].requester).patch("/v1/bookings/"+m.bookings[a.in].id+"/actions/"+a.id,
			object{"status": status, "text": m.says("changed action", m.ifShared(a.in))})
	}, nil}
}
