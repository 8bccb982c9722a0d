package dynamotable

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"flashmentoring/internal/table"
)

// failure is what a call that failed means to a caller of the waist.
func failure(ctx context.Context, err error) error {
	if code(err) == "ValidationException" {
		return fmt.Errorf("%w: %w", table.ErrInvalid, err)
	}
	return unknown(ctx, err)
}

// unknown is a call that came to no answer: because its context ended, or because DynamoDB gave none.
func unknown(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("%w: %w", ctx.Err(), err)
	}
	return fmt.Errorf("%w: %w", table.ErrUnavailable, err)
}

// commitFailure is what a commit that failed means to its caller. When an attempt was lost, a refusal of a
// later one does not tell what became of it.
func commitFailure(ctx context.Context, err error, writes []table.Write, lost bool) error {
	if lost {
		return unknown(ctx, err)
	}
	if canceled := (*types.TransactionCanceledException)(nil); errors.As(err, &canceled) {
		return cancellation(canceled, writes, err)
	}
	switch code(err) {
	case "ConditionalCheckFailedException":
		return refuseAll(writes, unmet(writes[0]))
	case "TransactionConflictException":
		return refuseAll(writes, table.Conflict)
	case "ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded":
		return refuseAll(writes, table.Throttled)
	default:
		return failure(ctx, err)
	}
}

func refuseAll(writes []table.Write, reason table.Reason) error {
	return &table.Refusal{Reasons: slices.Repeat([]table.Reason{reason}, len(writes))}
}

// unmet is the reason of a write whose condition does not hold.
func unmet(w table.Write) table.Reason {
	if w.If == table.IfAbsent {
		return table.Taken
	}
	return table.Changed
}

// cancellation reads the reasons of a cancelled transaction, of which DynamoDB gives one for each write, in
// order.
func cancellation(canceled *types.TransactionCanceledException, writes []table.Write, err error) error {
	if len(canceled.CancellationReasons) != len(writes) {
		return fmt.Errorf("%w: %d cancellation reasons for %d writes: %w",
			table.ErrUnavailable, len(canceled.CancellationReasons), len(writes), err)
	}
	reasons := make([]table.Reason, len(writes))
	for i, given := range canceled.CancellationReasons {
		switch why := aws.ToString(given.Code); why {
		case "None", "":
		case "ConditionalCheckFailed":
			reasons[i] = unmet(writes[i])
		case "TransactionConflict":
			reasons[i] = table.Conflict
		case "ThrottlingError", "ProvisionedThroughputExceeded":
			reasons[i] = table.Throttled
		case "ValidationError":
			return fmt.Errorf("%w: write %d: %s: %w", table.ErrInvalid, i, aws.ToString(given.Message), err)
		default:
			return fmt.Errorf("%w: write %d: %s: %w", table.ErrUnavailable, i, why, err)
		}
	}
	refusal := &table.Refusal{Reasons: reasons}
	if slices.Max(reasons) == table.Fine {
		return fmt.Errorf("%w: cancelled without a reason: %w", table.ErrUnavailable, err)
	}
	return refusal
}
