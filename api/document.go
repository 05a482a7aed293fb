package api

import (
	"cmp"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
)

// documentRoutes serve what there is to read about the rest.
func (s *Server) documentRoutes() {
	s.mux.HandleFunc("GET /docs", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
		_ = page.Execute(w, s.chapters()) // who does not read on cannot be told
	})
	for path, write := range map[string]func() ([]byte, error){
		"/openapi.json":     s.huma.OpenAPI().MarshalJSON,
		"/openapi.yaml":     s.huma.OpenAPI().YAML,
		"/openapi-3.0.json": s.huma.OpenAPI().Downgrade,
		"/openapi-3.0.yaml": s.huma.OpenAPI().DowngradeYAML,
	} {
		s.mux.HandleFunc("GET "+path, s.serveDocument("application/openapi+"+path[len(path)-4:], sync.OnceValues(write)))
	}
	s.mux.HandleFunc("GET /problems", func(w http.ResponseWriter, r *http.Request) {
		if err := writeJSON(w, http.StatusOK, Problems()); err != nil {
			s.refuse(w, r, err)
		}
	})
	s.mux.HandleFunc("GET /problems/{code}", func(w http.ResponseWriter, r *http.Request) {
		all := Problems()
		i := slices.IndexFunc(all, func(p Problem) bool { return p.Code == r.PathValue("code") })
		if i < 0 {
			s.refuse(w, r, errNoProblem)
			return
		}
		if err := writeJSON(w, http.StatusOK, all[i]); err != nil {
			s.refuse(w, r, err)
		}
	})
}

// serveDocument serves the OpenAPI document in one of its forms.
func (s *Server) serveDocument(mediaType string, write func() ([]byte, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		text, err := write()
		if err != nil {
			s.refuse(w, r, err)
			return
		}
		w.Header().Set("Content-Type", mediaType)
		_, _ = w.Write(text) // who does not read on cannot be told
	}
}

// chapter is the routes of one kind.
type chapter struct {
	Name   string
	Routes []documented
}

type documented struct {
	Method, Path string
	*huma.Operation
}

// Own lists the parameters that not every route has.
func (d documented) Own() []*huma.Param {
	return slices.DeleteFunc(slices.Clone(d.Parameters), func(p *huma.Param) bool { return p.Ref != "" })
}

func (s *Server) chapters() []chapter {
	byTag := map[string][]documented{}
	for path, item := range s.huma.OpenAPI().Paths {
		for _, op := range operations(item) {
			byTag[op.Tags[0]] = append(byTag[op.Tags[0]], documented{op.Method, path, op})
		}
	}
	var all []chapter
	for tag, routes := range byTag {
		slices.SortFunc(routes, func(a, b documented) int {
			return cmp.Or(strings.Compare(a.Path, b.Path), strings.Compare(a.Method, b.Method))
		})
		all = append(all, chapter{tag, routes})
	}
	slices.SortFunc(all, func(a, b chapter) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// page needs nothing from elsewhere: no script, no style sheet, no font.
var page = template.Must(template.New("docs").Parse(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Roster: HTTP API</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
code { font: 14px ui-monospace, monospace }
dt { margin-top: 1rem; font-weight: 600 }
li { color: #444 }
</style>
<h1>Roster: HTTP API</h1>
<p>The whole of it, with bodies, is <a href="/openapi.json">the OpenAPI document</a>; what can go wrong is <a href="/problems">the list of problems</a>.
{{range .}}<h2>{{.Name}}</h2>
<dl>
{{range .Routes}}<dt><code>{{.Method}} {{.Path}}</code>
<dd>{{.Summary}}.{{with .Description}} {{.}}{{end}}
<ul>{{range .Own}}<li><code>{{.Name}}</code> ({{.In}}): {{.Description}}{{end}}</ul>
{{end}}</dl>
{{end}}</html>
`))
