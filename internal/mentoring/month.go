package mentoring

import (
	"slices"
	"time"
)

// Month is what an expert with a monthly cap has in one month: the slots in which at least one seat is taken. It is one
// record, written by whoever takes the first seat of a slot or frees the last one, so that the cap holds however many
// book at once. Two who free the last two seats at once may leave the slot counted until somebody looks after it: a month
// says too much for a moment, never too little. Experts without a cap have none.
type Month struct {
	Expert  PersonID `json:"expert"`
	Name    string   `json:"name"` // 2026-11
	Slots   []SlotID `json:"slots"`
	Version int64    `json:"-"`
}

// MonthOf is the month that a session at a time counts in: that of its start, in the zone of the slot.
func (s Slot) MonthOf(start time.Time) string {
	zone, err := Zone(s.TimeZone)
	if err != nil {
		zone = time.UTC
	}
	return start.In(zone).Format("2006-01")
}

// Month is the month the slot counts in.
func (s Slot) Month() string { return s.MonthOf(s.StartsAt) }

// Full reports whether the expert gives no session more in the month than those in it.
func (m Month) Full(s Slot) bool {
	return s.Host.MonthlyCap > 0 && len(m.Slots) >= s.Host.MonthlyCap && !slices.Contains(m.Slots, s.ID)
}

// counting is the month with a slot in it, or without.
func (m Month) counting(s SlotID, counts bool) (counted Month, changed bool) {
	has := slices.Contains(m.Slots, s)
	switch {
	case counts && !has:
		m.Slots = append(slices.Clone(m.Slots), s)
	case !counts && has:
		m.Slots = slices.DeleteFunc(slices.Clone(m.Slots), func(id SlotID) bool { return id == s })
	}
	return m, counts != has
}
