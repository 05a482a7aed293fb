package main

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/seed-2026d078/roster/api"
)

// description is the part of an OpenAPI document from which a client is made.
type description struct {
	Paths      map[string]map[string]*operation `json:"paths"`
	Components struct {
		Schemas map[string]*schema `json:"schemas"`
	} `json:"components"`
}

// operation is one that the API has.
type operation struct {
	ID          string      `json:"operationId"`
	Summary     string      `json:"summary"`
	Description string      `json:"description"`
	Parameters  []parameter `json:"parameters"`
	RequestBody struct {
		Content map[string]media `json:"content"`
	} `json:"requestBody"`
	Responses map[string]struct {
		Content map[string]media `json:"content"`
	} `json:"responses"`

	method, path string
}

type parameter struct {
	Name        string  `json:"name"`
	In          string  `json:"in"`
	Description string  `json:"description"`
	Schema      *schema `json:"schema"`
}

type media struct {
	Schema *schema `json:"schema"`
}

// schema is a JSON Schema.
type schema struct {
	Ref         string             `json:"$ref"`
	Description string             `json:"description"`
	Type        types              `json:"type"`
	Format      string             `json:"format"`
	Encoding    string             `json:"contentEncoding"`
	Items       *schema            `json:"items"`
	Properties  map[string]*schema `json:"properties"`
	Required    []string           `json:"required"`
	Additional  anySchema          `json:"additionalProperties"`
	OneOf       []*schema          `json:"oneOf"`
	Enum        []any              `json:"enum"`

	Discriminator *struct {
		Property string `json:"propertyName"`
	} `json:"discriminator"`
}

// types are the types of a schema: one, or one and null.
type types []string

func (t *types) UnmarshalJSON(text []byte) error {
	var one string
	if json.Unmarshal(text, &one) == nil {
		*t = types{one}
		return nil
	}
	return json.Unmarshal(text, (*[]string)(t))
}

// anySchema is a schema, or nil where a boolean stands for one.
type anySchema struct{ *schema }

func (a *anySchema) UnmarshalJSON(text []byte) error {
	if text[0] != '{' {
		return nil
	}
	return json.Unmarshal(text, &a.schema)
}

// name is that of the schema that a reference points to.
func (s *schema) name() string { return strings.TrimPrefix(s.Ref, "#/components/schemas/") }

func (s *schema) is(kind string) bool { return slices.Contains(s.Type, kind) }

// describe reads the description that the API has of itself.
func describe() (*description, error) {
	text, err := api.Description()
	if err != nil {
		return nil, err
	}
	d := &description{}
	if err := json.Unmarshal(text, d); err != nil {
		return nil, err
	}
	for _, s := range d.Components.Schemas {
		d.merge(s)
	}
	return d, nil
}

// merge makes one object of a union of objects that have the same fields. A field that
// differs between them can hold any JSON.
func (d *description) merge(union *schema) {
	if union.Discriminator == nil {
		return
	}
	first := d.Components.Schemas[union.OneOf[0].name()]
	properties := maps.Clone(first.Properties)
	for _, ref := range union.OneOf[1:] {
		other := d.Components.Schemas[ref.name()]
		if !slices.Equal(first.fields(), other.fields()) {
			return
		}
		for name, property := range other.Properties {
			if property.Ref != first.Properties[name].Ref {
				properties[name] = &schema{Description: property.Description, Type: types{"object"}}
			}
		}
	}
	properties[union.Discriminator.Property] = &schema{Type: types{"string"}}
	*union = schema{Description: union.Description, Properties: properties, Required: first.Required}
}

// operations are all of them, by path and method.
func (d *description) operations() []*operation {
	var all []*operation
	for path, item := range d.Paths {
		for method, o := range item {
			o.method, o.path = strings.ToUpper(method), path
			all = append(all, o)
		}
	}
	slices.SortFunc(all, func(a, b *operation) int {
		return cmp.Or(strings.Compare(a.path, b.path), strings.Compare(a.method, b.method))
	})
	return all
}

// body is the schema of what is sent; nil where nothing is.
func (o *operation) body() *schema { return o.RequestBody.Content["application/json"].Schema }

// answer is the schema of what comes back, and whether it is JSON.
func (o *operation) answer() (*schema, bool) {
	m, found := o.Responses["200"].Content["application/json"]
	if !found {
		m, found = o.Responses["200"].Content["application/schema+json"]
	}
	return m.Schema, found
}

// in returns the operation's parameters of a kind that belong to it alone: those that
// commands and lists share are options of the client, and on_conflict is in the body, too.
func (o *operation) in(kind string) []parameter {
	shared := []string{"limit", "after", "format", "occurred_at", "cause", "dry_run", "on_conflict"}
	if _, paged := o.answer(); !paged {
		shared = nil
	}
	return slices.DeleteFunc(slices.Clone(o.Parameters), func(p parameter) bool {
		return p.In != kind || slices.Contains(shared, p.Name)
	})
}

// row returns the schema of the items of a list; nil for what is no page of one.
func (d *description) row(s *schema) *schema {
	if s == nil || s.Ref == "" {
		return nil
	}
	page := d.Components.Schemas[s.name()]
	if page == nil || page.Properties["items"] == nil || page.Properties["next"] == nil {
		return nil
	}
	return page.Properties["items"].Items
}

// plainPage reports whether a schema is a page of a list and no more.
func (d *description) plainPage(s *schema) bool {
	return d.row(s) != nil && len(d.Components.Schemas[s.name()].Properties) == 2
}

// fields are the names of an object's properties: first those that it must have, in the
// order of the API, then the others.
func (s *schema) fields() []string {
	names := slices.Clone(s.Required)
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		if !s.must(name) {
			names = append(names, name)
		}
	}
	return names
}

func (s *schema) must(field string) bool { return slices.Contains(s.Required, field) }
