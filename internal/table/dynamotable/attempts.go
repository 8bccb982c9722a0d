package dynamotable

import (
	"errors"
	"net"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/smithy-go"
)

// attempts watches the attempts of one write: whether one may have been applied although nobody heard of it.
type attempts struct {
	aws.Retryer
	// repeatable says that the write may be sent again after an attempt whose outcome is unknown.
	repeatable bool
	// lost says that there was such an attempt.
	lost bool
}

// watch is an option of the call.
func (a *attempts) watch(o *dynamodb.Options) { a.Retryer, o.Retryer = o.Retryer, a }

// IsErrorRetryable is asked after every attempt that failed, the last one included.
func (a *attempts) IsErrorRetryable(err error) bool {
	if !notApplied(err) {
		a.lost = true
		if !a.repeatable {
			return false
		}
	}
	return a.Retryer.IsErrorRetryable(err)
}

// notApplied reports whether an error proves that the attempt changed nothing: DynamoDB refused it, or it was
// never sent. An answer of the 500s proves nothing ("Error handling with DynamoDB" in its developer guide).
func notApplied(err error) bool {
	var dial *net.OpError
	if errors.As(err, &dial) && dial.Op == "dial" {
		return true
	}
	if code(err) == "TransactionInProgressException" {
		return false // an earlier attempt with the same token is at work
	}
	var answer interface{ HTTPStatusCode() int }
	return errors.As(err, &answer) &&
		answer.HTTPStatusCode() >= http.StatusBadRequest && answer.HTTPStatusCode() < http.StatusInternalServerError
}

// code is the error code of DynamoDB's answer, or "" when there was none.
func code(err error) string {
	var answer smithy.APIError
	if errors.As(err, &answer) {
		return answer.ErrorCode()
	}
	return ""
}
