package dynamolocal

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"flashmentoring/internal/samtemplate"
)

// CreateTable makes an empty table with the keys, indexes, stream and expiry of the schema. It fails when there
// is one of this name.
func (s *Server) CreateTable(ctx context.Context, name string, schema samtemplate.TableSchema) error {
	client := s.Client()
	if _, err := client.CreateTable(ctx, createInput(name, schema)); err != nil {
		return fmt.Errorf("create table %s: %w", name, err)
	}
	if schema.TTL == "" {
		return nil
	}
	_, err := client.UpdateTimeToLive(ctx, &dynamodb.UpdateTimeToLiveInput{
		TableName: &name,
		TimeToLiveSpecification: &types.TimeToLiveSpecification{
			AttributeName: &schema.TTL, Enabled: aws.Bool(true),
		},
	})
	if err != nil {
		return fmt.Errorf("create table %s: time to live: %w", name, err)
	}
	return nil
}

func createInput(name string, schema samtemplate.TableSchema) *dynamodb.CreateTableInput {
	input := &dynamodb.CreateTableInput{
		TableName:            &name,
		BillingMode:          types.BillingModePayPerRequest,
		KeySchema:            keySchema(schema.Key),
		AttributeDefinitions: keyAttributes(schema.Key),
	}
	for _, index := range schema.Indexes {
		input.AttributeDefinitions = append(input.AttributeDefinitions, keyAttributes(index.Key)...)
		input.GlobalSecondaryIndexes = append(input.GlobalSecondaryIndexes, types.GlobalSecondaryIndex{
			IndexName:  &index.Name,
			KeySchema:  keySchema(index.Key),
			Projection: &types.Projection{ProjectionType: types.ProjectionType(index.Projection)},
		})
	}
	if schema.Stream != "" {
		input.StreamSpecification = &types.StreamSpecification{
			StreamEnabled: aws.Bool(true), StreamViewType: types.StreamViewType(schema.Stream),
		}
	}
	return input
}

func keySchema(key samtemplate.KeySchema) []types.KeySchemaElement {
	return []types.KeySchemaElement{
		{AttributeName: &key.Partition, KeyType: types.KeyTypeHash},
		{AttributeName: &key.Sort, KeyType: types.KeyTypeRange},
	}
}

func keyAttributes(key samtemplate.KeySchema) []types.AttributeDefinition {
	return []types.AttributeDefinition{
		{AttributeName: &key.Partition, AttributeType: types.ScalarAttributeTypeS},
		{AttributeName: &key.Sort, AttributeType: types.ScalarAttributeTypeS},
	}
}
