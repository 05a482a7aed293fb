package declaration

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/seed-2026d078/roster/client"
)

// State is what files declare of one organization.
type State struct {
	// Organization is its id.
	Organization string
	// Declaration is what the server takes.
	Declaration client.ApplyDeclaration
	// LeftOut are fields of the files that Roster has no place for, sorted.
	LeftOut []string
	// Notes are things that were settled in reading, each with its place.
	Notes []string

	// places are those of the entries, by the location in the body of the request, and of what
	// occurs once, by its name.
	places map[string]Place
	// The readers of both forms are nil until there is a file of the form.
	peribolos *peribolosReader
	roster    *rosterReader
}

// Read reads the files that declare an organization. A directory stands for the YAML files in
// it, however deep. The organization is the one that is named, or else the one that the files
// name. An error says what is wrong in which file and line, one thing a line; each
// that has a place is an [*Error].
func Read(organization string, paths ...string) (*State, error) {
	files, err := yamlFiles(paths)
	if err != nil {
		return nil, err
	}
	s := &State{Organization: organization, places: map[string]Place{}}
	var errs []error
	for _, file := range files {
		root, err := readFile(file)
		if err == nil {
			err = s.add(root)
		}
		if err != nil {
			errs = append(errs, err)
		}
	}
	if err := join(errs); err != nil {
		return nil, err
	}
	return s, s.finish(files)
}

// yamlFiles returns the files, with those in directories.
func yamlFiles(paths []string) ([]string, error) {
	var files []string
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			files = append(files, path)
			continue
		}
		before := len(files)
		err = filepath.WalkDir(path, func(name string, entry fs.DirEntry, err error) error {
			if ext := filepath.Ext(name); err == nil && !entry.IsDir() && (ext == ".yaml" || ext == ".yml") {
				files = append(files, name)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
		if len(files) == before {
			return nil, fmt.Errorf("there is no file in %s whose name ends in .yaml or .yml", path)
		}
	}
	return files, nil
}

// add reads a file into the state.
func (s *State) add(root node) error {
	if root.kind != mapping {
		return root.fail("A declaration is a mapping with fields such as members and teams, not %s.", root.kind)
	}
	if isRosterForm(root) {
		if s.roster == nil {
			s.roster = newRosterReader(s)
		}
		return s.roster.add(root)
	}
	if f, looks := looksLikeRosterForm(root); looks {
		return f.at.fail("The field %s as it is here belongs to the form of Roster: is \"roster: %s\" missing? Without it the file is read as one of peribolos.", f.name, version)
	}
	if s.peribolos == nil {
		s.peribolos = newPeribolosReader(s)
	}
	return s.peribolos.add(root)
}

// finish checks what the files say together.
func (s *State) finish(files []string) error {
	switch {
	case s.roster != nil && s.peribolos != nil:
		return errors.New("some of the files have the form of Roster, with the field roster, others that of peribolos; use one form at a time")
	case s.roster != nil:
		s.roster.finish()
	case s.peribolos != nil:
		if err := s.peribolos.finish(); err != nil {
			return err
		}
	}
	d := s.Declaration
	if d.Members == nil && d.Teams == nil && d.Projects == nil && d.Name == "" {
		return fmt.Errorf("nothing is declared in %s: there are neither members nor teams nor projects", strings.Join(files, ", "))
	}
	if s.Organization == "" {
		return &OrganizationError{"the files name no organization"}
	}
	return nil
}

// OrganizationError says that files name no organization, or several, and that none of them was
// chosen.
type OrganizationError struct{ text string }

func (e *OrganizationError) Error() string { return e.text }

// once keeps a text that files may say several times, as long as they agree.
func (s *State) once(to *string, f field, what string) error {
	text, err := f.text()
	switch {
	case err != nil:
		return err
	case *to != "" && text != *to:
		return f.at.fail("%s is %q here, and %q at %s.", what, text, *to, s.places[what])
	}
	*to, s.places[what] = text, f.at
	return nil
}

// location returns where an entry stands in the body of the request, as refusals name it.
func location(format string, args ...any) string { return "body." + fmt.Sprintf(format, args...) }

// Locate returns the error of a request with this declaration, with the files and lines of what
// was refused. Other errors it returns as they are.
func (s *State) Locate(err error) error {
	p, is := errors.AsType[*client.Problem](err)
	if !is || len(p.Items) == 0 {
		return err
	}
	var located []error
	for _, item := range p.Items {
		detail := item.Detail
		if item.About != "" {
			detail = item.About + ": " + detail
		}
		if place, known := s.place(item.Location); known {
			located = append(located, place.fail("%s", detail))
		} else {
			located = append(located, errors.New(detail))
		}
	}
	return &RefusedError{join(located), err}
}

// RefusedError is a refusal by the server with the places in the files.
type RefusedError struct {
	located error
	problem error
}

func (e *RefusedError) Error() string { return e.located.Error() + "\nNothing was done." }

// Unwrap returns the problem that the server answered.
func (e *RefusedError) Unwrap() error { return e.problem }

// place returns the place of an entry, or of the nearest one around it.
func (s *State) place(location string) (Place, bool) {
	for location != "" {
		if place, known := s.places[location]; known {
			return place, true
		}
		location = location[:max(0, strings.LastIndexAny(location, ".["))]
	}
	return Place{}, false
}

// spellings notes how names are written that differ only in case.
type spellings map[string][]string

func (s spellings) note(name string) string {
	folded := strings.ToLower(name)
	if !slices.Contains(s[folded], name) {
		s[folded] = append(s[folded], name)
	}
	return folded
}

// several returns the names that are written in several ways, in order.
func (s spellings) several() []string {
	var found []string
	for _, folded := range slices.Sorted(maps.Keys(s)) {
		if len(s[folded]) > 1 {
			found = append(found, strings.Join(s[folded], ", "))
		}
	}
	return found
}
