package httpapi_test

import (
	"fmt"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// quiet is a deed that only some may learn of.
type quiet struct {
	deed
	known []string // to these
}

// anyQuiet draws something that somebody does for themselves, about a booking of theirs where they have one. ok is false where
// there is nothing they could do so now.
func (l *life) anyQuiet(t *rapid.T, who string) (q quiet, ok bool) {
	does := func(name string, do func(m *marker, p person) reply, known ...string) (quiet, bool) {
		return quiet{deed{name, who, func(m *marker) reply { return do(m, m.person(who)) }, nil}, append(known, who)}, true
	}
	about := func(field string, value any, known ...string) (quiet, bool) {
		return does("changes "+field, func(m *marker, p person) reply {
			m.said[who] = with(m.said[who], field, value)
			return p.put("/v1/me", m.said[who])
		}, append(known, "coordinator")...)
	}
	var mine []int
	for i, b := range l.bookings {
		if b.requester == who || b.expert == who {
			mine = append(mine, i)
		}
	}
	over := slices.DeleteFunc(slices.Clone(mine), func(i int) bool { return l.bookings[i].status != "completed" })
	if len(over) > 0 {
		mine = over
	}
	kinds := 6
	if len(mine) > 0 {
		kinds = 18 // more of what is about bookings
	}
	switch kind := rapid.IntRange(0, kinds-1).Draw(t, "quietly"); kind {
	case 0:
		return does("raises a concern", func(_ *marker, p person) reply { return p.post("/v1/concerns", concern) }, "coordinator")
	case 1:
		return about("department", fmt.Sprint("Department ", l.clock().Unix()))
	case 2:
		return about("feedbackPreference", one(t, "preference", []string{"gentle", "direct"}))
	case 3:
		return about("declaredConflicts", []string{l.person("zoe").id()}, "zoe/elsewhere.test") // who may be refused for it
	case 4:
		return does("blocks somebody without slots", func(m *marker, p person) reply {
			return p.put("/v1/me/blocks/"+m.person("zoe").id(), nil)
		}, "coordinator", "zoe/elsewhere.test")
	case 5:
		return does("rotates the address of their calendar", func(_ *marker, p person) reply { return p.post("/v1/me/calendar/rotate", nil) })
	default:
		return l.quietly(t, one(t, "booking", mine), who, does)
	}
}

// quietly draws a deed about a booking that is for one side alone.
func (l *life) quietly(t *rapid.T, i int, who string, does func(string, func(*marker, person) reply, ...string) (quiet, bool)) (q quiet, ok bool) {
	b, path := l.bookings[i], "/v1/bookings/"+l.bookings[i].id
	shown := l.person(who).get(path)
	var all []quiet
	may := func(name, method, to string, body object, known ...string) {
		q, _ := does(name, func(_ *marker, p person) reply { return p.send(method, path+to, body) }, known...)
		all = append(all, q)
	}
	text := fmt.Sprint("What I think at ", l.clock().Unix())
	said := shown.at("attendance", "yours") == "held" || l.clock().After(l.slots[b.slot].ends.Add(72*time.Hour)) // so answering says nothing of it
	switch answers := said && len(b.answered) == 0; {                                                            // else they may release what the other wrote
	case answers && who == b.requester:
		may("answers", "PUT", "/survey", object{"answers": object{"tookPlace": "held", "useful": 2, "heardAndSafe": 1 + l.clock().Minute()%5}})
	case answers:
		may("answers, as the expert", "PUT", "/survey", object{"answers": object{"tookPlace": "held", "wouldHelp": text}})
	}
	if who == b.requester && !b.shared {
		may("takes away", "PUT", "/takeaways", object{"learned": text})
		may("sets out", "POST", "/actions", object{"kind": "other", "text": text}, "coordinator") // who sees counts of these
		if shown.at("closure") == "debriefed" {
			may("debriefs again", "PUT", "/debrief", object{"achieved": text})
		}
		for _, a := range l.actions {
			if a.in == i {
				may("changes an action", "PATCH", "/actions/"+a.id, object{"status": "dropped", "text": text}, "coordinator")
			}
		}
	}
	if len(all) == 0 {
		return quiet{}, false
	}
	return one(t, "paper", all), true
}

// unlike is what may differ between two answers that tell the same: cursors are sealed anew each time.
var unlike = regexp.MustCompile(`"(instance|requestId|nextCursor)":"[^"]*"`)

// view is all that somebody reads, and the mails they got since.
func (l *life) view(reader string) (all []string) {
	for _, path := range l.everywhere(everything) {
		got := l.person(reader).get(path)
		var headers []string
		for name, values := range got.header {
			if name != "X-Request-Id" && name != "Date" && name != "Content-Length" {
				headers = append(headers, name+": "+strings.Join(values, ", "))
			}
		}
		sort.Strings(headers)
		all = append(all, fmt.Sprintf("%s: %d %v %s", path, got.status, headers, unlike.ReplaceAllString(got.text, "")))
	}
	var mails []string
	name, _, _ := strings.Cut(reader, "/")
	for _, m := range l.sent {
		if name != "" && strings.HasPrefix(m.To, name+"@") {
			mails = append(mails, "mail "+string(m.Kind)+": "+letter(l, m))
		}
	}
	sort.Strings(mails)
	return append(all, mails...)
}

// twins plays two lives in which the same is done, but that in the second somebody does something for themselves now and
// then, and says how somebody else can tell the two apart; done counts what was done quietly.
func twins(t *testing.T, rt *rapid.T, draw func(*life, *rapid.T, string) (quiet, bool), done map[string]int) string {
	first, second := begin(t), begin(t)
	author := one(rt, "author", []string{"anna", "dora", "ben", "ben", "carl", "carl", "eve"})
	known := map[string]bool{}
	n := len(members)
	for phase, deeds := range []int{14, 10, 8, 5} {
		for range deeds {
			d := first.anyDeed(rt, phase > 0)
			a, b := d.in(first, n), d.in(second, n)
			n++
			switch {
			case known[d.by]:
				if a.status != b.status {
					return "" // whoever did something quietly meets it again, and from here on the lives are two
				}
			case a.status != b.status || unlike.ReplaceAllString(a.text, "") != unlike.ReplaceAllString(b.text, ""):
				return fmt.Sprintf("%s, who %s, can tell what %s did:\n%s\n%s", d.by, d.name, author, a.text, b.text)
			}
			for _, booking := range first.bookings {
				known[booking.expert] = known[booking.expert] || booking.requester == author && booking.shared // who shares, shares all
			}
			first.pass(time.Minute)
			second.pass(time.Minute)
			var quietly []string
			for range min(phase, 1)*2 + rapid.IntRange(0, 1).Draw(rt, "quietly") {
				q, ok := draw(first, rt, author)
				if !ok {
					continue
				}
				if got := q.in(second, n); got.status < 300 {
					done[q.name]++
					quietly = append(quietly, q.name)
					for _, who := range q.known {
						known[who] = true
					}
				}
				n++
			}
			first.pass(time.Minute)
			second.pass(time.Minute)
			for _, reader := range readers {
				if known[reader] {
					continue
				}
				if diff := cmp.Diff(first.view(reader), second.view(reader)); diff != "" {
					return fmt.Sprintf("%q can tell that %s %v:\n%s", reader, author, quietly, diff)
				}
			}
			first.sent, second.sent = nil, nil
		}
		for _, l := range []*life{first, second} {
			l.pass([]time.Duration{40 * time.Hour, 3 * 24 * time.Hour, 13 * 24 * time.Hour, 0}[phase])
		}
	}
	return ""
}

// TestNobodyLearnsOfAnothersDeeds (product.md section 8): of two lives that differ only in what somebody did for themselves,
// everybody else gets the same answers and mails, to the byte: versions, ETags, history and refusals too.
func TestNobodyLearnsOfAnothersDeeds(t *testing.T) {
	done := map[string]int{}
	lives := rapid.Custom(func(rt *rapid.T) string { return twins(t, rt, (*life).anyQuiet, done) })
	for seed := range 6 {
		if found := lives.Example(seed); found != "" {
			t.Fatalf("seed %d: %.6000s", seed, found)
		}
	}
	done["answers"] += done["answers, as the expert"]
	for _, name := range []string{"answers", "takes away", "sets out", "changes an action", "changes declaredConflicts"} {
		if done[name] == 0 { // the property must not hold because nobody does anything
			t.Errorf("nobody ever %s: %v", name, done)
		}
	}
}

// The control of the property before: what is not quiet can be told.
func TestDeedsOfOthersCanBeTold(t *testing.T) {
	lives := rapid.Custom(func(rt *rapid.T) string {
		return twins(t, rt, func(l *life, rt *rapid.T, _ string) (quiet, bool) {
			if len(l.slots) == 0 {
				return quiet{}, false
			}
			expert := l.slots[0].expert
			return quiet{deed{"revises a slot", expert, func(m *marker) reply {
				return m.person(expert).patch("/v1/slots/"+m.slots[0].id, object{"description": "Another"})
			}, nil}, []string{expert}}, true
		}, map[string]int{})
	})
	if found := lives.Example(0); !strings.Contains(found, "can tell") {
		t.Errorf("nobody noticed: %.200s", found)
	}
}
