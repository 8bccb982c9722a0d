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
	for name, test := range map[string]func(*testing.T){
		"journey": TestJourney, "others": TestOthersAreNotFound, "pages": TestPagesAreComplete, "profile": TestSlotsFollowTheirExpert,
		"refresh": TestRefresh, "enrol": TestEnrol, "one place": TestOnePersonCannotBeInTwoPlaces, "caps": TestCapsHoldInARush,
		"filters": TestCostOfFilters, "cancel": TestCancel, "cancel together": TestCancelTogether,
		"sessions": TestSessions, "feed": TestRotateFeed,

		"one key": TestOneKeyOneEffect, "lost replies": TestLostRepliesAreRecognised, "killed": TestKilledAfterTheCommit,
		"pairs": TestPairs,

		"approval": TestApproval, "decline": TestDecline, "withdraw": TestWithdraw, "runs out": TestARequestRunsOut,
		"free again": TestASeatThatRanOutIsFree, "runs out early": TestARequestRunsOutWithTheBookings,

		"wait": TestJoinTheWaitlist, "the list ends": TestTheWaitlistEnds, "promote": TestAFreedSeatGoesToTheFirst,
		"the next": TestADeclinedSeatGoesToTheNext, "several": TestMoreSeatsGoToAsManyAsWait, "leave": TestLeaveTheWaitlist,
		"waits end": TestWaitsEndWithTheBookings, "served later": TestWhoCannotTakeTheSeatIsServedLater,
		"passed over": TestWhoCannotTakeTheSeatIsPassedOver, "too late": TestWhoJoinsTooLateHasTheSeat,

		"move": TestMove, "move fails": TestAMoveThatFailsChangesNothing, "and back": TestMoveThereAndBack,
		"move from a wait": TestMovesChangeWhatABookingIs,

		"batch": TestBatch, "revise": TestRevise, "reschedule": TestReschedule, "close": TestClose, "cancel a slot": TestCancelAFullSlot,
		"too few": TestTooFewBooked, "nobody": TestNobodyBooked, "earlier": TestBookingsEndEarlier, "roster": TestRoster,

		"blocks": TestBlocks, "blocked waiter": TestWhoIsBlockedIsNotPromoted, "pause": TestAPause, "month": TestTheMonthlyCap,
		"months": TestTheMonthFollowsTheSlot, "chain": TestTheManagementChain, "conflict": TestAConflictThatComesLater,
		"conflict and seats": TestAConflictKeepsFromSeats, "suspended": TestSuspended, "late cancels": TestThreeLateCancels,
		"in good time": TestCancellingInGoodTimeIsNoStrike,

		"who sees whom": TestWhoSeesWhom, "assign": TestAssign, "people": TestPeople, "topics": TestTopics, "merged topics": TestMergedTopicsAreFoundTogether,
		"topics at once": TestTwoTopicsAreNotMergedIntoEachOther, "late for a topic": TestPublishingWhileATopicIsDeprecated,
		"counts": TestOpenSlotsAreCounted, "people and erasure": TestWhoLeavesIsNotAmongThePeople, "reports": TestReportsFollow, "ring": TestARingOfManagers,
		"import": TestImport, "import and conflicts": TestAnImportFindsConflicts, "import waits": TestAnImportWaitsForPeople,
		"import awaits": TestAManagerIsAwaited, "addresses": TestAddressesChange, "import and enrol": TestAManagerEnrolsDuringTheImport,
		"import again":       TestAnImportIsRemembered,
		"import and erasure": TestAnImportForgetsWhoIsErased,
		"history":            TestHistory, "time in the history": TestTimeIsInTheHistory,
	} {
		t.Run(name, test)
	}
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
