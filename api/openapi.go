package api

import (
	"cmp"
	"errors"
	"io"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/go-json-experiment/json"
)

// huma makes its own errors through these two variables and offers no other
// way; with them a request that it refuses is a problem like every other.
func init() {
	huma.NewErrorWithContext = func(ctx huma.Context, status int, message string, errs ...error) huma.StatusError {
		p := rephrase(status, message, errs)
		p.Instance = asked(ctx.Context()).id
		return p
	}
	huma.NewError = func(status int, message string, errs ...error) huma.StatusError {
		return rephrase(status, message, errs)
	}
}

// rephrase says in our words what huma found wrong with a request.
func rephrase(status int, message string, errs []error) *Problem {
	r := errFault
	switch status {
	case http.StatusBadRequest, http.StatusUnprocessableEntity, http.StatusRequestTimeout:
		r = errMalformed
	case http.StatusRequestEntityTooLarge:
		r = errTooLarge
	case http.StatusUnsupportedMediaType:
		r = errMediaType
	}
	p := newProblem(r.status, r.code, r.detail)
	if r == errFault || r == errMediaType {
		return p
	}
	for _, err := range errs {
		var found *huma.ErrorDetail
		if !errors.As(err, &found) {
			found = &huma.ErrorDetail{Message: err.Error()}
		}
		p.Errors = append(p.Errors, ProblemDetail{Location: found.Location, Code: p.Code, Detail: found.Message})
	}
	if len(p.Errors) > 0 {
		p.Detail = cmp.Or(p.Errors[0].Location, "body") + ": " + p.Errors[0].Detail
	} else if r == errMalformed {
		p.Detail = "The " + message + "."
	}
	return p
}

// jsonFormat reads and writes bodies.
var jsonFormat = huma.Format{
	Marshal:   func(w io.Writer, v any) error { return json.MarshalWrite(w, v, json.Deterministic(true)) },
	Unmarshal: decode,
}

func newOpenAPI(mux *http.ServeMux, version string) huma.API {
	return humago.New(mux, huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{
				Title:       "Roster",
				Version:     cmp.Or(version, "devel"),
				Description: "Who belongs to an organization, its projects and teams, and what each may do there.",
				License:     &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"},
			},
			Components: &huma.Components{
				Schemas:         huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer),
				SecuritySchemes: map[string]*huma.SecurityScheme{"key": {Type: "http", Scheme: "bearer", Description: "The root key."}},
				Parameters:      shared(),
			},
			Security: []map[string][]string{{"key": {}}},
		},
		OpenAPIPath:                  "/openapi",
		Formats:                      map[string]huma.Format{"application/json": jsonFormat, "json": jsonFormat},
		DefaultFormat:                "application/json",
		RejectUnknownQueryParameters: true,
	})
}

// shared are the parameters of every route.
func shared() map[string]*huma.Param {
	return map[string]*huma.Param{
		"Actor": {
			Name: headerActor, In: "header", Schema: &huma.Schema{Type: huma.TypeString, MinLength: new(1), MaxLength: new(255)},
			Description: "The user on whose behalf, and under whose rights, this is asked; left out: the system.",
		},
		"MinPosition": {
			Name: headerMinPosition, In: "header", Schema: &huma.Schema{Type: huma.TypeInteger, Minimum: new(0.0)},
			Description: "The answer is at least as new as this position, or it is a 503 after a while.",
		},
	}
}

// document puts into an operation what every route has.
func document(op *huma.Operation) {
	for _, name := range []string{"Actor", "MinPosition"} {
		op.Parameters = append(op.Parameters, &huma.Param{Ref: "#/components/parameters/" + name})
	}
	for _, r := range op.Responses {
		if r.Headers == nil {
			r.Headers = map[string]*huma.Header{}
		}
		r.Headers[headerPosition] = &huma.Header{
			Description: "Send it back as " + headerMinPosition + " to see at least this state.", Schema: &huma.Schema{Type: huma.TypeInteger},
		}
	}
}

func operations(p *huma.PathItem) []*huma.Operation {
	all := []*huma.Operation{p.Get, p.Post, p.Patch, p.Delete}
	return slices.DeleteFunc(all, func(op *huma.Operation) bool { return op == nil })
}
