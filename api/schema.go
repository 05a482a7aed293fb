package api

import (
	"reflect"
	"slices"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/projections"
)

// schemaPrefix is where the document keeps its schemas.
const schemaPrefix = "#/components/schemas/"

// textTypes are string types for which the document has more than the type: values or an
// example.
var textTypes = []textType{
	enum("Action", "An action, as schemes name it, or a command that has no action of its own: accepting an invite, which needs no scheme, changing one and sending it again, which are allowed with inviting, and changing a start, which is allowed with changing the end.",
		append(domain.Actions(), "accept_invite", domain.ChangingInvite, domain.ResendingInvite, "change_member_start", "change_project_member_start", "change_assignment_start")...),
	enum("EventType", "The type of an event, with its version.", events.Types()...),
	enum("SourceKind", "How somebody came to a role on a project.", domain.SourceKinds()...),
	enum("MemberStatus", "Whether a membership, or access to a project, is in force.", projections.Active, projections.Deactivated, projections.NotStarted, projections.Ended),
	enum("Badge", "What marks somebody in a list.", protectedBadge, workspaceOwnerBadge, creatorBadge, deactivatedBadge, notStartedBadge, endedBadge),
	withExample[events.OrganizationID]("acme"),
	withExample[events.UserID]("bob"),
	withExample[events.ProjectID]("apollo"),
	withExample[events.TeamID]("core"),
	withExample[events.InviteID]("01M80T5NRV4WY9F7M6S5E1KX6D"),
	withExample[events.AccessRequestID]("01M8NG698J8Z072K8C5BCC6ER8"),
	withExample[events.RoleKey]("member"),
	withExample[events.PermissionKey]("content"),
	withExample[events.Level]("view"),
	withExample[events.Colour]("#3366ff"),
	withExample[events.Privacy]("closed"),
}

// textType is how the document describes a string type.
type textType struct {
	// name is the name of its schema; empty if it has none of its own.
	name            string
	schema          huma.Schema
	original, alias reflect.Type
}

// enum is a type that has a fixed set of values.
func enum[T ~string](name, description string, values ...T) textType {
	t := withExample[T]("")
	t.name, t.schema = name, huma.Schema{Type: huma.TypeString, Description: description}
	for _, v := range values {
		t.schema.Enum = append(t.schema.Enum, string(v))
	}
	return t
}

// withExample is a string type with an example.
func withExample[T ~string](example T) textType {
	return textType{
		schema:   huma.Schema{Type: huma.TypeString, Examples: []any{typeExample(example)}},
		original: reflect.TypeFor[T](), alias: reflect.TypeFor[documented[T]](),
	}
}

// typeExample is an example that belongs to the type of a field, not to its tag.
type typeExample string

// documented replaces T in the document. Huma asks a type for its schema, and the types of
// other packages do not know huma.
type documented[T ~string] struct{}

// Schema implements [huma.SchemaProvider].
func (documented[T]) Schema(r huma.Registry) *huma.Schema {
	for _, t := range textTypes {
		if t.original != reflect.TypeFor[T]() {
			continue
		}
		if t.name == "" {
			return new(t.schema)
		}
		return addSchema(r, t.name, new(t.schema))
	}
	return &huma.Schema{Type: huma.TypeString}
}

// addSchema puts a schema into the document and returns a reference to it.
func addSchema(r huma.Registry, name string, schema *huma.Schema) *huma.Schema {
	if r.Map()[name] == nil {
		schema.PrecomputeMessages()
		r.Map()[name] = schema
	}
	return &huma.Schema{Ref: schemaPrefix + name}
}

// anyObject is JSON that is written unchanged.
type anyObject struct{}

// Schema implements [huma.SchemaProvider].
func (anyObject) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeObject, AdditionalProperties: true}
}

// Types of a scheme whose names other answers of the API have already.
type (
	schemePermission events.Permission
	schemePublicLink events.PublicLink
	schemeSeats      events.Seats
)

// schemas are those of all types in the document. The servers of a process share them: to make them is a third of what it takes
// to make a server.
var schemas huma.Registry = sharedRegistry{newRegistry()}

// sharedRegistry is a registry that huma does not configure anew for each server, while others read it.
type sharedRegistry struct{ huma.Registry }

// MarshalJSON writes the schemas by their names.
func (s sharedRegistry) MarshalJSON() ([]byte, error) {
	return json.Marshal(s.Map(), json.Deterministic(true))
}

// newRegistry returns a registry of schemas that knows [textTypes].
func newRegistry() huma.Registry {
	r := huma.NewMapRegistry(schemaPrefix, huma.DefaultSchemaNamer)
	r.RegisterTypeAlias(reflect.TypeFor[jsontext.Value](), reflect.TypeFor[anyObject]())
	for _, t := range textTypes {
		r.RegisterTypeAlias(t.original, t.alias)
	}
	r.RegisterTypeAlias(reflect.TypeFor[events.Permission](), reflect.TypeFor[schemePermission]())
	r.RegisterTypeAlias(reflect.TypeFor[events.PublicLink](), reflect.TypeFor[schemePublicLink]())
	r.RegisterTypeAlias(reflect.TypeFor[events.Seats](), reflect.TypeFor[schemeSeats]())
	return r
}

// TransformSchema implements [huma.SchemaTransformer]: it lists the codes.
func (*Problem) TransformSchema(r huma.Registry, s *huma.Schema) *huma.Schema {
	codes := &huma.Schema{Type: huma.TypeString, Description: "Names what is wrong; stable. A later version may know more of them."}
	for _, p := range Problems() {
		codes.Enum = append(codes.Enum, p.Code)
	}
	code := addSchema(r, "ProblemCode", codes)
	code.Description = s.Properties["code"].Description
	s.Properties["code"] = code
	return s
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
