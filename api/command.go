package api

import (
	"context"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// Envelope holds the headers and query parameters that every command takes.
type Envelope struct {
	Key        string  `header:"Idempotency-Key" maxLength:"255" doc:"Makes the command safe to repeat for a day: it takes effect once, and a repetition gets the same answer, also where the command changed nothing or was refused. Its secrets are there only if the actor may still read them."`
	IfMatch    string  `header:"If-Match" doc:"The ETag that the organization must still have."`
	OccurredAt instant `query:"occurred_at" doc:"When it happened, in the past; for the system actor only."`
	Cause      string  `query:"cause" maxLength:"1000" doc:"Why the command is given, in your words; it is recorded."`
	DryRun     bool    `query:"dry_run" doc:"Changes nothing: the answer says who would gain, lose or change what, or why the command would be refused. The idempotency key is ignored."`
	After      string  `query:"after" doc:"With dry_run: the value of next in the answer before, for the changes that follow."`

	// path returns a value from the path by its name, query one from the query, header one from the headers.
	path, query, header func(string) string
}

// maxCause is the longest cause, in bytes.
const maxCause = 1000

// Resolve validates the values in the path, and keeps them and those in the query. Huma itself reads them only into
// fields of the input.
func (e *Envelope) Resolve(ctx huma.Context) []error {
	e.path, e.query, e.header = ctx.Param, ctx.Query, ctx.Header
	var found huma.ValidateResult
	for _, p := range ctx.Operation().Parameters {
		if p.In == "path" {
			location := huma.NewPathBuffer(nil, 0)
			location.Push("path")
			location.Push(p.Name)
			huma.Validate(nil, p.Schema, location, huma.ModeWriteToServer, ctx.Param(p.Name), &found)
		}
	}
	return found.Errors
}

// sentCommand is a command that was decoded from a request.
type sentCommand struct {
	organization events.OrganizationID
	// ids name the command, or every item of a bulk, for the metrics.
	ids   []string
	build unbuilt
	// invites says what becomes of each address of a list; nil for other commands.
	invites *inviteList
}

// serveCommand registers an operation whose requests decode to a command. The type sent is
// what they carry, in the path and in the body. If it creates something that has an id, the
// answer has the status 201 and the path of what was created. If the operation has a body already, that is in other media types than JSON, and
// decode gets it as it was sent.
func (s *Server) serveCommand(op huma.Operation, sent reflect.Type, creates bool, decode func(context.Context, Envelope, jsontext.Value) (sentCommand, error)) {
	handle := func(ctx context.Context, e Envelope, body jsontext.Value) (*answer[Receipt], error) {
		c, err := decode(ctx, e, body)
		if err != nil {
			return nil, err
		}
		return s.execute(ctx, e, c, creates)
	}
	op.Parameters = append(s.pathParameters(op.Path, sent), s.queryParameters(sent)...)
	if inQuery := queryFields(sent); len(inQuery) > 0 {
		op.Middlewares = append(op.Middlewares, func(ctx huma.Context, next func(huma.Context)) { next(bodyQuery{ctx, inQuery}) })
	}
	if creates {
		op.Responses = map[string]*huma.Response{"201": s.response("Created", "application/json", reflect.TypeFor[Receipt]())}
	}
	body := s.bodySchema(op.OperationID, sent)
	if body == nil {
		register(s, op, func(ctx context.Context, in *struct{ Envelope }) (*answer[Receipt], error) {
			return handle(ctx, in.Envelope, nil)
		})
		return
	}
	if op.RequestBody != nil {
		op.RequestBody.Content["application/json"] = &huma.MediaType{Schema: body}
		register(s, op, func(ctx context.Context, in *struct {
			Envelope

			RawBody []byte `contentType:"application/json"`
		},
		) (*answer[Receipt], error) {
			return handle(ctx, in.Envelope, in.RawBody)
		})
		op.RequestBody.Content["application/json"].Schema = body // which huma has replaced
		return
	}
	op.RequestBody = &huma.RequestBody{Content: map[string]*huma.MediaType{"application/json": {Schema: body}}}
	register(s, op, func(ctx context.Context, in *struct {
		Envelope

		Body jsontext.Value
	},
	) (*answer[Receipt], error) {
		return handle(ctx, in.Envelope, in.Body)
	})
}

// execute gives a command to the desk and answers with its receipt. A dry run is answered
// with what the command would do. Creates says that the answer has the status 201 if something
// was created.
func (s *Server) execute(ctx context.Context, e Envelope, c sentCommand, creates bool) (*answer[Receipt], error) {
	request, err := e.request(ctx, c.organization)
	if e.DryRun {
		if err != nil {
			return nil, err
		}
		return s.dryRun(ctx, request, e.After, c)
	}
	if err == nil && e.After != "" {
		err = errMalformed.because("after continues a dry run; it means nothing without dry_run=true.")
	}
	var receipt bus.Receipt
	if err == nil {
		receipt, err = s.submit(ctx, request, c.build)
	}
	s.Metrics.decided(c.ids, outcome(receipt, err))
	if err != nil {
		return nil, c.invites.refuse(err)
	}
	body := s.receipt(c.organization, request.Actor, receipt)
	body.Invites = c.invites.report(receipt.Events, body.Events)
	if e.path("org") == "" && !creates {
		body.Organization = c.organization
	}
	a := &answer[Receipt]{Status: http.StatusOK, Position: receipt.Position, ETag: etag(receipt.Version), Body: body}
	if creates && body.ID != "" {
		a.Status, a.Location = http.StatusCreated, location(c.organization, receipt.Events)
	}
	return a, nil
}

// request returns the request to the desk, still without a command.
func (e Envelope) request(ctx context.Context, org events.OrganizationID) (bus.Request[domain.Command], error) {
	q := requestFrom(ctx)
	if !e.OccurredAt.IsZero() && q.actor != events.System {
		return bus.Request[domain.Command]{}, domain.ErrOccurredAt
	}
	version, err := ifMatch(e.IfMatch)
	switch {
	case err != nil:
		return bus.Request[domain.Command]{}, err
	case !org.Valid():
		return bus.Request[domain.Command]{}, domain.ErrBadID
	case len(e.Cause) > maxCause:
		return bus.Request[domain.Command]{}, errMalformed.because("A cause is at most %d bytes, not %d.", maxCause, len(e.Cause))
	}
	return bus.Request[domain.Command]{
		Organization: org, Actor: q.actor, OnBehalfOf: q.onBehalfOf, Traceparent: q.traceparent, At: e.OccurredAt.Time,
		Key: e.Key, Digest: q.digest, Cause: e.Cause, IfVersion: version, RefusalSize: refusalSize,
	}, nil
}

// refusalSize returns how many bytes an error takes that is the answer to a command for good;
// zero for what is otherwise in a moment, or is about the size of the command.
func refusalSize(err error) int {
	p := problemOf(err)
	switch {
	case p.Status >= http.StatusInternalServerError, p.Status == http.StatusTooManyRequests, p.Code == errNotDecidable.code, p.Code == domain.ErrOverBudget.Code:
		return 0
	}
	size := len(p.Detail)
	for _, part := range p.Errors {
		size += len(part.About) + len(part.Location) + len(part.Detail) + partOverhead
	}
	return size
}

// partOverhead is what a part of a refusal takes in memory besides its texts, about.
const partOverhead = 128

// ifMatch returns the version that an If-Match header demands; zero for none and for *.
func ifMatch(text string) (events.Version, error) {
	if text == "" || text == "*" {
		return 0, nil
	}
	n, err := strconv.ParseUint(strings.Trim(strings.TrimPrefix(text, "W/"), `"`), 10, 64)
	if err != nil || n == 0 {
		return 0, errMalformed.because("If-Match is an ETag as answers carry it, not %q.", text)
	}
	return events.Version(n), nil
}

// bodySchema returns a reference to the schema of a command's body, which is named after
// the operation; nil if the command has no fields but those in the path.
func (s *Server) bodySchema(id string, sent reflect.Type) *huma.Schema {
	schema := huma.SchemaFromType(s.huma.OpenAPI().Components.Schemas, sent)
	for _, f := range pathFields(sent) {
		delete(schema.Properties, f.name)
		schema.Required = slices.DeleteFunc(schema.Required, func(required string) bool { return required == f.name })
	}
	if len(schema.Properties) == 0 {
		return nil
	}
	return addSchema(s.huma.OpenAPI().Components.Schemas, camelCase(id), schema)
}

// itemSchema returns a reference to the schema of a command as an item of a bulk.
func (s *Server) itemSchema(id string, sent reflect.Type) *huma.Schema {
	schema := huma.SchemaFromType(s.huma.OpenAPI().Components.Schemas, sent)
	schema.Properties["type"] = &huma.Schema{Type: huma.TypeString, Enum: []any{id}}
	schema.Required = append([]string{"type"}, schema.Required...)
	schema.PrecomputeMessages()
	item := s.items[id]
	item.schema = schema
	s.items[id] = item
	return addSchema(s.huma.OpenAPI().Components.Schemas, camelCase(id)+"Command", schema)
}

// pathParameters documents the parameters in the path of a command.
func (s *Server) pathParameters(path string, sent reflect.Type) []*huma.Param {
	var all []*huma.Param
	for _, t := range []reflect.Type{reflect.TypeFor[InOrganization](), sent} {
		for _, f := range pathFields(t) {
			if strings.Contains(path, "{"+f.name+"}") {
				schema := huma.SchemaFromField(s.huma.OpenAPI().Components.Schemas, t.Field(f.index), "")
				all = append(all, &huma.Param{Name: f.name, In: "path", Required: true, Description: schema.Description, Schema: schema})
			}
		}
	}
	return all
}

// queryParameters documents the fields of the body that may be in the query instead.
func (s *Server) queryParameters(sent reflect.Type) []*huma.Param {
	var all []*huma.Param
	for _, f := range queryFields(sent) {
		schema := huma.SchemaFromField(s.huma.OpenAPI().Components.Schemas, sent.Field(f.index), "")
		all = append(all, &huma.Param{Name: f.name, In: "query", Description: schema.Description, Schema: schema})
	}
	return all
}

// camelCase writes an id such as add_member as AddMember.
func camelCase(id string) string {
	var name strings.Builder
	for word := range strings.SplitSeq(id, "_") {
		name.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return name.String()
}

// addressField is a field that is in the path or the query of a route.
type addressField struct {
	name  string
	index int
}

// pathFields are those that are in the path instead of the body.
func pathFields(sent reflect.Type) []addressField { return addressFields(sent, "path") }

func addressFields(sent reflect.Type, tag string) []addressField {
	var found []addressField
	for i := range sent.NumField() {
		if name := sent.Field(i).Tag.Get(tag); name != "" {
			found = append(found, addressField{name, i})
		}
	}
	return found
}

// bulkID names the operation that takes a bulk.
const bulkID = "run_commands"

func outcome(receipt bus.Receipt, err error) string {
	switch {
	case err != nil && problemOf(err).Status < http.StatusInternalServerError:
		return "refused"
	case err != nil:
		return "failed"
	case receipt.Repeated:
		return "repeated"
	case len(receipt.Events) == 0:
		return "unchanged"
	}
	return "recorded"
}
