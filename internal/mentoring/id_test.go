package mentoring_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"flashmentoring/internal/mentoring"
)

func random16(t *rapid.T, label string) (bits [16]byte) {
	copy(bits[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, label))
	return bits
}

func TestIdsHaveTheirForm(t *testing.T) {
	slots, bookings := regexp.MustCompile(`^slot_[a-z2-7]{26}$`), regexp.MustCompile(`^bkg_[a-z2-7]{26}$`)
	people := regexp.MustCompile(`^per_[a-z2-7]{26}$`)
	rapid.Check(t, func(t *rapid.T) {
		bits := random16(t, "bits")
		slot, booking := mentoring.NewSlotID(bits), mentoring.NewBookingID(bits)
		person := mentoring.PersonIDFor(rapid.String().Draw(t, "issuer"), rapid.String().Draw(t, "subject"))
		if !slots.MatchString(string(slot)) || !slot.Valid() {
			t.Errorf("%q is not the id of a slot", slot)
		}
		if !bookings.MatchString(string(booking)) || !booking.Valid() {
			t.Errorf("%q is not the id of a booking", booking)
		}
		if !people.MatchString(string(person)) || !person.Valid() {
			t.Errorf("%q is not the id of a person", person)
		}
	})
}

func TestIdsKeepAllTheirBits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bits := random16(t, "bits")
		other := bits
		other[rapid.IntRange(0, 15).Draw(t, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		sameSlot := mentoring.NewSlotID(bits) == mentoring.NewSlotID(other)
		if sameSlot || mentoring.NewBookingID(bits) == mentoring.NewBookingID(other) {
			t.Errorf("one bit of %x makes no difference", bits)
		}
	})
}

func TestIdsOfOneKindAreNotValidAsAnother(t *testing.T) {
	slot, booking := string(slotID(1)), string(bookingID(1))
	person := string(mentoring.PersonIDFor("i", "s"))
	for _, id := range []string{booking, person} {
		if mentoring.SlotID(id).Valid() {
			t.Errorf("%q is valid as a slot's", id)
		}
	}
	for _, id := range []string{slot, person} {
		if mentoring.BookingID(id).Valid() {
			t.Errorf("%q is valid as a booking's", id)
		}
	}
	for _, id := range []string{slot, booking} {
		if mentoring.PersonID(id).Valid() {
			t.Errorf("%q is valid as a person's", id)
		}
	}
}

// Valid guards storage keys: exactly the texts that the constructors make get through.
func TestForeignTextIsNoID(t *testing.T) {
	const a25 = "aaaaaaaaaaaaaaaaaaaaaaaaa"
	for _, body := range []string{
		"", a25, a25 + "aa", a25 + "=", a25 + "A", a25 + "0", a25 + "1", a25 + "8", a25 + "9", a25 + " ", a25 + "#",
		a25 + "\x00", "ä" + a25[1:], "a#" + a25[1:], "../" + a25[2:],
		// The base32 decoder skips line ends, wherever they are.
		a25 + "\n", "\r\n" + a25[1:], strings.Repeat("\n", 26),
		// 26 characters carry 130 bits: of the last one only the upper three may be set.
		a25 + "b", a25 + "c", a25 + "7",
	} {
		t.Run(fmt.Sprintf("%q", body), func(t *testing.T) {
			person, slot := mentoring.PersonID("per_"+body), mentoring.SlotID("slot_"+body)
			booking := mentoring.BookingID("bkg_" + body)
			if person.Valid() || slot.Valid() || booking.Valid() {
				t.Errorf("valid: %q", body)
			}
		})
	}
	for _, id := range []string{
		"", "slot", "slot_", "SLOT_" + a25 + "a", " slot_" + a25 + "a", a25 + "a", "slot_slot_" + a25 + "a",
	} {
		if mentoring.SlotID(id).Valid() {
			t.Errorf("valid: %q", id)
		}
	}
}

// A change here would make everybody a stranger to their own records.
func TestPersonIDForIsStable(t *testing.T) {
	got := mentoring.PersonIDFor("https://issuer.example/pool", "a1b2c3")
	if want := mentoring.PersonID("per_wwto7ullpmgolcft7hdzidf6rq"); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestPersonIDForTellsIssuerFromSubject(t *testing.T) {
	pairs := [][2]string{
		{"", ""}, {"ab", "c"}, {"a", "bc"}, {"abc", ""}, {"", "abc"}, {"a", "\x00bc"}, {"a", "b\x00c"},
		{"c", "ab"}, {"A", "bc"},
	}
	seen := map[mentoring.PersonID][2]string{}
	for _, pair := range pairs {
		id := mentoring.PersonIDFor(pair[0], pair[1])
		if other, taken := seen[id]; taken {
			t.Errorf("%q and %q have one id", pair, other)
		}
		seen[id] = pair
	}
	// An issuer is a URL of our own configuration, hence without a zero byte; a subject is anything.
	rapid.Check(t, func(t *rapid.T) {
		issuers, subjects := rapid.StringMatching(`[ab/:]{0,4}`), rapid.StringMatching(`[ab/:\x00]{0,4}`)
		one := [2]string{issuers.Draw(t, "issuer"), subjects.Draw(t, "subject")}
		two := [2]string{issuers.Draw(t, "other issuer"), subjects.Draw(t, "other subject")}
		if same := mentoring.PersonIDFor(one[0], one[1]) == mentoring.PersonIDFor(two[0], two[1]); same != (one == two) {
			t.Errorf("%q and %q: same id is %v", one, two, same)
		}
	})
}
