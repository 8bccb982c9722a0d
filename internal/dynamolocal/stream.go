package dynamolocal

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"
)

const (
	pollInterval    = 100 * time.Millisecond
	pollsPerListing = 50 // shards live for hours: new ones need not be looked for every time
)

// Stream reads the stream of a table from its beginning, and hands its records to handle in the form that
// Lambda hands them to a function, up to batch of them at a time: those of one shard in order, and those of a
// shard after those of the shard it follows. It returns nil when ctx ends and an error when the stream cannot
// be read. What handle makes of the records is its own affair; they are not offered again.
//
// Only keys are passed on, not images: KEYS_ONLY is what the project's table has.
func (s *Server) Stream(
	ctx context.Context, table string, batch int, handle func(context.Context, events.DynamoDBEvent),
) error {
	r := &streamReader{
		client: dynamodbstreams.NewFromConfig(s.Config()),
		batch:  int32(batch),
		handle: handle,
		shards: map[string]*shard{},
	}
	err := r.open(ctx, s.Client(), table)
	for err == nil {
		err = r.round(ctx)
	}
	if ctx.Err() != nil {
		return nil
	}
	return fmt.Errorf("stream of %s: %w", table, err)
}

type streamReader struct {
	client *dynamodbstreams.Client
	arn    string
	batch  int32
	handle func(context.Context, events.DynamoDBEvent)
	shards map[string]*shard
	order  []*shard
}

// shard is how far the reader is in a shard.
type shard struct {
	id, parent string
	iterator   *string
	last       string // sequence number of the last record read
	ended      bool
}

func (r *streamReader) open(ctx context.Context, client *dynamodb.Client, table string) error {
	out, err := client.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: &table})
	if err != nil {
		return err
	}
	if r.arn = aws.ToString(out.Table.LatestStreamArn); r.arn == "" {
		return errors.New("the table has no stream")
	}
	return nil
}

// round looks for shards once and reads them for a while.
func (r *streamReader) round(ctx context.Context) error {
	if err := r.list(ctx); err != nil {
		return err
	}
	for range pollsPerListing {
		read, err := r.poll(ctx)
		if err != nil {
			return err
		}
		if read > 0 {
			continue
		}
		select {
		case <-time.After(pollInterval):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

func (r *streamReader) list(ctx context.Context) error {
	input := &dynamodbstreams.DescribeStreamInput{StreamArn: &r.arn}
	for {
		out, err := r.client.DescribeStream(ctx, input)
		if err != nil {
			return err
		}
		for _, found := range out.StreamDescription.Shards {
			id := aws.ToString(found.ShardId)
			if r.shards[id] == nil {
				r.shards[id] = &shard{id: id, parent: aws.ToString(found.ParentShardId)}
				r.order = append(r.order, r.shards[id])
			}
		}
		input.ExclusiveStartShardId = out.StreamDescription.LastEvaluatedShardId
		if input.ExclusiveStartShardId == nil {
			return nil
		}
	}
}

// poll reads once from every shard whose turn it is, and returns how many records there were.
func (r *streamReader) poll(ctx context.Context) (int, error) {
	total := 0
	for _, s := range r.order {
		if parent := r.shards[s.parent]; s.ended || parent != nil && !parent.ended {
			continue
		}
		read, err := r.read(ctx, s)
		if err != nil {
			return total, err
		}
		total += read
	}
	return total, nil
}

func (r *streamReader) read(ctx context.Context, s *shard) (int, error) {
	if s.iterator == nil {
		if err := r.position(ctx, s); err != nil {
			return 0, err
		}
	}
	out, err := r.client.GetRecords(ctx, &dynamodbstreams.GetRecordsInput{ShardIterator: s.iterator, Limit: &r.batch})
	if expired := (*types.ExpiredIteratorException)(nil); errors.As(err, &expired) {
		s.iterator = nil // this machine slept; the next round takes it up behind the last record
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	s.iterator, s.ended = out.NextShardIterator, out.NextShardIterator == nil
	if len(out.Records) == 0 {
		return 0, nil
	}
	s.last = aws.ToString(out.Records[len(out.Records)-1].Dynamodb.SequenceNumber)
	r.handle(ctx, r.event(out.Records))
	return len(out.Records), nil
}

func (r *streamReader) position(ctx context.Context, s *shard) error {
	input := &dynamodbstreams.GetShardIteratorInput{
		StreamArn: &r.arn, ShardId: &s.id, ShardIteratorType: types.ShardIteratorTypeTrimHorizon,
	}
	if s.last != "" {
		input.ShardIteratorType, input.SequenceNumber = types.ShardIteratorTypeAfterSequenceNumber, &s.last
	}
	out, err := r.client.GetShardIterator(ctx, input)
	if err != nil {
		return err
	}
	s.iterator = out.ShardIterator
	return nil
}

func (r *streamReader) event(records []types.Record) events.DynamoDBEvent {
	event := events.DynamoDBEvent{Records: make([]events.DynamoDBEventRecord, len(records))}
	for i, record := range records {
		event.Records[i] = events.DynamoDBEventRecord{
			AWSRegion: aws.ToString(record.AwsRegion),
			Change: events.DynamoDBStreamRecord{
				ApproximateCreationDateTime: events.SecondsEpochTime{
					Time: aws.ToTime(record.Dynamodb.ApproximateCreationDateTime),
				},
				Keys:           keys(record.Dynamodb.Keys),
				SequenceNumber: aws.ToString(record.Dynamodb.SequenceNumber),
				SizeBytes:      aws.ToInt64(record.Dynamodb.SizeBytes),
				StreamViewType: string(record.Dynamodb.StreamViewType),
			},
			EventID:        aws.ToString(record.EventID),
			EventName:      string(record.EventName),
			EventSource:    aws.ToString(record.EventSource),
			EventVersion:   aws.ToString(record.EventVersion),
			EventSourceArn: r.arn,
			UserIdentity:   userIdentity(record.UserIdentity),
		}
	}
	return event
}

// userIdentity is there when a record expired rather than somebody removed it.
func userIdentity(identity *types.Identity) *events.DynamoDBUserIdentity {
	if identity == nil {
		return nil
	}
	return &events.DynamoDBUserIdentity{
		Type: aws.ToString(identity.Type), PrincipalID: aws.ToString(identity.PrincipalId),
	}
}

// keys are text, as package samtemplate has seen to.
func keys(given map[string]types.AttributeValue) map[string]events.DynamoDBAttributeValue {
	texts := make(map[string]events.DynamoDBAttributeValue, len(given))
	for name, value := range given {
		if text, ok := value.(*types.AttributeValueMemberS); ok {
			texts[name] = events.NewStringAttribute(text.Value)
		}
	}
	return texts
}
