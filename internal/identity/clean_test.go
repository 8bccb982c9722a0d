package identity

import (
	"net/mail"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// Whatever we take for an address, net/mail takes for the same one, and nothing in it can end a header
// line or begin another address.
func TestAddressesAreAddresses(t *testing.T) {
	part := rapid.OneOf(
		rapid.StringMatching(`[a-zA-Z0-9.-]{1,8}`),
		rapid.StringOfN(rapid.SampledFrom([]rune("aZ9.-_+@\"<>(),;:\\[] \t\r\n\x00é\u202e'=!")), 0, 12, -1))
	accepted := 0
	rapid.Check(t, func(t *rapid.T) {
		end := rapid.SampledFrom([]string{"", ".org"}).Draw(t, "end")
		s := part.Draw(t, "local") + "@" + part.Draw(t, "domain") + end
		address, plain := plainAddress(s)
		if !plain {
			if address != "" {
				t.Fatalf("%q is refused and read as %q", s, address)
			}
			return
		}
		accepted++
		parsed, err := mail.ParseAddress(address)
		if err != nil || parsed.Address != address || parsed.Name != "" {
			t.Fatalf("%q is read as %q, which is %v to net/mail, %v", s, address, parsed, err)
		}
		if strings.ContainsAny(address, " \t\r\n\x00\"<>(),;:\\[]") || len(address) > 254 {
			t.Fatalf("%q is read as %q", s, address)
		}
		if again, plain := plainAddress(address); again != address || !plain {
			t.Fatalf("%q is read as %q, and that as %q", s, address, again)
		}
	})
	if accepted == 0 {
		t.Error("no address was accepted: nothing was tested")
	}
}

func TestNamesAreCleaned(t *testing.T) {
	for in, want := range map[string]string{
		"":                         "",
		"Ana Lima":                 "Ana Lima",
		"  Ana \t\r\n Lima ":       "Ana Lima",
		"\x00\x07\x7f\u0085":       "",
		"Ana\u202egpj.exe":         "Anagpj.exe",
		"\u2066Ana\u2069\ufeff":    "Ana",
		"Ana\u2028Lima":            "Ana Lima",
		"نیک\u200cپی":              "نیک\u200cپی", // a Persian name that needs its non-joiner
		"<b>Ana</b>":               "<b>Ana</b>",  // harmless where it is shown as text, as it must be
		strings.Repeat("ü", 100):   strings.Repeat("ü", 100),
		strings.Repeat("ü", 101):   strings.Repeat("ü", 100),
		strings.Repeat("a ", 5000): strings.Repeat("a ", 49) + "a",
	} {
		if got := displayName(in); got != want {
			t.Errorf("%.40q becomes %q, want %q", in, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		got := displayName(rapid.String().Draw(t, "name"))
		hidden := func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }
		if utf8.RuneCountInString(got) > maxName || strings.ContainsFunc(got, hidden) || got != displayName(got) {
			t.Fatalf("becomes %q", got)
		}
	})
}
