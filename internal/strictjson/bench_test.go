package strictjson_test

import (
	"encoding/json"
	"strings"
	"testing"

	"flashmentoring/internal/strictjson"
)

var typical = []byte(`{
	"title": "Reading a profit and loss statement", "private": false, "seats": 3, "minutes": 45,
	"startsAt": "2026-05-04T17:00:00+02:00", "languages": ["de", "en"],
	"purpose": {"kind": "skill_gap", "question": "` + strings.Repeat("What does this line mean? ", 15) + `",
		"tried": "The course on the intranet.\nTwo books."},
	"links": [{"url": "https://example.org/a"}, {"url": "https://example.org/b"}]
}`)

func BenchmarkDecode(b *testing.B) {
	b.SetBytes(int64(len(typical)))
	b.ReportAllocs()
	for b.Loop() {
		var got booking
		if faults, err := strictjson.Decode(typical, &got); err != nil || faults != nil {
			b.Fatal(faults, err)
		}
	}
}

// The same text for comparison, by the decoder that notices nothing.
func BenchmarkEncodingJSON(b *testing.B) {
	b.SetBytes(int64(len(typical)))
	b.ReportAllocs()
	for b.Loop() {
		var got booking
		if err := json.Unmarshal(typical, &got); err != nil {
			b.Fatal(err)
		}
	}
}

// The most that a body of 32 KiB can have wrong.
func BenchmarkDecodeFaults(b *testing.B) {
	data := []byte(`{"links": [` + strings.Repeat(`{"URL":1},`, 3200) + `{}]}`)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		var got booking
		if faults, err := strictjson.Decode(data, &got); err != nil || len(faults) != strictjson.MaxFaults {
			b.Fatal(len(faults), err)
		}
	}
}
