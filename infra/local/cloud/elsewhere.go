package cloud

import (
	"context"
	"errors"
	"fmt"
	"maps"
)

// Variables of the SDK for addresses other than AWS's own ("Service-specific endpoints" in the AWS SDKs and Tools reference
// guide).
const (
	TableEndpoint = "AWS_ENDPOINT_URL_DYNAMODB"
	MailEndpoint  = "AWS_ENDPOINT_URL_SESV2"
)

// Environments are for whoever runs the functions outside this process, as the SAM CLI does: by id, what template.yaml gives
// them here, with the addresses at which this machine reaches the table and the mail service. The other functions go on
// beside them and share everything. It returns an error where the table is embedded, which nobody else can reach.
func (c *Cloud) Environments() (map[string]map[string]string, error) {
	if c.engine.endpoint == "" {
		return nil, errors.New("the embedded table is in this process alone: use TABLE=" + string(DynamoDBLocal))
	}
	all := map[string]map[string]string{}
	for id, variables := range c.variables {
		all[id] = maps.Clone(variables)
		all[id][TableEndpoint], all[id][MailEndpoint] = c.engine.endpoint, c.url+sesPath
	}
	return all, nil
}

// Invoke calls a function of the template by its id, as the Lambda API does, and returns its answer. Errors are those of the
// function, and that there is none of this id.
func (c *Cloud) Invoke(ctx context.Context, id string, event []byte) (answer []byte, err error) {
	f, ok := map[string]function{
		apiFunction: c.functions.api, pagesFunction: c.functions.pages, mailerFunction: c.functions.mailer,
		clockFunction: c.functions.clock, mailEventsFunction: c.functions.mailEvents,
	}[id]
	if !ok {
		return nil, fmt.Errorf("there is no function %s here", id)
	}
	return f.invoke(ctx, event)
}
