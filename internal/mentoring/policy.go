package mentoring

import "time"

// Policy holds the numbers of product.md that an operator may change. Package config reads them from the
// environment; [DefaultPolicy] is what the product ships with.
type Policy struct {
	EarliestStart time.Duration // a slot starts at least this long after its publication
	LatestStart   time.Duration // and at most this long
	MaxHosted     int           // upcoming slots of one expert
	MaxUpcoming   int           // upcoming confirmed bookings of one requester
	MaxPerPair    int           // upcoming bookings of one requester with one expert
}

// DefaultPolicy are the numbers of product.md sections 5 and 6.
func DefaultPolicy() Policy {
	return Policy{
		EarliestStart: 15 * time.Minute,
		LatestStart:   180 * 24 * time.Hour,
		MaxHosted:     100,
		MaxUpcoming:   3,
		MaxPerPair:    1,
	}
}
