package dynamotable

import (
	"math/rand/v2"
	"net"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

// DynamoDB answers within milliseconds. Whoever waits longer waits for something that broke, and does better to
// ask again on a new connection while the invocation still has time. The SDK's own limits (30 seconds to
// connect, none for the answer, seconds between attempts) are longer than a request to the API may take.
const (
	connectTimeout = time.Second
	attemptTimeout = 2 * time.Second
	maxAttempts    = 4
	firstBackoff   = 25 * time.Millisecond
	maxBackoff     = 400 * time.Millisecond
	// keptConnections is how many calls the busiest function, the clock, makes side by side. The SDK keeps ten connections,
	// and would shake hands anew for most calls of a busy minute.
	keptConnections = 128
)

// Connect makes a client for [New] with time limits and retries that fit a Lambda function: four attempts of at
// most two seconds, with short random waits between them, and all within the caller's context. An HTTP client
// or a retryer that cfg brings is used instead of ours. It does not reach out to the network.
func Connect(cfg aws.Config) *dynamodb.Client {
	return dynamodb.NewFromConfig(cfg, func(o *dynamodb.Options) {
		if cfg.HTTPClient == nil {
			o.HTTPClient = awshttp.NewBuildableClient().
				WithTimeout(attemptTimeout).
				WithDialerOptions(func(d *net.Dialer) { d.Timeout = connectTimeout }).
				WithTransportOptions(func(t *http.Transport) {
					t.TLSHandshakeTimeout = connectTimeout
					t.MaxIdleConns, t.MaxIdleConnsPerHost = keptConnections, keptConnections
				})
		}
		if cfg.Retryer == nil {
			o.Retryer = retry.NewStandard(func(s *retry.StandardOptions) {
				s.MaxAttempts = maxAttempts
				s.Backoff = retry.BackoffDelayerFunc(func(attempt int, _ error) (time.Duration, error) {
					return backoff(attempt - 1), nil
				})
			})
		}
	})
}

// backoff is how long to wait after a number of failures: a random time up to a bound that doubles with each
// ("full jitter"), so that those who failed together do not come back together.
func backoff(failures int) time.Duration {
	return rand.N(min(firstBackoff<<min(max(failures, 0), 10), maxBackoff))
}
