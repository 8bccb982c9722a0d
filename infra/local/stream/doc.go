// Package stream stands in for what lies between the table and the mailer in the cloud: the stream of the table, and
// the event source mapping that turns it into invocations.
//
// A [Tap] makes a stream of a table that has none, out of what its commits insert; a [Watch] goes with a table that has
// one. A [Mapping] delivers the records the way Lambda does: filtered, in batches, in order, again after a failure, and
// given up in the end (AWS Lambda developer guide, "Using AWS Lambda with Amazon DynamoDB"). How it does so is read
// from the template, so a filter or an answer that would not work deployed does not work locally either.
package stream
