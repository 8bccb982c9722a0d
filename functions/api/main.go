// Command api is the Lambda function behind the HTTP API: every /v1 route. It may not send mail.
package main

import (
	"context"
	"log"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"

	"flashmentoring/internal/assembly"
	"flashmentoring/internal/config"
	"flashmentoring/internal/table/dynamotable"
)

func main() {
	environment, err := config.LoadAPI(config.Environ(os.Environ()))
	if err != nil {
		log.Fatal(err)
	}
	aws, err := awsconfig.LoadDefaultConfig(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	handler, err := assembly.API(environment, assembly.Surroundings{
		Table: dynamotable.New(dynamotable.Connect(aws), environment.Table.Name),
		Now:   time.Now,
		Log:   os.Stdout,
	})
	if err != nil {
		log.Fatal(err)
	}
	lambda.Start(handler)
}
