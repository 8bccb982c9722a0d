// Package stream stands in for what lies between the table and the mailer in the cloud: the stream of the table, and
// the event source mapping that turns it into invocations.
//
// A [Tap] makes a stream of a table that has none: it watches the commits and hands on the records they inserted. A
// [Mapping] takes records, from a tap or from a real stream, and delivers them the way Lambda does: filtered, in
// batches, in order, again after a failure, and given up in the end (AWS Lambda developer guide, "Using AWS Lambda
// with Amazon DynamoDB"). How it does so is read from the template, so a filter or an answer that would not work
// deployed does not work locally either.
package stream
