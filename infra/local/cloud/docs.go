package cloud

import (
	"fmt"
	"html/template"
	"net/http"
	"path/filepath"

	"github.com/swaggest/swgui"
	"github.com/swaggest/swgui/v5emb"
)

// docs adds the API reference: Swagger UI, with infra/openapi.yaml as it is at the moment of asking. "Try it out" calls
// this API, signed in as the person the address names.
func (c *Cloud) docs(mux *http.ServeMux) {
	files := v5emb.New("", "", "/docs/")
	mux.HandleFunc("GET /docs", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/docs/", http.StatusMovedPermanently)
	})
	mux.Handle("GET /docs/", files)
	mux.HandleFunc("GET /docs/{$}", c.getDocs)
	mux.HandleFunc("GET /docs/openapi.yaml", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/yaml")
		w.Header().Set("Cache-Control", "no-store")
		http.ServeFile(w, r, filepath.Join(c.root, openAPIFile))
	})
}

// bearerScheme is the name of the security scheme in infra/openapi.yaml.
const bearerScheme = "bearer"

func (c *Cloud) getDocs(w http.ResponseWriter, r *http.Request) {
	who := asked(r.URL.Query())
	if r.URL.RawQuery == "" {
		who = firstRequester()
	}
	if faults := who.faults(); faults != nil {
		c.renderProblem(w, http.StatusUnprocessableEntity, "There is no token for somebody like this.", faults...)
		return
	}
	token, err := c.Token(who)
	if err != nil {
		c.renderNotDone(w, err)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	v5emb.NewHandlerWithConfig(swgui.Config{
		Title:              "Flash mentoring",
		SwaggerJSON:        "/docs/openapi.yaml",
		BasePath:           "/docs/",
		PreAuthorizeApiKey: map[string]string{bearerScheme: token},
		SettingsUI: map[string]string{
			"tryItOutEnabled": "true", "displayRequestDuration": "true", "docExpansion": `"list"`, "filter": "false",
		},
		AppendHead:  docsHead,
		PrependHTML: docsBar(who),
	}).ServeHTTP(w, r)
}

func firstRequester() Person {
	for _, p := range seeds.People {
		if p.Part == "requester" {
			return p.Person
		}
	}
	return visitor
}

// docsHead makes the reference fit narrow screens.
const docsHead = template.HTML(`<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
.local-bar { font: 1rem/1.5 system-ui, sans-serif; background: #fff; color: #22262a; border-bottom: 1px solid #dedbd3; }
.local-bar p { max-width: 1460px; margin: 0 auto; padding: .7rem 20px; }
.local-bar a { color: #1b5e6b; }
.swagger-ui pre, .swagger-ui .markdown code { overflow-wrap: anywhere; }
.swagger-ui .markdown table { display: block; overflow-x: auto; }
</style>`)

func docsBar(who Person) template.HTML {
	return template.HTML(fmt.Sprintf( //nolint:gosec // the name is escaped
		`<div class="local-bar"><p><a href="/">Console</a> · You are signed in as <strong>%s</strong>. `+
			`<a href="/#people">Act as somebody else</a></p></div>`, template.HTMLEscapeString(who.Name)))
}
