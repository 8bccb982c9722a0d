package dynamotable

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"flashmentoring/internal/table"
)

// Commit is as [table.Table] says. DynamoDB tells the reasons of all writes that fail, not of the first only.
func (t *Table) Commit(ctx context.Context, writes ...table.Write) error {
	if err := table.Validate(writes); err != nil {
		return err
	}
	var sent attempts
	var err error
	switch {
	case len(writes) == 0:
		return ctx.Err()
	case len(writes) == 1 && writes[0].Action == table.Put:
		err = t.put(ctx, writes[0], &sent)
	case len(writes) == 1 && writes[0].Action == table.Delete:
		err = t.delete(ctx, writes[0], &sent)
	default:
		err = t.transact(ctx, writes, &sent)
	}
	if err == nil {
		return nil
	}
	return commitFailure(ctx, err, writes, sent.lost)
}

func (t *Table) put(ctx context.Context, w table.Write, sent *attempts) error {
	condition, values := conditionOf(w)
	out, err := t.client.PutItem(ctx, &dynamodb.PutItemInput{
		TableName: &t.name, Item: stored(w), ConditionExpression: condition, ExpressionAttributeValues: values,
		ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal,
	}, sent.watch)
	if err == nil {
		wrote(ctx, out.ConsumedCapacity)
	}
	return err
}

func (t *Table) delete(ctx context.Context, w table.Write, sent *attempts) error {
	sent.repeatable = w.If == table.Always
	condition, values := conditionOf(w)
	out, err := t.client.DeleteItem(ctx, &dynamodb.DeleteItemInput{
		TableName: &t.name, Key: keyItem(w.Record.Key),
		ConditionExpression: condition, ExpressionAttributeValues: values,
		ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal,
	}, sent.watch)
	if err == nil {
		wrote(ctx, out.ConsumedCapacity)
	}
	return err
}

// transact leaves ClientRequestToken to the SDK, which chooses a random one and keeps it for all attempts.
func (t *Table) transact(ctx context.Context, writes []table.Write, sent *attempts) error {
	sent.repeatable = true
	items := make([]types.TransactWriteItem, len(writes))
	for i, w := range writes {
		items[i] = t.transactItem(w)
	}
	out, err := t.client.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{
		TransactItems: items, ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal,
	}, sent.watch)
	if err == nil {
		for i := range out.ConsumedCapacity {
			wrote(ctx, &out.ConsumedCapacity[i])
		}
	}
	return err
}

func (t *Table) transactItem(w table.Write) types.TransactWriteItem {
	condition, values := conditionOf(w)
	switch w.Action {
	case table.Put:
		return types.TransactWriteItem{Put: &types.Put{
			TableName: &t.name, Item: stored(w),
			ConditionExpression: condition, ExpressionAttributeValues: values,
		}}
	case table.Delete:
		return types.TransactWriteItem{Delete: &types.Delete{
			TableName: &t.name, Key: keyItem(w.Record.Key),
			ConditionExpression: condition, ExpressionAttributeValues: values,
		}}
	default:
		return types.TransactWriteItem{ConditionCheck: &types.ConditionCheck{
			TableName: &t.name, Key: keyItem(w.Record.Key),
			ConditionExpression: condition, ExpressionAttributeValues: values,
		}}
	}
}

// stored is the item that a Put leaves behind.
func stored(w table.Write) item {
	next := w.Record
	next.Version = w.NextVersion()
	return encode(next)
}

func conditionOf(w table.Write) (expression *string, values item) {
	switch w.If {
	case table.IfAbsent:
		return aws.String("attribute_not_exists(" + attributePK + ")"), nil
	case table.IfVersion:
		return aws.String(attributeVersion + " = :version"), item{":version": number(w.Record.Version)}
	default:
		return nil, nil
	}
}
