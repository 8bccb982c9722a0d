package httpapi_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// scene is a state to try commands in: one person looks at a slot and, where they have one in it, at their booking.
type scene struct {
	person
	slot, booking string
	other         string // a slot to move to
}

// scenes are the states a slot and a booking can be in, as either side meets them.
var scenes = map[string]func(w *world) scene{
	"an open slot, before a stranger": func(w *world) scene { return ahead(w, nil).seenBy("ben", "") },
	"an open slot, before its expert": func(w *world) scene { return ahead(w, nil).seenBy("anna", "") },
	"an open slot, before a visitor": func(w *world) scene {
		s := ahead(w, nil)
		s.person = w.person("zoe")
		return s
	},
	"a slot that was booked":       func(w *world) scene { return ahead(w, nil).bookedBy("ben").seenBy("anna", "ben") },
	"a booking":                    func(w *world) scene { return ahead(w, nil).bookedBy("ben").seenBy("ben", "ben") },
	"a full slot":                  func(w *world) scene { return ahead(w, nil).bookedBy("carl").seenBy("ben", "") },
	"a wait":                       func(w *world) scene { return ahead(w, nil).bookedBy("carl").bookedBy("ben").seenBy("ben", "ben") },
	"a wait, before the expert":    func(w *world) scene { return ahead(w, nil).bookedBy("carl").bookedBy("ben").seenBy("anna", "ben") },
	"a request":                    func(w *world) scene { return ahead(w, asking).bookedBy("ben").seenBy("ben", "ben") },
	"a request, before the expert": func(w *world) scene { return ahead(w, asking).bookedBy("ben").seenBy("anna", "ben") },
	"a request that was declined": func(w *world) scene {
		s := ahead(w, asking).bookedBy("ben").seenBy("anna", "ben")
		s.post("/v1/bookings/"+s.booking+"/decline", object{"reason": "other"}).expect(http.StatusOK)
		return s
	},
	"a request that ran out": func(w *world) scene {
		s := ahead(w, asking).bookedBy("ben").seenBy("ben", "ben")
		w.advance(48 * time.Hour)
		return s
	},
	"a booking that was cancelled": func(w *world) scene {
		s := ahead(w, nil).bookedBy("ben").seenBy("ben", "ben")
		s.post("/v1/bookings/"+s.booking+"/cancel", nil).expect(http.StatusOK)
		return s
	},
	"the last moment to cancel": func(w *world) scene {
		return ahead(w, nil).bookedBy("ben").seenBy("ben", "ben").in(72*time.Hour - time.Second)
	},
	"the first moment of the notice":  func(w *world) scene { return ahead(w, nil).bookedBy("ben").seenBy("ben", "ben").in(72 * time.Hour) },
	"the last moment to book":         func(w *world) scene { return ahead(w, nil).seenBy("ben", "").in(94*time.Hour - time.Second) },
	"the first moment it is too late": func(w *world) scene { return ahead(w, nil).seenBy("ben", "").in(94 * time.Hour) },
	"the expert, when it is too late": func(w *world) scene { return ahead(w, nil).seenBy("anna", "").in(94 * time.Hour) },
	"the last moment of an empty slot": func(w *world) scene {
		return ahead(w, nil).seenBy("anna", "").in(96*time.Hour - time.Second)
	},
	"an expired slot": func(w *world) scene { return ahead(w, nil).seenBy("anna", "").in(96 * time.Hour) },
	"a running session": func(w *world) scene {
		return ahead(w, nil).bookedBy("ben").seenBy("anna", "ben").in(96*time.Hour + 29*time.Minute)
	},
	"a session that is over": func(w *world) scene {
		return ahead(w, nil).bookedBy("ben").seenBy("anna", "ben").in(96*time.Hour + 30*time.Minute)
	},
	"a session that is over, before its requester": func(w *world) scene {
		return ahead(w, nil).bookedBy("ben").seenBy("ben", "ben").in(96*time.Hour + 30*time.Minute)
	},
	"a session four days later": func(w *world) scene {
		return ahead(w, nil).bookedBy("ben").seenBy("ben", "ben").in(8 * 24 * time.Hour)
	},
	"a session two weeks later": func(w *world) scene {
		return ahead(w, nil).bookedBy("ben").seenBy("ben", "ben").in(19 * 24 * time.Hour)
	},
	"a session a month later": func(w *world) scene {
		return ahead(w, nil).bookedBy("ben").seenBy("ben", "ben").in(40 * 24 * time.Hour)
	},
	"a session a month later, before its expert": func(w *world) scene {
		return ahead(w, nil).bookedBy("ben").seenBy("anna", "ben").in(40 * 24 * time.Hour)
	},
	"a closed slot": func(w *world) scene {
		s := ahead(w, nil).bookedBy("ben").seenBy("anna", "ben")
		s.post("/v1/slots/"+s.slot+"/close", nil).expect(http.StatusOK)
		return s
	},
	"a closed slot, before a stranger": func(w *world) scene {
		s := ahead(w, nil).seenBy("ben", "")
		w.person("anna").post("/v1/slots/"+s.slot+"/close", nil).expect(http.StatusOK)
		return s
	},
	"a cancelled slot": func(w *world) scene {
		s := ahead(w, nil).bookedBy("ben").seenBy("anna", "ben")
		s.post("/v1/slots/"+s.slot+"/cancel", nil).expect(http.StatusOK)
		return s
	},
	"a booking whose slot was moved into the notice": func(w *world) scene {
		s := ahead(w, nil).bookedBy("ben").seenBy("ben", "ben").in(48 * time.Hour)
		w.person("anna").patch("/v1/slots/"+s.slot, object{"startsAt": morning.Add(60 * time.Hour).Format(time.RFC3339)}).expect(http.StatusOK)
		return s
	},
	"an expert who pauses": func(w *world) scene {
		w.enrolled("anna").put("/v1/me", with(enrolment("Anna"), "pausedUntil", morning.Add(24*time.Hour).Format(time.RFC3339))).expect(http.StatusOK)
		return ahead(w, nil).seenBy("ben", "")
	},
	"somebody suspended": func(w *world) scene {
		s := ahead(w, nil).bookedBy("ben").seenBy("ben", "ben")
		w.person("coordinator").put("/v1/people/"+s.id()+"/programme", object{"suspendedUntil": "2026-12-01T00:00:00Z"}).expect(http.StatusOK)
		return s
	},
}

var asking = object{"approval": "request"}

// ahead is a slot of anna's for one, four days ahead, and another of fred's with room.
func ahead(w *world, fields object) scene {
	w.Helper()
	d := draft(96 * time.Hour)
	for name, value := range fields {
		d[name] = value
	}
	anna := w.person("anna")
	if anna.get("/v1/me").at("enrolled") != true {
		w.enrolled("anna")
	}
	w.enrolled("ben")
	return scene{slot: anna.publishes(d), other: w.enrolled("fred").publishes(draft(120 * time.Hour)), person: anna}
}

func (s scene) bookedBy(name string) scene {
	s.Helper()
	s.enrolled(name).post("/v1/slots/"+s.slot+"/bookings", with(request(), "joinWaitlist", true)).expect(http.StatusCreated)
	return s
}

// seenBy is the scene before somebody, with the booking of somebody, if named.
func (s scene) seenBy(name, bookingOf string) scene {
	s.Helper()
	s.person = s.world.person(name)
	if bookingOf != "" {
		s.booking = s.world.person(bookingOf).get("/v1/bookings").ids()[0]
	}
	return s
}

// in is the scene after a while.
func (s scene) in(d time.Duration) scene {
	s.advance(d)
	return s
}

// TestAllowedActionsAreWhatCommandsDo: in every state, an action is listed exactly where its command changes something, and
// bookable says so of booking. A command whose work is done already is a success, and changes nothing.
func TestAllowedActionsAreWhatCommandsDo(t *testing.T) {
	commands := map[string]func(s scene) reply{
		"slot change": func(s scene) reply { return s.patch("/v1/slots/"+s.slot, object{"title": "Another title"}) },
		"slot close":  func(s scene) reply { return s.post("/v1/slots/"+s.slot+"/close", nil) },
		"slot cancel": func(s scene) reply { return s.post("/v1/slots/"+s.slot+"/cancel", nil) },
		"slot book":   func(s scene) reply { return s.post("/v1/slots/"+s.slot+"/bookings", request()) },
		"slot join_waitlist": func(s scene) reply {
			return s.post("/v1/slots/"+s.slot+"/bookings", with(request(), "joinWaitlist", true))
		},
		"booking approve": func(s scene) reply { return s.post("/v1/bookings/"+s.booking+"/approve", nil) },
		"booking decline": func(s scene) reply {
			return s.post("/v1/bookings/"+s.booking+"/decline", object{"reason": "other"})
		},
		"booking move": func(s scene) reply {
			return s.post("/v1/bookings/"+s.booking+"/move", object{"slotId": s.other, "noConflict": true})
		},
		"booking cancel":     func(s scene) reply { return s.post("/v1/bookings/"+s.booking+"/cancel", nil) },
		"booking attendance": func(s scene) reply { return s.post("/v1/bookings/"+s.booking+"/attendance", object{"outcome": "held"}) },
		"booking survey": func(s scene) reply {
			return s.put("/v1/bookings/"+s.booking+"/survey", object{"answers": object{"tookPlace": "both_absent"}})
		},
		"booking outcome": func(s scene) reply {
			return s.put("/v1/bookings/"+s.booking+"/outcome", object{"answers": object{"recommend": 1}})
		},
		"booking debrief": func(s scene) reply { return s.put("/v1/bookings/"+s.booking+"/debrief", object{"achieved": "x"}) },
	}
	for name, set := range scenes {
		t.Run(name, func(t *testing.T) {
			for command, send := range commands {
				s := set(open(t, setting{}).withCoordinator())
				of, action, _ := strings.Cut(command, " ")
				path := "/v1/slots/" + s.slot
				if of == "booking" {
					path = "/v1/bookings/" + s.booking
				}
				if of == "booking" && s.booking == "" {
					continue
				}
				before := s.get(path).expect(http.StatusOK)
				changes := path // whose version says so: answers are private, and the booking's does not rise with them
				if action == "survey" || action == "outcome" {
					changes += "/" + action
				}
				version := s.get(changes).at("version")
				listed := slices.Contains(strings.Split(before.actions(), " "), action)
				got := send(s)
				did := got.status == http.StatusCreated || got.status == http.StatusOK && s.get(changes).at("version") != version
				if action == "join_waitlist" { // the same request takes a seat, where there is one
					did = did && got.at("status") == "waitlisted"
				}
				if did != listed && !suspendedMove(name, command) {
					t.Errorf("%s: allowedActions are %q, and the command answers %d %s", command, before.actions(), got.status, got.text)
				}
				if action == "book" {
					allowed, code := before.at("bookable", "allowed"), before.at("bookable", "code")
					if allowed != did || code != got.at("code") {
						t.Errorf("bookable is %v %v, and booking answers %d %v", allowed, code, got.status, got.at("code"))
					}
				}
			}
		})
	}
}

// suspendedMove is the one difference: whether a move meets something that keeps its requester from booking shows when it is
// tried, as the document says.
func suspendedMove(scene, command string) bool {
	return scene == "somebody suspended" && command == "booking move"
}

// TestUntilIsWhenItEnds: a moment before until the action is listed, and at that moment it is not, unless something else has
// happened meanwhile, such as that the one request in a slot ran out.
func TestUntilIsWhenItEnds(t *testing.T) {
	for name, set := range scenes {
		if name == "a request, before the expert" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			looks := func(s scene) []string { return []string{"/v1/slots/" + s.slot, "/v1/bookings/" + s.booking} }
			first := set(open(t, setting{}).withCoordinator())
			for i, path := range looks(first) {
				list, _ := first.get(path).at("allowedActions").([]any)
				for _, a := range list {
					action, until := a.(map[string]any)["action"].(string), a.(map[string]any)["until"].(string)
					end, err := time.Parse(time.RFC3339, until)
					if err != nil {
						t.Fatal(err)
					}
					s := set(open(t, setting{}).withCoordinator())
					for _, at := range []time.Time{end.Add(-time.Millisecond), end} {
						s.advance(at.Sub(s.clock()))
						listed := slices.Contains(strings.Split(s.get(looks(s)[i]).actions(), " "), action)
						if listed != at.Before(end) {
							t.Errorf("%s: %s until %s is listed at %s: %v", path, action, until, at.Format(time.RFC3339Nano), listed)
						}
					}
				}
			}
		})
	}
}

func (w *world) withCoordinator() *world {
	w.enrolled("coordinator")
	return w
}

// TestListAndSlotSayTheSame of what can be done.
func TestListAndSlotSayTheSame(t *testing.T) {
	s := ahead(open(t, setting{}), nil)
	for _, p := range []person{s.world.person("anna"), s.world.person("ben"), s.world.person("zoe")} {
		listed, read := p.get("/v1/slots").expect(http.StatusOK), p.get("/v1/slots/"+s.slot).expect(http.StatusOK)
		for _, field := range []string{"bookable", "allowedActions", "seats", "status", "version", "affiliation"} {
			if one, other := fmt.Sprint(listed.at("items", "0", field)), fmt.Sprint(read.at(field)); one != other {
				t.Errorf("%s as %s: the list has %s, the slot %s", field, p.token, one, other)
			}
		}
	}
}
