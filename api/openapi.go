package api

import (
	"cmp"
	"errors"
	"io"
	"net/http"
	"strings"

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

// newOpenAPI returns the document without paths, and what registers them.
func newOpenAPI(mux *http.ServeMux, version string) huma.API {
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
				Schemas: newRegistry(),
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
	"Every request carries the root key. `" + headerActor + "` names the user under whose rights it is carried out. " +
	"What that user may not see is answered with 404. Every error is a problem after RFC 9457, " +
	"whose `code` is stable; `/problems` lists them all."
