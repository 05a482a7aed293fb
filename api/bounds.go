package api

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/seed-2026d078/roster/domain"
)

// maxFields is how many fields an object may have where the schema names no number.
const maxFields = 1000

// bounds say how much a JSON value may hold. They are those of its schema; nil is for a value of
// which the schema knows nothing, and allows no items.
type bounds struct {
	// items is how many an array may have, item the bounds of each.
	items int
	item  *bounds
	// fields are the bounds of the fields of an object that have a name in the schema, others
	// those of all others.
	fields map[string]*bounds
	others *bounds
}

// boundsOf returns the bounds of a schema. Of alternatives, each field has the widest.
func boundsOf(schemas huma.Registry, s *huma.Schema) *bounds {
	b := &bounds{fields: map[string]*bounds{}}
	b.add(schemas, s)
	return b
}

// add widens the bounds by those of a schema.
func (b *bounds) add(schemas huma.Registry, s *huma.Schema) {
	if s == nil {
		return
	}
	if s.Ref != "" {
		s = schemas.SchemaFromRef(s.Ref)
	}
	if s.MaxItems != nil {
		b.items = max(b.items, *s.MaxItems)
	}
	if s.Items != nil {
		b.item = widened(schemas, b.item, s.Items)
	}
	for name, field := range s.Properties {
		b.fields[name] = widened(schemas, b.fields[name], field)
	}
	if other, ok := s.AdditionalProperties.(*huma.Schema); ok {
		b.others = widened(schemas, b.others, other)
	}
	for _, alternative := range s.OneOf {
		b.add(schemas, alternative)
	}
}

// widened returns bounds, which may be nil, widened by those of a schema.
func widened(schemas huma.Registry, b *bounds, s *huma.Schema) *bounds {
	if b == nil {
		return boundsOf(schemas, s)
	}
	b.add(schemas, s)
	return b
}

// hasItems reports whether a value may hold an array.
func (b *bounds) hasItems() bool {
	if b == nil {
		return false
	}
	for _, field := range b.fields {
		if field.hasItems() {
			return true
		}
	}
	return b.items > 0 || b.others.hasItems()
}

// check fails if a text of JSON goes beyond the bounds. It reads no further than that and keeps
// nothing of it, so it costs little, whatever was sent. It does not fail for what is no JSON:
// decoding that says what is wrong.
func (b *bounds) check(text []byte, values int) error {
	decoder, _ := decoders.Get().(*jsontext.Decoder)
	defer decoders.Put(decoder)
	decoder.Reset(bytes.NewBuffer(text), jsontext.AllowDuplicateNames(true))
	in := boundReader{decoder, values, ""}
	err := in.read(b)
	if errors.As(err, new(*jsontext.SyntacticError)) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	return err
}

var decoders = sync.Pool{New: func() any { return new(jsontext.Decoder) }}

// tooMany is the refusal of a list of more items than it may have.
func tooMany(list string, limit int) error {
	return domain.ErrTooMany.Because("%s takes at most %d items; send several requests.", list, limit)
}

// boundReader reads JSON within bounds.
type boundReader struct {
	*jsontext.Decoder

	left int // values
	// unknown is the field that is being read and that the schema does not have; empty for none.
	unknown string
}

func (r *boundReader) read(b *bounds) error {
	if r.left--; r.left < 0 {
		return errTooLarge.because("The body has too many fields and items in all; send less at once.")
	}
	switch r.PeekKind() { //nolint:exhaustive // the others have no parts
	case '[':
		return r.readItems(b)
	case '{':
		return r.readFields(b)
	}
	return r.SkipValue()
}

func (r *boundReader) readItems(b *bounds) error {
	if _, err := r.ReadToken(); err != nil {
		return err
	}
	var limit int
	var item *bounds
	if b != nil {
		limit, item = b.items, b.item
	}
	for n := 1; r.PeekKind() != ']'; n++ {
		switch {
		case r.PeekKind() == 0:
			_, err := r.ReadToken()
			return err
		case n > limit && r.unknown != "":
			return errMalformed.because("There is no field %s.", r.unknown)
		case n > limit && limit == 0:
			return errMalformed.because("%s does not take a list.", fieldPath(r.StackPointer()))
		case n > limit:
			return tooMany(fieldPath(r.StackPointer().Parent()), limit)
		}
		if err := r.read(item); err != nil {
			return err
		}
	}
	_, err := r.ReadToken()
	return err
}

func (r *boundReader) readFields(b *bounds) error {
	if _, err := r.ReadToken(); err != nil {
		return err
	}
	for n := 1; r.PeekKind() != '}'; n++ {
		if n > maxFields {
			return errTooLarge.because("%s has more than %d fields.", fieldPath(r.StackPointer().Parent()), maxFields)
		}
		name, err := r.ReadToken()
		if err != nil {
			return err
		}
		var field *bounds
		if b != nil {
			if field = b.fields[name.String()]; field == nil {
				field = b.others
			}
		}
		outermost := b != nil && field == nil && r.unknown == ""
		if outermost {
			r.unknown = fieldPath(r.StackPointer())
		}
		if err := r.read(field); err != nil {
			return err
		}
		if outermost {
			r.unknown = ""
		}
	}
	_, err := r.ReadToken()
	return err
}

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
		body, err := limit.read(w, r, nil)
		if err == nil {
			err = s.takeBodySlot(r, len(body))
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

// read appends the body of a request to a buffer. Of a large one it reads the beginning first,
// and no more if that is beyond the bounds already.
func (l *bodyLimits) read(w http.ResponseWriter, r *http.Request, into []byte) (body []byte, err error) {
	from := http.MaxBytesReader(w, r.Body, l.bytes)
	if body, err = appendAll(into, io.LimitReader(from, largeBody)); err != nil {
		return body, readingRefusal(err)
	}
	if len(body) == largeBody {
		if err := l.check(body, l.values); err != nil {
			return body, err
		}
	}
	body, err = appendAll(body, from)
	return body, readingRefusal(err)
}

// appendAll appends everything from a reader.
func appendAll(to []byte, from io.Reader) ([]byte, error) {
	for {
		if len(to) == cap(to) {
			to = append(to, 0)[:len(to)]
		}
		n, err := from.Read(to[len(to):cap(to)])
		to = to[:len(to)+n]
		if errors.Is(err, io.EOF) {
			return to, nil
		}
		if err != nil {
			return to, err
		}
	}
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
