package scheme

import (
	"fmt"
	"io/fs"
	"maps"
	"path"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// Load reads every scheme in a folder: the files *.yaml and *.yml, but not those of
// folders in it. It fails with an [*Error] if any file is broken, which says everything
// that is wrong with all of them.
func Load(files fs.FS) (Set, error) { return Set{}.With(files) }

// With returns the schemes of this set together with those of a folder, which it reads as
// Load does. None of these may take a key of the set: organizations would get other rules
// than they chose.
func (s Set) With(files fs.FS) (Set, error) {
	entries, err := fs.ReadDir(files, ".")
	if err != nil {
		return nil, fmt.Errorf("read the folder of schemes: %w", err)
	}
	all, from := maps.Clone(s), map[string]string{}
	var problems []Problem
	for _, entry := range entries {
		name := entry.Name()
		if entry.IsDir() || path.Ext(name) != ".yaml" && path.Ext(name) != ".yml" {
			continue
		}
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("read the scheme %s: %w", name, err)
		}
		f, definition, err := s.parse(name, text)
		if err != nil {
			return nil, err
		}
		key := definition.Key
		if other, taken := from[key]; taken && key != "" {
			f.fail("/key", "%s has the key %q too; choose another for one of them", other, key)
		} else {
			from[key] = name
		}
		problems = append(problems, f.problems()...)
		if len(f.faults) == 0 {
			all[key] = domain.NewScheme(definition)
		}
	}
	if err := asError(problems); err != nil {
		return nil, err
	}
	return all, nil
}

// Parse reads one scheme as the function Parse does. It may not take a key of the set.
func (s Set) Parse(name string, text []byte) (*domain.Scheme, error) {
	f, definition, err := s.parse(name, text)
	if err == nil {
		err = asError(f.problems())
	}
	if err != nil {
		return nil, err
	}
	return domain.NewScheme(definition), nil
}

func (s Set) parse(name string, text []byte) (*file, events.Scheme, error) {
	f, definition, err := parse(name, text)
	if key := definition.Key; err == nil && s[key] != nil {
		f.fail("/key", "%q is the key of a built-in scheme; choose another, such as \"my-%s\"", key, key)
	}
	return f, definition, err
}

// Set is the schemes that organizations can choose from, by key.
type Set map[string]*domain.Scheme

// Parse reads one scheme from YAML and validates it. Name is the file, for messages. It
// fails with an [*Error] if the file is broken.
func Parse(name string, text []byte) (*domain.Scheme, error) { return Set{}.Parse(name, text) }
