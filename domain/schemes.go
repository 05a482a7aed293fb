package domain

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"sync"

	"github.com/go-json-experiment/json"

	"github.com/seed-2026d078/roster/events"
)

//go:embed schemes/*.yaml
var builtIn embed.FS

// DefaultScheme is the key of the scheme taken where none is named.
const DefaultScheme = "owner-member"

// Schemes is what organizations can choose from, by key.
type Schemes map[string]*Scheme

// SchemeFiles returns the files of the built-in schemes.
func SchemeFiles() (fs.FS, error) { return fs.Sub(builtIn, "schemes") }

// BuiltInSchemes returns the schemes that come with Roster.
func BuiltInSchemes() (Schemes, error) {
	files, err := SchemeFiles()
	if err != nil {
		return nil, err
	}
	return LoadSchemes(files)
}

// LoadSchemes reads every scheme in a folder: the files *.yaml and *.yml, those of
// folders below not. It refuses the folder for one broken file with a [*SchemeError],
// which says everything that is wrong with any of them.
func LoadSchemes(files fs.FS) (Schemes, error) { return Schemes{}.With(files) }

// With returns the schemes together with those of a folder, which LoadSchemes reads.
// None of these takes the key of a built-in one: organizations would get other rules
// than they chose.
func (s Schemes) With(files fs.FS) (Schemes, error) {
	entries, err := fs.ReadDir(files, ".")
	if err != nil {
		return nil, fmt.Errorf("read the folder of schemes: %w", err)
	}
	all, from := maps.Clone(s), map[string]string{}
	var problems []SchemeProblem
	for _, entry := range entries {
		name := entry.Name()
		if entry.IsDir() || path.Ext(name) != ".yaml" && path.Ext(name) != ".yml" {
			continue
		}
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("read the scheme %s: %w", name, err)
		}
		read, definition, err := s.judge(name, text)
		if err != nil {
			return nil, err
		}
		key := definition.Key
		if other, taken := from[key]; taken && key != "" {
			read.fail("/key", "%s has the key %q too; choose another for one of them", other, key)
		} else {
			from[key] = name
		}
		problems = append(problems, read.problems()...)
		if len(read.faults) == 0 {
			all[key] = newScheme(definition)
		}
	}
	if err := troubled(problems); err != nil {
		return nil, err
	}
	return all, nil
}

// Parse reads one scheme that is to stand beside these, as ParseScheme does. It takes
// the key of none of them.
func (s Schemes) Parse(name string, text []byte) (*Scheme, error) {
	read, definition, err := s.judge(name, text)
	if err == nil {
		err = troubled(read.problems())
	}
	if err != nil {
		return nil, err
	}
	return newScheme(definition), nil
}

// judge reads a scheme and judges it as one more beside the built-in ones.
func (s Schemes) judge(name string, text []byte) (*schemeText, events.Scheme, error) {
	read, definition, err := judgeScheme(name, text)
	if key := definition.Key; err == nil && s[key] != nil {
		read.fail("/key", "%q is the key of a built-in scheme; choose another, such as \"my-%s\"", key, key)
	}
	return read, definition, err
}

// Drift lists what a scheme that an organization can choose says differently from this
// one, which an organization has. What organizations change by themselves is no drift:
// roles of their own, and what they call roles.
func (s *Scheme) Drift(offered *Scheme) []SchemeDifference {
	return s.plain().Differences(offered.plain())
}

// plain is the scheme without what organizations change by themselves.
func (s *Scheme) plain() *Scheme {
	definition := s.Scheme
	for _, list := range []*[]events.Role{&definition.OrganizationRoles, &definition.ProjectRoles} {
		*list = slices.DeleteFunc(slices.Clone(*list), func(r events.Role) bool { return r.Custom })
		for i := range *list {
			(*list)[i].Label = ""
		}
	}
	return newScheme(definition)
}

// ready remembers schemes by their JSON, so that organizations share them.
var sharedSchemes sync.Map

// compiled returns a recorded scheme ready for look-ups. Those with roles of an
// organization's own are nobody else's, and not remembered.
func sharedScheme(definition events.Scheme) *Scheme {
	if slices.ContainsFunc(slices.Concat(definition.OrganizationRoles, definition.ProjectRoles), func(r events.Role) bool { return r.Custom }) {
		return newScheme(definition)
	}
	text, err := json.Marshal(definition, json.Deterministic(true))
	if err != nil {
		return newScheme(definition)
	}
	if known, ok := sharedSchemes.Load(string(text)); ok {
		return known.(*Scheme)
	}
	known, _ := sharedSchemes.LoadOrStore(string(text), newScheme(definition))
	return known.(*Scheme)
}
