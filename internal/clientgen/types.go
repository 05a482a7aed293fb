package main

import (
	"bytes"
	"cmp"
	"fmt"
	"go/format"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// typesFile has a type for each object that is sent or answered, and for each query.
func (d *description) typesFile() ([]byte, error) {
	var out bytes.Buffer
	out.WriteString(generated + "import (\n\"time\"\n\n\"github.com/go-json-experiment/json/jsontext\"\n)\n")
	for _, o := range d.operations() {
		if len(o.in("query")) > 0 {
			d.query(&out, o)
		}
	}
	uses := d.uses()
	for _, name := range slices.Sorted(maps.Keys(uses)) {
		d.object(&out, name, uses[name])
	}
	return format.Source(out.Bytes())
}

// query writes the type of what an operation can be asked for.
func (d *description) query(out *bytes.Buffer, o *operation) {
	name := goName(o.ID)
	out.WriteString("\n" + comment(name+"Query narrows down [Client."+name+"]; its zero value is everything."))
	fmt.Fprintf(out, "type %sQuery struct {\n", name)
	for _, p := range o.in("query") {
		d.field(out, p.Name, p.Schema, p.Description, "omitzero")
	}
	out.WriteString("}\n")
}

// object writes the type of an object.
func (d *description) object(out *bytes.Buffer, name string, uses []string) {
	s := d.Components.Schemas[name]
	text := name + " is a part of other types."
	if len(uses) > 0 {
		text = name + " is " + strings.Join(uses, ", and ") + "."
	}
	text = strings.TrimSpace(cmp.Or(s.Description, text))
	out.WriteString("\n" + comment(text))
	fmt.Fprintf(out, "type %s struct {\n", name)
	for _, field := range s.fields() {
		property := *s.Properties[field]
		option := "omitzero"
		if s.must(field) {
			option = ""
		} else if d.patches(name) && property.Ref == "" {
			property.Type = append(property.Type, "null") // left out, it stays as it is
		}
		d.field(out, field, &property, property.Description, option)
	}
	out.WriteString("}\n")
}

// patches reports whether an object says what to change, and leaves out what stays.
func (d *description) patches(name string) bool {
	return slices.ContainsFunc(d.operations(), func(o *operation) bool {
		return o.method == http.MethodPatch && o.body() != nil && o.body().name() == name
	})
}

// field writes a field, with the values that it can have where there are few.
func (d *description) field(out *bytes.Buffer, name string, s *schema, text, option string) {
	if len(s.Enum) > 0 {
		text = strings.TrimSpace(text + " " + oneOf(s.Enum))
	}
	if text != "" {
		out.WriteString(comment(text))
	}
	if option != "" {
		option = "," + option
	}
	fmt.Fprintf(out, "%s %s `json:\"%s%s\"`\n", goName(name), d.goType(s), name, option)
}

// oneOf says which values there are.
func oneOf(values []any) string {
	words := make([]string, len(values))
	for i, v := range values {
		if words[i] = fmt.Sprint(v); words[i] == "" {
			words[i] = "empty"
		}
	}
	last := len(words) - 1
	if last == 0 {
		return "Always " + words[0] + "."
	}
	return "One of " + strings.Join(words[:last], ", ") + " and " + words[last] + "."
}

// uses are the schemas that need a type, each with what it is for.
func (d *description) uses() map[string][]string {
	uses := map[string][]string{}
	for _, o := range d.operations() {
		method := "[Client." + goName(o.ID) + "]"
		answer, isJSON := o.answer()
		if !isJSON {
			for _, m := range o.Responses["200"].Content {
				d.use(uses, m.Schema, "an item of a stream")
			}
			continue
		}
		d.use(uses, o.body(), "what "+method+" takes")
		switch row := d.row(answer); {
		case row == nil && len(answer.OneOf) == 0:
			d.use(uses, answer, "what "+method+" answers")
		case row == nil:
			for _, s := range answer.OneOf {
				d.use(uses, s, "")
			}
		default:
			d.use(uses, row, "an item of "+method)
			if !d.plainPage(answer) {
				d.use(uses, answer, "a page of "+method)
			}
		}
	}
	return uses
}

// use notes that a schema needs a type, those in it included, and what for.
func (d *description) use(uses map[string][]string, s *schema, what string) {
	switch {
	case s == nil:
		return
	case d.plainPage(s):
		d.use(uses, d.row(s), what)
		return
	case s.Ref == "":
		d.use(uses, s.Items, what)
		d.use(uses, s.Additional.schema, what)
		for _, property := range s.Properties {
			d.use(uses, property, "")
		}
		return
	}
	if !d.isObject(s) {
		d.use(uses, d.Components.Schemas[s.name()], what)
		return
	}
	name := s.name()
	if name == "Problem" {
		return // it is an error, written by hand
	}
	_, known := uses[name]
	if uses[name] = slices.Clip(uses[name]); what != "" && !slices.Contains(uses[name], what) {
		uses[name] = append(uses[name], what)
	}
	if !known {
		for _, property := range d.Components.Schemas[name].Properties {
			d.use(uses, property, "")
		}
	}
}

// goType is the Go type of a schema. What can be null is a pointer, what can be anything
// is JSON.
func (d *description) goType(s *schema) string {
	switch {
	case d.plainPage(s):
		return "Page[" + d.goType(d.row(s)) + "]"
	case d.isObject(s):
		return s.name()
	case s.Ref != "":
		return d.goType(d.Components.Schemas[s.name()])
	case s.is("array"):
		return "[]" + d.goType(s.Items)
	case s.is("object") && s.Additional.schema != nil:
		return "map[string]" + d.goType(s.Additional.schema)
	case len(s.OneOf) > 0 || s.is("object") || s.Encoding != "":
		return "jsontext.Value"
	}
	pointer := ""
	if s.is("null") {
		pointer = "*"
	}
	switch {
	case s.Format == "date-time":
		return pointer + "time.Time"
	case s.is("integer"):
		return pointer + "int64"
	case s.is("boolean"):
		return pointer + "bool"
	case s.is("number"):
		return pointer + "float64"
	}
	return pointer + "string"
}

// isObject reports whether a schema is a reference to an object with properties, which has
// a Go type of its own. What is a text, or one of several, has none.
func (d *description) isObject(s *schema) bool {
	return s.Ref != "" && len(d.Components.Schemas[s.name()].Properties) > 0
}

// goName is the Go name of an operation or a field.
func goName(name string) string {
	var out strings.Builder
	for word := range strings.SplitSeq(name, "_") {
		switch word {
		case "id", "url":
			out.WriteString(strings.ToUpper(word))
		default:
			out.WriteString(strings.ToUpper(word[:1]) + word[1:])
		}
	}
	return out.String()
}
