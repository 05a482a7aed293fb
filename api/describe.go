package api

import (
	"cmp"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// describe completes the document after all routes are registered. It adds what follows
// from the kind of an operation, so that no route repeats it.
func describe(oapi *huma.OpenAPI) {
	oapi.Tags = tags
	oapi.Components.Parameters = commonParameters
	oapi.Components.Headers = answerHeaders
	oapi.Components.Responses = problemResponses(oapi.Components.Schemas)
	for path, item := range oapi.Paths {
		for _, op := range operations(item) {
			o := operation{op, path}
			o.describe()
			o.addParameters()
			o.addStream(oapi.Components.Schemas)
			o.addProblems()
			o.addHeaders()
			o.addExample(oapi.Components.Schemas)
		}
	}
	openAnswers(oapi)
}

// operation is an operation of the document with its path.
type operation struct {
	*huma.Operation

	path string
}

// public reports whether the operation needs no key.
func (o operation) public() bool { return o.Security != nil }

// isCommand reports whether the operation changes an organization.
func (o operation) isCommand() bool { return o.takes(headerKey) }

// isList reports whether the operation answers in pages.
func (o operation) isList() bool { return o.takes("after") }

func (o operation) takes(parameter string) bool {
	return slices.ContainsFunc(o.Parameters, func(p *huma.Param) bool { return p.Name == parameter })
}

func (o operation) describe() {
	text := []string{o.Description}
	if o.public() {
		text = append(text, "Needs no key.")
	}
	if o.isCommand() {
		if slices.Contains(domain.Actions(), events.Action(o.OperationID)) {
			text = append(text, "The organization's scheme says who may take the action `"+o.OperationID+"`.")
		}
		text = append(text, "With `"+headerKey+"` it is safe to repeat; with `dry_run` nothing is done and the answer tells what would change.")
	}
	if o.isList() {
		text = append(text, "To read on, send `next` of a page as `after`; the last page has no `next`. "+
			"Lists follow commands within milliseconds; `"+headerMinPosition+"` waits for what was seen before.")
	}
	if o.Method == http.MethodGet && strings.HasPrefix(o.path, organizationPath+"/") {
		text = append(text, "What the actor may not see is left out, or answered with 404.")
	}
	o.Description = strings.TrimSpace(strings.Join(text, "\n\n"))
	o.Description = cmp.Or(o.Description, o.Summary+".")
}

// commonParameters are taken by every operation that needs the key, or by every command.
var commonParameters = map[string]*huma.Param{
	"Actor": {
		Name: headerActor, In: "header", Schema: &huma.Schema{Type: huma.TypeString, MinLength: new(1), MaxLength: new(255)}, Example: "ada",
		Description: "The user under whose rights this is carried out. Left out: the system, which may do everything.",
	},
	"OnBehalfOf": {
		Name: headerOnBehalfOf, In: "header", Schema: &huma.Schema{Type: huma.TypeString, MinLength: new(1), MaxLength: new(255)}, Example: "eve",
		Description: "For whom the actor gives the command, such as the customer whom a support agent helps. It is recorded, and gives no rights; Roster need not know the user. Left out: nobody else.",
	},
	"Traceparent": {
		Name: "traceparent", In: "header", Schema: &huma.Schema{Type: huma.TypeString}, Example: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
		Description: "The trace that the command belongs to, as in W3C Trace Context. The messages of the feed carry it; without a feed it is not recorded. One that is not valid is ignored.",
	},
	"MinPosition": {
		Name: headerMinPosition, In: "header", Schema: &huma.Schema{Type: huma.TypeInteger, Format: "int64", Minimum: new(0.0)}, Example: 42,
		Description: "A position that an answer carried. The answer is at least as new, or 503 where that takes longer than a few seconds.",
	},
}

func (o operation) addParameters() {
	if o.public() {
		return
	}
	names := []string{"Actor", "MinPosition"}
	if o.isCommand() {
		names = append(names, "OnBehalfOf", "Traceparent")
	}
	for _, name := range names {
		o.Parameters = append(o.Parameters, &huma.Param{Ref: "#/components/parameters/" + name})
	}
}

// answerHeaders are the headers of answers.
var answerHeaders = map[string]*huma.Header{
	"Position": {
		Description: "How new the answer is. Send it back as `" + headerMinPosition + "` to see at least this state.",
		Schema:      &huma.Schema{Type: huma.TypeInteger, Format: "int64"},
	},
	"Request":    {Description: "The id of the request, as the log has it.", Schema: &huma.Schema{Type: huma.TypeString}},
	"ETag":       {Description: "The version of the organization, for `If-Match`. Left out where the answer may be older than the organization.", Schema: &huma.Schema{Type: huma.TypeString}},
	"Location":   {Description: "The path of what was created.", Schema: &huma.Schema{Type: huma.TypeString}},
	"RetryAfter": {Description: "After how many seconds to try again.", Schema: &huma.Schema{Type: huma.TypeInteger}},
	"RateLimit": {
		Description: "How many requests may follow at once (r), and after how many seconds as many as ever (t), by each limit that holds for the request.",
		Schema:      &huma.Schema{Type: huma.TypeString}, Example: `"actor-commands";r=998;t=1`,
	},
	"RateLimitPolicy": {
		Description: "How many requests (q) may come within how many seconds (w), by each limit that holds for the request.",
		Schema:      &huma.Schema{Type: huma.TypeString}, Example: `"actor-commands";q=1000;w=5`,
	},
}

func headerRefs(names ...string) map[string]*huma.Header {
	headers := map[string]*huma.Header{}
	for _, name := range names {
		headers[cmp.Or(map[string]string{"Position": headerPosition, "Request": headerRequest, "RetryAfter": "Retry-After", "RateLimitPolicy": "RateLimit-Policy"}[name], name)] = &huma.Header{Ref: "#/components/headers/" + name}
	}
	return headers
}

func (o operation) addHeaders() {
	for status, response := range o.Responses {
		if response.Ref != "" {
			continue
		}
		names := []string{"Request"}
		if !o.public() {
			names = append(names, "Position")
		}
		if strings.HasPrefix(o.path, organizationPath) || o.isCommand() {
			names = append(names, "ETag")
		}
		if status == "201" {
			names = append(names, "Location")
		}
		response.Headers = headerRefs(names...)
	}
}

// namesThings reports whether a request names something that may not exist.
func (o operation) namesThings() bool {
	return strings.Contains(o.path, "{") || o.RequestBody != nil ||
		slices.ContainsFunc(o.Parameters, func(p *huma.Param) bool { return p.Name == "organization" })
}

// addStream documents the events of a stream, and how to resume after one.
func (o operation) addStream(schemas huma.Registry) {
	for _, response := range o.Responses {
		if media := response.Content[eventStream]; media != nil {
			carried, example := reflect.TypeFor[Event](), "42.0.1"
			if o.OperationID == "list_notifications" {
				carried, example = reflect.TypeFor[notificationUpdate](), "42.4f0c6d8e"
			}
			media.Schema = schemas.Schema(carried, true, "")
			o.Parameters = append(o.Parameters, &huma.Param{
				Name: "Last-Event-ID", In: "header", Schema: &huma.Schema{Type: huma.TypeString}, Example: example,
				Description: "Of a stream: the id of the last event that was received; it goes on after that one.",
			})
			o.Description += "\n\nWith `Accept: " + eventStream + "` it is a stream of server-sent events: `id` is for `Last-Event-ID`, `event` is the type, `data` is as described here."
		}
	}
}

// addProblems documents how the operation can fail.
func (o operation) addProblems() {
	delete(o.Responses, "default")
	for status, can := range map[int]bool{
		http.StatusBadRequest:            !o.public() || len(o.Parameters) > 0,
		http.StatusUnauthorized:          !o.public(),
		http.StatusForbidden:             !o.public(),
		http.StatusNotFound:              o.namesThings(),
		http.StatusConflict:              o.takes("dry_run") || o.OperationID == "list_candidates" || o.OperationID == "view_invite" || slices.Contains(o.Tags, feedTag), // an archived project has none, an invite may be closed, nor a server without a feed
		http.StatusPreconditionFailed:    o.isCommand(),
		http.StatusRequestEntityTooLarge: o.Method != http.MethodGet,
		http.StatusUnsupportedMediaType:  o.RequestBody != nil,
		http.StatusUnprocessableEntity:   (o.namesThings() || o.takes("at")) && !o.public(),
		http.StatusInternalServerError:   true,
		http.StatusTooManyRequests:       !o.public(),
		http.StatusServiceUnavailable:    !o.public(),
	} {
		if code := strconv.Itoa(status); can && o.Responses[code] == nil {
			o.Responses[code] = &huma.Response{Ref: "#/components/responses/" + problemName(status)}
		}
	}
}

// problemName returns the name of the response for a status.
func problemName(status int) string { return strings.ReplaceAll(http.StatusText(status), " ", "") }

// problemResponses are the responses of failed requests, one for each status.
func problemResponses(schemas huma.Registry) map[string]*huma.Response {
	codes := map[int][]string{}
	for _, p := range Problems() {
		codes[p.Status] = append(codes[p.Status], "`"+p.Code+"`")
	}
	delete(codes, http.StatusMethodNotAllowed) // no operation answers it
	all := map[string]*huma.Response{}
	for status, named := range codes {
		headers := []string{"Request"}
		if status == http.StatusServiceUnavailable || status == http.StatusTooManyRequests {
			headers = append(headers, "RetryAfter")
		}
		if status == http.StatusTooManyRequests {
			headers = append(headers, "RateLimit", "RateLimitPolicy")
		}
		all[problemName(status)] = &huma.Response{
			Description: fmt.Sprintf("%s: %s.", http.StatusText(status), strings.Join(named, ", ")),
			Headers:     headerRefs(headers...),
			Content: map[string]*huma.MediaType{
				"application/problem+json": {Schema: schemas.Schema(reflect.TypeFor[Problem](), true, "")},
			},
		}
	}
	return all
}

func operations(p *huma.PathItem) []*huma.Operation {
	all := []*huma.Operation{p.Get, p.Post, p.Put, p.Patch, p.Delete}
	return slices.DeleteFunc(all, func(op *huma.Operation) bool { return op == nil })
}

// openAnswers allows unknown fields in the schemas of answers, so that a later version may
// add some. Schemas that requests use as well stay closed: there, an unknown field is an
// error.
func openAnswers(oapi *huma.OpenAPI) {
	w := walker{oapi.Components.Schemas, map[*huma.Schema]bool{}}
	for _, item := range oapi.Paths {
		for _, op := range operations(item) {
			if op.RequestBody != nil {
				w.content(op.RequestBody.Content)
			}
		}
	}
	sent := w.seen
	w.seen = map[*huma.Schema]bool{}
	for _, item := range oapi.Paths {
		for _, op := range operations(item) {
			for _, response := range op.Responses {
				w.content(response.Content)
			}
		}
	}
	for _, s := range w.schemas.Map() {
		w.schema(s)
	}
	for s := range w.seen {
		if !sent[s] && s.AdditionalProperties == false {
			s.AdditionalProperties = nil
		}
	}
}

// walker finds every schema that a schema refers to.
type walker struct {
	schemas huma.Registry
	seen    map[*huma.Schema]bool
}

func (w walker) content(content map[string]*huma.MediaType) {
	for _, media := range content {
		w.schema(media.Schema)
	}
}

func (w walker) schema(s *huma.Schema) {
	if s == nil || w.seen[s] {
		return
	}
	w.seen[s] = true
	if s.Ref != "" {
		w.schema(w.schemas.SchemaFromRef(s.Ref))
	}
	w.schema(s.Items)
	if every, ok := s.AdditionalProperties.(*huma.Schema); ok {
		w.schema(every)
	}
	for _, p := range s.Properties {
		w.schema(p)
	}
	for _, part := range s.OneOf {
		w.schema(part)
	}
	for _, part := range s.AllOf {
		w.schema(part)
	}
}

// addExample adds an example of the body, made of the examples of its fields.
func (o operation) addExample(schemas huma.Registry) {
	if o.RequestBody == nil {
		return
	}
	for _, media := range o.RequestBody.Content {
		if media.Example == nil && media.Schema != nil {
			media.Example = exampleOf(schemas, media.Schema)
		}
	}
}
