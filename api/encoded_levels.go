package api

import (
	"reflect"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// encodedLevels are levels in JSON. In the API's description they are [events.Levels].
type encodedLevels jsontext.Value

// MarshalJSONTo implements [json.MarshalerTo].
func (l encodedLevels) MarshalJSONTo(out *jsontext.Encoder) error {
	return out.WriteValue(jsontext.Value(l))
}

// Schema implements [huma.SchemaProvider].
func (encodedLevels) Schema(r huma.Registry) *huma.Schema {
	return r.Schema(reflect.TypeFor[events.Levels](), true, "")
}

// levelEncoder encodes the levels in the rows of one list. Most rows have the same few
// levels, and it encodes equal ones once.
type levelEncoder map[string]encodedLevels // by LevelsKey

// encode returns the levels of an access; nil if the scheme has no permissions. All
// accesses must be to projects, or all to the organization, under one scheme.
func (e levelEncoder) encode(access domain.Access) encodedLevels {
	key := access.LevelsKey()
	encoded, known := e[key]
	if known {
		return encoded
	}
	if levels := access.Levels(); len(levels) > 0 {
		text, err := json.Marshal(levels, json.Deterministic(true))
		if err != nil {
			panic(err) // the keys and the values are texts that a scheme holds
		}
		encoded = encodedLevels(text)
	}
	e[key] = encoded
	return encoded
}
