package mailfunction

// Manage is what makes the links to bookings, and To what makes them all.
var (
	Manage = manage
	To     = to
)
