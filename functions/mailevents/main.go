// Command mailevents is the Lambda function behind the rule for events of SES: bounces and complaints stop further mail to
// an address.
package main

import (
	"log"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"flashmentoring/internal/assembly"
	"flashmentoring/internal/assembly/maileventsfunction"
	"flashmentoring/internal/config"
	"flashmentoring/internal/table/dynamotable"
)

func main() {
	environment, err := config.LoadMailEvents(config.Environ(os.Environ()))
	if err != nil {
		log.Fatal(err)
	}
	aws, err := assembly.AWS()
	if err != nil {
		log.Fatal(err)
	}
	lambda.Start(maileventsfunction.New(environment, assembly.Surroundings{
		Table: dynamotable.New(dynamotable.Connect(aws), environment.Table.Name),
		Now:   time.Now,
		Log:   os.Stdout,
	}).Handle)
}
