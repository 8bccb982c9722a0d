package cloud

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

// function is a Lambda function, run in this process: JSON in, JSON out, within its timeout.
type function struct {
	handler any // what a deployed function gives to lambda.Start
	timeout time.Duration
}

// invoke calls the function with an event. Errors are the function's own, that its time was over, or that it panicked,
// which ends one invocation and not the program.
func (f function) invoke(ctx context.Context, event []byte) (answer []byte, err error) {
	ctx, cancel := context.WithTimeout(ctx, f.timeout)
	defer cancel()
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("the function panicked: %v", v)
		}
	}()
	ctx = lambdacontext.NewContext(ctx, &lambdacontext.LambdaContext{AwsRequestID: rand.Text()})
	// A new one each time, as each process of Lambda has its own: the answer lies in a buffer of the lambda.Handler, and
	// the next call overwrites it.
	return lambda.NewHandler(f.handler).Invoke(ctx, event)
}
