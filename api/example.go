package api

import (
	"slices"

	"github.com/danielgtaylor/huma/v2"
)

// addExample puts an example into the body of the request, made of those of its fields.
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

// exampleOf returns a value that the schema allows: its example where it has one, else
// one made of its parts.
func exampleOf(schemas huma.Registry, s *huma.Schema) any {
	if len(s.Examples) > 0 {
		return s.Examples[0]
	}
	if s.Ref != "" {
		s = schemas.SchemaFromRef(s.Ref)
	}
	switch {
	case len(s.Examples) > 0:
		return s.Examples[0]
	case len(s.OneOf) > 0:
		return exampleOf(schemas, s.OneOf[0])
	case len(s.Enum) > 0:
		return s.Enum[len(s.Enum)-1]
	}
	switch s.Type {
	case huma.TypeObject:
		return exampleObject(schemas, s)
	case huma.TypeArray:
		return []any{exampleOf(schemas, s.Items)}
	case huma.TypeBoolean:
		return true
	case huma.TypeInteger:
		return 1
	}
	if s.Format == "date-time" {
		return "2027-01-31T18:00:00Z"
	}
	return "text"
}

// exampleObject has the fields that are required, and those whose tag has an example.
func exampleObject(schemas huma.Registry, s *huma.Schema) any {
	object := map[string]any{}
	for name, property := range s.Properties {
		if hasOwnExample(property) || slices.Contains(s.Required, name) || len(s.Properties) == 1 {
			object[name] = exampleOf(schemas, property)
		}
	}
	if every, ok := s.AdditionalProperties.(*huma.Schema); ok {
		object["content"] = exampleOf(schemas, every)
	}
	return object
}

func hasOwnExample(s *huma.Schema) bool {
	if len(s.Examples) == 0 {
		return false
	}
	_, ofType := s.Examples[0].(typeExample)
	return !ofType
}
