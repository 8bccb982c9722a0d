package pages_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/links"
	"flashmentoring/internal/pages"
	"flashmentoring/internal/samtemplate"
)

// TestOneSetOfRoutes: the code and the template name the same routes, and none of them asks for a bearer token.
func TestOneSetOfRoutes(t *testing.T) {
	read, err := samtemplate.Load("../../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	routes, err := read.Routes()
	if err != nil {
		t.Fatal(err)
	}
	var template []string
	for _, r := range routes {
		if r.Function != "PagesFunction" {
			continue
		}
		template = append(template, r.Method+" "+r.Path)
		if r.Authorized {
			t.Errorf("the gateway asks visitors of %s %s for a token", r.Method, r.Path)
		}
	}
	code := pages.Routes()
	slices.Sort(code)
	slices.Sort(template)
	if diff := cmp.Diff(code, template); diff != "" {
		t.Errorf("routes and template.yaml differ (-code +template):\n%s", diff)
	}
}

// Every address that package links makes for a page here leads to one.
func TestLinksLeadHere(t *testing.T) {
	h := open(t)
	b := h.booked(t, circle(), wish)
	for _, l := range []links.Link{
		{Purpose: links.Manage, Booking: string(b.ID)}, {Purpose: links.Unsubscribe}, {Purpose: links.Feed},
	} {
		l.Person, l.Expires = string(h.ben.ID), h.now().AddDate(0, 1, 0)
		link := address(t)(h.links.Address(l))
		if a := h.get(t, link); a.status != http.StatusOK {
			t.Errorf("%s answers %d", strings.SplitAfter(link, "/")[1], a.status)
		}
	}
}
