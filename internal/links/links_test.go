package links_test

import (
	"encoding/base64"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"flashmentoring/internal/links"
	"flashmentoring/internal/mentoring"
)

var (
	now     = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	ada     = string(mentoring.PersonIDFor("https://issuer.example", "ada"))
	ben     = string(mentoring.PersonIDFor("https://issuer.example", "ben"))
	booking = string(mentoring.NewBookingID([16]byte{15: 7}))
	another = string(mentoring.NewBookingID([16]byte{15: 8}))
)

// samples has one link of each purpose.
var samples = []links.Link{
	{Purpose: links.Manage, Person: ada, Booking: booking, Generation: 3, Expires: now.Add(time.Hour)},
	{Purpose: links.Survey, Person: ada, Booking: booking, Expires: now.Add(time.Hour)},
	{Purpose: links.Unsubscribe, Person: ada, Expires: now.Add(time.Hour)},
	{Purpose: links.Feed, Person: ada, Generation: 200, Expires: now.Add(time.Hour)},
	{Purpose: links.Outcome, Person: ada, Booking: booking, Generation: 3, Expires: now.Add(time.Hour)},
}

func key(id string) links.Key { return links.Key{ID: id, Secret: []byte(strings.Repeat(id, 32))} }

func signer(t testing.TB, keys ...links.Key) *links.Signer {
	t.Helper()
	s, err := links.New("https://flash.example.org", keys...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func sign(t testing.TB, s *links.Signer, l links.Link) string {
	t.Helper()
	token, err := s.Sign(l)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func TestOpenReadsWhatSignWrote(t *testing.T) {
	s := signer(t, key("a"))
	rapid.Check(t, func(t *rapid.T) {
		bits := rapid.SliceOfN(rapid.Byte(), 16, 16)
		want := rapid.SampledFrom(samples).Draw(t, "link")
		want.Person = string(mentoring.PersonIDFor("i", rapid.String().Draw(t, "person")))
		if want.Booking != "" {
			want.Booking = string(mentoring.NewBookingID([16]byte(bits.Draw(t, "booking"))))
		}
		want.Generation = rapid.Int64Range(0, math.MaxInt64).Draw(t, "generation")
		want.Expires = time.Unix(rapid.Int64Range(0, math.MaxUint32).Draw(t, "expires"), 0).UTC()
		token, err := s.Sign(want)
		if err != nil {
			t.Fatal(err)
		}
		got, err := s.Open(token, want.Purpose, want.Expires.Add(-1))
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Fatalf("error %v (-want +got):\n%s", err, diff)
		}
		if _, err = s.Open(token, want.Purpose, want.Expires); !errors.Is(err, links.ErrExpired) {
			t.Fatalf("at its expiry: error %v", err)
		}
	})
}

// A link that is out stays good: what its token looks like is fixed, not only that it can be read back.
func TestTokenOfToday(t *testing.T) {
	const want = "AQFhawK9IAPoVncZ2spfJB7RUErVN1XAAAAAAAAAAAAAAAAAAAAAB4DUbiwRJstARX8Q3haH8Dg"
	token := sign(t, signer(t, key("a")), samples[0])
	if token != want {
		t.Errorf("token %s, want %s", token, want)
	}
}

func TestAddresses(t *testing.T) {
	s := signer(t, key("a"))
	expires := now.Add(time.Hour)
	for purpose, make := range map[links.Purpose]func() (string, error){
		links.Manage:      func() (string, error) { return s.Manage(ada, booking, 3, expires) },
		links.Survey:      func() (string, error) { return s.Survey(ada, booking, 0, expires) },
		links.Unsubscribe: func() (string, error) { return s.Unsubscribe(ada, expires) },
		links.Feed:        func() (string, error) { return s.Feed(ada, 200, expires) },
		links.Outcome:     func() (string, error) { return s.Outcome(ada, booking, 3, expires) },
	} {
		around := map[links.Purpose][2]string{
			links.Manage: {"/manage/", ""}, links.Survey: {"/survey/", ""}, links.Unsubscribe: {"/unsubscribe/", ""},
			links.Feed: {"/calendar/", "/sessions.ics"}, links.Outcome: {"/outcome/", ""},
		}[purpose]
		want := samples[purpose-1]
		address, err := make()
		if err != nil || address != "https://flash.example.org"+around[0]+sign(t, s, want)+around[1] {
			t.Errorf("purpose %d: %s, %v", purpose, address, err)
		}
	}
	if _, err := s.Manage("somebody", booking, 0, expires); !errors.Is(err, links.ErrLink) {
		t.Errorf("a person without an id: error %v", err)
	}
}

// proof.md S3: whatever bit of a token is turned over, it is none any more.
func TestEveryFlippedBitIsRefused(t *testing.T) {
	s := signer(t, key("a"), key("b"))
	for _, l := range samples {
		token := sign(t, s, l)
		for i := range len(token) * 8 {
			flipped := []byte(token)
			flipped[i/8] ^= 1 << (i % 8)
			if _, err := s.Open(string(flipped), l.Purpose, now); !errors.Is(err, links.ErrInvalid) {
				t.Errorf("purpose %d, bit %d: error %v", l.Purpose, i, err)
			}
		}
		bits, err := base64.RawURLEncoding.DecodeString(token)
		if err != nil {
			t.Fatal(err)
		}
		for i := range len(bits) * 8 {
			bits[i/8] ^= 1 << (i % 8)
			flipped := base64.RawURLEncoding.EncodeToString(bits)
			bits[i/8] ^= 1 << (i % 8)
			if _, err := s.Open(flipped, l.Purpose, now); !errors.Is(err, links.ErrInvalid) {
				t.Errorf("purpose %d, bit %d of what is encoded: error %v", l.Purpose, i, err)
			}
		}
	}
	t.Logf("figure S3: every bit of links of %d purposes turned over: refused", len(samples))
}

// A token is good for its own purpose and for no other.
func TestOtherPurpose(t *testing.T) {
	s := signer(t, key("a"))
	for _, l := range samples {
		for _, other := range samples {
			_, err := s.Open(sign(t, s, l), other.Purpose, now)
			if other.Purpose == l.Purpose && err != nil || other.Purpose != l.Purpose && !errors.Is(err, links.ErrPurpose) {
				t.Errorf("a token for %d opened for %d: error %v", l.Purpose, other.Purpose, err)
			}
		}
	}
}

// What is signed for one booking, person or generation is the token of no other: the parts of two tokens make no third.
func TestPartsOfTwoTokens(t *testing.T) {
	s := signer(t, key("a"))
	mine := samples[0]
	for _, change := range []func(*links.Link){
		func(l *links.Link) { l.Booking = another },
		func(l *links.Link) { l.Person = ben },
		func(l *links.Link) { l.Generation++ },
		func(l *links.Link) { l.Expires = l.Expires.Add(time.Second) },
	} {
		theirs := mine
		change(&theirs)
		a, b := sign(t, s, mine), sign(t, s, theirs)
		if got, err := s.Open(b, links.Manage, now); err != nil || got != theirs {
			t.Errorf("got %+v, %v", got, err)
		}
		for i := 1; i < len(a); i++ {
			if mixed := a[:i] + b[i:]; mixed != a && mixed != b {
				if _, err := s.Open(mixed, links.Manage, now); !errors.Is(err, links.ErrInvalid) {
					t.Errorf("mixed at %d: error %v", i, err)
				}
			}
		}
	}
}

func TestKeys(t *testing.T) {
	before, during, after := signer(t, key("a")), signer(t, key("b"), key("a")), signer(t, key("b"))
	old, fresh := sign(t, before, samples[0]), sign(t, during, samples[0])
	impostor := signer(t, links.Key{ID: "a", Secret: []byte(strings.Repeat("x", 32))})
	for _, test := range []struct {
		name  string
		s     *links.Signer
		token string
		want  error
	}{
		{"the old key while both are accepted", during, old, nil},
		{"the new key while both are accepted", during, fresh, nil},
		{"the new key when the old one is gone", after, fresh, nil},
		{"the old key when it is gone", after, old, links.ErrInvalid},
		{"the new key before it is known", before, fresh, links.ErrInvalid},
		{"another secret of the same id", impostor, old, links.ErrInvalid},
	} {
		if _, err := test.s.Open(test.token, links.Manage, now); !errors.Is(err, test.want) {
			t.Errorf("%s: error %v, want %v", test.name, err, test.want)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	s := signer(t, key("a"))
	for _, l := range samples {
		token := sign(t, s, l)
		for i := range token {
			if _, err := s.Open(token[:i], l.Purpose, now); !errors.Is(err, links.ErrInvalid) {
				t.Errorf("cut to %d: error %v", i, err)
			}
		}
		for name, other := range map[string]string{
			"longer":         token + "A",
			"padded":         token + "==",
			"a line end":     token[:9] + "\n" + token[9:],
			"a return":       token + "\r",
			"a space":        " " + token,
			"other alphabet": strings.NewReplacer("-", "+", "_", "/").Replace(token) + "+",
			"twice":          token + token,
		} {
			if _, err := s.Open(other, l.Purpose, now); !errors.Is(err, links.ErrInvalid) {
				t.Errorf("%s: error %v", name, err)
			}
		}
	}
}

// The last character of a token whose length is no multiple of three has bits to spare. They must be zero.
func TestSpareBits(t *testing.T) {
	s := signer(t, key("a"))
	token := sign(t, s, samples[0])
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	if len(token)%4 == 0 {
		t.Fatal("this token has none")
	}
	accepted := 0
	for _, last := range alphabet {
		if _, err := s.Open(token[:len(token)-1]+string(last), links.Manage, now); err == nil {
			accepted++
		}
	}
	if accepted != 1 {
		t.Errorf("%d forms of one token are accepted", accepted)
	}
}

func TestSignRefuses(t *testing.T) {
	s := signer(t, key("a"))
	for name, change := range map[string]func(*links.Link){
		"no purpose":             func(l *links.Link) { l.Purpose = 0 },
		"an unknown purpose":     func(l *links.Link) { l.Purpose = 9 },
		"nobody":                 func(l *links.Link) { l.Person = "" },
		"a booking as a person":  func(l *links.Link) { l.Person = booking },
		"a short id":             func(l *links.Link) { l.Person = ada[:len(ada)-1] },
		"a long id":              func(l *links.Link) { l.Booking += "a" },
		"an id in capitals":      func(l *links.Link) { l.Booking = "bkg_" + strings.ToUpper(booking[4:]) },
		"an id with a line end":  func(l *links.Link) { l.Booking = booking[:len(booking)-1] + "\n" },
		"an id with spare bits":  func(l *links.Link) { l.Booking = booking[:len(booking)-1] + "b" },
		"no booking":             func(l *links.Link) { l.Booking = "" },
		"a booking too many":     func(l *links.Link) { l.Purpose = links.Feed },
		"a negative generation":  func(l *links.Link) { l.Generation = -1 },
		"before 1970":            func(l *links.Link) { l.Expires = time.Time{} },
		"beyond 32 bits":         func(l *links.Link) { l.Expires = time.Unix(1<<32, 0) },
		"a person and no prefix": func(l *links.Link) { l.Person = strings.TrimPrefix(ada, "per_") },
	} {
		l := samples[0]
		change(&l)
		if token, err := s.Sign(l); !errors.Is(err, links.ErrLink) || token != "" {
			t.Errorf("%s: %q, error %v", name, token, err)
		}
	}
}

func TestNewRefuses(t *testing.T) {
	good := key("a")
	for name, test := range map[string]struct {
		base string
		keys []links.Key
		want string
	}{
		"no key":         {"https://a.example", nil, "no key"},
		"no id":          {"https://a.example", []links.Key{{Secret: good.Secret}}, `"" is not the id`},
		"a long id":      {"https://a.example", []links.Key{{strings.Repeat("a", 17), good.Secret}}, "is not the id"},
		"an odd id":      {"https://a.example", []links.Key{{"a b", good.Secret}}, `"a b" is not the id`},
		"one id twice":   {"https://a.example", []links.Key{good, good}, "two keys are called a"},
		"a short secret": {"https://a.example", []links.Key{{"a", good.Secret[1:]}}, "shorter than 32 bytes"},
		"a path":         {"https://a.example/", []links.Key{good}, "is not the address"},
		"no scheme":      {"a.example", []links.Key{good}, "is not the address"},
		"a user":         {"https://me@a.example", []links.Key{good}, "is not the address"},
		"a line end":     {"https://a.example\n", []links.Key{good}, "is not the address"},
	} {
		_, err := links.New(test.base, test.keys...)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v", name, err)
		}
		if err != nil && strings.Contains(err.Error(), string(good.Secret)) {
			t.Errorf("%s: the error holds a secret", name)
		}
	}
	if s, err := links.New("", good); err != nil {
		t.Error(err)
	} else if address, err := s.Manage(ada, booking, 0, now); err != nil || !strings.HasPrefix(address, "/manage/") {
		t.Errorf("without a base: %s, %v", address, err)
	}
}

// Whatever is sent as a token: no panic, and what is accepted is what would be signed for the same link.
func FuzzOpen(f *testing.F) {
	s := signer(f, key("a"), key("b"))
	for _, l := range samples {
		f.Add(sign(f, s, l))
	}
	f.Add("")
	f.Add("AQE")
	f.Add(strings.Repeat("A", 64))
	f.Add("Af8" + strings.Repeat("A", 61))
	f.Fuzz(func(t *testing.T, token string) {
		for _, l := range samples {
			got, err := s.Open(token, l.Purpose, now)
			if err != nil {
				continue
			}
			if again, err := s.Sign(got); err != nil || again != token {
				t.Errorf("%q was accepted as %+v, whose token is %q (%v)", token, got, again, err)
			}
		}
	})
}

func BenchmarkSign(b *testing.B) {
	s := signer(b, key("a"), key("b"))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Sign(samples[0]); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	s := signer(b, key("a"), key("b"))
	token := sign(b, s, samples[0])
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Open(token, links.Manage, now); err != nil {
			b.Fatal(err)
		}
	}
}

// A forged token costs no more than a good one.
func BenchmarkOpenForged(b *testing.B) {
	s := signer(b, key("a"), key("b"))
	token := sign(b, signer(b, links.Key{ID: "a", Secret: make([]byte, 32)}), samples[0])
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Open(token, links.Manage, now); err == nil {
			b.Fatal("accepted")
		}
	}
}
