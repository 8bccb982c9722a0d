package httpapi_test

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"flashmentoring/internal/httpapi"
)

// proof.md S4: each decoder of the API by itself, so that what a fuzzer changes reaches it. The contract's transport holds
// every answer against openapi.yaml; what remains is that none is a fault of ours, and that nothing is taken for what it is
// not.

// fuzzed sends a request through the contract's transport, and reports whether it could be sent at all.
func fuzzed(t *testing.T, w *world, r *http.Request) (status int, sent bool) {
	t.Helper()
	w.TB = t
	resp, err := w.client.Transport.RoundTrip(r)
	if err != nil {
		return 0, false
	}
	_, err = io.Copy(io.Discard, resp.Body)
	if err = errors.Join(err, resp.Body.Close()); err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode >= 500 {
		t.Errorf("%s %s is answered %d", r.Method, r.URL, resp.StatusCode)
	}
	return resp.StatusCode, true
}

func fuzzRequest(method, path, query, body string) *http.Request {
	return &http.Request{
		Method: method, URL: &url.URL{Scheme: "http", Host: "api.test", Path: path, RawQuery: query},
		Header: http.Header{"Authorization": {"Bearer coordinator"}, "Content-Type": {"application/json"}},
		Body:   io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)),
	}
}

// FuzzBodies sends bodies to every route that takes one.
func FuzzBodies(f *testing.F) {
	w := open(f, setting{})
	w.enrolled("coordinator")
	routes := httpapi.Routes()
	for i, route := range routes {
		if route.Method == http.MethodGet {
			continue
		}
		for _, body := range []string{`{}`, `{"name":"x","title":[],"purpose":{"kind":null}}`, `{"answers":{"useful":5}}`, "[", `{"a":"\ud800"}`, ``} {
			f.Add(uint8(i), body)
		}
		if body, ok := (stage{other: noSlot}).body(route).(object); ok {
			f.Add(uint8(i), jsonOf(body))
		}
	}
	f.Fuzz(func(t *testing.T, i uint8, body string) {
		route := routes[int(i)%len(routes)]
		fuzzed(t, w, fuzzRequest(route.Method, somewhere.Replace(route.Pattern), "", body))
	})
}

// FuzzQuery sends queries to every list.
func FuzzQuery(f *testing.F) {
	w := open(f, setting{})
	w.enrolled("coordinator")
	routes := httpapi.Routes()
	for i, route := range routes {
		if route.Method == http.MethodGet {
			for _, query := range []string{
				"limit=1&cursor=", "from=2026-11-02T10:00:00%2B01:00&to=9999-12-31T23:59:59-14:00", "from=2026-01&to=2026-13", "%zz", "a=b;c=d", "limit=+7",
				"topic=finance&mode=video&language=de&affiliation=outside&bookable=true&format=circle&direction=peer&sessionKind=career", "status=confirmed,&role=expert", "cohort=%E2%80%AE",
			} {
				f.Add(uint8(i), query)
			}
		}
	}
	f.Fuzz(func(t *testing.T, i uint8, query string) {
		route := routes[int(i)%len(routes)]
		if route.Method == http.MethodGet {
			fuzzed(t, w, fuzzRequest(route.Method, somewhere.Replace(route.Pattern), query, ""))
		}
	})
}

// FuzzCursor goes on with a list from wherever somebody says. What is taken is a cursor to the last bit.
func FuzzCursor(f *testing.F) {
	w := open(f, setting{})
	coordinator := w.enrolled("coordinator")
	for i := range 3 {
		coordinator.publishes(draft(time.Duration(30+i) * time.Hour))
	}
	cursor, _ := coordinator.get("/v1/slots?limit=1").at("nextCursor").(string)
	for _, seed := range []string{cursor, cursor[:len(cursor)-1], cursor + "=", cursor + "\n", "AAAA", "", "\x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, cursor string) {
		list := func(cursor string) int {
			status, _ := fuzzed(t, w, fuzzRequest(http.MethodGet, "/v1/slots", "limit=1&cursor="+url.QueryEscape(cursor), ""))
			return status
		}
		if list(cursor) != http.StatusOK || cursor == "" {
			return
		}
		for i := range len(cursor) {
			changed := []byte(cursor)
			changed[i] ^= 1
			if status := list(string(changed)); status != http.StatusUnprocessableEntity {
				t.Errorf("%q is a cursor, and so is %q: %d", cursor, changed, status)
			}
		}
	})
}

// FuzzIdempotencyKey takes 1 to 255 printable ASCII characters, and nothing else.
func FuzzIdempotencyKey(f *testing.F) {
	w := open(f, setting{})
	w.enrolled("coordinator")
	for _, key := range []string{"k", " ", strings.Repeat("~", 255), strings.Repeat("k", 256), "", "\x7f", "é", "a\tb", "a,b", `"k"`} {
		f.Add(key)
	}
	f.Fuzz(func(t *testing.T, key string) {
		r := fuzzRequest(http.MethodPost, "/v1/me/calendar/rotate", "", "")
		r.Header["Idempotency-Key"] = []string{key}
		printable := key != "" && len(key) <= 255 && strings.Trim(key, ascii) == ""
		if status, sent := fuzzed(t, w, r); sent && (status == http.StatusOK) != printable {
			t.Errorf("the key %q is answered %d", key, status)
		}
	})
}

// ascii is all that prints.
var ascii = func() string {
	var all strings.Builder
	for c := ' '; c <= '~'; c++ {
		all.WriteRune(c)
	}
	return all.String()
}()

// FuzzIfMatch changes a slot only where the header names its version, or any.
func FuzzIfMatch(f *testing.F) {
	w := open(f, setting{})
	slot := w.enrolled("coordinator").publishes(draft(30 * time.Hour))
	for _, header := range []string{`"1"`, `W/"1"`, `*`, `"7", "1"`, `,,"1",`, `"1" "2"`, `"`, "", `"01"`, `"9223372036854775808"`, "\"\x7f\"", `"1"x`, `W/W/"1"`, "* "} {
		f.Add(header)
	}
	n := 0
	f.Fuzz(func(t *testing.T, header string) {
		w.TB = t
		n++ // what changes nothing is no matter of versions
		before := w.person("coordinator").get("/v1/slots/" + slot).at("version").(float64)
		r := fuzzRequest(http.MethodPatch, "/v1/slots/"+slot, "", fmt.Sprintf(`{"title":"Title number %d"}`, n))
		r.Header["If-Match"] = []string{header}
		status, sent := fuzzed(t, w, r)
		if !sent {
			return
		}
		present := `"` + jsonOf(before) + `"`
		if named := strings.Contains(header, present) || strings.Contains(header, "*"); status == http.StatusOK && !named {
			t.Errorf("version %v is changed by %q", before, header)
		}
	})
}

// FuzzIDs asks for whatever somebody calls a slot, a booking or a person.
func FuzzIDs(f *testing.F) {
	w := open(f, setting{})
	coordinator := w.enrolled("coordinator")
	slot := coordinator.publishes(draft(30 * time.Hour))
	for _, id := range []string{slot, noSlot, noBooking, noPerson, "", ".", "..", "%2e", "slot_", strings.ToUpper(slot), slot + "\n", slot[:len(slot)-1] + "b", "slot_\x00", "ÿ"} {
		f.Add(id)
	}
	routes := httpapi.Routes()
	f.Fuzz(func(t *testing.T, id string) {
		if strings.Contains(id, "/") {
			return // then it is another path
		}
		for _, route := range routes {
			if route.Method != http.MethodGet || !strings.Contains(route.Pattern, "{") {
				continue
			}
			before, after, _ := strings.Cut(route.Pattern, "{")
			_, after, _ = strings.Cut(after, "}")
			status, sent := fuzzed(t, w, fuzzRequest(route.Method, before+id+after, "", ""))
			known := id == slot || id == coordinator.id() || id == "batch" || id == "import"
			if sent && status == http.StatusOK && !known {
				t.Errorf("%s finds something called %q", route, id)
			}
		}
	})
}

// FuzzImport imports whatever somebody sends as a file. Nobody's cohort is anything that a spreadsheet computes, or that is
// no plain line.
func FuzzImport(f *testing.F) {
	w := open(f, setting{})
	coordinator, anna := w.enrolled("coordinator"), w.enrolled("anna")
	for _, rows := range []string{
		"anna@example.org,,x", "anna@example.org,,\"=1+1\"", "anna@example.org,,'=1", "anna@example.org,,\"a\nb\"", "anna@example.org,anna@example.org,", "\ufeff,,",
		"\"", "a\x00@example.org,,", "anna@example.org,,\u202ex", "anna@example.org,,x;=1+1", strings.Repeat("anna@example.org,,x\n", 50),
	} {
		f.Add("email,managerEmail,cohort\n" + rows)
	}
	f.Add("")
	f.Add("email;managerEmail;cohort\n")
	f.Fuzz(func(t *testing.T, file string) {
		r := fuzzRequest(http.MethodPost, "/v1/people/import", "", file)
		r.Header.Set("Content-Type", "text/csv")
		status, sent := fuzzed(t, w, r)
		if !sent || status != http.StatusOK {
			return
		}
		coordinator.TB = t
		cohort, _ := coordinator.get("/v1/people/" + anna.id() + "/programme").at("cohort").(string)
		if cohort != "" && (strings.ContainsAny(cohort[:1], "=+-@") || strings.ContainsAny(cohort, "\r\n\x00\u202e")) {
			t.Errorf("the cohort is %q", cohort)
		}
		if _, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(file, "\ufeff"))).ReadAll(); err != nil && !errors.Is(err, csv.ErrFieldCount) {
			t.Errorf("imported what is no CSV: %v", err)
		}
	})
}

func jsonOf(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(text)
}
