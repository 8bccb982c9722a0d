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
	handler lambda.Handler
	timeout time.Duration
}

// newFunction takes what a deployed function gives to lambda.Start.
func newFunction(handler any, timeout time.Duration) function {
	return function{lambda.NewHandler(handler), timeout}
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
	return f.handler.Invoke(ctx, event)
}
