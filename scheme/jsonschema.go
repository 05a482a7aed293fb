package scheme

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"sync"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"

	"github.com/seed-2026d078/roster/internal/phrase"
)

//go:embed builtin/scheme.schema.json
var jsonSchema []byte

// JSONSchema returns the JSON Schema (draft 2020-12) of scheme files, which describes
// every setting.
func JSONSchema() []byte { return bytes.Clone(jsonSchema) }

// compiledSchema is the JSON Schema of schemes, compiled. It finds its parts by location.
type compiledSchema struct {
	*jsonschema.Schema
	parts map[string]*jsonschema.Schema
}

var compileSchema = sync.OnceValues(func() (compiledSchema, error) {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(jsonSchema))
	if err != nil {
		return compiledSchema{}, fmt.Errorf("the JSON Schema of schemes: %w", err)
	}
	const here = "roster:scheme"
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource(here, document); err != nil {
		return compiledSchema{}, fmt.Errorf("the JSON Schema of schemes: %w", err)
	}
	whole, err := compiler.Compile(here)
	if err != nil {
		return compiledSchema{}, fmt.Errorf("the JSON Schema of schemes: %w", err)
	}
	c := compiledSchema{whole, map[string]*jsonschema.Schema{}}
	c.index(whole)
	return c, nil
})

func (c compiledSchema) index(part *jsonschema.Schema) {
	if part == nil || c.parts[part.Location] != nil {
		return
	}
	c.parts[part.Location] = part
	c.index(part.Ref)
	c.index(part.Items2020)
	if rest, ok := part.AdditionalProperties.(*jsonschema.Schema); ok {
		c.index(rest)
	}
	for _, setting := range part.Properties {
		c.index(setting)
	}
}

// validateAgainstSchema validates the file against the JSON Schema. It returns an error
// only if the JSON Schema itself is broken.
func (f *file) validateAgainstSchema() error {
	schema, err := compileSchema()
	if err != nil {
		return err
	}
	var invalid *jsonschema.ValidationError
	if err := schema.Validate(f.root); errors.As(err, &invalid) {
		schema.addFaults(f, invalid)
	}
	return nil
}

// addFaults adds to the file, in words, what does not match the JSON Schema.
func (c compiledSchema) addFaults(f *file, invalid *jsonschema.ValidationError) {
	for _, cause := range invalid.Causes {
		c.addFaults(f, cause)
	}
	if len(invalid.Causes) > 0 {
		return
	}
	var at jsontext.Pointer
	value := f.root
	for _, token := range invalid.InstanceLocation {
		at, value = at.AppendToken(token), step(value, token)
	}
	part := c.parts[invalid.SchemaURL]
	switch k := invalid.ErrorKind.(type) {
	case *kind.Required:
		for _, name := range k.Missing {
			f.fail(at.AppendToken(name), "is missing; it is %s", expected(part.Properties[name]))
		}
	case *kind.AdditionalProperties:
		for _, name := range slices.Sorted(slices.Values(k.Properties)) {
			f.fail(at.AppendToken(name), "there is no %q here; there are %s", name, phrase.Join(slices.Sorted(maps.Keys(part.Properties)), ", "))
		}
	case *kind.UniqueItems:
		f.fail(below(at, k.Duplicates[1]), "%s stands twice; say it once", valueInWords(value.([]any)[k.Duplicates[1]]))
	default:
		f.fail(at, "is %s; it is %s", valueInWords(value), expected(part))
	}
}

// valueInWords names a value as it is written in a file.
func valueInWords(value any) string {
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

// expected names the values that match.
func expected(part *jsonschema.Schema) string {
	switch {
	case part.Title != "":
		return part.Title
	case part.Const != nil:
		return fmt.Sprintf("%v, or left out", *part.Const)
	case part.Enum != nil:
		return phrase.Join(part.Enum.Values, " or ")
	case part.Types == nil:
		return expected(part.Ref)
	case part.Minimum != nil:
		return fmt.Sprintf("a whole number from %s to %s", part.Minimum.RatString(), part.Maximum.RatString())
	}
	switch part.Types.ToStrings()[0] {
	case "array":
		return "a list of one or more"
	case "boolean":
		return "true or false"
	}
	return "a mapping of " + phrase.Join(slices.Sorted(maps.Keys(part.Properties)), ", ")
}
