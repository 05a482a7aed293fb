package api

import (
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"

	"github.com/seed-2026d078/roster/events"
)

// plain registers a route that writes its answer by itself, because it is hot, or
// because the answer is a stream.
func (s *Server) plain(r route, more huma.Operation, handle func(http.ResponseWriter, *http.Request) error) {
	op := r.operation()
	op.Description, op.Parameters, op.RequestBody, op.Responses, op.Security = more.Description, more.Parameters, more.RequestBody, more.Responses, more.Security
	s.huma.OpenAPI().AddOperation(&op)
	s.mux.HandleFunc(r.method+" "+r.path, func(w http.ResponseWriter, r *http.Request) {
		if err := handle(w, r); err != nil {
			s.refuse(w, r, err)
		}
	})
}

// described documents an answer with a body of a type.
func (s *Server) described(description, mediaType string, body reflect.Type) *huma.Response {
	schema := s.huma.OpenAPI().Components.Schemas.Schema(body, true, "")
	return &huma.Response{Description: description, Content: map[string]*huma.MediaType{mediaType: {Schema: schema}}}
}

// answers documents the one answer of a plain route.
func answers(mediaType, description string, schema *huma.Schema) map[string]*huma.Response {
	return map[string]*huma.Response{"200": {Description: description, Content: map[string]*huma.MediaType{mediaType: {Schema: schema}}}}
}

// asks documents a query parameter.
func asks(name, description string) *huma.Param {
	return &huma.Param{Name: name, In: "query", Description: description, Schema: &huma.Schema{Type: huma.TypeString}}
}

// query reads the parameters of a plain route and keeps the first error.
type query struct {
	url.Values

	err error
}

// queryOf refuses parameters that the route does not know.
func queryOf(r *http.Request, known ...string) *query {
	q := &query{Values: r.URL.Query()}
	for name := range q.Values {
		if !slices.Contains(known, name) {
			q.err = errMalformed.because("There is no query parameter %q here; there are %q.", name, known)
		}
	}
	return q
}

func (q *query) time(name string) time.Time {
	text := q.Get(name)
	if text == "" {
		return time.Time{}
	}
	var found instant
	if err := found.UnmarshalText([]byte(text)); err != nil && q.err == nil {
		q.err = errMalformed.because("%s: %s.", name, err)
	}
	return found.Time
}

func (q *query) number(name string) uint64 {
	text := q.Get(name)
	if text == "" {
		return 0
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil && q.err == nil {
		q.err = errMalformed.because("%s is a number, not %q.", name, text)
	}
	return n
}

// systemOnly refuses everybody else.
func systemOnly(r *http.Request) error {
	if asked(r.Context()).actor != events.System {
		return errSystemOnly
	}
	return nil
}

func writeJSON(w http.ResponseWriter, status int, body any) error {
	text, err := json.Marshal(body, json.Deterministic(true))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(text) // who does not read on cannot be told
	return nil
}
