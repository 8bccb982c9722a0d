// Command pages is the Lambda function behind the links in mails. It takes no bearer token, and may not send mail.
package main

import (
	"log"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"flashmentoring/internal/assembly"
	"flashmentoring/internal/assembly/pagesfunction"
	"flashmentoring/internal/config"
	"flashmentoring/internal/table/dynamotable"
)

func main() {
	environment, err := config.LoadPages(config.Environ(os.Environ()))
	if err != nil {
		log.Fatal(err)
	}
	aws, err := assembly.AWS()
	if err != nil {
		log.Fatal(err)
	}
	handler, err := pagesfunction.New(environment, assembly.Surroundings{
		Table: dynamotable.New(dynamotable.Connect(aws), environment.Table.Name),
		Now:   time.Now,
		Log:   os.Stdout,
	})
	if err != nil {
		log.Fatal(err)
	}
	lambda.Start(handler)
}
