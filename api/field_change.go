package api

import (
	"reflect"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// fieldChange is a field that a request changes, takes out with null, or leaves out.
type fieldChange[T any] struct {
	sent  bool
	value T
}

// UnmarshalJSONFrom reads a value, or null, which is the zero value.
func (c *fieldChange[T]) UnmarshalJSONFrom(in *jsontext.Decoder) error {
	c.sent = true
	return json.UnmarshalDecode(in, &c.value)
}

// Schema implements [huma.SchemaProvider].
func (fieldChange[T]) Schema(r huma.Registry) *huma.Schema {
	schema := *r.Schema(reflect.TypeFor[T](), true, "")
	schema.Nullable = true
	return &schema
}

// given returns what the field changes to; nil if it was left out.
func (c fieldChange[T]) given() *T { return converted(c, func(v T) T { return v }) }

// converted is given in the form of the domain.
func converted[T, D any](c fieldChange[T], convert func(T) D) *D {
	if !c.sent {
		return nil
	}
	return new(convert(c.value))
}
