package desk

import (
	"context"
	"fmt"

	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
)

// What was written about a booking after its session is a record each, beside the booking, so that one read finds all.

// surveyPlace is the place of what one side answered in a wave.
func surveyPlace(w mentoring.Wave, role mentoring.Role) string {
	if w == mentoring.OutcomeWave {
		return placeSurvey + string(w)
	}
	return placeSurvey + string(role)
}

// paperKeys are a booking and all that can be written about it.
func paperKeys(id mentoring.BookingID) []table.Key {
	places := []string{
		placeBooking, surveyPlace(mentoring.Pulse, mentoring.Requester), surveyPlace(mentoring.Pulse, mentoring.Expert),
		surveyPlace(mentoring.OutcomeWave, mentoring.Requester), placeTakeaways, placeDebrief, placeTasks,
	}
	keys := make([]table.Key, len(places))
	for i, place := range places {
		keys[i] = bookingKey(id, place)
	}
	return keys
}

// papersOf reads a booking and what was written about it for one of its parties: [mentoring.NotFound] for everybody else.
func (d *Desk) papersOf(c Caller, id mentoring.BookingID, into *mentoring.Papers) reading {
	return func(ctx context.Context) error {
		if !id.Valid() {
			return mentoring.Missing()
		}
		records, err := d.Table.Get(ctx, paperKeys(id)...)
		if err != nil {
			return err
		}
		*into = mentoring.Papers{}
		for _, r := range records {
			if err := sortPaper(r, into); err != nil {
				return err
			}
		}
		if _, ok := into.Booking.RoleOf(c.ID); !ok {
			return mentoring.Missing()
		}
		return nil
	}
}

// papersOfAll reads what was written about bookings that are known, in one round.
func (d *Desk) papersOfAll(bookings []mentoring.Booking, into *map[mentoring.BookingID]mentoring.Papers) reading {
	return func(ctx context.Context) error {
		var keys []table.Key
		all := map[string]mentoring.Papers{}
		for _, b := range bookings {
			keys = append(keys, paperKeys(b.ID)[1:]...)
			all[bookingKey(b.ID, "").PK] = mentoring.Papers{Booking: b}
		}
		records, err := d.getAll(ctx, keys)
		if err != nil {
			return err
		}
		for _, r := range records {
			p := all[r.PK]
			if err := sortPaper(r, &p); err != nil {
				return err
			}
			all[r.PK] = p
		}
		*into = map[mentoring.BookingID]mentoring.Papers{}
		for _, p := range all {
			(*into)[p.Booking.ID] = p
		}
		return nil
	}
}

func sortPaper(r table.Record, into *mentoring.Papers) (err error) {
	switch r.SK {
	case placeBooking:
		into.Booking, err = decodeBooking(r)
	case surveyPlace(mentoring.Pulse, mentoring.Requester):
		into.Requester, err = decodeSurvey(r)
	case surveyPlace(mentoring.Pulse, mentoring.Expert):
		into.Expert, err = decodeSurvey(r)
	case surveyPlace(mentoring.OutcomeWave, mentoring.Requester):
		into.Outcome, err = decodeSurvey(r)
	case placeTakeaways:
		into.Takeaways, err = decode[mentoring.Takeaways](r)
		into.Takeaways.Version = r.Version
	case placeDebrief:
		into.Debrief, err = decode[mentoring.Debrief](r)
		into.Debrief.Version = r.Version
	case placeTasks:
		into.Tasks, err = decode[mentoring.Tasks](r)
		into.Tasks.Version = r.Version
	default:
		panic(fmt.Sprintf("desk: %q was not asked for", r.SK))
	}
	return err
}

func decodeSurvey(r table.Record) (mentoring.Survey, error) {
	s, err := decode[mentoring.Survey](r)
	s.Version = r.Version
	return s, err
}

// paperWrites are the records of what was written.
func paperWrites(c mentoring.Changes) (all []table.Write) {
	for _, s := range c.Surveys {
		all = append(all, put(record(bookingKey(s.Booking, surveyPlace(s.Wave, s.Role)), s.Version, s)))
	}
	for _, t := range c.Takeaways {
		all = append(all, put(record(bookingKey(t.Booking, placeTakeaways), t.Version, t)))
	}
	for _, b := range c.Debriefs {
		all = append(all, put(record(bookingKey(b.Booking, placeDebrief), b.Version, b)))
	}
	for _, t := range c.Tasks {
		all = append(all, put(record(bookingKey(t.Booking, placeTasks), t.Version, t)))
	}
	return all
}
