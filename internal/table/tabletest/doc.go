// Package tabletest holds the engines of package table to one behaviour, and wraps them for tests.
//
// [Run] is the conformance suite. Every engine passes it; what it asks is what the waist promises in its
// corners, so it is also where to look when a doc comment leaves a question open.
//
// The wrappers are tables over a table, for the tests of everything above the waist, and can be stacked:
//
//   - [Counting] tells what was done: rounds, calls, capacity as DynamoDB would bill it.
//   - [Latency] makes reads and commits take time.
//   - [Stopwatch] tells how long was spent in them.
//   - [Audit] tells what a role must allow.
//   - [Faults] makes them fail: conflicts, throttling, unavailability, lost replies.
//   - [Unprotected] takes the conditions off the writes, for control tests: those that show that a test
//     of a race would notice if the protection were missing.
//
// [Memory] is a whole table, in memory, for tests that make thousands of them.
package tabletest
