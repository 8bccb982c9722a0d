// Command clock is the Lambda function behind the schedule: every minute it handles what the stream missed
// and what was put off.
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
	environment, err := config.LoadClock(config.Environ(os.Environ()))
	if err != nil {
		log.Fatal(err)
	}
	aws, err := assembly.AWS()
	if err != nil {
		log.Fatal(err)
	}
	sender := sesmail.New(sesmail.Connect(aws), environment.Mail.ConfigurationSet)
	dispatcher, err := mailfunction.New(config.Mailer(environment), sender, assembly.Surroundings{
		Table: dynamotable.New(dynamotable.Connect(aws), environment.Table.Name),
		Now:   time.Now,
		Log:   os.Stdout,
	})
	if err != nil {
		log.Fatal(err)
	}
	lambda.Start(dispatcher.Tick)
}
