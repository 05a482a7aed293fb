package scheme

import (
	"errors"

	"github.com/go-json-experiment/json"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// Parse reads one scheme from YAML and validates it. Name is the file, for messages. It
// fails with an [*Error] if the file is broken.
func Parse(name string, text []byte) (*domain.Scheme, error) { return Set{}.Parse(name, text) }

// parse reads a scheme and validates it: first by the JSON Schema, then by what its parts
// say of each other. What is wrong is in the faults of the file. It returns an error only
// if the JSON Schema itself is broken.
func parse(name string, text []byte) (*file, events.Scheme, error) {
	f := readYAML(name, text)
	if len(f.faults) > 0 {
		return f, events.Scheme{}, nil
	}
	if err := f.validateForm(); err != nil {
		return nil, events.Scheme{}, err
	}
	definition, ok := f.decode()
	if ok {
		v := validator{f, definition}
		v.scheme()
	}
	return f, definition, nil
}

// decode returns what the file says, and whether it can be validated further. What fits
// the JSON Schema always can, and often also what does not.
func (f *file) decode() (events.Scheme, bool) {
	var definition events.Scheme
	fits := len(f.faults) == 0
	text, err := json.Marshal(f.root)
	if err == nil {
		err = json.Unmarshal(text, &definition, json.RejectUnknownMembers(fits))
	}
	if err != nil && fits {
		if broken, ok := errors.AsType[*json.SemanticError](err); ok {
			f.fail(broken.JSONPointer, "cannot be read: %s", err)
		} else {
			f.fail("", "cannot be read: %s", err)
		}
	}
	return definition, err == nil
}
