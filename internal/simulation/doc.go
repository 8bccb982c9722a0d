// Package simulation plays weeks of a programme from one seed: people with all their commands, the clock, the table's
// stream, the mail service, and everything that can go wrong with them, in an order that follows from the seed alone. The
// code that runs is the product's own, from the use cases to SES's client; only the world around it is made up.
//
// # How it is deterministic
//
// A request, a batch of the stream and a tick of the clock are each a task, in goroutines of their own, because use
// cases read side by side. Each call to the table or to the mail service is a step (stage.go): the goroutine waits there
// until it is let go on. Package testing/synctest tells when all of them wait; then the steps are put in an order that does
// not depend on who came first, and the seed chooses which is made. So at any time one goroutine moves, every order
// of the steps of several tasks can come about, and the same seed gives the same one. Time is the bubble's of
// synctest: it stands still while anybody moves, so weeks take no time, and pauses between attempts happen in it. Ids, the
// choice among free seats and these pauses draw from a source with the same seed.
//
// # What goes wrong
//
// The process of a task is killed before or after any of its steps: nothing it does from then on reaches anybody, its client
// asks again with the same Idempotency-Key, and its batch of the stream comes again. Commits collide, are throttled, are not
// reached or lose their answer (tabletest.Faults); a read of several records sees them at two instants, as DynamoDB allows.
// The stream's records come late, twice, in any order or never; ticks come twice, or not for hours; the mail service
// fails in all its ways, loses answers, refuses mails and reports bounces (package sesbox, behind the real client).
// Clients send the same request twice at once. How much of each there is differs from seed to seed, down to none.
//
// # What must hold
//
// After every commit, of all it touched (sound.go): no seat is sold twice, and seats, waiting lists, bookings and agendas say
// the same; nobody is in two places or has more than one can have; one live booking per person and slot; whatever
// changed has its row in the outbox, in the same commit; a row goes only when its messages are in the ledger; a request has
// its effect once, and the same answer each time; a message goes out a second time only where a fault explains it,
// and no reminder once the session has begun.
//
// Whenever the faults end for a while and the clock has ticked (settled.go): nothing is left to do, nobody waits for a
// seat they could have, every session that is over has ended its bookings, the last calendar object of each reader says
// what is, and only what SES refused is among the dead letters.
//
// When all is over: outbox and wakes are empty, every booking is closed, everybody was asked how it was, and what the
// report counts is a recount of the raw records.
//
// To show that it would notice, controls take one protection away each: conditions, outbox, wakes, idempotency, ledger
// (control_test.go).
//
// # How to use it
//
//	go test ./internal/simulation                          # some seeds
//	SEEDS=100000 FROM=1000 go test -timeout 0 -run Seeds ./internal/simulation
//	SEED=219 go test -run Seeds -v ./internal/simulation   # one, with all that happens
//
// A failure prints the last form. The trace names tasks by number; grep for a booking's or a slot's id.
package simulation
