package api

import (
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

// noFields is the schema of what may be sent to an operation without a body.
var noFields = &huma.Schema{Type: huma.TypeObject, AdditionalProperties: false}

// refuseFields is a middleware for operations without a body. It refuses a body with fields,
// which would be dropped without a word. An empty body and {} are fine: some clients
// send them with every request.
func (s *Server) refuseFields(ctx huma.Context, next func(huma.Context)) {
	if err := validateNoFields(ctx.BodyReader()); err != nil {
		r, w := humago.Unwrap(ctx)
		s.refuse(w, r, err)
		return
	}
	next(ctx)
}

func validateNoFields(from io.Reader) error {
	body, err := readBody(from)
	if err != nil || len(body) == 0 {
		return err
	}
	var sent any
	if err := decodeBody(body, &sent); err != nil {
		return err
	}
	var found huma.ValidateResult
	huma.Validate(nil, noFields, huma.NewPathBuffer([]byte("body"), len("body")), huma.ModeWriteToServer, sent, &found)
	if found.Errors != nil {
		return humaProblem(http.StatusBadRequest, "", found.Errors)
	}
	return nil
}
