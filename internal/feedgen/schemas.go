package main

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/seed-2026d078/roster/feed"
)

// schemas are the JSON Schemas of messages, and of the types in them.
//
// They describe what there is, and allow more: a later version may add a field to any object, and a value to any list of values.
type schemas struct {
	comments    *comments
	definitions map[string]object
	// types are those of the definitions that are no messages.
	types map[string]reflect.Type
	err   error
}

// define adds the schemas of the bodies of messages.
func (s *schemas) define(messages []message) error {
	for _, m := range messages {
		s.definitions[m.name] = append(object{{"title", m.title}, {"description", m.text}}, s.fields(m.body, m.has, m.whole)...)
	}
	return s.err
}

// bundle returns a JSON Schema that holds all others, each under a URI of its own.
func (s *schemas) bundle() object {
	var defs object
	for _, name := range slices.Sorted(maps.Keys(s.definitions)) {
		defs = append(defs, member{name, append(object{{"$id", feed.SchemaPrefix + name}}, s.definitions[name]...)})
	}
	return object{
		{"$schema", "https://json-schema.org/draft/2020-12/schema"},
		{"$id", feed.SchemaPrefix + "feed"},
		{"description", "The bodies of all messages of Roster's feed. The header ce-dataschema of a message is the $id of its body's schema."},
		{"$defs", defs},
	}
}

// of returns the schema of a type. Where it has a name, that is a reference to its definition.
func (s *schemas) of(t reflect.Type) object {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return object{{"type", "string"}, {"format", "date-time"}}
	case t == reflect.TypeFor[jsontext.Value]():
		return object{{"type", "object"}}
	case t.Kind() == reflect.Pointer:
		return s.of(t.Elem())
	case t.PkgPath() == "":
		return s.structure(t)
	}
	if known, ok := s.types[t.Name()]; ok && known != t {
		s.err = fmt.Errorf("two types have the name %s: %v and %v", t.Name(), known, t)
	} else if !ok {
		s.types[t.Name()] = t
		s.definitions[t.Name()] = append(object{{"title", t.Name()}, {"description", s.comments.ofType(t)}}, s.structure(t)...)
	}
	return object{{"$ref", feed.SchemaPrefix + t.Name()}}
}

// structure returns what a type consists of.
func (s *schemas) structure(t reflect.Type) object {
	switch t.Kind() {
	case reflect.Struct:
		return s.fields(t, nil, false)
	case reflect.Map:
		return object{{"type", "object"}, {"additionalProperties", s.of(t.Elem())}}
	case reflect.Slice:
		return object{{"type", "array"}, {"items", s.of(t.Elem())}}
	case reflect.Bool:
		return object{{"type", "boolean"}}
	case reflect.Float64:
		return object{{"type", "number"}}
	case reflect.Int:
		return object{{"type", "integer"}}
	case reflect.Uint64:
		return object{{"type", "integer"}, {"minimum", 0}}
	case reflect.String:
		text := object{{"type", "string"}}
		if values := s.comments.constants[t.String()]; len(values) > 0 {
			var examples []string
			for _, v := range values {
				examples = append(examples, v.value)
			}
			text = append(text, member{"examples", examples})
		}
		return text
	default:
		s.err = fmt.Errorf("no JSON Schema for %v", t)
		return nil
	}
}

// fields returns the schema of a struct; see [message] for which of them it has, and whether all are always there.
func (s *schemas) fields(t reflect.Type, has func(reflect.StructField) bool, whole bool) object {
	properties, required := object{}, []string{}
	for field := range t.Fields() {
		if has != nil && !has(field) {
			continue
		}
		schema := s.of(field.Type)
		if text := s.comments.ofField(t, field); text != "" {
			schema = append(object{{"description", text}}, schema...)
		}
		properties = append(properties, member{jsonName(field), schema})
		if whole || !optional(field) {
			required = append(required, jsonName(field))
		}
	}
	return object{{"type", "object"}, {"properties", properties}, {"required", required}}
}

// optional reports whether a field is left out where it has no value.
func optional(field reflect.StructField) bool {
	return strings.Contains(field.Tag.Get("json"), ",omitzero")
}
