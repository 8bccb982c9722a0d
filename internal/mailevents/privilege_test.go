package mailevents_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/samtemplate"
	"flashmentoring/internal/sesbox"
	"flashmentoring/internal/table"
	"flashmentoring/internal/table/tabletest"
)

// proof.md S7: what events do to storage is what their function's role allows, and nothing less.
func TestTheRoleAllowsWhatEventsDo(t *testing.T) {
	var audit *tabletest.Audit
	w := open(t, func(engine table.Table) table.Table {
		audit = tabletest.NewAudit(engine)
		return audit
	})
	audit.During(func() {
		for _, outcome := range []sesbox.Outcome{sesbox.SoftBounced, sesbox.Bounced, sesbox.Bounced, sesbox.Complained} {
			if err := w.take(t.Context(), string(mailToRana.Event(outcome, ours, noon))); err != nil {
				t.Fatal(err)
			}
		}
	})
	template, err := samtemplate.Load("../../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	allowed, err := template.Grants("MailEventsFunction", "Table")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(allowed, audit.Done()); diff != "" {
		t.Errorf("the role in template.yaml and what is done differ (-allowed +done):\n%s", diff)
	}
}
