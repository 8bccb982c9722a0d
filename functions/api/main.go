// Command api is the Lambda function behind the HTTP API: every /v1 route. It may not send mail.
package main

import (
	"log"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"flashmentoring/internal/assembly"
	"flashmentoring/internal/assembly/apifunction"
	"flashmentoring/internal/config"
	"flashmentoring/internal/table/dynamotable"
)

func main() {
	environment, err := config.LoadAPI(config.Environ(os.Environ()))
	if err != nil {
		log.Fatal(err)
	}
	aws, err := assembly.AWS()
	if err != nil {
		log.Fatal(err)
	}
	handler, err := apifunction.New(environment, assembly.Surroundings{
		Table: dynamotable.New(dynamotable.Connect(aws), environment.Table.Name),
		Now:   time.Now,
		Log:   os.Stdout,
	})
	if err != nil {
		log.Fatal(err)
	}
	lambda.Start(handler)
}
