package strictjson_test

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/strictjson"
)

type kind string

type purpose struct {
	Kind     kind    `json:"kind"`
	Question string  `json:"question" text:"lines"`
	Tried    *string `json:"tried,omitempty" text:"lines"`
}

type link struct {
	URL string `json:"url"`
}

// booking has every type a field may have.
type booking struct {
	Title     string       `json:"title"`
	Note      *string      `json:"note,omitempty"`
	Private   bool         `json:"private"`
	Wait      *bool        `json:"wait,omitempty"`
	Seats     int          `json:"seats"`
	Minutes   *int         `json:"minutes,omitempty"`
	Bytes     int64        `json:"bytes"`
	StartsAt  time.Time    `json:"startsAt"`
	EndsAt    *time.Time   `json:"endsAt,omitempty"`
	Languages []string     `json:"languages,omitempty"`
	Lines     []string     `json:"lines,omitempty" text:"lines"`
	Purpose   purpose      `json:"purpose"`
	Other     *purpose     `json:"other,omitempty"`
	Links     []link       `json:"links,omitempty"`
	More      []*link      `json:"more,omitempty"`
	Times     *[]time.Time `json:"times,omitempty"`
	Tilde     string       `json:"a~/b"`
}

func ptr[T any](v T) *T { return &v }

func TestDecodeBindsEveryType(t *testing.T) {
	text := `
	{ "title": "Grüße, \u0041da \ud83d\udc4b", "note": "", "private": true, "wait": false, "seats": -0, "minutes": 45,
	  "bytes": 9223372036854775807, "startsAt": "2026-05-04T17:00:00.25+02:00", "endsAt": "2026-05-04T15:30:00Z",
	  "languages": ["de", "en"], "lines": ["a\n\tb"], "links": [], "more": [{"url": "x"}],
	  "purpose": {"kind": "skill_gap", "question": "How\nso?"}, "other": {}, "times": ["0001-01-01T00:00:00Z"],
	  "\u0061~/b": "escaped" }
	`
	want := booking{
		Title: "Grüße, Ada 👋", Note: ptr(""), Private: true, Wait: ptr(false), Minutes: ptr(45),
		Bytes: 9223372036854775807, StartsAt: time.Date(2026, 5, 4, 15, 0, 0, 250e6, time.UTC),
		EndsAt:    ptr(time.Date(2026, 5, 4, 15, 30, 0, 0, time.UTC)),
		Languages: []string{"de", "en"}, Lines: []string{"a\n\tb"}, Links: []link{}, More: []*link{{URL: "x"}},
		Purpose: purpose{Kind: "skill_gap", Question: "How\nso?"}, Other: &purpose{},
		Times: &[]time.Time{time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)}, Tilde: "escaped",
	}
	var got booking
	faults, err := strictjson.Decode([]byte(text), &got)
	if err != nil || faults != nil {
		t.Fatalf("faults %v, error %v", faults, err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got.StartsAt.Location() != time.UTC {
		t.Errorf("time is in %v, want UTC", got.StartsAt.Location())
	}
}

func TestDecodeTellsAbsentFromZero(t *testing.T) {
	got := booking{Title: "before", Seats: 7, Languages: []string{"before"}}
	faults, err := strictjson.Decode([]byte(`{"seats": 0, "wait": false}`), &got)
	if err != nil || faults != nil {
		t.Fatalf("faults %v, error %v", faults, err)
	}
	want := booking{Title: "before", Seats: 0, Wait: ptr(false), Languages: []string{"before"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Details are part of the contract with people, so they stand here word for word.
func TestDecodeFaults(t *testing.T) {
	type faults = []strictjson.Fault
	const (
		unknown, duplicate, wrongType = strictjson.UnknownField, strictjson.DuplicateField, strictjson.WrongType
		badFormat, range_, badText    = strictjson.BadFormat, strictjson.OutOfRange, strictjson.InvalidText
		timeExpected                  = "must be a date and time with an offset (RFC 3339), such as " +
			"2026-05-04T15:00:00Z or 2026-05-04T17:00:00+02:00"
	)
	tests := map[string]faults{
		// Names.
		`{"nope": {"deep": [1, {}]}}`: {{"/nope", unknown, "does not exist"}},
		`{"StartsAt": ""}`:            {{"/StartsAt", unknown, `does not exist; did you mean "startsAt"?`}},
		`{"starts_at": ""}`:           {{"/starts_at", unknown, `does not exist; did you mean "startsAt"?`}},
		`{"": 1}`:                     {{"/", unknown, "does not exist"}},
		`{"x~/y": 1}`:                 {{"/x~0~1y", unknown, "does not exist"}},
		`{"\ud800": 1}`:               {{"/\ufffd", unknown, "does not exist"}},
		`{"title": "a", "title": 1}`:  {{"/title", duplicate, "stands here more than once"}},
		`{"title": "a", "t\u0069tle": "b", "title": "c"}`: {
			{"/title", duplicate, "stands here more than once"}, {"/title", duplicate, "stands here more than once"},
		},
		`{"purpose": {"kind": "", "kind": ""}}`: {{"/purpose/kind", duplicate, "stands here more than once"}},
		`{"a~/b": 1}`:                           {{"/a~0~1b", wrongType, "must be a string, not a number"}},

		// Types.
		`[]`:                     {{"", wrongType, "must be an object, not an array"}},
		`null`:                   {{"", wrongType, "must be an object, not null"}},
		`"x"`:                    {{"", wrongType, "must be an object, not a string"}},
		`{"title": 1}`:           {{"/title", wrongType, "must be a string, not a number"}},
		`{"title": ["a"]}`:       {{"/title", wrongType, "must be a string, not an array"}},
		`{"private": "true"}`:    {{"/private", wrongType, "must be true or false, not a string"}},
		`{"seats": "1"}`:         {{"/seats", wrongType, "must be a whole number, not a string"}},
		`{"seats": true}`:        {{"/seats", wrongType, "must be a whole number, not a boolean"}},
		`{"startsAt": 1}`:        {{"/startsAt", wrongType, "must be a string with a date and time, not a number"}},
		`{"languages": "de"}`:    {{"/languages", wrongType, "must be an array, not a string"}},
		`{"languages": {}}`:      {{"/languages", wrongType, "must be an array, not an object"}},
		`{"purpose": [{"a":1}]}`: {{"/purpose", wrongType, "must be an object, not an array"}},
		`{"times": [1]}`:         {{"/times/0", wrongType, "must be a string with a date and time, not a number"}},

		// null is never the same as absent.
		`{"title": null}`:     {{"/title", wrongType, "must be a string, not null; leave the field out instead"}},
		`{"note": null}`:      {{"/note", wrongType, "must be a string, not null; leave the field out instead"}},
		`{"languages": null}`: {{"/languages", wrongType, "must be an array, not null; leave the field out instead"}},
		`{"more": [null]}`:    {{"/more/0", wrongType, "must be an object, not null"}},

		// Numbers.
		`{"seats": 1.0}`:                     {{"/seats", wrongType, "must be a whole number, without fraction and exponent"}},
		`{"seats": 1e2}`:                     {{"/seats", wrongType, "must be a whole number, without fraction and exponent"}},
		`{"bytes": 9223372036854775808}`:     {{"/bytes", range_, "is too large or too small a number"}},
		`{"minutes": -99999999999999999999}`: {{"/minutes", range_, "is too large or too small a number"}},

		// Times.
		`{"startsAt": "2026-05-04T15:00:00"}`:          {{"/startsAt", badFormat, "needs an offset at its end, Z or such as +02:00"}},
		`{"startsAt": "2026-05-04T15:00:00.5"}`:        {{"/startsAt", badFormat, "needs an offset at its end, Z or such as +02:00"}},
		`{"startsAt": ""}`:                             {{"/startsAt", badFormat, timeExpected}},
		`{"startsAt": "2026-05-04"}`:                   {{"/startsAt", badFormat, timeExpected}},
		`{"startsAt": "2026-05-04T15:00Z"}`:            {{"/startsAt", badFormat, timeExpected}},
		`{"startsAt": "2026-05-04 15:00:00Z"}`:         {{"/startsAt", badFormat, timeExpected}},
		`{"startsAt": "2026-05-04T5:00:00Z"}`:          {{"/startsAt", badFormat, timeExpected}},
		`{"startsAt": "2026-05-04T15:00:00,5Z"}`:       {{"/startsAt", badFormat, timeExpected}},
		`{"startsAt": "2026-05-04T24:00:00Z"}`:         {{"/startsAt", badFormat, timeExpected}},
		`{"startsAt": "2026-02-29T15:00:00Z"}`:         {{"/startsAt", badFormat, timeExpected}},
		`{"startsAt": "2026-05-04T15:00:60Z"}`:         {{"/startsAt", badFormat, timeExpected}},
		`{"startsAt": "2026-05-04T15:00:00+24:00"}`:    {{"/startsAt", badFormat, timeExpected}},
		`{"startsAt": "2026-05-04T15:00:00+02:60"}`:    {{"/startsAt", badFormat, timeExpected}},
		`{"startsAt": "2026-05-04T15:00:00.Z"}`:        {{"/startsAt", badFormat, timeExpected}},
		`{"startsAt": "2026-05-04T15:00:00z"}`:         {{"/startsAt", badFormat, timeExpected}},
		`{"startsAt": "2026-05-04t15:00:00Z"}`:         {{"/startsAt", badFormat, timeExpected}},
		`{"startsAt": "2026-05-04T15:00:00+0200"}`:     {{"/startsAt", badFormat, timeExpected}},
		`{"startsAt": "2026-05-04T15:00:00[Etc/UTC]"}`: {{"/startsAt", badFormat, timeExpected}},
		`{"startsAt": "10000-05-04T15:00:00Z"}`:        {{"/startsAt", badFormat, timeExpected}},
		`{"startsAt": "0000-05-04T15:00:00Z"}`:         {{"/startsAt", range_, "must lie in the years 1 to 9999"}},
		`{"startsAt": "0001-01-01T00:00:00+01:00"}`:    {{"/startsAt", range_, "must lie in the years 1 to 9999"}},
		`{"startsAt": "9999-12-31T23:59:59-01:00"}`:    {{"/startsAt", range_, "must lie in the years 1 to 9999"}},
		`{"startsAt": "2026-05-04T15:00:00Z\u0000"}`:   {{"/startsAt", badFormat, timeExpected}},
		`{"startsAt": "\ud8002026-05-04T15:00:00Z"}`:   {{"/startsAt", badFormat, timeExpected}},

		// Text.
		`{"title": "a\nb"}`:     {{"/title", badText, "must be one line, without line breaks"}},
		`{"title": "a\u2028b"}`: {{"/title", badText, "must be one line, without line breaks"}},
		`{"title": "a\tb"}`:     {{"/title", badText, "contains the control character U+0009"}},
		`{"title": "\u0000"}`:   {{"/title", badText, "contains the control character U+0000"}},
		`{"title": "\u007f"}`:   {{"/title", badText, "contains the control character U+007F"}},
		`{"title": "\u0085"}`:   {{"/title", badText, "contains the control character U+0085"}},
		`{"title": "\u202e"}`:   {{"/title", badText, "contains U+202E, which changes the direction of the text around it"}},
		"{\"title\": \"\u2066\"}": {
			{"/title", badText, "contains U+2066, which changes the direction of the text around it"},
		},
		`{"title": "\ud800"}`:       {{"/title", badText, "contains half of a surrogate pair"}},
		`{"title": "\udc4b\ud83d"}`: {{"/title", badText, "contains half of a surrogate pair"}},
		`{"purpose": {"question": "a\r\nb"}}`: {
			{"/purpose/question", badText, `contains the control character U+000D; only line feeds ("\n") and tabs are allowed`},
		},
		`{"languages": ["de", "e\n"]}`: {{"/languages/1", badText, "must be one line, without line breaks"}},

		// All of them, in the order they stand there.
		`{"seats": "x", "links": [{"url": 1}, {"href": ""}, 7], "other": {"tried": 1, "x": 2}, "bytes": 1, "bytes": 2}`: {
			{"/seats", wrongType, "must be a whole number, not a string"},
			{"/links/0/url", wrongType, "must be a string, not a number"},
			{"/links/1/href", unknown, "does not exist"},
			{"/links/2", wrongType, "must be an object, not a number"},
			{"/other/tried", wrongType, "must be a string, not a number"},
			{"/other/x", unknown, "does not exist"},
			{"/bytes", duplicate, "stands here more than once"},
		},
	}
	for in, want := range tests {
		var got booking
		faults, err := strictjson.Decode([]byte(in), &got)
		if diff := cmp.Diff(want, faults); diff != "" || err != nil {
			t.Errorf("%s: error %v, faults (-want +got):\n%s", in, err, diff)
		}
	}
}

func TestDecodeAllowsText(t *testing.T) {
	for _, s := range []string{
		"", "Zoë Ångström", "نص", "می\u200cخواهم", "👩\u200d👩\u200d👧",
		"a\u200eb", "ខ្មែរ\u200bខ្មែរ", "\ufffd", "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f", "\u00a0",
	} {
		var got booking
		faults, err := strictjson.Decode([]byte(`{"title": "`+s+`"}`), &got)
		if err != nil || faults != nil || got.Title != s {
			t.Errorf("%q became %q, faults %v, error %v", s, got.Title, faults, err)
		}
	}
	var got booking
	faults, err := strictjson.Decode([]byte(`{"purpose": {"question": "a\n\n\tb\u2028c\u2029d"}}`), &got)
	if err != nil || faults != nil || got.Purpose.Question != "a\n\n\tb\u2028c\u2029d" {
		t.Errorf("several lines: %q, faults %v, error %v", got.Purpose.Question, faults, err)
	}
}

// What is right is set even beside what is wrong, so that a caller can check it too.
func TestDecodeSetsWhatHasNoFault(t *testing.T) {
	got := booking{Title: "before", Minutes: ptr(5)}
	faults, err := strictjson.Decode([]byte(`{
		"title": 1, "note": 2, "minutes": 1.5, "seats": 3, "seats": 4, "other": {"kind": "a", "tried": 5},
		"languages": ["de", 6, "en"], "endsAt": "soon", "times": [7], "wait": true }`), &got)
	if err != nil || len(faults) != 8 {
		t.Fatalf("%d faults %v, error %v; want 8", len(faults), faults, err)
	}
	want := booking{
		Title: "before", Minutes: ptr(5), Seats: 3, Other: &purpose{Kind: "a"},
		Languages: []string{"de", "", "en"}, Times: &[]time.Time{{}}, Wait: ptr(true),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestDecodeStopsReportingAtMaxFaults(t *testing.T) {
	text := `{"languages": [` + strings.Repeat("1,", 500) + `1], "note": 1, "title": "still read"}`
	var got booking
	faults, err := strictjson.Decode([]byte(text), &got)
	if err != nil || len(faults) != strictjson.MaxFaults || got.Title != "still read" || got.Note != nil {
		t.Errorf("%d faults, error %v, title %q, note %v", len(faults), err, got.Title, got.Note)
	}
	last := fmt.Sprintf("/languages/%d", strictjson.MaxFaults-1)
	if len(faults) > 0 && faults[len(faults)-1].Pointer != last {
		t.Errorf("the last fault is at %s, want %s", faults[len(faults)-1].Pointer, last)
	}
	// Where the text ends is not forgotten over it.
	_, err = strictjson.Decode([]byte(text[:len(text)-1]), &got)
	var syntax *strictjson.SyntaxError
	if !errors.As(err, &syntax) {
		t.Errorf("error %v, want a *SyntaxError", err)
	}
}

func TestDecodeSyntaxErrors(t *testing.T) {
	const (
		notJSON = "is not JSON"
		early   = "ends too early"
		bare    = `has a bare line break or control character in a string, where only an escape such as \n may stand`
		after   = "has something after the JSON value"
		deep    = "is nested deeper than 32 levels"
	)
	tests := []struct {
		text   string
		reason string
		offset int64
	}{
		{"", "is empty", 0},
		{" \n", "is empty", 2},
		{`{"title": "a`, early, 12},
		{`{"title"`, early, 8},
		{`{"nope": [1, {"a"`, early, 17},
		{`tru`, early, 3},
		{`{`, early, 1},
		{`{} {}`, after, 2},
		{`{}x`, after, 2},
		{`{'title': 1}`, notJSON, 1},
		{`{title: 1}`, notJSON, 2},
		{`{"title": "a",}`, notJSON, 13},
		{`{"seats": 01}`, notJSON, 11},
		{`{"seats": NaN}`, notJSON, 10},
		{`{"title": "\x"}`, notJSON, 11},
		{`{"nope": "\x"}`, notJSON, 10},
		{`{"startsAt": "\x"}`, notJSON, 14},
		{`{"seats": -}`, notJSON, 11},
		{`{"other": {"tried": "\x"}}`, notJSON, 21},
		{`{"links": [{"url": "a"}, {"url": tru}]}`, notJSON, 36},
		{`{1: 2}`, notJSON, 1},
		{`{"languages": ["a" "b"]}`, notJSON, 19},
		{`{"languages": ["a"}`, notJSON, 18},
		{`// comment`, notJSON, 0},
		{"\ufeff{}", notJSON, 0},
		{"{\"title\": \"a\nb\"}", bare, 12},
		{"{\"title\": \"a\x00b\"}", bare, 12},
		{"{\"title\": \"\xff\"}", "is not UTF-8", 11},
		{"{\"title\": \"\xed\xa0\x80\"}", "is not UTF-8", 11},
		{"{} \xff", "is not UTF-8", 3},
		{"\xff\xfe{\x00", "is not UTF-8", 0},
		{`{"nope": ` + strings.Repeat("[", 32), deep, 41},
		{`{"nope": ` + strings.Repeat(`[`, 31) + strings.Repeat("]", 31) + `, "x": 1`, early, 79},
		{strings.Repeat("[", 100_000), deep, 33},
	}
	for _, test := range tests {
		t.Run(test.text[:min(len(test.text), 30)], func(t *testing.T) {
			var got booking
			faults, err := strictjson.Decode([]byte(test.text), &got)
			var syntax *strictjson.SyntaxError
			if !errors.As(err, &syntax) || faults != nil {
				t.Fatalf("faults %v, error %v; want a *SyntaxError alone", faults, err)
			}
			if syntax.Reason != test.reason || syntax.Offset != test.offset {
				t.Errorf("%q at byte %d, want %q at %d", syntax.Reason, syntax.Offset, test.reason, test.offset)
			}
			if !strings.Contains(err.Error(), test.reason) {
				t.Errorf("the message %q does not give the reason", err)
			}
		})
	}
}

func TestDecodeDepth(t *testing.T) {
	type level1 struct {
		Lists [][][][][][][][]string `json:"lists"`
	}
	var got level1
	if faults, err := strictjson.Decode([]byte(`{"lists": [[[[[[[["deep"]]]]]]]]}`), &got); err != nil || faults != nil {
		t.Errorf("8 lists in an object: faults %v, error %v", faults, err)
	}
	var flat booking
	text := `{"nope": ` + strings.Repeat("[", 31) + strings.Repeat("]", 31) + `}`
	if faults, err := strictjson.Decode([]byte(text), &flat); err != nil || len(faults) != 1 {
		t.Errorf("32 levels: faults %v, error %v", faults, err)
	}
}

func TestSyntaxErrorKeepsItsCause(t *testing.T) {
	_, err := strictjson.Decode([]byte(`{,}`), new(booking))
	var cause *jsontext.SyntacticError
	if !errors.As(err, &cause) {
		t.Errorf("error %v does not unwrap to the tokenizer's", err)
	}
}

// A type that cannot be read into is a mistake in the program, found by the first test that uses it.
func TestDecodePanicsOnTypesItCannotRead(t *testing.T) {
	type self struct {
		Next *self `json:"next"`
	}
	// Made by reflection: go vet would not let them stand here.
	structOf := func(fields ...reflect.StructField) any { return reflect.New(reflect.StructOf(fields)).Interface() }
	a := reflect.StructField{Name: "A", Type: reflect.TypeFor[int](), Tag: `json:"a"`}
	b := reflect.StructField{Name: "B", Type: reflect.TypeFor[int](), Tag: `json:"a"`}
	hidden := reflect.StructField{Name: "a", PkgPath: "p", Type: reflect.TypeFor[int](), Tag: `json:"a"`}
	var tooMany []reflect.StructField
	for i := range 65 {
		tooMany = append(tooMany, reflect.StructField{
			Name: fmt.Sprintf("F%d", i), Type: reflect.TypeFor[int](), Tag: reflect.StructTag(fmt.Sprintf(`json:"f%d"`, i)),
		})
	}
	for name, into := range map[string]any{
		"no pointer":  booking{},
		"nil":         nil,
		"nil pointer": (*booking)(nil),
		"no struct":   new(string),
		"float": &struct {
			A float64 `json:"a"`
		}{},
		"map": &struct {
			A map[string]string `json:"a"`
		}{},
		"any": &struct {
			A any `json:"a"`
		}{},
		"unsigned": &struct {
			A uint `json:"a"`
		}{},
		"two stars": &struct {
			A **int `json:"a"`
		}{},
		"no tag": &struct{ A int }{},
		"left out": &struct {
			A int `json:"-"`
		}{},
		"unexported": structOf(hidden),
		"same name":  structOf(a, b),
		"65 fields":  structOf(tooMany...),
		"other rule": &struct {
			A string `json:"a" text:"line"`
		}{},
		"rule on int": &struct {
			A int `json:"a" text:"lines"`
		}{},
		"itself": &self{},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Errorf("%T was accepted", into)
				}
			}()
			_, _ = strictjson.Decode([]byte(`{}`), into)
		})
	}
}

// Decoders are reused; neither texts nor faults may leak from one call into another.
func TestDecodeInParallel(t *testing.T) {
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for n := range 200 {
				title := fmt.Sprintf("title %d of %d", n, i)
				text := []byte(`{"title": "` + title + `", "nope` + title + `": 1}`)
				var got booking
				faults, err := strictjson.Decode(text, &got)
				clear(text)
				if err != nil || got.Title != title || len(faults) != 1 || faults[0].Pointer != "/nope"+title {
					t.Errorf("got %q, faults %v, error %v", got.Title, faults, err)
				}
			}
		})
	}
	all.Wait()
}
