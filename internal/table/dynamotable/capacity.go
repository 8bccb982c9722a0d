package dynamotable

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"flashmentoring/internal/table"
)

// read and wrote tell the meter of a call what DynamoDB says it took, table and indexes together.

func read(ctx context.Context, used *types.ConsumedCapacity) {
	if used != nil {
		table.MeterOf(ctx).Consumed(aws.ToFloat64(used.CapacityUnits), 0)
	}
}

func wrote(ctx context.Context, used *types.ConsumedCapacity) {
	if used != nil {
		table.MeterOf(ctx).Consumed(0, aws.ToFloat64(used.CapacityUnits))
	}
}
