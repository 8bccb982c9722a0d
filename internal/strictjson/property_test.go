package strictjson_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"flashmentoring/internal/strictjson"
)

// What encoding/json writes is read back the same.
func TestDecodeReadsWhatEncodingJSONWrites(t *testing.T) {
	line := rapid.StringOf(rapid.RuneFrom([]rune(`abc "\/<>&'` + "äλ世👋\u200d\u00a0")))
	lines := rapid.StringOf(rapid.RuneFrom([]rune("ab \n\t\u2028\"\\ö")))
	moment := rapid.Custom(func(t *rapid.T) time.Time {
		sec := rapid.Int64Range(-62135596800, 253402300799).Draw(t, "sec")
		offset := 60 * rapid.IntRange(-12*60, 14*60).Draw(t, "offset")
		at := time.Unix(sec, rapid.Int64Range(0, 999999999).Draw(t, "nsec")).In(time.FixedZone("", offset))
		if y := at.Year(); y < 1 || y > 9999 {
			return at.UTC() // encoding/json refuses the others
		}
		return at
	})
	purposes := rapid.Custom(func(t *rapid.T) purpose {
		return purpose{
			Kind: kind(line.Draw(t, "kind")), Question: lines.Draw(t, "question"), Tried: rapid.Ptr(lines, true).Draw(t, "tried"),
		}
	})
	links := rapid.Custom(func(t *rapid.T) link { return link{URL: line.Draw(t, "url")} })
	bookings := rapid.Custom(func(t *rapid.T) booking {
		b := booking{
			Title: line.Draw(t, "title"), Note: rapid.Ptr(line, true).Draw(t, "note"),
			Private: rapid.Bool().Draw(t, "private"), Wait: rapid.Ptr(rapid.Bool(), true).Draw(t, "wait"),
			Seats: rapid.Int().Draw(t, "seats"), Minutes: rapid.Ptr(rapid.Int(), true).Draw(t, "minutes"),
			Bytes: rapid.Int64().Draw(t, "bytes"), StartsAt: moment.Draw(t, "startsAt"),
			EndsAt: rapid.Ptr(moment, true).Draw(t, "endsAt"), Purpose: purposes.Draw(t, "purpose"),
			Other: rapid.Ptr(purposes, true).Draw(t, "other"), Tilde: line.Draw(t, "tilde"),
		}
		// Not empty: omitempty leaves empty slices out.
		if rapid.Bool().Draw(t, "lists") {
			b.Languages = rapid.SliceOfN(line, 1, 3).Draw(t, "languages")
			b.Lines = rapid.SliceOfN(lines, 1, 3).Draw(t, "lines")
			b.Links = rapid.SliceOfN(links, 1, 3).Draw(t, "links")
			b.More = rapid.SliceOfN(rapid.Ptr(links, false), 1, 3).Draw(t, "more")
			times := rapid.SliceOfN(moment, 1, 3).Draw(t, "times")
			b.Times = &times
		}
		return b
	})
	rapid.Check(t, func(t *rapid.T) {
		want := bookings.Draw(t, "booking")
		data, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var got booking
		faults, err := strictjson.Decode(data, &got)
		if err != nil || faults != nil {
			t.Fatalf("%s: faults %v, error %v", data, faults, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%s (-want +got):\n%s", data, diff)
		}
	})
}

// Decode never panics; what it accepts, encoding/json accepts with the same result; what it finds fault with, it can
// point at; and what it calls no JSON, encoding/json calls so too or it is one of the three things only this package
// refuses.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		``, `{}`, `[]`, `{"title": "a", "title": null, "Title": 1}`, `{"seats": 1e3, "bytes": -0}`,
		`{"startsAt": "2026-05-04T15:00:00.5+02:00", "endsAt": "2026-05-04T15:00:00", "times": ["x"]}`,
		`{"languages": ["de", "\ud83d\udc4b", "\ud800", "a\nb", "` + "\u202e" + `"], "lines": ["a\nb"]}`,
		`{"other": {"tried": "\u0000"}, "links": [{"url": ""}, {}, null], "a~/b": [[[[]]]]}`, "\xff", `{"title": "`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		before := bytes.Clone(data)
		var got booking
		faults, err := strictjson.Decode(data, &got)
		if !bytes.Equal(before, data) {
			t.Fatal("the text was changed")
		}
		if err != nil {
			var syntax *strictjson.SyntaxError
			if !errors.As(err, &syntax) || faults != nil || syntax.Offset < 0 || syntax.Offset > int64(len(data)) {
				t.Fatalf("faults %v, error %v", faults, err)
			}
			switch syntax.Reason {
			case "is not UTF-8", "is nested deeper than 32 levels":
			default:
				if json.Valid(data) {
					t.Fatalf("%v, but it is JSON", err)
				}
			}
			return
		}
		if !json.Valid(data) {
			t.Fatal("it is not JSON")
		}
		if len(faults) > strictjson.MaxFaults {
			t.Fatalf("%d faults", len(faults))
		}
		for _, fault := range faults {
			if !jsontext.Pointer(fault.Pointer).IsValid() || fault.Code == "" || fault.Detail == "" {
				t.Fatalf("fault %+v", fault)
			}
		}
		if faults != nil {
			return
		}
		strict := json.NewDecoder(bytes.NewReader(data))
		strict.DisallowUnknownFields()
		var want booking
		if err := strict.Decode(&want); err != nil {
			t.Fatalf("encoding/json: %v", err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("(-encoding/json +strictjson):\n%s", diff)
		}
	})
}
