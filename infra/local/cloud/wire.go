package cloud

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strings"

	"flashmentoring/infra/local/stream"
	"flashmentoring/internal/assembly"
	"flashmentoring/internal/assembly/apifunction"
	"flashmentoring/internal/assembly/maileventsfunction"
	"flashmentoring/internal/assembly/mailfunction"
	"flashmentoring/internal/assembly/pagesfunction"
	"flashmentoring/internal/config"
	"flashmentoring/internal/samtemplate"
)

// The functions of the template.
const (
	apiFunction        = "ApiFunction"
	pagesFunction      = "PagesFunction"
	mailerFunction     = "MailerFunction"
	clockFunction      = "ClockFunction"
	mailEventsFunction = "MailEventsFunction"
)

var ourFunctions = []string{apiFunction, pagesFunction, mailerFunction, clockFunction, mailEventsFunction}

// mailDomain stands in for the verified domain of a deployment. Names below "example" belong to nobody (RFC 2606).
const mailDomain = "flash-mentoring.example"

// functions are what the template declares, ready to be called.
type functions struct{ api, pages, mailer, clock, mailEvents function }

// wire puts together everything that answers: the table with its stream, the functions, and the server around them.
func (c *Cloud) wire(ctx context.Context, t *samtemplate.Template) error {
	declared, err := declarations(t)
	if err != nil {
		return err
	}
	settings, err := stream.FromTemplate(declared[mailerFunction])
	if err != nil {
		return err
	}
	// The mailer needs the table, the table its stream, and the stream the mailer: so it is looked up when it is called.
	c.mapping = stream.NewMapping(settings, func(ctx context.Context, event []byte) ([]byte, error) {
		if c.config.Mailer != nil {
			return c.config.Mailer(ctx, event)
		}
		return c.functions.mailer.invoke(ctx, event)
	}, c.log)
	if c.engine, err = c.openEngine(ctx, t); err != nil {
		return err
	}
	c.onClose(c.engine.close)
	if c.functions, err = c.assemble(t, declared); err != nil {
		return err
	}
	routes, err := t.Routes()
	if err != nil {
		return err
	}
	behind := map[string]function{apiFunction: c.functions.api, pagesFunction: c.functions.pages}
	gate := newGateway(routes, behind, c.clock.Now, c.log)
	c.server = newServer(c.handler(gate))
	return nil
}

// declarations are the functions of the template by id. It returns an error when one of ours is missing.
func declarations(t *samtemplate.Template) (map[string]samtemplate.Function, error) {
	declared := map[string]samtemplate.Function{}
	for _, f := range t.Functions() {
		declared[f.ID] = f
	}
	var missing []error
	for _, id := range ourFunctions {
		if _, ok := declared[id]; !ok {
			missing = append(missing, fmt.Errorf("%s has no function %s", templateFile, id))
		}
	}
	return declared, errors.Join(missing...)
}

// assemble makes the functions, as functions/ does, with the environment the template gives them.
func (c *Cloud) assemble(t *samtemplate.Template, declared map[string]samtemplate.Function) (f functions, err error) {
	environment, err := c.environments(t)
	if err != nil {
		return f, err
	}
	c.variables = environment
	here := assembly.Surroundings{Table: c.engine.table, Now: c.clock.Now, Log: c.logOut, IssuerClient: c.issuer.Client()}

	api, err := config.LoadAPI(environment[apiFunction])
	if err != nil {
		return f, err
	}
	c.desk = assembly.Desk(api.Table, api.Policy, here)
	handler, err := apifunction.New(api, here)
	if err != nil {
		return f, err
	}
	f.api = function{handler, declared[apiFunction].Timeout}

	if f.pages.handler, err = pagesIn(environment[pagesFunction], here); err != nil {
		return f, err
	}
	f.pages.timeout = declared[pagesFunction].Timeout

	mailer, err := config.LoadMailer(environment[mailerFunction])
	if err != nil {
		return f, err
	}
	dispatcher, err := mailfunction.New(mailer, c.sender(mailer.Mail), here)
	if err != nil {
		return f, err
	}
	f.mailer = function{dispatcher.Stream, declared[mailerFunction].Timeout}

	clock, err := config.LoadClock(environment[clockFunction])
	if err != nil {
		return f, err
	}
	if dispatcher, err = mailfunction.New(config.Mailer(clock), c.sender(clock.Mail), here); err != nil {
		return f, err
	}
	f.clock = function{dispatcher.Tick, declared[clockFunction].Timeout}

	mailEvents, err := config.LoadMailEvents(environment[mailEventsFunction])
	if err != nil {
		return f, err
	}
	f.mailEvents = function{maileventsfunction.New(mailEvents, here).Handle, declared[mailEventsFunction].Timeout}
	return f, nil
}

func pagesIn(environment map[string]string, here assembly.Surroundings) (pagesfunction.Handler, error) {
	c, err := config.LoadPages(environment)
	if err != nil {
		return nil, err
	}
	return pagesfunction.New(c, here)
}

// environments are those of the functions, from the template, with values of this place for what CloudFormation would
// know.
func (c *Cloud) environments(t *samtemplate.Template) (map[string]map[string]string, error) {
	secrets, err := c.secrets()
	if err != nil {
		return nil, err
	}
	values := samtemplate.Values{
		Refs: map[string]string{
			"TokenIssuer": c.issuer.URL(), "TokenAudience": audience, "MailDomain": mailDomain,
			tableID: tableName, "CursorKey": "cursor-key", "LinkKey": "link-key", "LinkKeyBefore": "link-key-before",
			"HttpApi.ApiEndpoint": c.url, "ConfigurationSet": configurationSet, "AWS::Region": "local", "AWS::AccountId": accountID,
			"AWS::Partition": "aws", "AWS::StackName": "local",
		},
		Dynamic: secrets,
	}
	maps.Copy(values.Refs, c.config.Parameters)
	environment := map[string]map[string]string{}
	var wrong []error
	for _, id := range ourFunctions {
		variables, err := t.Environment(id, values)
		environment[id], wrong = variables, append(wrong, err)
	}
	return environment, errors.Join(wrong...)
}

// secrets are what Secrets Manager would make, by the references to it.
func (c *Cloud) secrets() (map[string]string, error) {
	cursor, err := c.state.secret("cursor key")
	if err != nil {
		return nil, err
	}
	link, err := c.state.secret("link key")
	if err != nil {
		return nil, err
	}
	before, err := c.state.secret("link key before")
	return map[string]string{
		"secretsmanager:cursor-key":                          cursor,
		"secretsmanager:link-key:SecretString:id":            "1",
		"secretsmanager:link-key:SecretString:secret":        link,
		"secretsmanager:link-key-before:SecretString:id":     "0",
		"secretsmanager:link-key-before:SecretString:secret": before,
	}, err
}

// handler is everything the server answers: our own addresses, and behind all others the gateway.
func (c *Cloud) handler(gate http.Handler) http.Handler {
	mux := http.NewServeMux()
	c.control(mux)
	c.outcomes(mux)
	c.console(mux)
	c.inbox(mux)
	c.docs(mux)
	c.services(mux)
	// A page from elsewhere in the same browser must not sign in or travel here.
	ours := http.NewCrossOriginProtection().Handler(mux)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isOurs(r.URL.Path) {
			ours.ServeHTTP(w, r)
			return
		}
		gate.ServeHTTP(w, r)
	})
}

// isOurs tells our own addresses from those of the API and the pages.
func isOurs(path string) bool {
	return path == "/" || path == "/docs" || strings.HasPrefix(path, "/docs/") || strings.HasPrefix(path, "/_local/")
}
