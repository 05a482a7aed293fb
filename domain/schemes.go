package domain

import (
	"embed"
	"fmt"
	"io/fs"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/goccy/go-yaml"

	"github.com/seed-2026d078/roster/events"
)

//go:embed schemes/*.yaml
var builtIn embed.FS

// DefaultScheme is the key of the scheme taken where none is named.
const DefaultScheme = "owner-member"

// Schemes is what organizations can choose from, by key.
type Schemes map[string]*Scheme

// BuiltInSchemes returns the schemes that come with Roster.
func BuiltInSchemes() (Schemes, error) {
	files, err := fs.Sub(builtIn, "schemes")
	if err != nil {
		return nil, err
	}
	return LoadSchemes(files)
}

// LoadSchemes reads every *.yaml file of a folder. It refuses the folder for one
// broken file, naming file, line and what is wrong.
func LoadSchemes(files fs.FS) (Schemes, error) {
	names, err := fs.Glob(files, "*.yaml")
	if err != nil {
		return nil, err
	}
	schemes := Schemes{}
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		scheme, err := ParseScheme(text)
		if err != nil {
			return nil, fmt.Errorf("scheme %s: %w", name, err)
		}
		if schemes[scheme.Key] != nil {
			return nil, fmt.Errorf("scheme %s: another file has the key %q", name, scheme.Key)
		}
		schemes[scheme.Key] = scheme
	}
	return schemes, nil
}

// ParseScheme reads one scheme from YAML and judges it.
func ParseScheme(text []byte) (*Scheme, error) {
	var definition events.Scheme
	if err := yaml.UnmarshalWithOptions(text, &definition, yaml.Strict(), yaml.UseJSONUnmarshaler()); err != nil {
		return nil, fmt.Errorf("%s", yaml.FormatError(err, false, true))
	}
	if err := validate(definition); err != nil {
		return nil, err
	}
	return newScheme(definition), nil
}

// ready remembers schemes by their JSON, so that organizations share them.
var ready sync.Map

// compiled returns a recorded scheme ready for look-ups.
func compiled(definition events.Scheme) *Scheme {
	text, err := json.Marshal(definition, json.Deterministic(true))
	if err != nil {
		return newScheme(definition)
	}
	if known, ok := ready.Load(string(text)); ok {
		return known.(*Scheme)
	}
	known, _ := ready.LoadOrStore(string(text), newScheme(definition))
	return known.(*Scheme)
}
