package feed

import (
	"bytes"
	_ "embed"
)

//go:generate go run ../internal/feedgen

//go:embed schemas.json
var schemas []byte

// Schemas returns a JSON Schema (draft 2020-12) that holds those of all bodies. Each has as its $id the URI that
// messages have in the header [DataSchema]; those of requests have [SchemaPrefix] and the name of their Go type.
func Schemas() []byte { return bytes.Clone(schemas) }

//go:embed asyncapi.json
var asyncAPI []byte

// AsyncAPI returns the AsyncAPI document (version 3.0) of the feed.
func AsyncAPI() []byte { return bytes.Clone(asyncAPI) }
