// Package httpapi is the API over HTTP: routes, wire types, strict decoding, problem documents.
//
// A request passes through a few small rooms. around (middleware.go) gives it an id and a deadline and writes its line
// in the log; the mux finds its endpoint (routes.go); serve (api.go) asks who is calling, and whether too
// often (limit.go); the endpoint reads what was sent (input.go, query.go, body.go), asks the desk, and returns an answer
// or an error. An error becomes a problem document in one place (problem.go).
//
// Endpoints refuse with what package mentoring refuses with, a *mentoring.Error: its code is all a status and a title
// depend on. Everything that is wrong with what a client sent is told at once, in one list.
//
// What clients see is shaped here and apart from the domain, in the file of each subject (me.go, topics.go, slots.go,
// bookings.go). infra/openapi.yaml describes it; package contract holds every answer in every test against that.
package httpapi
