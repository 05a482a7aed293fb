package api

import (
	"bytes"
	"io"
	"net/http"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

// Sizes of bodies, in bytes: of a command with one subject, of one with lists or of a whole
// organization, and of a request to check access.
const (
	maxPlainBody = 256 << 10
	maxListBody  = maxBody
	maxCheckBody = 2 << 20
)

// maxValues is how many values a body may have, fields and items together. An organization is
// declared with more.
const (
	maxValues         = 250_000
	maxDeclaredValues = 1_000_000
)

// limitBody returns the middleware of an operation that reads the body and refuses what is beyond
// its size or the bounds of its schema, before anything of it is decoded.
func (s *Server) limitBody(method, path string) func(huma.Context, func(huma.Context)) {
	limits := sync.OnceValue(func() *bodyLimits { return s.limitsOf(method, path) })
	return func(ctx huma.Context, next func(huma.Context)) {
		r, w := humago.Unwrap(ctx)
		limit := limits()
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit.bytes))
		if err == nil {
			err = s.takeBodySlot(r, len(body))
		} else {
			err = readingRefusal(err)
		}
		if err == nil {
			err = limit.check(body, limit.values)
		}
		if err != nil {
			s.refuse(w, r, err)
			return
		}
		next(bufferedBody{ctx, body})
	}
}

// bodyLimits are those of the bodies of an operation.
type bodyLimits struct {
	bytes  int64
	values int
	*bounds
}

// limitsOf returns the limits of an operation in the document.
func (s *Server) limitsOf(method, path string) *bodyLimits {
	found := &bodyLimits{maxPlainBody, maxValues, nil}
	op := operationAt(s.huma.OpenAPI(), method, path)
	if op.RequestBody == nil {
		return found
	}
	found.bounds = boundsOf(s.huma.OpenAPI().Components.Schemas, op.RequestBody.Content["application/json"].Schema)
	if found.hasItems() {
		found.bytes = maxListBody
	}
	switch op.OperationID {
	case declarationID:
		found.values = maxDeclaredValues
	case checkID:
		found.bytes = maxCheckBody
	}
	return found
}

// bufferedBody is the context of a request whose body is in memory.
type bufferedBody struct {
	humaContext

	body []byte
}

// BodyReader implements [huma.Context].
func (b bufferedBody) BodyReader() io.Reader { return bytes.NewReader(b.body) }

// Unwrap lets [humago.Unwrap] find the request.
func (b bufferedBody) Unwrap() huma.Context { return b.humaContext }
