package api

import (
	"bytes"
	"errors"
	"io"
	"sync"

	"github.com/danielgtaylor/huma/v2"
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
	in := boundReader{decoder, values}
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
		if err := r.read(field); err != nil {
			return err
		}
	}
	_, err := r.ReadToken()
	return err
}
