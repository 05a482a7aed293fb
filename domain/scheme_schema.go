package domain

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

//go:embed schemes/scheme.schema.json
var schemeSchema []byte

// SchemeSchema returns the JSON Schema (draft 2020-12) of scheme files, which
// describes every setting.
func SchemeSchema() []byte { return bytes.Clone(schemeSchema) }

// form is the JSON Schema ready to judge, with its parts by location.
type form struct {
	*jsonschema.Schema
	parts map[string]*jsonschema.Schema
}

var schemeForm = sync.OnceValues(func() (form, error) {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(schemeSchema))
	if err != nil {
		return form{}, fmt.Errorf("the JSON Schema of schemes: %w", err)
	}
	const here = "roster:scheme"
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource(here, document); err != nil {
		return form{}, fmt.Errorf("the JSON Schema of schemes: %w", err)
	}
	whole, err := compiler.Compile(here)
	if err != nil {
		return form{}, fmt.Errorf("the JSON Schema of schemes: %w", err)
	}
	f := form{whole, map[string]*jsonschema.Schema{}}
	f.index(whole)
	return f, nil
})

func (f form) index(part *jsonschema.Schema) {
	if part == nil || f.parts[part.Location] != nil {
		return
	}
	f.parts[part.Location] = part
	f.index(part.Ref)
	f.index(part.Items2020)
	if rest, ok := part.AdditionalProperties.(*jsonschema.Schema); ok {
		f.index(rest)
	}
	for _, setting := range part.Properties {
		f.index(setting)
	}
}

// fits judges what the text says by the JSON Schema. It fails where the JSON Schema
// itself is broken.
func (t *schemeText) fits() error {
	f, err := schemeForm()
	if err != nil {
		return err
	}
	var misfit *jsonschema.ValidationError
	if err := f.Validate(t.root); errors.As(err, &misfit) {
		f.tell(t, misfit)
	}
	return nil
}

// tell says in words what does not fit.
func (f form) tell(t *schemeText, misfit *jsonschema.ValidationError) {
	for _, cause := range misfit.Causes {
		f.tell(t, cause)
	}
	if len(misfit.Causes) > 0 {
		return
	}
	var at jsontext.Pointer
	value := t.root
	for _, token := range misfit.InstanceLocation {
		at, value = at.AppendToken(token), step(value, token)
	}
	part := f.parts[misfit.SchemaURL]
	switch k := misfit.ErrorKind.(type) {
	case *kind.Required:
		for _, name := range k.Missing {
			t.fail(at.AppendToken(name), "is missing; it is %s", wanted(part.Properties[name]))
		}
	case *kind.AdditionalProperties:
		for _, name := range slices.Sorted(slices.Values(k.Properties)) {
			t.fail(at.AppendToken(name), "there is no %q here; there are %s", name, listed(slices.Sorted(maps.Keys(part.Properties)), ", "))
		}
	case *kind.UniqueItems:
		t.fail(below(at, k.Duplicates[1]), "%s stands twice; say it once", said(value.([]any)[k.Duplicates[1]]))
	default:
		t.fail(at, "is %s; it is %s", said(value), wanted(part))
	}
}

// said names a value as it stands in a file.
func said(value any) string {
	switch v := value.(type) {
	case nil:
		return "left empty"
	case string:
		return strconv.Quote(v)
	case []any:
		if len(v) == 0 {
			return "an empty list"
		}
		return "a list"
	case map[string]any:
		if len(v) == 0 {
			return "an empty mapping"
		}
		return "a mapping"
	}
	return fmt.Sprint(value)
}

// wanted names the values that fit.
func wanted(part *jsonschema.Schema) string {
	switch {
	case part.Title != "":
		return part.Title
	case part.Const != nil:
		return fmt.Sprintf("%v, or left out", *part.Const)
	case part.Enum != nil:
		return listed(part.Enum.Values, " or ")
	case part.Types == nil:
		return wanted(part.Ref)
	case part.Minimum != nil:
		return fmt.Sprintf("a whole number from %s to %s", part.Minimum.RatString(), part.Maximum.RatString())
	}
	switch part.Types.ToStrings()[0] {
	case "array":
		return "a list of one or more"
	case "boolean":
		return "true or false"
	}
	return "a mapping of " + listed(slices.Sorted(maps.Keys(part.Properties)), ", ")
}

// listed names things in a sentence; last stands before the last one.
func listed[T any](things []T, last string) string {
	var all strings.Builder
	for i, thing := range things {
		switch {
		case i > 0 && i == len(things)-1:
			all.WriteString(last)
		case i > 0:
			all.WriteString(", ")
		}
		fmt.Fprint(&all, thing)
	}
	return all.String()
}
