package samtemplate

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Route is one route of the HTTP API. The gateway answers 404 to anything that fits none.
type Route struct {
	// Method is in upper case.
	Method string
	// Path has its variables in braces, as http.ServeMux has them too: "/v1/slots/{slotId}".
	Path string
	// Function is the id of the function that answers.
	Function string
	// Authorized says that the gateway lets only requests with a valid bearer token through.
	Authorized bool
}

type httpAPI struct {
	Auth struct {
		DefaultAuthorizer string `yaml:"DefaultAuthorizer"`
	} `yaml:"Auth"`
}

// Routes are the routes of all functions, sorted by path and method. It returns an error for a route of an API
// that is not in the template.
func (t *Template) Routes() ([]Route, error) {
	var routes []Route
	for _, f := range t.Functions() {
		for _, event := range f.Events {
			if event.Type != "HttpApi" {
				continue
			}
			route, err := t.route(event)
			if err != nil {
				return nil, fmt.Errorf("template: function %s: event %s: %w", f.ID, event.Name, err)
			}
			route.Function = f.ID
			routes = append(routes, route)
		}
	}
	slices.SortFunc(routes, func(a, b Route) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Method, b.Method))
	})
	return routes, nil
}

func (t *Template) route(e Event) (Route, error) {
	var properties struct {
		APIID  text   `yaml:"ApiId"`
		Method string `yaml:"Method"`
		Path   string `yaml:"Path"`
		Auth   struct {
			Authorizer string `yaml:"Authorizer"`
		} `yaml:"Auth"`
	}
	if err := e.properties.Decode(&properties); err != nil {
		return Route{}, err
	}
	api, ok := t.apis[properties.APIID.logicalID()]
	if !ok {
		return Route{}, fmt.Errorf("no HttpApi %q", properties.APIID)
	}
	authorizer := cmp.Or(properties.Auth.Authorizer, api.Auth.DefaultAuthorizer, "NONE")
	return Route{
		Method:     strings.ToUpper(properties.Method),
		Path:       properties.Path,
		Authorized: authorizer != "NONE",
	}, nil
}

// logicalID is the resource that a text is a reference to, or an attribute of; "" when it is something else.
func (t text) logicalID() string {
	name, ok := strings.CutPrefix(string(t), "${")
	if !ok || strings.Index(name, "}") != len(name)-1 {
		return ""
	}
	id, _, _ := strings.Cut(strings.TrimSuffix(name, "}"), ".")
	return id
}
