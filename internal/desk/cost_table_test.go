package desk_test

import (
	"slices"
	"testing"

	"flashmentoring/internal/benchmarks"
	"flashmentoring/internal/table/tabletest"
)

// costRowOf is the row of internal/README.md's table of costs by the case that holds it.
var costRowOf = map[string]string{
	"view slot":                              "view a slot",
	"browse":                                 "browse 20 slots",
	"most match":                             "browse 20 slots … that match a filter, where most do",
	"few match":                              "browse 20 slots … where few or none do",
	"an expert":                              "browse 20 slots … of one expert",
	"see oneself":                            "see oneself",
	"publish":                                "publish a slot",
	"publish twenty":                         "publish a slot … twenty at once",
	"book":                                   "book a seat",
	"book of a capped expert":                "book a seat … of an expert with a monthly cap",
	"wait":                                   "join the waiting list, for one seat",
	"refused because full":                   "refused because full",
	"refused with a key":                     "refused, with an `Idempotency-Key`",
	"approve":                                "approve or decline",
	"cancel":                                 "cancel, as its requester",
	"cancel, and promote the first of three": "cancel, as its requester … with the first of three who wait promoted",
	"close a full circle":                    "close a full circle of 12",
	"cancel a full circle":                   "cancel a full circle of 12, with 12 bookings",
	"tend where there is nothing to do":      "look at a slot where there is nothing to do",
	"wake where there is nothing to do":      "do what falls due for a slot: nothing",
	"wake for the reminders of a full circle":     "do what falls due for a slot: nothing … where people are reminded",
	"wake for the end of a session of two":        "do what falls due for a slot: nothing … where a session of two ends",
	"say who came":                                "say who came",
	"answer a survey":                             "answer a survey",
	"take back who came":                          "take back who came",
	"close a booking":                             "close a booking, with a debrief",
	"write takeaways":                             "write takeaways",
	"see what was written":                        "see what was written of a booking",
	"set out to do something":                     "set out to do something",
	"have done it":                                "change an action, or say what became of it",
	"complete a full circle":                      "complete a full circle of 12",
	"count twelve strikes and the expert's":       "count 13 strikes of it",
	"close a full circle by time":                 "close a full circle of 12 by time",
	"all of it at once, by a clock that was down": "close a full circle of 12 by time … complete, judge and close it at once, with 13 strikes",
	"count a session":                             "count a session for the report",
	"report a month":                              "report a month",
	"list people":                                 "list 20 people",
	"browse a topic":                              "browse 20 slots … of one topic",
	"list topics":                                 "list all topics",
	"change a topic":                              "change a topic",
	"browse a topic that another was merged into": "browse 20 slots … into which another was merged",
	"count open slots":                            "count 1,000 open slots by topic",
	"count open slots, where nothing has changed": "count 1,000 open slots by topic … and find that nothing has changed, where there are few",
}

// heldElsewhere are the rows that TestCostOfAnImport holds, and package dispatch.
var heldElsewhere = []string{
	"import 10,000 people, all changed, with a cohort", "import 10,000 people, all changed, with a cohort … again",
	"tell the two of a booking", "tell the two of a booking … remind them", "tell the two of a booking … ask them how it was",
}

// rowsHeld are the rows that cases have held to what they cost.
var rowsHeld = map[string]bool{}

// documented holds the row of a case, where it has one, to what the case costs.
func documented(t *testing.T, name string, used tabletest.Usage) {
	t.Helper()
	row, ok := costRowOf[name]
	if !ok {
		return
	}
	costs, err := benchmarks.Costs("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	want := benchmarks.Cost{Rounds: used.Rounds, RCU: used.RCU, WCU: used.WCU, IndexWCU: used.IndexWCU}
	if got, ok := costs[row]; !ok || got != want {
		t.Errorf("internal/README.md says that %q costs %+v, and it costs %+v", row, got, want)
	}
	rowsHeld[row] = true
}

// Every row of the table of costs is held by a case, so none of them is out of date.
func TestCostTable(t *testing.T) {
	clear(rowsHeld)
	for name, cases := range map[string]func(*testing.T){
		"requests": TestCost, "filters": TestCostOfFilters, "lifecycle": TestCostOfTheLifecycle, "after": TestCostAfterTheSession,
		"coordinators": TestCostOfCoordinators,
	} {
		t.Run(name, cases)
	}
	costs, err := benchmarks.Costs("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for row := range costs {
		if rowsHeld[row] == slices.Contains(heldElsewhere, row) {
			t.Errorf("the row %q is held by a case: %v, and elsewhere: %v", row, rowsHeld[row], !rowsHeld[row])
		}
	}
	for name, row := range costRowOf {
		if !rowsHeld[row] {
			t.Errorf("there is no case %q to hold the row %q", name, row)
		}
	}
}
