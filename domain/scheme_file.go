package domain

import (
	"errors"

	"github.com/go-json-experiment/json"

	"github.com/seed-2026d078/roster/events"
)

// ParseScheme reads one scheme from YAML and judges it. Name is the file, for
// messages. The error of a broken file is a [*SchemeError].
func ParseScheme(name string, text []byte) (*Scheme, error) {
	return Schemes{}.Parse(name, text)
}

// judgeScheme reads a scheme and judges it: by the JSON Schema, then by what its parts
// say of each other. What is wrong is in the text.
func judgeScheme(name string, text []byte) (*schemeText, events.Scheme, error) {
	read := readScheme(name, text)
	if len(read.faults) > 0 {
		return read, events.Scheme{}, nil
	}
	if err := read.fits(); err != nil {
		return nil, events.Scheme{}, err
	}
	definition, ok := read.decode()
	if ok {
		j := judge{read, definition}
		j.scheme()
	}
	return read, definition, nil
}

// decode returns what the text says, and whether it can be judged further: what fits
// the JSON Schema always can, and often also what does not.
func (t *schemeText) decode() (events.Scheme, bool) {
	var definition events.Scheme
	fits := len(t.faults) == 0
	text, err := json.Marshal(t.root)
	if err == nil {
		err = json.Unmarshal(text, &definition, json.RejectUnknownMembers(fits))
	}
	if err != nil && fits {
		if broken, ok := errors.AsType[*json.SemanticError](err); ok {
			t.fail(broken.JSONPointer, "cannot be read: %s", err)
		} else {
			t.fail("", "cannot be read: %s", err)
		}
	}
	return definition, err == nil
}
