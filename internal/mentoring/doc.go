// Package mentoring is the domain: what a flash mentoring session is, and who may do what, when.
//
// Flash mentoring is one meeting, once, on one topic. An expert publishes a [Slot] with one or a few
// seats; a requester books a seat and says what they want out of it, which makes a [Booking]. (The field
// says mentor and mentee. Here a junior may mentor an executive and peers mentor each other, so the words
// are expert and requester.)
//
// The package decides and does nothing else. A decision is a function of the state that was loaded, the
// command and the time: it returns the changes to store, or an [*Error] with a [Code] of a closed list.
// There is no I/O here, no clock and no randomness, so every rule can be read in one place and tested by
// a table. One rule answers every question that depends on it: [Bookable] is asked when a list shows a
// button and again when the button is pressed.
//
// Struct tags name the stored form of the types (records are JSON); what clients see is shaped in package
// httpapi.
package mentoring
