package httpapi_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/httpapi"
	"flashmentoring/internal/mentoring"
)

// walk follows a list to its end and returns the ids of all its items.
func (p person) walk(path string, limit int) (ids []string) {
	p.Helper()
	query, join := "limit="+strconv.Itoa(limit), "?"
	if strings.Contains(path, "?") {
		join = "&"
	}
	for range 100 {
		page := p.get(path + join + query).expect(http.StatusOK)
		items := page.ids()
		if len(items) > limit {
			p.Errorf("%s: a page of %d items", page.to, len(items))
		}
		ids = append(ids, items...)
		next, more := page.at("nextCursor").(string)
		if !more {
			return ids
		}
		query = fmt.Sprintf("limit=%d&cursor=%s", limit, next)
	}
	p.Fatalf("%s: no end after 100 pages", path)
	return nil
}

// slots publishes n slots, an hour apart, by experts of the organisation.
func (w *world) slots(n int, domain string, fields ...any) (ids []string) {
	w.Helper()
	expert := w.enrolled("expert/" + domain)
	for i := range n {
		ids = append(ids, expert.publishes(with(draft(time.Duration(24+i)*time.Hour), fields...)))
	}
	return ids
}

func TestPagesAreTheWholeListInOrder(t *testing.T) {
	w := open(t, setting{})
	want := w.slots(23, "example.org")
	ben := w.person("ben")
	for _, limit := range []int{1, 7, 22, 23, 24, 100} {
		if diff := cmp.Diff(want, ben.walk("/v1/slots", limit)); diff != "" {
			t.Errorf("limit %d (-want +got):\n%s", limit, diff)
		}
	}
	if got := len(ben.get("/v1/slots").ids()); got != 20 {
		t.Errorf("a page without limit has %d items", got)
	}
}

func TestBookingPagesAreTheWholeListInOrder(t *testing.T) {
	policy := mentoring.DefaultPolicy()
	policy.MaxUpcoming, policy.MaxPerPair = 100, 100
	w := open(t, setting{policy: &policy})
	slots := w.slots(9, "example.org")
	ben := w.enrolled("ben")
	var want []string
	for _, slot := range slots {
		want = append(want, ben.books(slot))
	}
	for _, limit := range []int{1, 4, 9, 50} {
		if diff := cmp.Diff(want, ben.walk("/v1/bookings", limit)); diff != "" {
			t.Errorf("limit %d (-want +got):\n%s", limit, diff)
		}
	}
}

func TestListsKeepToTheirFilters(t *testing.T) {
	w := open(t, setting{})
	slots := w.slots(5, "example.org") // at 9, 10, 11, 12 and 13 o'clock on the next day
	ben := w.person("ben")
	for query, want := range map[string][]string{
		"from=2026-11-03T10:00:00Z":                                     slots[1:],
		"from=2026-11-03T11:00:00%2B01:00":                              slots[1:],
		"to=2026-11-03T10:00:00Z":                                       slots[:1],
		"from=2026-11-03T10:00:00Z&to=2026-11-03T12:00:00Z":             slots[1:3],
		"from=2026-11-03T10:00:00Z&to=2026-11-03T12:00:00Z&topic=cloud": nil,
		"from=2026-11-03T10:00:01Z&topic=first-time-manager&limit=1":    slots[2:3],
		"from=0001-01-01T00:00:00Z&to=9999-12-31T23:59:59Z":             slots,
		"to=2026-11-02T08:00:00Z":                                       nil, // all in the past
	} {
		if diff := cmp.Diff(want, ben.get("/v1/slots?"+query).expect(http.StatusOK).ids()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", query, diff)
		}
	}
}

// TestSlotsAreFiltered: every filter, alone and with others.
func TestSlotsAreFiltered(t *testing.T) {
	w := open(t, setting{})
	anna, dora, ben := w.enrolled("anna"), w.enrolled("dora/elsewhere.test"), w.enrolled("ben")
	talk := anna.publishes(draft(24 * time.Hour))
	circle := anna.publishes(with(draft(25*time.Hour), "format", "circle", "capacity", 2, "modes", []string{"phone", "video"},
		"languages", []string{"pt-BR", "de"}, "sessionKind", "career", "direction", "peer"))
	away := dora.publishes(with(draft(26*time.Hour), "topic", "cloud", "direction", "peer", "languages", []string{"en-GB"}))
	ben.books(talk) // so that none of anna's is left to him
	annaID, nobodyID := anna.get("/v1/me").id(), "per_"+strings.Repeat("a", 26)

	for query, want := range map[string][]string{
		"sessionKind=career":            {circle},
		"sessionKind=how_to":            nil,
		"format=one_to_one":             {talk, away},
		"format=peer_group":             nil,
		"direction=peer":                {circle, away},
		"mode=phone":                    {circle},
		"mode=video":                    {talk, circle, away},
		"language=pt":                   {circle},
		"language=pt-BR":                {circle},
		"language=pt-PT":                nil,
		"language=en":                   {talk, away},
		"affiliation=same_organisation": {talk, circle},
		"affiliation=outside":           {away},
		"affiliation=unknown":           nil,
		"expertId=" + annaID:            {talk, circle},
		"expertId=" + nobodyID:          nil,
		"bookable=true":                 {away},
		"bookable=true&affiliation=same_organisation":       nil,
		"direction=peer&mode=video&language=de":             {circle},
		"direction=peer&topic=cloud":                        {away},
		"expertId=" + annaID + "&topic=cloud":               nil,
		"expertId=" + annaID + "&from=2026-11-03T10:00:00Z": {circle},
		"expertId=" + annaID + "&to=2026-11-03T10:00:00Z":   {talk},
	} {
		page := ben.get("/v1/slots?" + query).expect(http.StatusOK)
		if diff := cmp.Diff(want, page.ids()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", query, diff)
		}
		page.is(nil, "nextCursor")
	}
	for query, want := range map[string][]string{"affiliation=outside": {talk, circle, away}, "bookable=true": nil} {
		if diff := cmp.Diff(want, w.person("zoe/third.test").get("/v1/slots?"+query).expect(http.StatusOK).ids()); diff != "" {
			t.Errorf("to somebody who has not enrolled, %s (-want +got):\n%s", query, diff)
		}
	}
	if diff := cmp.Diff([]string{talk, circle}, ben.walk("/v1/slots?expertId="+annaID, 1)); diff != "" {
		t.Errorf("pages of one expert (-want +got):\n%s", diff)
	}
}

// TestEveryValueOfAFilterIsDocumented, and every documented one is taken: the transport holds what is accepted
// against the document.
func TestEveryValueOfAFilterIsDocumented(t *testing.T) {
	document, err := openapi()
	if err != nil {
		t.Fatal(err)
	}
	ben := open(t, setting{}).person("ben")
	for name, list := range map[string]struct {
		schema string
		values []string
	}{
		"sessionKind": {"SessionKind", texts(mentoring.SessionKinds)},
		"format":      {"Format", texts(mentoring.Formats)},
		"direction":   {"Direction", texts(mentoring.Directions)},
		"mode":        {"Mode", texts(mentoring.Modes)},
		"affiliation": {"Affiliation", texts(mentoring.Affiliations)},
	} {
		if diff := cmp.Diff(list.values, document.Enum(list.schema)); diff != "" {
			t.Errorf("schema %s (-mentoring +openapi.yaml):\n%s", list.schema, diff)
		}
		for _, v := range list.values {
			ben.get("/v1/slots?" + name + "=" + v).expect(http.StatusOK)
		}
	}
}

func texts[T ~string](list []T) (all []string) {
	for _, v := range list {
		all = append(all, string(v))
	}
	return all
}

// TestACursorBelongsToItsCallerAndQuery takes a genuine cursor elsewhere, and changes every bit of it.
func TestACursorBelongsToItsCallerAndQuery(t *testing.T) {
	w := open(t, setting{})
	slots := w.slots(3, "example.org")
	ben, eve := w.person("ben"), w.person("eve")
	const query = "/v1/slots?topic=first-time-manager&limit=1"
	cursor := ben.get(query).at("nextCursor").(string)
	ben.get(query+"&cursor="+cursor).expect(http.StatusOK).is(slots[1], "items", "0", "id")
	ben.get("/v1/slots?limit=2&cursor="+cursor+"&topic=first-time-manager").expect(http.StatusOK).is(slots[2], "items", "1", "id")

	invalid := func(p person, path string) {
		t.Helper()
		p.get(path).refused(http.StatusUnprocessableEntity, "cursor_invalid")
	}
	invalid(eve, query+"&cursor="+cursor)
	invalid(ben, "/v1/slots?cursor="+cursor)
	invalid(ben, "/v1/slots?topic=cloud&cursor="+cursor)
	for _, more := range []string{"bookable=true", "format=one_to_one", "mode=video", "language=en", "affiliation=same_organisation"} {
		invalid(ben, query+"&"+more+"&cursor="+cursor)
	}
	invalid(ben, query+"&from=2026-11-02T10:00:00Z&cursor="+cursor)
	invalid(ben, "/v1/bookings?cursor="+cursor)
	invalid(ben, query+"&cursor="+cursor+"A")
	invalid(ben, query+"&cursor="+cursor[:len(cursor)-4])
	invalid(ben, query+"&cursor="+url.QueryEscape(cursor+"="))
	invalid(ben, query+"&cursor="+strings.Repeat("A", 5000))
	for _, nonsense := range []string{"0", "%00", "2026", "..", "🙂", slots[0], "null"} {
		invalid(ben, query+"&cursor="+url.QueryEscape(nonsense))
	}

	everything := ben.get("/v1/slots?limit=1").at("nextCursor").(string)
	invalid(ben, "/v1/bookings?limit=1&cursor="+everything)
	ben.get("/v1/slots?cursor=" + everything).expect(http.StatusOK)

	sealed, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		t.Fatal(err)
	}
	for bit := range len(sealed) * 8 {
		forged := slices.Clone(sealed)
		forged[bit/8] ^= 1 << (bit % 8)
		invalid(ben, query+"&cursor="+base64.RawURLEncoding.EncodeToString(forged))
	}
}

// TestNobodyGoesOnWhereAnotherWas: of every list, found among the routes, a cursor is good for whom it was given, there.
func TestNobodyGoesOnWhereAnotherWas(t *testing.T) {
	s := setStage(t, setting{})
	ben, coordinator := s.people["requester"], s.people["coordinator"]
	ben.post("/v1/concerns", concern).expect(http.StatusCreated)
	ben.books(s.enrolled("gina").publishes(draft(90 * time.Hour)))
	s.parks()
	cursors := map[string]string{} // by list
	for _, route := range httpapi.Routes() {
		path := s.path(route)
		if route.Method != http.MethodGet || coordinator.get(path+"?cursor=x").at("code") != "cursor_invalid" {
			continue
		}
		owner := ben
		if coordinator.get(path).status == http.StatusOK && ben.get(path).status == http.StatusForbidden {
			owner = coordinator
		}
		cursor, more := owner.get(path + "?limit=1").expect(http.StatusOK).at("nextCursor").(string)
		if !more {
			t.Errorf("%s: %s has no second page", route, owner.token)
			continue
		}
		owner.get(path + "?limit=1&cursor=" + cursor).expect(http.StatusOK)
		for _, part := range everybody {
			p := s.people[part]
			if p.token == owner.token {
				continue
			}
			if got := p.get(path + "?limit=1&cursor=" + cursor); got.status < 400 {
				t.Errorf("%s: %s goes on where %s was: %s", route, part, owner.token, got.text)
			}
		}
		for other, theirs := range cursors {
			owner.get(path+"?limit=1&cursor="+theirs).refused(http.StatusUnprocessableEntity, "cursor_invalid")
			if got := owner.get(other + "?limit=1&cursor=" + cursor); got.status < 400 {
				t.Errorf("%s takes a cursor of %s: %s", other, path, got.text)
			}
		}
		cursors[path] = cursor
	}
	if len(cursors) < 6 {
		t.Errorf("only %d lists: %v", len(cursors), cursors)
	}
}

// TestACursorHasOneSpelling: its last character has bits that base64 does not need.
func TestACursorHasOneSpelling(t *testing.T) {
	w := open(t, setting{})
	slot := w.slots(1, "example.org")[0]
	ben := w.enrolled("ben")
	ben.books(slot)
	cursor := ben.get("/v1/bookings?limit=1").at("nextCursor").(string)
	if len(cursor)%4 == 0 {
		t.Fatal("this cursor has no bits to spare")
	}
	accepted := 0
	for _, last := range "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_" {
		if ben.get("/v1/bookings?cursor="+cursor[:len(cursor)-1]+string(last)).status == http.StatusOK {
			accepted++
		}
	}
	if accepted != 1 {
		t.Errorf("%d spellings of one cursor were accepted", accepted)
	}
}

// TestACursorTellsNothing: a page may end at a slot that does not exist for the caller.
func TestACursorTellsNothing(t *testing.T) {
	w := open(t, setting{})
	hidden := w.slots(30, "elsewhere.test", "audience", "my_organisation")
	page := w.person("ben").get("/v1/slots?limit=1").expect(http.StatusOK).is([]any{}, "items")
	cursor, _ := page.at("nextCursor").(string)
	sealed, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || cursor == "" {
		t.Fatalf("no cursor to look at: %q %v", cursor, err)
	}
	for _, slot := range hidden {
		if strings.Contains(string(sealed), slot) {
			t.Fatalf("the cursor names %s, which does not exist for the caller", slot)
		}
	}
}
