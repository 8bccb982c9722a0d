// Command mailer is the Lambda function behind the table's stream: it sends what new outbox rows ask for.
package main

import (
	"log"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"flashmentoring/internal/assembly"
	"flashmentoring/internal/assembly/mailfunction"
	"flashmentoring/internal/config"
	"flashmentoring/internal/sesmail"
	"flashmentoring/internal/table/dynamotable"
)

func main() {
	environment, err := config.LoadMailer(config.Environ(os.Environ()))
	if err != nil {
		log.Fatal(err)
	}
	aws, err := assembly.AWS()
	if err != nil {
		log.Fatal(err)
	}
	sender := sesmail.New(sesmail.Connect(aws), environment.Mail.ConfigurationSet)
	dispatcher, err := mailfunction.New(environment, sender, assembly.Surroundings{
		Table: dynamotable.New(dynamotable.Connect(aws), environment.Table.Name),
		Now:   time.Now,
		Log:   os.Stdout,
	})
	if err != nil {
		log.Fatal(err)
	}
	lambda.Start(dispatcher.Stream)
}
