// Package dynamotable is the engine of package table on Amazon DynamoDB: what the deployed functions keep their
// records in.
//
// A record is an item with the attributes PK and SK (its key), V (its version, a number), D (its document,
// text) and, where it has them, TTL (when it may be dropped, in Unix seconds) and for each index <index>PK and
// <index>SK. An index is a global secondary index of the same name over these two; an item without them is not
// in it. template.yaml declares the table.
//
// Get is one BatchGetItem and Query one Query, both strongly consistent where DynamoDB can be. Commit is one
// TransactWriteItems, or a plain conditional write when there is one write only, which costs half of it.
//
// # Lost replies
//
// The SDK sends a request again when the connection breaks before the answer came. For a transaction that is
// safe: all attempts carry one token, and DynamoDB applies them once (ClientRequestToken in the API reference
// of TransactWriteItems). A plain conditional write has no token: sent again, it would meet its own effect and
// report that somebody else was faster. So it is sent again only after an answer that says it was not applied;
// otherwise Commit says that the outcome is unknown ([table.ErrUnavailable]), and its caller looks. The same
// goes for a transaction that was refused after one of its attempts got lost.
package dynamotable

import (
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"flashmentoring/internal/table"
)

// Table is a DynamoDB table. It implements [table.Table].
type Table struct {
	client *dynamodb.Client
	name   string
}

var _ table.Table = (*Table)(nil)

// New uses the table of this name, which must exist as template.yaml declares it. [Connect] makes the client.
func New(client *dynamodb.Client, name string) *Table { return &Table{client, name} }
