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

	"flashmentoring/internal/mentoring"
)

// walk follows a list to its end and returns the ids of all its items.
func (p person) walk(path string, limit int) (ids []string) {
	p.Helper()
	query := "limit=" + strconv.Itoa(limit)
	for range 100 {
		page := p.get(path + "?" + query).expect(http.StatusOK)
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
