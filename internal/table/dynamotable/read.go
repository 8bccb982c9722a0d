package dynamotable

import (
	"context"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"flashmentoring/internal/table"
)

// maxFruitless is how often DynamoDB may put off all keys that a Get still asks for, before it counts as not
// answering.
const maxFruitless = 6

// Get is as [table.Table] says. It asks again for what DynamoDB puts off: an answer holds 16 MB, and less when
// the table is short of capacity.
func (t *Table) Get(ctx context.Context, keys ...table.Key) ([]table.Record, error) {
	if err := table.ValidateKeys(keys); err != nil {
		return nil, err
	}
	found := make(map[table.Key]item, len(keys))
	for pending, fruitless := distinct(keys), 0; len(pending) > 0; {
		left, err := t.batchGet(ctx, pending, found)
		if err != nil {
			return nil, err
		}
		if len(left) < len(pending) {
			pending = left
			continue
		}
		if fruitless++; fruitless == maxFruitless {
			return nil, fmt.Errorf("%w: BatchGetItem processes none of %d keys", table.ErrUnavailable, len(left))
		}
		if err := sleep(ctx, backoff(fruitless-1)); err != nil {
			return nil, err
		}
	}
	return inOrder(keys, found)
}

// inOrder decodes a key that repeats each time anew: records share no memory.
func inOrder(keys []table.Key, found map[table.Key]item) ([]table.Record, error) {
	records := make([]table.Record, 0, len(keys))
	for _, key := range keys {
		stored, ok := found[key]
		if !ok {
			continue
		}
		record, err := decode(stored)
		if err != nil {
			return nil, err
		}
		records = append(records, record)
	}
	return records, nil
}

func distinct(keys []table.Key) []item {
	items, seen := make([]item, 0, len(keys)), make(map[table.Key]bool, len(keys))
	for _, key := range keys {
		if !seen[key] {
			seen[key] = true
			items = append(items, keyItem(key))
		}
	}
	return items
}

// batchGet adds what it finds to found and returns the keys that were put off.
func (t *Table) batchGet(ctx context.Context, keys []item, found map[table.Key]item) ([]item, error) {
	out, err := t.client.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{
		RequestItems: map[string]types.KeysAndAttributes{
			t.name: {Keys: keys, ConsistentRead: aws.Bool(true)},
		},
		ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal,
	})
	if err != nil {
		return nil, failure(ctx, err)
	}
	for i := range out.ConsumedCapacity {
		read(ctx, &out.ConsumedCapacity[i])
	}
	for _, stored := range out.Responses[t.name] {
		found[keyOf(stored)] = stored
	}
	return out.UnprocessedKeys[t.name].Keys, nil
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Query is as [table.Table] says.
func (t *Table) Query(ctx context.Context, r table.Range) (table.Page, error) {
	if err := r.Validate(); err != nil {
		return table.Page{}, err
	}
	if r.To != "" && r.From >= r.To {
		return table.Page{}, ctx.Err() // DynamoDB calls such bounds invalid
	}
	input := t.queryInput(r)
	for {
		out, err := t.client.Query(ctx, input)
		if err != nil {
			return table.Page{}, failure(ctx, err)
		}
		read(ctx, out.ConsumedCapacity)
		page, err := within(r, out.Items)
		if err != nil {
			return table.Page{}, err
		}
		page.More = page.More && out.LastEvaluatedKey != nil
		// An empty page gives the caller no place to continue behind. It needs a bound that was too wide.
		if len(page.Records) > 0 || !page.More {
			return page, nil
		}
		input.ExclusiveStartKey = out.LastEvaluatedKey
	}
}

// queryInput asks for the range and perhaps a record at either end that is not in it, because DynamoDB takes one
// condition on the sort key: an interval that includes both ends.
func (t *Table) queryInput(r table.Range) *dynamodb.QueryInput {
	pk, sk := keyAttributes(r.Index)
	input := &dynamodb.QueryInput{
		TableName:                 &t.name,
		KeyConditionExpression:    aws.String(pk + " = :pk"),
		ExpressionAttributeValues: item{":pk": text(r.PK)},
		Limit:                     aws.Int32(int32(min(r.Limit, math.MaxInt32))),
		ReturnConsumedCapacity:    types.ReturnConsumedCapacityTotal,
	}
	if r.Index == "" {
		input.ConsistentRead = aws.Bool(true)
	} else {
		input.IndexName = aws.String(string(r.Index))
	}
	if r.From != "" {
		input.ExpressionAttributeValues[":from"] = text(bound(r.From))
	}
	if r.To != "" {
		input.ExpressionAttributeValues[":to"] = text(bound(r.To))
	}
	switch {
	case r.From != "" && r.To != "":
		*input.KeyConditionExpression += " AND " + sk + " BETWEEN :from AND :to"
	case r.From != "":
		*input.KeyConditionExpression += " AND " + sk + " >= :from"
	case r.To != "":
		*input.KeyConditionExpression += " AND " + sk + " <= :to"
	}
	return input
}

// bound shortens what [table.After] makes of a place of full length to the place itself, because DynamoDB takes
// no longer one.
func bound(sk string) string {
	if len(sk) > table.MaxSKSize {
		return strings.TrimSuffix(sk, table.After(""))
	}
	return sk
}

// within are the records of items that are in the range. More is false once an item lies behind it.
func within(r table.Range, items []item) (table.Page, error) {
	page := table.Page{Records: make([]table.Record, 0, len(items)), More: true}
	for _, stored := range items {
		record, err := decode(stored)
		if err != nil {
			return table.Page{}, err
		}
		place := record.SK
		if r.Index != "" {
			place = record.Entries[r.Index].SK
		}
		switch {
		case r.To != "" && place >= r.To:
			page.More = false
		case place >= r.From:
			page.Records = append(page.Records, record)
		}
	}
	return page, nil
}
