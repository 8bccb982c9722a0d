package httpapi

import (
	"net/http"
	"path"
	"strings"
)

// Route is one route: a method, and a path with its variables in braces, as [http.ServeMux] has them.
type Route struct{ Method, Pattern string }

// String is the route as the gateway and the log have it: "GET /v1/slots/{slotId}".
func (r Route) String() string { return r.Method + " " + r.Pattern }

type endpoint struct {
	Route
	answer func(*api, *call) (answer, error)
}

// endpoints are all there are; the mux is built from this table. A GET route also answers HEAD (RFC 9110 section 9.1), whose
// body the server drops. The deployed gateway knows only the methods of template.yaml and lets no HEAD through.
var endpoints = []endpoint{
	{Route{http.MethodGet, "/v1/me"}, (*api).getMe},
	{Route{http.MethodPut, "/v1/me"}, (*api).putMe},
	{Route{http.MethodDelete, "/v1/me"}, (*api).deleteMe},
	{Route{http.MethodGet, "/v1/me/export"}, (*api).exportMe},
	{Route{http.MethodGet, "/v1/me/calendar"}, (*api).getFeed},
	{Route{http.MethodPost, "/v1/me/calendar/rotate"}, (*api).rotateFeed},
	{Route{http.MethodPut, "/v1/me/blocks/{personId}"}, (*api).blockPerson},
	{Route{http.MethodDelete, "/v1/me/blocks/{personId}"}, (*api).unblockPerson},
	{Route{http.MethodGet, "/v1/people"}, (*api).listPeople},
	{importRoute, (*api).importPeople},
	{Route{http.MethodGet, "/v1/people/{personId}"}, (*api).getPerson},
	{Route{http.MethodGet, "/v1/people/{personId}/programme"}, (*api).getProgramme},
	{Route{http.MethodPut, "/v1/people/{personId}/programme"}, (*api).putProgramme},
	{Route{http.MethodDelete, "/v1/people/{personId}/suppression"}, (*api).resumeMail},
	{Route{http.MethodGet, "/v1/topics"}, (*api).listTopics},
	{Route{http.MethodPut, "/v1/topics/{slug}"}, (*api).putTopic},
	{Route{http.MethodGet, "/v1/slots"}, (*api).listSlots},
	{Route{http.MethodPost, "/v1/slots"}, (*api).publishSlot},
	{Route{http.MethodPost, "/v1/slots/batch"}, (*api).publishSlots},
	{Route{http.MethodGet, "/v1/slots/{slotId}"}, (*api).getSlot},
	{Route{http.MethodPatch, "/v1/slots/{slotId}"}, (*api).patchSlot},
	{Route{http.MethodPost, "/v1/slots/{slotId}/close"}, (*api).closeSlot},
	{Route{http.MethodPost, "/v1/slots/{slotId}/cancel"}, (*api).cancelSlot},
	{Route{http.MethodGet, "/v1/slots/{slotId}/bookings"}, (*api).listRoster},
	{Route{http.MethodPost, "/v1/slots/{slotId}/bookings"}, (*api).bookSlot},
	{Route{http.MethodGet, "/v1/bookings"}, (*api).listBookings},
	{Route{http.MethodGet, "/v1/bookings/{bookingId}"}, (*api).getBooking},
	{Route{http.MethodGet, "/v1/bookings/{bookingId}/history"}, (*api).getHistory},
	{Route{http.MethodGet, "/v1/bookings/{bookingId}/invite.ics"}, (*api).getInvite},
	{Route{http.MethodPost, "/v1/bookings/{bookingId}/approve"}, (*api).approveBooking},
	{Route{http.MethodPost, "/v1/bookings/{bookingId}/decline"}, (*api).declineBooking},
	{Route{http.MethodPost, "/v1/bookings/{bookingId}/move"}, (*api).moveBooking},
	{Route{http.MethodPost, "/v1/bookings/{bookingId}/cancel"}, (*api).cancelBooking},
	{Route{http.MethodPost, "/v1/bookings/{bookingId}/attendance"}, (*api).sayAttendance},
	{Route{http.MethodDelete, "/v1/bookings/{bookingId}/attendance"}, (*api).retractAttendance},
	{Route{http.MethodGet, "/v1/bookings/{bookingId}/survey"}, (*api).getSurvey},
	{Route{http.MethodPut, "/v1/bookings/{bookingId}/survey"}, (*api).putSurvey},
	{Route{http.MethodGet, "/v1/bookings/{bookingId}/outcome"}, (*api).getOutcome},
	{Route{http.MethodPut, "/v1/bookings/{bookingId}/outcome"}, (*api).putOutcome},
	{Route{http.MethodGet, "/v1/bookings/{bookingId}/takeaways"}, (*api).getTakeaways},
	{Route{http.MethodPut, "/v1/bookings/{bookingId}/takeaways"}, (*api).putTakeaways},
	{Route{http.MethodGet, "/v1/bookings/{bookingId}/debrief"}, (*api).getDebrief},
	{Route{http.MethodPut, "/v1/bookings/{bookingId}/debrief"}, (*api).putDebrief},
	{Route{http.MethodGet, "/v1/bookings/{bookingId}/actions"}, (*api).listActions},
	{Route{http.MethodPost, "/v1/bookings/{bookingId}/actions"}, (*api).addAction},
	{Route{http.MethodPatch, "/v1/bookings/{bookingId}/actions/{actionId}"}, (*api).patchAction},
	{Route{http.MethodGet, "/v1/concerns"}, (*api).listConcerns},
	{Route{http.MethodPost, "/v1/concerns"}, (*api).raiseConcern},
	{Route{http.MethodPost, "/v1/concerns/{concernId}/resolve"}, (*api).resolveConcern},
	{Route{http.MethodGet, "/v1/reports/programme"}, (*api).getReport},
	{Route{http.MethodGet, "/v1/reports/notes"}, (*api).listNotes},
	{Route{http.MethodGet, "/v1/mail/dead"}, (*api).listDead},
	{Route{http.MethodPost, "/v1/mail/dead/{deadId}/retry"}, (*api).retryDead},
}

// Routes are all routes of the API.
func Routes() []Route {
	routes := make([]Route, len(endpoints))
	for i, e := range endpoints {
		routes[i] = e.Route
	}
	return routes
}

// plain reports whether the mux takes the path as it is.
func plain(escaped string) bool {
	return strings.HasPrefix(escaped, "/") && path.Clean(escaped) == escaped
}
