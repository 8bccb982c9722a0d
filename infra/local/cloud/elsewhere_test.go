package cloud_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"flashmentoring/infra/local/cloud"
	"flashmentoring/internal/assembly"
	"flashmentoring/internal/assembly/apifunction"
	"flashmentoring/internal/config"
	"flashmentoring/internal/sesmail"
	"flashmentoring/internal/table/dynamotable"
)

// A function that is run elsewhere with the environment from here finds the same people, believes the same tokens and
// reaches the same mail service.
func TestFunctionElsewhere(t *testing.T) {
	asked := empty(t)
	asked.Table, asked.Host = cloud.DynamoDBLocal, "host.docker.internal"
	w := start(t, asked)
	ada := w.enrolled("ada")
	environments, err := w.Environments()
	if err != nil {
		t.Fatal(err)
	}
	environment := environments["ApiFunction"]
	api, err := config.LoadAPI(environment)
	if err != nil {
		t.Fatal(err)
	}
	at := func(endpoint string) aws.Config {
		return aws.Config{
			Region: "local", BaseEndpoint: aws.String(environment[endpoint]),
			Credentials: credentials.NewStaticCredentialsProvider("local", "local", ""),
		}
	}
	handler, err := apifunction.New(api, assembly.Surroundings{
		Table: dynamotable.New(dynamotable.Connect(at(cloud.TableEndpoint)), api.Table.Name), Now: time.Now, Log: io.Discard,
		IssuerClient: &http.Client{Transport: &http.Transport{DialContext: fromContainer}},
	})
	if err != nil {
		t.Fatal(err)
	}
	event, err := os.ReadFile("../../../events/api/get-me.json")
	if err != nil {
		t.Fatal(err)
	}
	text, err := lambda.NewHandler(handler).Invoke(t.Context(), []byte(strings.Replace(string(event), "TOKEN", ada.token, 1)))
	if err != nil {
		t.Fatal(err)
	}
	var answer events.APIGatewayV2HTTPResponse
	if err := json.Unmarshal(text, &answer); err != nil || answer.StatusCode != http.StatusOK || !strings.Contains(answer.Body, `"enrolled":true`) {
		t.Errorf("%v: %s", err, text)
	}
	if account, err := sesmail.New(sesmail.Connect(at(cloud.MailEndpoint)), "").Account(t.Context()); err != nil || !account.Enabled {
		t.Errorf("the mail service says %+v, %v", account, err)
	}
}

// fromContainer connects as a container would, to which this machine has a name of Docker's.
func fromContainer(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err == nil && host != "host.docker.internal" {
		err = fmt.Errorf("the keys are looked for at %s", address)
	}
	if err != nil {
		return nil, err
	}
	return new(net.Dialer).DialContext(ctx, network, net.JoinHostPort("127.0.0.1", port))
}

// A mailer elsewhere gets what the stream brings.
func TestMailerElsewhere(t *testing.T) {
	asked := empty(t)
	brought := make(chan events.DynamoDBEvent, 100)
	asked.Mailer = func(_ context.Context, event []byte) ([]byte, error) {
		var e events.DynamoDBEvent
		err := json.Unmarshal(event, &e)
		brought <- e
		return []byte(`{"batchItemFailures":[]}`), err
	}
	w := start(t, asked)
	ada, ben := w.enrolled("ada"), w.enrolled("ben")
	ben.books(ada.publishes(72*time.Hour, 1))
	if e := <-brought; len(e.Records) == 0 || !strings.HasPrefix(e.Records[0].Change.Keys["PK"].String(), "OUTBOX#") {
		t.Errorf("got %+v", e)
	}
}

func TestNobodyElseReachesTheEmbeddedTable(t *testing.T) {
	if _, err := start(t, empty(t)).Environments(); err == nil || !strings.Contains(err.Error(), "dynamodb-local") {
		t.Errorf("got %v", err)
	}
}
