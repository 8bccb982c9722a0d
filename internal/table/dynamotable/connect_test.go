package dynamotable_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/table/dynamotable"
)

// Calls made side by side keep their connections for the next ones. The client of the SDK as it comes, which is the control,
// connects anew.
func TestConnectionsAreKept(t *testing.T) {
	const together = 32
	anew := map[string]bool{}
	for name, connect := range map[string]func(aws.Config) *dynamodb.Client{
		"ours": dynamotable.Connect, "theirs": func(cfg aws.Config) *dynamodb.Client { return dynamodb.NewFromConfig(cfg) },
	} {
		var connections, arrived atomic.Int32
		waves := []chan struct{}{make(chan struct{}), make(chan struct{})}
		server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			nth := arrived.Add(1) - 1
			wave := waves[nth/together]
			if nth%together == together-1 {
				close(wave)
			}
			<-wave // so that all of one are under way at once
			applied(w, r)
		}))
		server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
			if state == http.StateNew {
				connections.Add(1)
			}
		}
		server.Start()
		defer server.Close()
		engine := dynamotable.New(connect(aws.Config{
			Region: "local", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("local", "local", ""),
		}), "stub")
		commits := func() (opened int32) {
			before := connections.Load()
			var calls sync.WaitGroup
			for range together {
				calls.Go(func() {
					if err := engine.Commit(context.Background(), insert); err != nil {
						t.Errorf("%s: %v", name, err)
					}
				})
			}
			calls.Wait()
			return connections.Load() - before
		}
		commits()
		anew[name] = commits() > 0
	}
	if diff := cmp.Diff(map[string]bool{"ours": false, "theirs": true}, anew); diff != "" {
		t.Errorf("who connects anew (-want +got):\n%s", diff)
	}
}
