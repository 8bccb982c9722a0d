package pages_test

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/samtemplate"
	"flashmentoring/internal/table"
)

// watched is a table that notes what is done to which kind of record, in the words of a policy, while somebody watches.
type watched struct {
	table.Table
	mu       sync.Mutex
	watching bool
	done     map[string]bool
}

func (w *watched) note(action string, on ...string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, resource := range on {
		if w.watching {
			w.done[action+" "+resource] = true
		}
	}
}

// kind is the pattern of a partition key: "SLOT#*".
func kind(k table.Key) string {
	if before, _, named := strings.Cut(k.PK, "#"); named {
		return before + "#*"
	}
	return k.PK
}

func (w *watched) Get(ctx context.Context, keys ...table.Key) ([]table.Record, error) {
	for _, k := range keys {
		w.note("dynamodb:BatchGetItem", kind(k))
	}
	return w.Table.Get(ctx, keys...)
}

func (w *watched) Query(ctx context.Context, r table.Range) (table.Page, error) {
	on := kind(table.Key{PK: r.PK})
	if r.Index != "" {
		on = "index/" + string(r.Index)
	}
	w.note("dynamodb:Query", on)
	return w.Table.Query(ctx, r)
}

func (w *watched) Commit(ctx context.Context, writes ...table.Write) error {
	for _, one := range writes {
		action := map[table.Action]string{table.Put: "PutItem", table.Delete: "DeleteItem", table.Check: "ConditionCheckItem"}[one.Action]
		w.note("dynamodb:"+action, kind(one.Record.Key))
	}
	return w.Table.Commit(ctx, writes...)
}

// proof.md S7: what pages do to storage, in all that can be done on them, is what their role allows, and nothing less: no kind
// of record, and no way to touch it, is allowed that no page needs.
func TestTheRoleAllowsWhatPagesDo(t *testing.T) {
	var engine *watched
	h := openOn(t, func(bolt table.Table) table.Table {
		engine = &watched{Table: bolt, done: map[string]bool{}}
		return engine
	})
	visits := func(do func()) {
		engine.watching = true
		defer func() { engine.watching = false }()
		do()
	}
	visits(func() {}) // what is not a visit is not counted
	if len(engine.done) != 0 {
		t.Fatalf("noted %v", engine.done)
	}

	// Of an expert with a monthly cap, who is asked first: the seat that one gives up becomes the request of one who waits.
	h.capped(t)
	draft := circle()
	draft.Format, draft.Capacity, draft.Approval = mentoring.OneToOne, new(1), mentoring.OnRequest
	asked := h.booked(t, draft, wish)
	waiting := h.waits(t, h.eve, asked.Slot)
	over := h.over(t)
	visits(func() {
		for _, address := range append(h.others(t, asked), h.survey(t, h.ben, over), h.survey(t, h.ada, over)) {
			h.get(t, address)
		}
		ben := h.manage(t, h.ben, asked)
		h.post(t, ben+"/concern", concern("conduct", "She shouted at me.")).says(t, http.StatusOK)
		h.post(t, ben+"/block", blocking("block")).says(t, http.StatusSeeOther)
		h.post(t, ben+"/block", blocking("unblock")).says(t, http.StatusSeeOther)
		h.post(t, ben+"/cancel", confirm("A trip.")).says(t, http.StatusSeeOther)
	})
	if view, err := h.desk.Booking(t.Context(), h.eve, waiting.ID); err != nil || view.Status != mentoring.Requested {
		t.Fatalf("who waited is %s, %v", view.Status, err)
	}
	last := h.waits(t, h.ben, asked.Slot)
	visits(func() {
		h.post(t, h.manage(t, h.ben, last)+"/cancel", confirm("")).says(t, http.StatusSeeOther) // leaves the list
		h.post(t, h.manage(t, h.ada, waiting)+"/cancel", confirm("")).says(t, http.StatusSeeOther)
		h.post(t, h.unsubscribe(t, h.ben), nil).says(t, http.StatusOK)
		h.post(t, h.survey(t, h.ben, over), took("useful", "5", "nextStep", "Write to Kim", "nextStepOn", "2026-11-20", "noteToProgramme", "Go on.")).
			says(t, http.StatusSeeOther)
		missed := took()
		missed.Set("tookPlace", "requester_absent")
		h.post(t, h.survey(t, h.ada, over), missed).says(t, http.StatusSeeOther)
		h.at = over.EndsAt().Add(mentoring.OutcomeAfter)
		task := string(h.papers(t, h.ben, over).Tasks.Tasks[0].ID)
		h.post(t, h.outcome(t, over), url.Values{"task-" + task: {"done"}, "recommend": {"9"}, "whatChanged": {"Much."}}).says(t, http.StatusSeeOther)
	})

	if diff := cmp.Diff(h.allowed(t), slices.Sorted(maps.Keys(engine.done))); diff != "" {
		t.Errorf("the role in template.yaml and the pages differ (-allowed +done):\n%s", diff)
	}
}

// allowed is what the role of the pages allows on the table, by action and kind of record.
func (h *house) allowed(t *testing.T) (all []string) {
	t.Helper()
	template, err := samtemplate.Load("../../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	statements, err := template.Statements("PagesFunction")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range statements {
		for _, action := range s.Actions {
			for _, resource := range s.Resources {
				index, found := strings.CutPrefix(resource, "${Table.Arn}")
				switch keys := s.Conditions["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]; {
				case !found:
				case index != "":
					all = append(all, action+" "+strings.TrimPrefix(index, "/"))
				case len(keys) == 0:
					t.Errorf("%s on every record", action)
				default:
					for _, key := range keys {
						all = append(all, action+" "+key)
					}
				}
			}
		}
	}
	slices.Sort(all)
	return all
}

// capped gives Ada a monthly cap.
func (h *house) capped(t *testing.T) {
	t.Helper()
	_, err := h.desk.Enrol(t.Context(), h.ada, mentoring.Enrolment{
		Profile:           mentoring.Profile{Name: h.ada.Name, TimeZone: "Europe/Berlin", SurveyMails: true, MonthlySessionCap: 5},
		AcceptGroundRules: true,
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
}

// waits is somebody's place on the waiting list of a slot.
func (h *house) waits(t *testing.T, who desk.Caller, slot mentoring.SlotID) mentoring.Booking {
	t.Helper()
	patient := wish
	patient.JoinWaitlist = true
	view, err := h.desk.Book(t.Context(), who, slot, patient, desk.Once{})
	if err != nil || view.Status != mentoring.Waitlisted {
		t.Fatalf("%s is %s, %v", who.Name, view.Status, err)
	}
	return view.Booking
}
