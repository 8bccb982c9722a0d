package dynamotable_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/table"
)

func itemJSON(sk string) string {
	return fmt.Sprintf(`{"PK":{"S":"p"},"SK":{"S":%q},"V":{"N":"1"},"D":{"S":"{}"}}`, sk)
}

// found is the answer of BatchGetItem: what was found, and what was put off.
func found(sks, putOff []string) answer {
	var items, keys []string
	for _, sk := range sks {
		items = append(items, itemJSON(sk))
	}
	for _, sk := range putOff {
		keys = append(keys, fmt.Sprintf(`{"PK":{"S":"p"},"SK":{"S":%q}}`, sk))
	}
	unprocessed := "{}"
	if len(keys) > 0 {
		unprocessed = `{"stub":{"Keys":[` + strings.Join(keys, ",") + `],"ConsistentRead":true}}`
	}
	return fine(`{"Responses":{"stub":[` + strings.Join(items, ",") + `]},"UnprocessedKeys":` + unprocessed + `}`)
}

func keys(sks ...string) []table.Key {
	var all []table.Key
	for _, sk := range sks {
		all = append(all, table.Key{PK: "p", SK: sk})
	}
	return all
}

func sks(records []table.Record) []string {
	var all []string
	for _, r := range records {
		all = append(all, r.SK)
	}
	return all
}

// asked are the places that an attempt at BatchGetItem asked for.
func asked(t *testing.T, one attempt) []string {
	t.Helper()
	request, _ := one.Body["RequestItems"].(map[string]any)["stub"].(map[string]any)
	if request["ConsistentRead"] != true {
		t.Errorf("not strongly consistent: %v", request)
	}
	var all []string
	for _, key := range request["Keys"].([]any) {
		all = append(all, key.(map[string]any)["SK"].(map[string]any)["S"].(string))
	}
	return all
}

func TestGetAsksAgainForWhatIsPutOff(t *testing.T) {
	s := newStub(t,
		found([]string{"c"}, []string{"b", "a"}),
		found(nil, []string{"b", "a"}),
		found([]string{"a"}, []string{"b"}),
		found([]string{"b"}, nil))
	records, err := s.Get(t.Context(), keys("a", "b", "a", "c")...)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"a", "b", "a", "c"}, sks(records)); diff != "" {
		t.Error(diff)
	}
	var got [][]string
	for _, one := range s.sent() {
		got = append(got, asked(t, one))
	}
	if diff := cmp.Diff([][]string{{"a", "b", "c"}, {"b", "a"}, {"b", "a"}, {"b"}}, got); diff != "" {
		t.Error(diff)
	}
}

func TestGetGivesUpWhenAllIsPutOff(t *testing.T) {
	t.Parallel()
	s := newStub(t, found([]string{"a"}, []string{"b"}), found(nil, []string{"b"}))
	if _, err := s.Get(t.Context(), keys("a", "b")...); !errors.Is(err, table.ErrUnavailable) {
		t.Errorf("got error %v, want ErrUnavailable", err)
	}

	ctx, cancel := context.WithCancel(t.Context())
	s = newStub(t, func(w http.ResponseWriter, r *http.Request) {
		found(nil, []string{"a"})(w, r)
		if len(s.sent()) == 2 {
			cancel()
		}
	})
	if _, err := s.Get(ctx, keys("a")...); !errors.Is(err, context.Canceled) || errors.Is(err, table.ErrUnavailable) {
		t.Errorf("got error %v, want only that of the context", err)
	}
}

func TestReadFailures(t *testing.T) {
	for name, test := range map[string]struct {
		answers  []answer
		want     error
		attempts int
	}{
		"malformed":            {[]answer{malformed}, table.ErrInvalid, 1},
		"no table":             {[]answer{noTable}, table.ErrUnavailable, 1},
		"not allowed":          {[]answer{notAllowed}, table.ErrUnavailable, 1},
		"throttled":            {[]answer{throttled}, table.ErrUnavailable, 4},
		"server error":         {[]answer{internalError}, table.ErrUnavailable, 4},
		"lost every time":      {[]answer{lost}, table.ErrUnavailable, 4},
		"not understood":       {[]answer{fine(`<html>`)}, table.ErrUnavailable, 1},
		"passing trouble":      {[]answer{lost, throttled, unavailable503, applied}, nil, 4},
		"version is no number": {[]answer{damaged(`"V":{"S":"1"}`)}, table.ErrUnavailable, 1},
		"version is too big":   {[]answer{damaged(`"V":{"N":"1e400"}`)}, table.ErrUnavailable, 1},
		"data is no text":      {[]answer{damaged(`"D":{"B":"AAAA"}`)}, table.ErrUnavailable, 1},
	} {
		for operation, read := range map[string]func(context.Context, *stub) error{
			"Get":   func(ctx context.Context, s *stub) error { _, err := s.Get(ctx, keys("a")...); return err },
			"Query": func(ctx context.Context, s *stub) error { _, err := s.Query(ctx, whole); return err },
		} {
			t.Run(operation+" "+name, func(t *testing.T) {
				t.Parallel()
				s := newStub(t, test.answers...)
				if err := read(t.Context(), s); !errors.Is(err, test.want) {
					t.Errorf("got error %v, want %v", err, test.want)
				}
				if got := len(s.sent()); got != test.attempts {
					t.Errorf("%d attempts, want %d", got, test.attempts)
				}
			})
		}
	}
}

// damaged answers both BatchGetItem and Query with an item that has one more attribute.
func damaged(attribute string) answer {
	item := `{"PK":{"S":"p"},"SK":{"S":"a"},` + attribute + `}`
	return fine(`{"Responses":{"stub":[` + item + `]},"Items":[` + item + `],"Count":1,"ScannedCount":1}`)
}

var whole = table.Range{PK: "p", Limit: 10}

// listed is the answer of Query: items, and whether there is a key to go on from.
func listed(more bool, sks ...string) answer {
	var items []string
	for _, sk := range sks {
		items = append(items, itemJSON(sk))
	}
	body := `{"Items":[` + strings.Join(items, ",") + `],"Count":1,"ScannedCount":1`
	if more {
		body += `,"LastEvaluatedKey":{"PK":{"S":"p"},"SK":{"S":"` + sks[len(sks)-1] + `"}}`
	}
	return fine(body + `}`)
}

func TestQueryRequests(t *testing.T) {
	text := func(s string) map[string]any { return map[string]any{"S": s} }
	base := func(condition string, values map[string]any) map[string]any {
		return map[string]any{
			"TableName": "stub", "Limit": 10.0, "ConsistentRead": true, "ReturnConsumedCapacity": "TOTAL",
			"KeyConditionExpression": condition, "ExpressionAttributeValues": values,
		}
	}
	longest := strings.Repeat("s", table.MaxSKSize)
	for name, test := range map[string]struct {
		query table.Range
		want  map[string]any
	}{
		"a partition": {whole, base("PK = :pk", map[string]any{":pk": text("p")})},
		"from": {table.Range{PK: "p", From: "a", Limit: 10},
			base("PK = :pk AND SK >= :from", map[string]any{":pk": text("p"), ":from": text("a")})},
		"to": {table.Range{PK: "p", To: "b", Limit: 10},
			base("PK = :pk AND SK <= :to", map[string]any{":pk": text("p"), ":to": text("b")})},
		"from and to": {table.Range{PK: "p", From: "a", To: "b", Limit: 10},
			base("PK = :pk AND SK BETWEEN :from AND :to",
				map[string]any{":pk": text("p"), ":from": text("a"), ":to": text("b")})},
		"behind a place": {table.Range{PK: "p", From: table.After("a"), Limit: 10},
			base("PK = :pk AND SK >= :from", map[string]any{":pk": text("p"), ":from": text("a\x00")})},
		"behind the longest place": {table.Range{PK: "p", From: table.After(longest), Limit: 10},
			base("PK = :pk AND SK >= :from", map[string]any{":pk": text("p"), ":from": text(longest)})},
		"an index, which cannot be consistent": {table.Range{Index: table.Hosting, PK: "p", From: "a", Limit: 10},
			map[string]any{
				"TableName": "stub", "IndexName": "hosting", "Limit": 10.0, "ReturnConsumedCapacity": "TOTAL",
				"KeyConditionExpression":    "hostingPK = :pk AND hostingSK >= :from",
				"ExpressionAttributeValues": map[string]any{":pk": text("p"), ":from": text("a")},
			}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStub(t, listed(false))
			if _, err := s.Query(t.Context(), test.query); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, s.sent()[0].Body); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestQueryPages(t *testing.T) {
	longest := strings.Repeat("s", table.MaxSKSize)
	for name, test := range map[string]struct {
		query    table.Range
		answers  []answer
		want     []string
		more     bool
		attempts int
	}{
		"the last":     {whole, []answer{listed(false, "a", "b")}, []string{"a", "b"}, false, 1},
		"not the last": {whole, []answer{listed(true, "a", "b")}, []string{"a", "b"}, true, 1},
		"empty":        {whole, []answer{listed(false)}, nil, false, 1},
		"the end is not in it": {
			table.Range{PK: "p", To: "c", Limit: 2},
			[]answer{listed(true, "b", "c")}, []string{"b"}, false, 1,
		},
		"nothing before the end": {table.Range{PK: "p", To: "c", Limit: 1}, []answer{listed(true, "c")}, nil, false, 1},
		"an empty page goes on": {
			table.Range{PK: "p", From: table.After(longest), Limit: 1},
			[]answer{listed(true, longest), listed(true, "t")}, []string{"t"}, true, 2,
		},
		"an empty range is not asked for": {
			table.Range{PK: "p", From: "b", To: "a", Limit: 1}, []answer{malformed}, nil, false, 0,
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStub(t, test.answers...)
			page, err := s.Query(t.Context(), test.query)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, sks(page.Records)); diff != "" || page.More != test.more {
				t.Errorf("more: %v, want %v; records:\n%s", page.More, test.more, diff)
			}
			if got := len(s.sent()); got != test.attempts {
				t.Fatalf("%d attempts, want %d", got, test.attempts)
			}
			if test.attempts == 2 {
				start, _ := s.sent()[1].Body["ExclusiveStartKey"].(map[string]any)
				if diff := cmp.Diff(map[string]any{"S": longest}, start["SK"]); diff != "" {
					t.Error(diff)
				}
			}
		})
	}
}
