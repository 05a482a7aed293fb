package api

import (
	"bytes"
	"cmp"
	"compress/gzip"
	_ "embed" // for the renderer
	"html/template"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/go-json-experiment/json"

	"github.com/seed-2026d078/roster/feed"
)

// isDocument reports whether a path belongs to a page that describes the API. These pages
// hold no data, so they need no key.
func isDocument(path string) bool {
	return path == "/" || path == iconPath || path == docsPath || path == rendererPath || path == problemsPath ||
		strings.HasPrefix(path, problemsPath+"/") || slices.Contains(openAPIPaths, path) ||
		path == asyncAPIPath || path == schemasPath
}

const (
	docsPath     = "/docs"
	iconPath     = "/favicon.ico"
	problemsPath = "/problems"
	// asyncAPIPath and schemasPath are the description of the feed.
	asyncAPIPath = "/asyncapi.json"
	schemasPath  = "/schemas.json"
	// rendererPath names the version, so that browsers may keep the file for good.
	rendererPath = docsPath + "/redoc-" + redocVersion + ".js"
	redocVersion = "2.5.4"
)

// openAPIPaths are where the OpenAPI document is: as it is, and for tools that read
// version 3.0 alone.
var openAPIPaths = []string{"/openapi.json", "/openapi.yaml", "/openapi-3.0.json", "/openapi-3.0.yaml"}

// documentRoutes serve the description of the API, and that of the feed. They must be registered after all other
// routes, which it describes.
func (s *Server) documentRoutes() {
	s.problemRoutes()
	document := s.huma.OpenAPI()
	describe(document)
	for i, write := range []func() ([]byte, error){document.MarshalJSON, document.YAML, document.Downgrade, document.DowngradeYAML} {
		path := openAPIPaths[i]
		s.mux.HandleFunc("GET "+path, s.serveText("application/openapi+"+path[len(path)-len("json"):], sync.OnceValues(write)))
	}
	s.mux.HandleFunc("GET "+asyncAPIPath, s.serveText("application/vnd.aai.asyncapi+json", func() ([]byte, error) { return feed.AsyncAPI(), nil }))
	s.mux.HandleFunc("GET "+schemasPath, s.serveText("application/schema+json", func() ([]byte, error) { return feed.Schemas(), nil }))
	s.mux.Handle("GET /{$}", http.RedirectHandler(docsPath, http.StatusFound))
	s.mux.HandleFunc("GET "+iconPath, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }) // browsers ask for it
	s.mux.HandleFunc("GET "+docsPath, serveDocs)
	s.mux.HandleFunc("GET "+rendererPath, s.serveRenderer)
}

// problemRoutes serve what the type of a problem refers to.
func (s *Server) problemRoutes() {
	schemas, problem := s.huma.OpenAPI().Components.Schemas, reflect.TypeFor[Problem]()
	list := &huma.Schema{Type: huma.TypeArray, Items: schemas.Schema(problem, true, "")}
	s.handleRaw(route{http.MethodGet, problemsPath, "list_problems", "Operations", "List every problem with which a request can be answered"},
		huma.Operation{Security: noKey, Responses: okResponse("application/json", "Every problem", list)},
		func(w http.ResponseWriter, _ *http.Request) error { return writeJSON(w, http.StatusOK, Problems()) })
	s.handleRaw(route{http.MethodGet, problemsPath + "/{code}", "get_problem", "Operations", "Look up one thing that can go wrong"},
		huma.Operation{Security: noKey, Responses: okResponse("application/json", "The problem", list.Items), Parameters: []*huma.Param{
			{Name: "code", In: "path", Required: true, Description: "The code of the problem.", Schema: &huma.Schema{Type: huma.TypeString}, Example: "last_holder"},
		}},
		func(w http.ResponseWriter, r *http.Request) error {
			all := Problems()
			i := slices.IndexFunc(all, func(p Problem) bool { return p.Code == r.PathValue("code") })
			if i < 0 {
				return errNoProblem
			}
			return writeJSON(w, http.StatusOK, all[i])
		})
}

func (s *Server) serveText(mediaType string, write func() ([]byte, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		text, err := write()
		if err != nil {
			s.refuse(w, r, err)
			return
		}
		w.Header().Set("Content-Type", mediaType)
		_, _ = w.Write(text) // an error means that the client is gone
	}
}

// docsPolicy allows the page to load the renderer and the document, and nothing from other
// hosts. The renderer puts styles into the page, and searches in a worker that it makes.
const docsPolicy = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'unsafe-inline'; " +
	"img-src 'self' data:; worker-src blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

func serveDocs(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", docsPolicy)
	_ = docsPage.Execute(w, struct{ Document, Renderer, Theme string }{openAPIPaths[0], rendererPath, docsTheme})
}

var docsPage = template.Must(template.New("docs").Parse(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Roster: HTTP API</title>
<style>
body { margin: 0 }
@media (max-width: 500px) { .api-info span a { display: block; padding-left: 16px } }
</style>
<redoc spec-url="{{.Document}}" theme="{{.Theme}}" hide-download-button required-props-first></redoc>
<noscript>This page needs JavaScript. <a href="{{.Document}}">The OpenAPI document</a> says the same,
and <a href="/problems">the list of problems</a> what can go wrong.</noscript>
<script src="{{.Renderer}}"></script>
</html>
`))

// docsTheme uses the fonts of the reader's system.
const docsTheme = `{"typography": {"fontFamily": "system-ui, sans-serif", "headings": {"fontFamily": "system-ui, sans-serif"}, "code": {"fontFamily": "ui-monospace, monospace"}}}`

// renderer is the file of npm's redoc that makes a page of the document.
//
//go:embed redoc/redoc.standalone.js.gz
var renderer []byte

func (s *Server) serveRenderer(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Content-Type", "text/javascript; charset=utf-8")
	header.Set("Cache-Control", "public, max-age=31536000, immutable")
	header.Set("Vary", "Accept-Encoding")
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		header.Set("Content-Encoding", "gzip")
		_, _ = w.Write(renderer) // an error means that the client is gone
		return
	}
	text, err := unpackedRenderer()
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	_, _ = w.Write(text) // an error means that the client is gone
}

// unpackedRenderer unpacks the renderer for clients that do not take gzip.
var unpackedRenderer = sync.OnceValues(func() ([]byte, error) {
	reader, err := gzip.NewReader(bytes.NewReader(renderer))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(reader)
})

// Huma can be configured in these points only by variables of its package. Two of them make
// a request that huma refuses a problem like every other. The third makes an empty list [],
// never null. They are set once, since several servers may start at the same time.
func init() {
	huma.DefaultArrayNullable = false
	huma.NewErrorWithContext = func(ctx huma.Context, status int, message string, errs ...error) huma.StatusError {
		p := humaProblem(status, message, errs)
		p.Instance = requestFrom(ctx.Context()).id
		return p
	}
	huma.NewError = func(status int, message string, errs ...error) huma.StatusError {
		return humaProblem(status, message, errs)
	}
}

// jsonFormat reads and writes bodies.
var jsonFormat = huma.Format{Marshal: encode, Unmarshal: decode}

var encodeBuffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// maxPooledBuffer is the size in bytes of the largest buffer that is kept for the next
// answer: several times that of a page of 200 rows.
const maxPooledBuffer = 1 << 20

// encode writes a body at once. An encoder that writes to the connection itself does so
// every 4 KB. If the value cannot be encoded, nothing is written.
func encode(w io.Writer, v any) error {
	buffer, _ := encodeBuffers.Get().(*bytes.Buffer)
	defer func() {
		if buffer.Cap() <= maxPooledBuffer {
			encodeBuffers.Put(buffer)
		}
	}()
	buffer.Reset()
	if err := json.MarshalWrite(buffer, v, json.Deterministic(true)); err != nil {
		return err
	}
	_, err := w.Write(buffer.Bytes())
	return err
}

// newOpenAPI returns the document without paths, and what registers them.
func newOpenAPI(mux *mux, version string) huma.API {
	return humago.New(mux, huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{
				Title:       "Roster",
				Version:     cmp.Or(strings.Trim(version, "()"), "devel"), // Go says "(devel)"
				Description: about,
				Contact:     &huma.Contact{Name: "Roster", URL: "https://github.com/seed-2026d078/roster"},
				License:     &huma.License{Name: "Apache-2.0", URL: "https://www.apache.org/licenses/LICENSE-2.0"},
			},
			Servers: []*huma.Server{{URL: "/", Description: "The server that this document comes from."}},
			Components: &huma.Components{
				Schemas: schemas,
				SecuritySchemes: map[string]*huma.SecurityScheme{
					"key": {Type: "http", Scheme: "bearer", Description: "The root key, which `roster serve` makes at its first start."},
				},
			},
			Security: []map[string][]string{{"key": {}}},
		},
		Formats:                      map[string]huma.Format{"application/json": jsonFormat, "json": jsonFormat},
		DefaultFormat:                "application/json",
		RejectUnknownQueryParameters: true,
	})
}

// noKey is the security of operations that need no key.
var noKey = []map[string][]string{{}}

const about = "Who belongs to an organization, its projects and teams, and what each may do there.\n\n" +
	"Every request carries the root key, but those for this description, `/problems`, `/healthz` and `/readyz`. `" + headerActor + "` names the user under whose rights it is carried out. " +
	"What that user may not see is answered with 404. Every error is a problem after RFC 9457, " +
	"whose `code` is stable; `/problems` lists them all."

// tags are the groups of operations, in the order in which the document shows them.
var tags = []*huma.Tag{
	{Name: "Organizations", Description: "Organizations as a whole: from their creation to their deletion."},
	{Name: "Members", Description: "The members of an organization and their roles."},
	{Name: "People", Description: "What is known about a person, over all organizations."},
	{Name: "Invites", Description: "Invitations to an organization by email address."},
	{Name: "Email domains", Description: "Joining by the domain of a verified address."},
	{Name: "Access requests", Description: "What people ask for: to join an organization, or for access to a project."},
	{Name: "Roles", Description: "Roles that an organization defines beside those of its scheme."},
	{Name: "Projects", Description: "The projects of an organization."},
	{Name: "Project members", Description: "Who is on a project, by a grant of their own or otherwise."},
	{Name: "Overrides", Description: "Single permissions of a person on a project that differ from their role."},
	{Name: "Public links", Description: "Links that open a project to anybody who has them."},
	{Name: "Teams", Description: "Teams of members, nested or not."},
	{Name: "Team members", Description: "Who is in a team."},
	{Name: "Assignments", Description: "The roles that teams have on projects."},
	{Name: "Access", Description: "Who may do what, and why."},
	{Name: "Reports", Description: "Overviews of access across an organization."},
	{Name: "Schemes", Description: "The rules that an organization follows."},
	{Name: "Bulk", Description: "Many commands in one request, all or nothing."},
	{Name: "History", Description: "What happened: the audit log, streams of events, exports and imports."},
	{Name: "Declared state", Description: "An organization as a whole: what is declared of it is made so."},
	{Name: notificationTag, Description: "What a person is told about changes to their access, and what of it they have switched off."},
	{Name: mailTag, Description: "Mails to people, and those that could not be sent."},
	{Name: feedTag, Description: "The stream of events for other services."},
	{Name: "Operations", Description: "The state of the server, and what can go wrong."},
}
