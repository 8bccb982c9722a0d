package dynamotable_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"

	"flashmentoring/internal/table/dynamotable"
)

// answer is what DynamoDB answers to one attempt, in the form of its JSON protocol.
type answer func(w http.ResponseWriter, r *http.Request)

func fine(body string) answer { return respond(http.StatusOK, body) }

// refuse is an answer of the kind "API error", with the type that goes before the name on the wire.
func refuse(status int, errorType, message string) answer {
	body, _ := json.Marshal(map[string]string{"__type": errorType, "message": message})
	return respond(status, string(body))
}

func respond(status int, body string) answer {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// cancelled is a transaction that was cancelled for these reasons, one for each write.
func cancelled(codes ...string) answer {
	type reason struct{ Code, Message string }
	reasons := make([]reason, len(codes))
	for i, code := range codes {
		reasons[i] = reason{Code: code}
		if code != "None" {
			reasons[i].Message = code + " of write"
		}
	}
	body, _ := json.Marshal(map[string]any{
		"__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
		"Message": "Transaction cancelled, please refer cancellation reasons for specific reasons [" +
			strings.Join(codes, ", ") + "]",
		"CancellationReasons": reasons,
	})
	return respond(http.StatusBadRequest, string(body))
}

const dynamo = "com.amazonaws.dynamodb.v20120810#"

var (
	applied        = fine(`{}`)
	unmet          = refuse(400, dynamo+"ConditionalCheckFailedException", "The conditional request failed")
	conflicting    = refuse(400, dynamo+"TransactionConflictException", "Transaction is ongoing for the item")
	inProgress     = refuse(400, dynamo+"TransactionInProgressException", "The transaction is already in progress")
	overProvision  = refuse(400, dynamo+"ProvisionedThroughputExceededException", "The level of configured …")
	throttled      = refuse(400, "com.amazon.coral.availability#ThrottlingException", "Throughput exceeds the …")
	overLimit      = refuse(400, dynamo+"RequestLimitExceeded", "Throughput exceeds the current …")
	malformed      = refuse(400, "com.amazon.coral.validate#ValidationException", "One or more parameter values …")
	noTable        = refuse(400, dynamo+"ResourceNotFoundException", "Requested resource not found")
	notAllowed     = refuse(400, "com.amazon.coral.service#AccessDeniedException", "User … is not authorized …")
	internalError  = refuse(500, dynamo+"InternalServerError", "Internal server error")
	unavailable503 = refuse(503, "com.amazon.coral.availability#ServiceUnavailableException", "")
)

// lost breaks the connection without an answer.
func lost(w http.ResponseWriter, _ *http.Request) {
	connection, _, err := w.(http.Hijacker).Hijack()
	if err == nil {
		_ = connection.Close()
	}
}

// silence keeps the client waiting until it gives up.
func silence(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

// stub answers a table's attempts one after the other, with the last answer for all that follow, and keeps what
// was asked.
type stub struct {
	*dynamotable.Table
	config   aws.Config
	close    func()
	mu       sync.Mutex
	answers  []answer
	attempts []attempt
}

type attempt struct {
	Operation string
	Body      map[string]any
}

func newStub(t *testing.T, answers ...answer) *stub {
	t.Helper()
	s := &stub{answers: answers}
	server := httptest.NewServer(s)
	s.close = server.Close
	t.Cleanup(server.Close)
	s.config = aws.Config{
		Region:       "local",
		BaseEndpoint: &server.URL,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "local", SecretAccessKey: "local"}, nil
		}),
	}
	s.Table = dynamotable.New(dynamotable.Connect(s.config), "stub")
	return s
}

func (s *stub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	one := attempt{Operation: operation}
	_ = json.NewDecoder(r.Body).Decode(&one.Body)
	_, _ = io.Copy(io.Discard, r.Body) // so that the end of the connection is noticed

	s.mu.Lock()
	next := s.answers[min(len(s.attempts), len(s.answers)-1)]
	s.attempts = append(s.attempts, one)
	s.mu.Unlock()
	next(w, r)
}

// sent are the attempts so far.
func (s *stub) sent() []attempt {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.attempts[:len(s.attempts):len(s.attempts)]
}
