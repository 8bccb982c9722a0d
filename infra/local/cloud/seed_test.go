package cloud

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestStartOf(t *testing.T) {
	at := func(text string) time.Time {
		parsed, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return parsed
	}
	tests := []struct {
		name, now, zone string
		workday         int
		at, want        string
	}{
		{"tomorrow", "2026-11-24T09:00:00Z", "UTC", 1, "15:30", "2026-11-25T15:30:00Z"},
		{"over a weekend", "2026-11-27T09:00:00Z", "UTC", 1, "09:00", "2026-11-30T09:00:00Z"},
		{"from a Saturday", "2026-11-28T09:00:00Z", "UTC", 2, "09:00", "2026-12-01T09:00:00Z"},
		{"over two weekends", "2026-11-24T09:00:00Z", "UTC", 9, "09:00", "2026-12-07T09:00:00Z"},
		{"where it is tomorrow already", "2026-11-24T23:00:00Z", "Pacific/Auckland", 1, "09:30", "2026-11-26T09:30:00+13:00"},
		{"where it is still today", "2026-11-24T03:00:00Z", "America/Bogota", 1, "09:00", "2026-11-24T09:00:00-05:00"},
		{"over a change of the clocks", "2026-10-23T09:00:00Z", "Europe/Berlin", 1, "09:00", "2026-10-26T09:00:00+01:00"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := startOf(seedSlot{Workday: test.workday, At: test.at}, test.zone, at(test.now))
			if err != nil || !got.Equal(at(test.want)) {
				t.Errorf("got %v (%v), want %s", got, err, test.want)
			}
		})
	}
	for _, wrong := range []seedSlot{{At: "25:00"}, {At: "noon"}} {
		if _, err := startOf(wrong, "UTC", time.Now()); err == nil {
			t.Errorf("%+v: no error", wrong)
		}
	}
	if _, err := startOf(seedSlot{At: "09:00"}, "Europe/Atlantis", time.Now()); err == nil {
		t.Error("a zone that does not exist: no error")
	}
}

// Seeds use addresses that belong to nobody (RFC 2606), and name only people and slots that are there.
func TestSeedsAreConsistent(t *testing.T) {
	slots := map[string]bool{}
	for _, s := range seeds.Slots {
		expert, known := seeds.known(s.Expert)
		if slots[s.Name] || !known || expert.Part != "expert" {
			t.Errorf("slot %q is there twice, or %q is no expert", s.Name, s.Expert)
		}
		slots[s.Name] = true
	}
	for _, b := range seeds.Bookings {
		if requester, known := seeds.known(b.Requester); !slots[b.Slot] || !known || requester.Part == "coordinator" {
			t.Errorf("%q books %q", b.Requester, b.Slot)
		}
	}
	for _, call := range seeds.Calls {
		if _, known := seeds.known(call.As); !known {
			t.Errorf("%q calls %s", call.As, call.Path)
		}
	}
	subs := map[string]bool{}
	for _, p := range seeds.People {
		_, domain, _ := strings.Cut(p.Email, "@")
		reserved := strings.HasSuffix(domain, ".example") ||
			slices.Contains([]string{"example.org", "example.com", "example.net"}, domain)
		if subs[p.Sub] || !reserved || p.faults() != nil || p.Profile["name"] != p.Name {
			t.Errorf("%s at %s: %v", p.Name, domain, p.faults())
		}
		subs[p.Sub] = true
	}
}

// The rules that the seeds are to show are met, by those concerned.
func TestSeedsMeetTheRules(t *testing.T) {
	c, err := Start(t.Context(), Config{DataDir: t.TempDir(), Table: Bolt})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for _, test := range []struct{ sub, title, code string }{
		{"noah", "Threat modelling on one page", ""},
		{"noah", "Getting through your first on-call week", "conflict_of_interest"}, // Jonas manages him
		{"kwame", "Choosing where to publish", "expert_cap_reached"},
		{"tariq", "One hour on your data model", "slot_full"},
		{"sofia", "Threat modelling on one page", "not seen"}, // she blocked Tariq
		{"tariq", "Threat modelling on one page", "own_slot"},
	} {
		who, _ := seeds.known(test.sub)
		list, got := c.openSlots(t.Context(), who.Person), "not seen"
		for _, s := range list.Items {
			if s.Title == test.title {
				got = s.Bookable.Code
			}
		}
		if got != test.code || list.Problem != "" {
			t.Errorf("%s and %q: %q, want %q %s", test.sub, test.title, got, test.code, list.Problem)
		}
	}
}

// What is to be pasted into a shell arrives there as it was.
func TestQuote(t *testing.T) {
	for _, text := range []string{"", "plain", "O'Byron", "''", "$HOME `x` \\ \"\n!", "{\"a\":\"it's\"}"} {
		shell, err := exec.LookPath("sh")
		if err != nil {
			t.Fatal(err)
		}
		got, err := exec.Command(shell, "-c", "printf %s "+quote(text)).Output()
		if err != nil || string(got) != text {
			t.Errorf("%q arrives as %q (%v)", text, got, err)
		}
	}
}
