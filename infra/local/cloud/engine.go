package cloud

import (
	"context"
	"errors"
	"path/filepath"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"flashmentoring/infra/local/stream"
	"flashmentoring/internal/dynamolocal"
	"flashmentoring/internal/samtemplate"
	"flashmentoring/internal/table"
	"flashmentoring/internal/table/bolttable"
	"flashmentoring/internal/table/dynamotable"
)

// engine is the table as it runs here.
type engine struct {
	// table commits, and has the mapping told of what it inserted.
	table table.Table
	// read reads the stream for as long as the context lives, where the table has one of its own.
	read func(ctx context.Context) error
	// sweep drops what expired, where the engine does not do so by itself.
	sweep func(ctx context.Context, now time.Time) error
	close func() error
	// endpoint is where the table answers, "" where it answers only this process.
	endpoint string
}

const (
	tableID   = "Table" // in the template
	tableName = "flashmentoring-local"
)

func (c *Cloud) openEngine(ctx context.Context, t *samtemplate.Template) (*engine, error) {
	if c.config.Table == DynamoDBLocal {
		return openDynamoDBLocal(ctx, filepath.Join(c.root, engineFolder), t, c.mapping)
	}
	return openBolt(filepath.Join(c.config.DataDir, "table.db"), c.mapping, c.clock.Now)
}

func openBolt(path string, m *stream.Mapping, now func() time.Time) (*engine, error) {
	// Whoever travels waits for every commit, and what is here can be made again: no write waits for the disk.
	opened, err := bolttable.Open(path, bolttable.NoSync())
	if err != nil {
		return nil, err
	}
	return &engine{
		table: stream.NewTap(opened, m, now),
		read:  func(context.Context) error { return nil },
		sweep: func(ctx context.Context, now time.Time) error {
			_, err := opened.Sweep(ctx, now)
			return err
		},
		close: opened.Close,
	}, nil
}

// streamBatch is how many records are read from the stream at a time. The mapping makes batches of its own.
const streamBatch = 100

func openDynamoDBLocal(ctx context.Context, dir string, t *samtemplate.Template, m *stream.Mapping) (*engine, error) {
	schema, err := t.Table(tableID)
	if err != nil {
		return nil, err
	}
	if err := dynamolocal.Install(ctx, dir); err != nil {
		return nil, err
	}
	server, err := dynamolocal.Start(ctx, dir)
	if err != nil {
		return nil, err
	}
	if err := server.CreateTable(ctx, tableName, schema); err != nil {
		return nil, errors.Join(err, server.Stop())
	}
	return &engine{
		table: stream.NewWatch(dynamotable.New(server.Client(), tableName), m),
		read: func(ctx context.Context) error {
			return server.Stream(ctx, tableName, streamBatch, func(_ context.Context, e events.DynamoDBEvent) {
				m.Offer(e.Records...)
			})
		},
		sweep:    func(context.Context, time.Time) error { return nil }, // it has a sweeper of its own
		close:    server.Stop,
		endpoint: server.Endpoint(),
	}, nil
}
