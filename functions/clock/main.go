// Command clock is the Lambda function behind the schedule: every minute it handles what the stream missed
// and what was put off.
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
	"flashmentoring/internal/sesmail"
	"flashmentoring/internal/table/dynamotable"
)

func main() {
	environment, err := config.LoadClock(config.Environ(os.Environ()))
	if err != nil {
		log.Fatal(err)
	}
	aws, err := awsconfig.LoadDefaultConfig(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	sender := sesmail.New(sesmail.Connect(aws), environment.Mail.ConfigurationSet)
	dispatcher, err := assembly.Dispatcher(config.Mailer(environment), sender, assembly.Surroundings{
		Table: dynamotable.New(dynamotable.Connect(aws), environment.Table.Name),
		Now:   time.Now,
		Log:   os.Stdout,
	})
	if err != nil {
		log.Fatal(err)
	}
	lambda.Start(dispatcher.Tick)
}
