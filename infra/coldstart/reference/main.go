// Command reference is the smallest function that has a client of DynamoDB: what the start of any function of ours is
// measured against.
package main

import (
	"context"
	"log"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

func main() {
	aws, err := config.LoadDefaultConfig(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	client := dynamodb.NewFromConfig(aws)
	lambda.Start(func(context.Context) (string, error) { return client.Options().Region, nil })
}
