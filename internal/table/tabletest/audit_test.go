package tabletest_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/table"
	"flashmentoring/internal/table/tabletest"
)

// An audit tells actions, indexes and kinds of partitions apart, and notes nothing of what comes before and after.
func TestAudit(t *testing.T) {
	on := tabletest.NewAudit(engine(t))
	of := func(pk string) table.Record { return table.Record{Key: table.Key{PK: pk, SK: "s"}, Data: []byte("{}")} }
	commit(t, on, table.Insert(of("BEFORE")))
	on.During(func() {
		commit(t, on, table.Insert(of("SLOT#1")), table.Insert(of("KEPT")))
		commit(t, on, table.Drop(table.Key{PK: "SLOT#1", SK: "s"}), table.Require(table.Record{Key: table.Key{PK: "KEPT", SK: "s"}, Version: 1}))
		get(t, on, "a")
		for _, index := range []table.Index{"", table.Hosting} {
			if err := querying(index, "PERSON#2")(t.Context(), on); err != nil {
				t.Fatal(err)
			}
		}
	})
	commit(t, on, table.Insert(of("AFTER")))
	want := []string{
		"dynamodb:BatchGetItem p", "dynamodb:ConditionCheckItem KEPT", "dynamodb:DeleteItem SLOT#*", "dynamodb:PutItem KEPT",
		"dynamodb:PutItem SLOT#*", "dynamodb:Query PERSON#*", "dynamodb:Query index/hosting PERSON#*",
	}
	if diff := cmp.Diff(want, on.Done()); diff != "" {
		t.Errorf("(-want +noted):\n%s", diff)
	}
	want = []string{
		"dynamodb:BatchGetItem *", "dynamodb:ConditionCheckItem *", "dynamodb:DeleteItem *", "dynamodb:PutItem *", "dynamodb:Query *",
		"dynamodb:Query index/hosting *",
	}
	if diff := cmp.Diff(want, on.Anywhere()); diff != "" {
		t.Errorf("anywhere (-want +noted):\n%s", diff)
	}
}
