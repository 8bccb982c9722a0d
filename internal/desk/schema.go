package desk

import (
	"bytes"
	"fmt"
	"strconv"

	"flashmentoring/internal/table"
)

// Two releases live side by side while one is rolled out (a canary, or a rollback), on the same records. So each document
// begins with the number of the schema it was written in, `{"s":1,…`, and a release knows two numbers: the schema it
// writes and the latest it reads.
//
// A change to a document goes out in two steps, so that neither release meets what it cannot read, nor drops a field that it
// does not know when it writes a document back:
//
//  1. A release that reads the next schema and still writes this one: readSchema rises, and what the next schema says
//     otherwise is taken in both ways.
//  2. A release that writes it: writtenSchema rises.
//
// Each step can be rolled back, and a release that is two steps old refuses to touch what it would damage ([ErrLater]). Golden
// documents of every schema ever released are in testdata/records, and must be read as long as a table may hold them.
const (
	writtenSchema = 1
	readSchema    = 1
)

// ErrLater says that a record was written by a later release than this one can read: a deployment left out a step. It matches
// [table.ErrUnavailable]: the client, the stream or the clock comes again, and meets the later release.
var ErrLater = fmt.Errorf("%w: a record of a later release", table.ErrUnavailable)

var (
	schemaMark  = []byte(`{"s":`)
	schemaStamp = append(strconv.AppendInt(schemaMark[:len(schemaMark):len(schemaMark)], writtenSchema, 10), ',')
)

// stamp puts the schema that is written before the first field of an object.
func stamp(object []byte) []byte {
	stamped := make([]byte, 0, len(schemaStamp)+len(object))
	stamped = append(append(stamped, schemaStamp...), object[1:]...)
	if len(object) == len("{}") {
		stamped = append(stamped[:len(schemaStamp)-1], '}')
	}
	return stamped
}

// later reports whether a document is of a schema that this release does not read. One without a number is of the first.
func later(document []byte) bool {
	number, marked := bytes.CutPrefix(document, schemaMark)
	if !marked {
		return false
	}
	number = number[:len(number)-len(bytes.TrimLeft(number, "0123456789"))]
	schema, err := strconv.Atoi(string(number))
	return err != nil && len(number) > 0 || schema > readSchema
}
