package dispatch_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/samtemplate"
	"flashmentoring/internal/table"
	"flashmentoring/internal/table/tabletest"
)

// proof.md S7: what mailer and clock do to storage is what their roles allow, and nothing less. The longest way is taken: people
// are told of bookings, brought together with a manager they awaited, and forgotten after they have left.
func TestTheRolesAllowWhatIsDispatched(t *testing.T) {
	template, err := samtemplate.Load("../../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for function, work := range map[string]func(*testing.T, *world){
		"MailerFunction": func(t *testing.T, w *world) { w.news(t) },
		"ClockFunction":  func(t *testing.T, w *world) { w.tick(t, time.Minute) },
	} {
		t.Run(function, func(t *testing.T) {
			var audit *tabletest.Audit
			w := open(t, func(engine table.Table) table.Table {
				audit = tabletest.NewAudit(engine)
				return audit
			})
			l := w.lives(t)
			w.books(t, l.ben, w.slot(t, 1, mentoring.Instant, 80*time.Hour))
			rows := []mentoring.ImportRow{{Email: l.eve.Email, Manager: "boss@example.org"}}
			done[[]mentoring.Verdict](t)(w.desk.Import(t.Context(), desk.Caller{Coordinator: true}, rows, desk.Once{}))
			w.enrolled(t, "boss")
			if err := w.desk.Erase(t.Context(), l.zyx); err != nil {
				t.Fatal(err)
			}
			audit.During(func() { work(t, w) })
			w.now = w.now.Add(mentoring.ForgetAfter)
			audit.During(func() { work(t, w) })

			allowed, err := template.Grants(function, "Table")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(allowed, audit.Anywhere()); diff != "" {
				t.Errorf("the role in template.yaml and what is done differ (-allowed +done):\n%s", diff)
			}
		})
	}
}
