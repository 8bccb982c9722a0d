package dynamotable_test

import (
	"testing"

	"flashmentoring/internal/dynamolocal"
	"flashmentoring/internal/table"
	"flashmentoring/internal/table/dynamotable"
	"flashmentoring/internal/table/tabletest"
)

// Both engines keep the promises of package table; this is the real DynamoDB Local, with the table of
// template.yaml.
func TestConformance(t *testing.T) {
	server := dynamolocal.ForTest(t)
	engine := dynamotable.New(server.Client(), server.TableForTest(t))
	tabletest.Run(t, func(*testing.T) table.Table { return engine })
}
