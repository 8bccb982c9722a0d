package mentoring

import "time"

// Policy holds the numbers of product.md that an operator may change. Package config reads them from the
// environment; [DefaultPolicy] is what the product ships with.
type Policy struct {
	EarliestStart time.Duration // a slot starts at least this long after its publication
	LatestStart   time.Duration // and at most this long
	MaxHosted     int           // upcoming slots of one expert
	MaxUpcoming   int           // upcoming confirmed bookings of one requester
	MaxAsks       int           // requests and waits of one requester that nobody has answered yet
	MaxPerPair    int           // upcoming bookings of one requester with one expert
	MaxWaiting    int           // people on the waiting list of one slot
	RequestLife   time.Duration // how long an expert has to answer a request, at the most
	MailsPerDay   int           // mails of one reader and day, beyond what the calendar needs: see [Notice.Counts]

	KeepWords time.Duration // how long what people wrote about a session is kept, from its day on: see [ForgetWords]

	StrikesAllowed int           // this many strikes
	StrikeWindow   time.Duration // within so long
	Cooldown       time.Duration // keep somebody from booking and publishing for so long
}

// DefaultPolicy are the numbers of product.md sections 5 to 7.
func DefaultPolicy() Policy {
	return Policy{
		EarliestStart: 15 * time.Minute,
		LatestStart:   180 * 24 * time.Hour,
		MaxHosted:     100,
		MaxUpcoming:   3,
		MaxAsks:       5,
		MaxPerPair:    1,
		MaxWaiting:    30,
		RequestLife:   48 * time.Hour,
		MailsPerDay:   20,

		KeepWords: 365 * 24 * time.Hour,

		StrikesAllowed: 3,
		StrikeWindow:   90 * 24 * time.Hour,
		Cooldown:       28 * 24 * time.Hour,
	}
}
