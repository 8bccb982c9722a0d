package httpapi

import "flashmentoring/internal/mentoring"

// StatusOf is the status a refusal with the code is answered with.
func StatusOf(code string) int {
	return problemFor(&mentoring.Error{Code: mentoring.Code(code)}, "").Status
}
