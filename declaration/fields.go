package declaration

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/seed-2026d078/roster/events"
)

// readers read the fields of a mapping, by their names.
type readers map[string]func(field) error

// read reads every field of a mapping. It goes on after an error, and returns all.
func (n node) read(what string, known readers) []error {
	if n.kind == nothing {
		return nil
	}
	if n.kind != mapping {
		return []error{n.fail("%s is a mapping, as in {name: value}, not %s.", what, n.kind)}
	}
	var errs []error
	for _, f := range n.fields {
		read, is := known[f.name]
		if !is {
			errs = append(errs, f.at.fail("%s has no field %q; it has %s.", what, f.name, strings.Join(slices.Sorted(maps.Keys(known)), ", ")))
			continue
		}
		if err := read(f); err != nil {
			errs = append(errs, err)
		}
	}
	return errs
}

// textTo reads a text.
func textTo(to *string) func(field) error {
	return func(f field) (err error) {
		*to, err = f.text()
		return err
	}
}

// optionalTextTo reads a text, and lets an empty one differ from none.
func optionalTextTo(to **string) func(field) error {
	return func(f field) error {
		if f.value.kind == nothing {
			return nil
		}
		text, err := f.text()
		*to = &text
		return err
	}
}

func boolTo(to **bool) func(field) error {
	return func(f field) error {
		if f.value.kind == nothing {
			return nil
		}
		value, err := strconv.ParseBool(f.value.text)
		if err != nil || f.value.kind != scalar {
			return f.at.fail("%s is true or false.", f.name)
		}
		*to = &value
		return nil
	}
}

func timeTo(to **time.Time) func(field) error {
	return func(f field) error {
		value, is := events.ParseInstant(f.value.text)
		if !is || f.value.kind != scalar {
			return f.at.fail("%s is a time as 2026-12-31T18:00:00Z, or a date as 2026-12-31.", f.name)
		}
		*to = &value
		return nil
	}
}

// oneOf reads a text that is one of several.
func oneOf(to *string, known ...string) func(field) error {
	return func(f field) error {
		text, err := f.text()
		if err == nil && !slices.Contains(known, text) {
			err = f.at.fail("%s is one of %s, not %q.", f.name, strings.Join(known, ", "), text)
		}
		*to = text
		return err
	}
}

// text returns the text of a field; empty if it has no value.
func (f field) text() (string, error) {
	if f.value.kind == list || f.value.kind == mapping {
		return "", f.at.fail("%s is a text, not %s.", f.name, f.value.kind)
	}
	return f.value.text, nil
}

// named is a text in a list, with its place.
type named struct {
	Place

	name string
}

// names returns a list of texts; none for a field without a value.
func (f field) names() ([]named, error) {
	if f.value.kind == nothing {
		return nil, nil
	}
	if f.value.kind != list {
		return nil, f.at.fail("%s is a list, as in [ada, bob], not %s.", f.name, f.value.kind)
	}
	var all []named
	var errs []error
	for _, item := range f.value.items {
		if item.kind != scalar || item.text == "" {
			errs = append(errs, item.fail("An entry of %s is a name, not %s.", f.name, item.kind))
			continue
		}
		all = append(all, named{item.Place, item.text})
	}
	return all, join(errs)
}

// textsTo reads a list of texts.
func textsTo(to *[]string) func(field) error {
	return func(f field) error {
		all, err := f.names()
		for _, one := range all {
			*to = append(*to, one.name)
		}
		return err
	}
}

// eachOf reads a mapping of things by name. It goes on after an error.
func eachOf(what string, each func(field) []error) func(field) error {
	return func(f field) error {
		if f.value.kind == nothing {
			return nil
		}
		if f.value.kind != mapping {
			return f.at.fail("%s is a mapping of %s by name, not %s.", f.name, what, f.value.kind)
		}
		var errs []error
		for _, one := range f.value.fields {
			if strings.TrimSpace(one.name) == "" {
				errs = append(errs, one.at.fail("%s has an entry without a name.", f.name))
				continue
			}
			errs = append(errs, each(one)...)
		}
		return join(errs)
	}
}

// join returns several errors as one, in which each is a line.
func join(errs []error) error {
	switch len(errs) {
	case 0:
		return nil
	case 1:
		return errs[0]
	}
	return problems(errs)
}

// problems are several things that are wrong.
type problems []error

func (p problems) Error() string {
	lines := make([]string, len(p))
	for i, err := range p {
		lines[i] = err.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap returns all of them.
func (p problems) Unwrap() []error { return p }

// declaredOnce fails for something that is declared already, whatever the case of its name.
func declaredOnce(known map[string]Place, f field, what string) error {
	name := strings.ToLower(strings.TrimSpace(f.name))
	if first, is := known[name]; is {
		return f.at.fail("The %s %s is declared already, at %s.", what, f.name, first)
	}
	known[name] = f.at
	return nil
}
