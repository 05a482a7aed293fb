package api

import (
	"reflect"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// bodySchema returns a reference to the schema of a command's body, which is named after
// the operation; nil where the path says all.
func (s *Server) bodySchema(id string, sent reflect.Type) *huma.Schema {
	schema := huma.SchemaFromType(s.huma.OpenAPI().Components.Schemas, sent)
	for _, f := range pathFields(sent) {
		delete(schema.Properties, f.name)
		schema.Required = slices.DeleteFunc(schema.Required, func(required string) bool { return required == f.name })
	}
	if len(schema.Properties) == 0 {
		return nil
	}
	return addSchema(s.huma.OpenAPI().Components.Schemas, camelCase(id), schema)
}

// itemSchema returns a reference to the schema of a command as an item of a bulk.
func (s *Server) itemSchema(id string, sent reflect.Type) *huma.Schema {
	schema := huma.SchemaFromType(s.huma.OpenAPI().Components.Schemas, sent)
	schema.Properties["type"] = &huma.Schema{Type: huma.TypeString, Enum: []any{id}}
	schema.Required = append([]string{"type"}, schema.Required...)
	return addSchema(s.huma.OpenAPI().Components.Schemas, camelCase(id)+"Command", schema)
}

// pathParameters documents what is in the path of a command's route.
func (s *Server) pathParameters(path string, sent reflect.Type) []*huma.Param {
	var all []*huma.Param
	for _, t := range []reflect.Type{reflect.TypeFor[InOrganization](), sent} {
		for _, f := range pathFields(t) {
			if strings.Contains(path, "{"+f.name+"}") {
				schema := huma.SchemaFromField(s.huma.OpenAPI().Components.Schemas, t.Field(f.index), "")
				all = append(all, &huma.Param{Name: f.name, In: "path", Required: true, Description: schema.Description, Schema: schema})
			}
		}
	}
	return all
}

// camelCase writes an id such as add_member as AddMember.
func camelCase(id string) string {
	var name strings.Builder
	for word := range strings.SplitSeq(id, "_") {
		name.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return name.String()
}
