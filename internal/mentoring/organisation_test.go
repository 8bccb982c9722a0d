package mentoring_test

import (
	"testing"

	"flashmentoring/internal/mentoring"
)

func TestOrganisationOf(t *testing.T) {
	for _, tc := range []struct{ email, want string }{
		{"a@corp.example", "corp.example"},
		{"a@CORP.Example", "corp.example"},
		{"first.last+tag@eu.corp.example", "eu.corp.example"},
		{"a@gmail.com", ""},
		{"a@GMail.Com", ""},
		{"a@googlemail.com", ""},
		{"a@outlook.com", ""},
		{"a@web.de", ""},
		{"a@proton.me", ""},
		{"a@163.com", ""},
		{"gmail.com@corp.example", "corp.example"},
		{"a@notgmail.com", "notgmail.com"},
		{"a@gmail.com.corp.example", "gmail.com.corp.example"},
		{"", ""},
		{"nobody", ""},
		{"nobody@", ""},
		// RFC 5321 section 4.1.2: a quoted local part may hold an @; the domain follows the last one.
		{`"a@b"@corp.example`, "corp.example"},
		{`"a@corp.example"@gmail.com`, ""},
	} {
		t.Run(tc.email, func(t *testing.T) {
			if got := mentoring.OrganisationOf(tc.email); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

// Each of these serves millions of people who share no employer; the last one is what "Sign in with
// Apple" gives to those who hide their address.
func TestFreeMailGivesNoOrganisation(t *testing.T) {
	for _, domain := range []string{
		"aol.com", "fastmail.com", "gmx.net", "hotmail.com", "icloud.com", "live.com", "mail.ru", "qq.com", "yahoo.co.jp", "yandex.ru",
		"hotmail.es", "outlook.es", "outlook.it", "live.nl", "yahoo.com.mx", "yahoo.com.ar", "gmx.co.uk", "tuta.com", "bk.ru", "inbox.ru",
		"foxmail.com", "sina.com", "hanmail.net", "daum.net", "o2.pl", "bigpond.com", "sbcglobal.net", "privaterelay.appleid.com",
	} {
		t.Run(domain, func(t *testing.T) {
			if got := mentoring.OrganisationOf("a@" + domain); got != "" {
				t.Errorf("got %q, want none", got)
			}
		})
	}
}

func TestAffiliationOf(t *testing.T) {
	for _, tc := range []struct {
		viewer, expert string
		want           mentoring.Affiliation
	}{
		{"a.example", "a.example", mentoring.SameOrganisation},
		{"a.example", "b.example", mentoring.Outside},
		{"", "a.example", mentoring.UnknownRelation},
		{"a.example", "", mentoring.UnknownRelation},
		{"", "", mentoring.UnknownRelation},
	} {
		if got := mentoring.AffiliationOf(tc.viewer, tc.expert); got != tc.want {
			t.Errorf("%q looks at %q: got %s, want %s", tc.viewer, tc.expert, got, tc.want)
		}
	}
}
