// Package calendar makes calendar entries of sessions, and iCalendar objects of entries (RFC 5545, RFC 5546).
//
// [EntryFor] says what one side of a booking has in its calendar; its few words are in words.go. An [Encoder] writes
// entries for two kinds of readers: [Encoder.Invite] one entry for one person, as mails and GET
// /v1/bookings/{id}/invite.ics carry it, and [Encoder.Feed] all entries of one person for a program that subscribed to
// them.
//
// There is no template in it, so a program that answers requests can have calendars without having mails.
package calendar
