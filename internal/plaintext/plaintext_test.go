package plaintext_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"flashmentoring/internal/plaintext"
)

func TestLine(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"plain", "Reading Go", "Reading Go"},
		{"nothing", "", ""},
		{"spaces", "  a \t b\u00a0\u3000c  ", "a b c"},
		{"line breaks", "a\r\nBcc: b\u2028c\u0085d", "a Bcc: b c d"},
		{"control characters", "a\x00b\x7fc\u009fd", "a b c d"},
		{"turned text", "\u202egnp.exe \u2066x\u2069", "gnp.exe x"},
		{"invisible", "a\ufeff\u200b\u00ad\u2060b", "ab"},
		{"joiners stay", "می\u200cخواهم 👩\u200d🚀", "می\u200cخواهم 👩\u200d🚀"},
		{"not UTF-8", "a\xff\xfeb", "a\ufffd\ufffdb"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := plaintext.Line(c.in); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestText(t *testing.T) {
	const in = "\n1\n2\r\n3\r4\v5\f6\u00857\u20288\u20299\n\n\t10  \t end\n\n"
	want := strings.Join(strings.Fields("1 2 3 4 5 6 7 8 9"), "\n") + "\n\n10 end"
	if got := plaintext.Text(in); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestLink(t *testing.T) {
	for _, link := range []string{"https://meet.example", "https://meet.example/a?b=1,2;3#c", "https://[::1]:8443/"} {
		if got := plaintext.Link(link); got != link {
			t.Errorf("%q is no link", link)
		}
	}
	for _, other := range []string{
		"", "meet.example", "http://meet.example/", "javascript:alert(1)", "https:///nowhere", "https://a@b.example/",
		"https://a.example/ünïcode", "https://a.example/\u202e", "https://a.example/ b", "https://[::1", "ftp://a.example/x",
		"https://a.example/\r\nX: y", "//a.example/",
	} {
		if got := plaintext.Link(other); got != "" {
			t.Errorf("%q is the link %q", other, got)
		}
	}
}

func TestAddressesAndIDs(t *testing.T) {
	long := strings.Repeat("a", 201)
	for _, c := range []struct {
		s           string
		address, id bool
	}{
		{"a@b.example", true, false},
		{"first.last+tag@b.example", true, false},
		{"bkg_a.booking_confirmed.1", false, true},
		{long, false, false},
		{long + "@b.example", true, false},
		{long + "@" + long + ".example", false, false},
		{"", false, false},
		{"@", false, false},
		{"a@", false, false},
		{"a@@b", false, false},
		{"a..b", false, false},
		{".a", false, false},
		{"a.", false, false},
		{"a b", false, false},
		{"a\r\nb", false, false},
		{"a>b", false, false},
		{`"a b"@b.example`, false, false},
		{"a@[127.0.0.1]", false, false},
		{"à@b.example", false, false},
		{"a@b.example,c@d.example", false, false},
	} {
		if got := plaintext.IsAddress(c.s); got != c.address {
			t.Errorf("%q is an address: %v", c.s, got)
		}
		if got := plaintext.IsID(c.s); got != c.id {
			t.Errorf("%q is an id: %v", c.s, got)
		}
	}
}

func FuzzText(f *testing.F) {
	f.Add("Reading Go")
	f.Add("a\r\n\r\nb\u2028\u202ec\x00\xff")
	f.Fuzz(func(t *testing.T, s string) {
		line, text := plaintext.Line(s), plaintext.Text(s)
		if plaintext.Line(line) != line || plaintext.Text(text) != text {
			t.Errorf("cleaning twice gives another result than once: %q, %q", line, text)
		}
		if strings.Join(strings.Fields(text), " ") != line {
			t.Errorf("line %q and text %q differ by more than breaks", line, text)
		}
		odd := func(r rune) bool {
			return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) && r != '\u200c' && r != '\u200d' ||
				r == '\u2028' || r == '\u2029'
		}
		if strings.ContainsFunc(line, odd) || !utf8.ValidString(line) {
			t.Errorf("strange characters in %q", line)
		}
	})
}
