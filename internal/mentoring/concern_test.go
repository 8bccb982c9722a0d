package mentoring_test

import (
	"testing"

	"flashmentoring/internal/mentoring"
)

// A concern is for coordinators and for whoever raised it, and never for the one it is about.
func TestConcernVisibleTo(t *testing.T) {
	about := mentoring.Concern{By: "ben", About: "ada"}
	ofNobody := mentoring.Concern{By: "ben"}
	for _, test := range []struct {
		name        string
		concern     mentoring.Concern
		who         mentoring.PersonID
		coordinator bool
		want        bool
	}{
		{"its author", about, "ben", false, true},
		{"its author, who is a coordinator", about, "ben", true, true},
		{"a coordinator", about, "dana", true, true},
		{"a coordinator, of one about nobody", ofNobody, "dana", true, true},
		{"whom it is about", about, "ada", false, false},
		{"whom it is about, who is a coordinator", about, "ada", true, false},
		{"somebody else", about, "eve", false, false},
		{"somebody else, of one about nobody", ofNobody, "eve", false, false},
	} {
		if got := test.concern.VisibleTo(test.who, test.coordinator); got != test.want {
			t.Errorf("%s: %v", test.name, got)
		}
	}
}
