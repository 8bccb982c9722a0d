// Package report is what a programme learns from its sessions (product.md section 7): a few dozen figures over whole months,
// as a whole or for one cohort or one topic, each with the number of cases behind it.
//
// # Where the figures come from
//
// From facts ([mentoring.SlotFact], [mentoring.BookingFact]): one of each slot and of each booking, recorded when it is over,
// under the day of its session. So a report costs what its period costs, however long the history. Figures about slots go by
// the expert's cohort, figures about bookings by the requester's.
//
// # What is withheld
//
// Nobody may learn from a report what few people answered. A cell is one figure, for one month and one choice of cohort and
// topic (or all). It is withheld where one to four cases stand behind it, or where with it some sum and difference of cells, of
// whatever lines and however many, would be about one to four cases. To look at one sum at a time is not enough: a cohort less
// a topic that is all within it tells of the few that differ, and what is withheld to cover one line may be told by another
// (linear_test.go has such tables). So cells are told one after the other, larger ones first, each only if it is safe with those
// before ([web] says how that is known); a cell of both a cohort and a topic only where the cohort and the topic are.
//
// A figure over several months is of those months whose cell is published, and says which were left out. So every sum over
// periods falls apart into sums within months, each of none or of five cases and more. Periods begin and end with months for
// that reason.
//
// Figures of what people answered leave a month out until nobody of it can answer any more, or change an answer: or else the
// difference of two readings would be what one person answered between them. Counts, of which coordinators may know more anyway
// (product.md section 8), are there at once.
//
// What this does not hide: that a cell has no cases, and bounds of how many cases a withheld cell has.
package report
