package desk

import (
	"context"
	"slices"
	"strings"
	"time"

	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
)

// Export is a part of all that is held of a person: who they are, and some of their bookings, slots and concerns.
type Export struct {
	Me       MeView
	Strikes  []mentoring.Strike
	Bookings []ExportedBooking
	Slots    []SlotView
	Concerns []ConcernView
	Next     string // where the next part begins; empty where this is the last
}

// ExportedBooking is a booking with all the person may see of it.
type ExportedBooking struct {
	Booking BookingView
	History []mentoring.Step
	Papers  PapersView
	Survey  SurveyView
	Outcome SurveyView // of a requester
}

// exportParts are the lists of an export, one after the other. A place in it is the part's name and a place there.
var exportParts = []string{"attending", "hosting", "slots", "concerns"}

// Export collects what is held of the caller, at most limit bookings, slots and concerns at a time: GET /v1/me/export. after
// is the Next of the part before. It refuses with [mentoring.Busy].
func (d *Desk) Export(ctx context.Context, c Caller, after string, limit int) (Export, error) {
	var me standing
	if err := d.round(ctx, d.self(c, Once{}, &me, suppressionKey(c.Email))); err != nil {
		return read(Export{}, err)
	}
	suppression, err := suppressionIn(me.suppression)
	if err != nil {
		return Export{}, err
	}
	out := Export{Me: MeView{me.Person, me.Agenda.Blocked(), &MailView{suppression}}, Strikes: me.Agenda.Strikes}
	begin, from, _ := strings.Cut(after, ":")
	for i := max(slices.Index(exportParts, begin), 0); i < len(exportParts); i++ {
		next, n, err := d.exportPart(ctx, c, me, exportParts[i], from, limit, &out)
		if err != nil {
			return read(Export{}, err)
		}
		limit -= n
		if next != "" || limit == 0 && i+1 < len(exportParts) {
			if next == "" {
				i++
			}
			out.Next = exportParts[i] + ":" + next
			return out, nil
		}
		from = ""
	}
	return out, nil
}

// exportPart adds what one list has behind a place, up to a limit, and says where it goes on and how many there were.
func (d *Desk) exportPart(ctx context.Context, c Caller, me standing, part, from string, limit int, out *Export) (next string, n int, err error) {
	if part == "concerns" {
		c.Coordinator = false // their own, not all
		concerns, err := d.Concerns(ctx, c, from, limit)
		out.Concerns = append(out.Concerns, concerns.Items...)
		return concerns.Next, len(concerns.Items), err
	}
	r := table.Range{Index: table.Hosting, PK: personKey(c.ID, "").PK, Limit: limit}
	switch part {
	case "attending":
		r.Index = table.Attending
	case "slots":
		r.PK = hostPartition(c.ID)
	}
	if from != "" {
		r.From = table.After(from)
	}
	page, err := d.Table.Query(ctx, r)
	if err != nil || len(page.Records) == 0 {
		return "", 0, err
	}
	if page.More {
		next = page.Records[len(page.Records)-1].Entries[r.Index].SK
	}
	if part == "slots" {
		return next, len(page.Records), d.exportSlots(ctx, me, page.Records, out)
	}
	return next, len(page.Records), d.exportBookings(ctx, c, me, page.Records, out)
}

func (d *Desk) exportSlots(ctx context.Context, me standing, entries []table.Record, out *Export) error {
	slots, err := d.slotsAt(ctx, entries)
	for _, slot := range slots {
		view := SlotView{Slot: slot, Version: slot.VersionShown(), Status: slot.Status, Affiliation: me.Person.AffiliationTo(slot.Host)}
		out.Slots = append(out.Slots, view)
	}
	return err
}

func (d *Desk) exportBookings(ctx context.Context, c Caller, me standing, entries []table.Record, out *Export) error {
	now := d.Now()
	bookings, err := d.bookingsAt(ctx, entries)
	if err != nil {
		return err
	}
	var papers map[mentoring.BookingID]mentoring.Papers
	if err := d.round(ctx, d.papersOfAll(bookings, &papers)); err != nil {
		return err
	}
	for _, b := range bookings {
		out.Bookings = append(out.Bookings, exported(papers[b.ID], c, me.Person, now))
	}
	return nil
}

func exported(p mentoring.Papers, c Caller, me mentoring.Person, now time.Time) ExportedBooking {
	role, _ := p.Booking.RoleOf(c.ID)
	e := ExportedBooking{
		Booking: bookingViewFor(c)(p, now), History: p.Booking.HistoryFor(role, now), Papers: papersViewFor(c)(p, now),
		Survey: surveyViewFor(c, mentoring.Pulse)(p, now),
	}
	if role == mentoring.Requester {
		e.Outcome = surveyViewFor(c, mentoring.OutcomeWave)(p, now)
	} else {
		e.Survey.Note, e.Survey.Changed = p.Note(me, now), p.Changed()
	}
	return e
}
