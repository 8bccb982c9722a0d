package mailfunction

// Manage is what makes the links to bookings.
var Manage = manage
