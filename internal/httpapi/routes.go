package httpapi

import (
	"net/http"
	"path"
	"strings"
)

// Route is one route: a method, and a path with its variables in braces, as [http.ServeMux] has them.
type Route struct{ Method, Pattern string }

// String is the route as the mux takes it: "GET /v1/slots/{slotId}".
func (r Route) String() string { return r.Method + " " + r.Pattern }

type endpoint struct {
	Route
	answer func(*api, *call) (answer, error)
}

// endpoints are all there are; the mux is built from this table. A GET route also answers HEAD (RFC 9110 section 9.1):
// the mux sees to it. The deployed gateway knows only the methods of template.yaml and lets no HEAD through.
var endpoints = []endpoint{
	{Route{http.MethodGet, "/v1/me"}, (*api).getMe},
	{Route{http.MethodPut, "/v1/me"}, (*api).putMe},
	{Route{http.MethodGet, "/v1/topics"}, (*api).listTopics},
	{Route{http.MethodGet, "/v1/slots"}, (*api).listSlots},
	{Route{http.MethodPost, "/v1/slots"}, (*api).publishSlot},
	{Route{http.MethodGet, "/v1/slots/{slotId}"}, (*api).getSlot},
	{Route{http.MethodPost, "/v1/slots/{slotId}/bookings"}, (*api).bookSlot},
	{Route{http.MethodGet, "/v1/bookings"}, (*api).listBookings},
	{Route{http.MethodGet, "/v1/bookings/{bookingId}"}, (*api).getBooking},
	{Route{http.MethodPost, "/v1/bookings/{bookingId}/cancel"}, (*api).cancelBooking},
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
