package mail

import "flashmentoring/internal/mentoring"

// kinds says how each kind of notice is put: as a letter, and as a calendar entry where the kind has one
// (product.md section 10).
var kinds = map[mentoring.NoticeKind]func(*narrator, mentoring.Notice) (letter, *event){
	mentoring.BookingConfirmed: confirmed,
	mentoring.BookingCancelled: cancelled,
}
