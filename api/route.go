package api

import (
	"context"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// organizationPath is the path below which everything of one organization is.
const organizationPath = "/v1/organizations/{org}"

// route is the address and the description of an operation; name is the operation's id.
type route struct{ method, path, name, tag, summary string }

// answer is the headers and the body that a route answers with.
type answer[T any] struct {
	Status   int
	Position events.Position `header:"Roster-Position"`
	// ETag is the organization's version; empty if the answer is not about one organization.
	ETag     string `header:"ETag"`
	Location string `header:"Location"`
	Body     T
}

// InOrganization is the part of an address that names an organization.
type InOrganization struct {
	Org events.OrganizationID `path:"org" doc:"The organization." maxLength:"64"`
}

// read registers a route that changes nothing.
func read[I, T any](s *Server, r route, handle func(context.Context, *I) (*answer[T], error)) {
	register(s, r.operation(), handle)
}

func register[I, T any](s *Server, op huma.Operation, handle func(context.Context, *I) (*answer[T], error)) {
	_, takesBody := reflect.TypeFor[I]().FieldByName("Body")
	_, takesRawBody := reflect.TypeFor[I]().FieldByName("RawBody")
	if !takesBody && !takesRawBody && op.Method != http.MethodGet {
		op.Middlewares = append(op.Middlewares, s.refuseFields)
	}
	if op.Method != http.MethodGet {
		op.Middlewares = slices.Insert(op.Middlewares, 0, s.limitBody(op.Method, op.Path))
		op.MaxBodyBytes = maxBody // or less: limitBody says how much
	}
	huma.Register(s.huma, op, func(ctx context.Context, in *I) (*answer[T], error) {
		a, err := handle(ctx, in)
		if err != nil {
			return nil, s.problem(ctx, err)
		}
		if a.Status == 0 {
			a.Status = http.StatusOK
		}
		return a, nil
	})
	s.requireBody(operationAt(s.huma.OpenAPI(), op.Method, op.Path))
}

// requireBody says that an operation needs a body only if a field of it is required. Many clients send none with DELETE.
func (s *Server) requireBody(op *huma.Operation) {
	if op.RequestBody == nil {
		return
	}
	schema := op.RequestBody.Content["application/json"].Schema
	if schema.Ref != "" {
		schema = s.huma.OpenAPI().Components.Schemas.SchemaFromRef(schema.Ref)
	}
	op.RequestBody.Required = op.Method != http.MethodDelete && len(schema.Required) > 0
}

func (r route) operation() huma.Operation {
	return huma.Operation{OperationID: r.name, Method: r.method, Path: r.path, Summary: r.summary, Tags: []string{r.tag}}
}

// fromMemory returns an answer that was made from the state of an organization.
func fromMemory[T any](org domain.Organization, position events.Position, body T) *answer[T] {
	return &answer[T]{Position: position, ETag: etag(org.Version()), Body: body}
}

// fromDatabase returns an answer that was made from the read models at a position or later.
// If they are behind the state in memory, it has no ETag: a client that sends the ETag back
// would claim to know changes that the list does not show yet.
func fromDatabase[T any](org domain.Organization, known, position events.Position, body T) *answer[T] {
	a := &answer[T]{Position: position, Body: body}
	if position >= known {
		a.ETag = etag(org.Version())
	}
	return a
}

func etag(v events.Version) string { return strconv.Quote(strconv.FormatUint(uint64(v), 10)) }

// operationAt returns the documented operation of a route; nil if there is none.
func operationAt(oapi *huma.OpenAPI, method, path string) *huma.Operation {
	item := oapi.Paths[path]
	switch method {
	case http.MethodGet:
		return item.Get
	case http.MethodPost:
		return item.Post
	case http.MethodPut:
		return item.Put
	case http.MethodPatch:
		return item.Patch
	case http.MethodDelete:
		return item.Delete
	}
	return nil
}

// handleRaw registers a route that writes its answer without huma, since it must be fast,
// or since the answer is a stream.
func (s *Server) handleRaw(r route, more huma.Operation, handle func(http.ResponseWriter, *http.Request) error) {
	op := r.operation()
	op.Description, op.Parameters, op.RequestBody, op.Responses, op.Security = more.Description, more.Parameters, more.RequestBody, more.Responses, more.Security
	s.huma.OpenAPI().AddOperation(&op)
	s.mux.HandleFunc(r.method+" "+r.path, func(w http.ResponseWriter, r *http.Request) {
		if err := handle(w, r); err != nil {
			s.refuse(w, r, err)
		}
	})
}

// response documents an answer whose body has a type.
func (s *Server) response(description, mediaType string, body reflect.Type) *huma.Response {
	schema := s.huma.OpenAPI().Components.Schemas.Schema(body, true, "")
	return &huma.Response{Description: description, Content: map[string]*huma.MediaType{mediaType: {Schema: schema}}}
}

// okResponse documents the answer of a route of [Server.handleRaw].
func okResponse(mediaType, description string, schema *huma.Schema) map[string]*huma.Response {
	return map[string]*huma.Response{"200": {Description: description, Content: map[string]*huma.MediaType{mediaType: {Schema: schema}}}}
}

// queryParameter documents a query parameter.
func queryParameter(name, description string) *huma.Param {
	return &huma.Param{Name: name, In: "query", Description: description, Schema: &huma.Schema{Type: huma.TypeString}}
}

// query reads the query parameters of a raw route and keeps the first error.
type query struct {
	url.Values

	err error
}

// queryOf reads the query. Parameters with other names are an error.
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

func (q *query) boolean(name string) bool {
	switch q.Get(name) {
	case "", "false":
	case "true":
		return true
	default:
		q.err = errMalformed.because("%s is true or false.", name)
	}
	return false
}

// systemOnly fails unless the actor is the system.
func systemOnly(r *http.Request) error {
	if requestFrom(r.Context()).actor != events.System {
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
	_, _ = w.Write(text) // an error means that the client is gone
	return nil
}

const (
	// listTimeout is how long a list or a report may take.
	listTimeout = 5 * time.Second
	// noticeTimeout is how long an answer from memory waits for notifications.
	noticeTimeout = 300 * time.Millisecond
)

// list registers a route that reads from the read models.
func list[I, T any](s *Server, r route, handle func(context.Context, *I) (*answer[T], error)) {
	read(s, r, withTimeout(s, r.name, handle))
}

// withTimeout ends a request that reads from the read models and takes too long.
func withTimeout[I, T any](s *Server, name string, handle func(context.Context, *I) (*answer[T], error)) func(context.Context, *I) (*answer[T], error) {
	return func(ctx context.Context, in *I) (*answer[T], error) {
		return within(ctx, s, timeLimit{name, listTimeout}, func(ctx context.Context) (*answer[T], error) { return handle(ctx, in) })
	}
}

// ProjectPath is the address of a project.
type ProjectPath struct {
	InOrganization
	Project events.ProjectID `path:"project" doc:"The project." maxLength:"255"`
}

// TeamPath is the address of a team.
type TeamPath struct {
	InOrganization
	Team events.TeamID `path:"team" doc:"The team." maxLength:"255"`
}

// MemberPath is the address of a member.
type MemberPath struct {
	InOrganization
	User events.UserID `path:"user" doc:"The person." maxLength:"255"`
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
