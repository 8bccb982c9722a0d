package desk_test

import (
	"fmt"
	"maps"
	"testing"
	"time"

	"flashmentoring/internal/dynamolocal"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
	"flashmentoring/internal/table/dynamotable"
	"flashmentoring/internal/table/tabletest"
)

// The journeys of the embedded engine, on the real DynamoDB Local.
func TestJourneysOnDynamoDB(t *testing.T) {
	server := dynamolocal.ForTest(t)
	openEngine = func(t testing.TB) table.Table {
		return dynamotable.New(server.Client(), server.TableForTest(t))
	}
	defer func() { openEngine = openBolt }()
	t.Run("journey", TestJourney)
	t.Run("others", TestOthersAreNotFound)
	t.Run("pages", TestPagesAreComplete)
	t.Run("profile", TestSlotsFollowTheirExpert)
	t.Run("refresh", TestRefresh)
	t.Run("enrol", TestEnrol)
	t.Run("one place", TestOnePersonCannotBeInTwoPlaces)
	t.Run("caps", TestCapsHoldInARush)
	t.Run("one key", TestOneKeyOneEffect)
	t.Run("lost replies", TestLostRepliesAreRecognised)
	t.Run("killed", TestKilledAfterTheCommit)
	t.Run("filters", TestCostOfFilters)
	t.Run("cancel", TestCancel)
	t.Run("cancel together", TestCancelTogether)
}

// R1 on the real DynamoDB Local, with its control.
func TestASeatIsNeverSoldTwiceOnDynamoDB(t *testing.T) {
	server := dynamolocal.ForTest(t)
	for _, control := range []bool{false, true} {
		t.Run(fmt.Sprintf("control=%v", control), func(t *testing.T) {
			o := officeOn(dynamotable.New(server.Client(), server.TableForTest(t)), func(engine table.Table) table.Table {
				if control {
					return tabletest.NewUnprotected(slow(engine), seats)
				}
				return engine
			})
			n := 200
			if control { // which commits again and again: fewer do
				n = 20
			}
			expert, people := o.enrolled(t, "expert"), o.crowd(t, n)
			answers := rush(t, o, expert, people, 1, 3*time.Hour)
			if control && answers[""] < 2 {
				t.Fatalf("without protection the seat was sold %d times: the test does not race", answers[""])
			}
			want := map[mentoring.Code]int{"": 1, mentoring.SlotFull: 199}
			if !control && !maps.Equal(want, answers) {
				t.Fatalf("answers %v, want %v", answers, want)
			}
		})
	}
}
