package declaration

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Read reads the files that declare an organization. A directory stands for the YAML files in
// it, however deep. The organization is the one that is named, or else the one that the files
// name. An error says what is wrong in which file and line, one thing a line; each
// that has a place is an [*Error].
func Read(organization string, paths ...string) (*State, error) {
	files, err := yamlFiles(paths)
	if err != nil {
		return nil, err
	}
	r := filesReader{State: &State{Organization: organization, places: map[string]Place{}}}
	var errs []error
	for _, file := range files {
		root, err := readFile(file)
		if err == nil {
			err = r.add(root)
		}
		if err != nil {
			errs = append(errs, err)
		}
	}
	if err := join(errs); err != nil {
		return nil, err
	}
	return r.State, r.finish(files)
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

// filesReader reads files into a state.
type filesReader struct {
	*State

	// The readers of both forms are nil until there is a file of the form.
	peribolos *peribolosReader
	roster    *rosterReader
}

// add reads a file into the state.
func (r *filesReader) add(root node) error {
	if root.kind != mapping {
		return root.fail("A declaration is a mapping with fields such as members and teams, not %s.", root.kind)
	}
	if isRosterForm(root) {
		if r.roster == nil {
			r.roster = newRosterReader(r.State)
		}
		return r.roster.add(root)
	}
	if f, looks := looksLikeRosterForm(root); looks {
		return f.at.fail("The field %s as it is here belongs to the form of Roster: is \"roster: %s\" missing? Without it the file is read as one of peribolos.", f.name, version)
	}
	if r.peribolos == nil {
		r.peribolos = newPeribolosReader(r.State)
	}
	return r.peribolos.add(root)
}

// finish checks what the files say together.
func (r *filesReader) finish(files []string) error {
	switch {
	case r.roster != nil && r.peribolos != nil:
		return errors.New("some of the files have the form of Roster, with the field roster, others that of peribolos; use one form at a time")
	case r.roster != nil:
		r.roster.finish()
	case r.peribolos != nil:
		if err := r.peribolos.finish(); err != nil {
			return err
		}
	}
	d := r.Declaration
	if d.Members == nil && d.Teams == nil && d.Projects == nil && d.Name == "" {
		return fmt.Errorf("nothing is declared in %s: there are neither members nor teams nor projects", strings.Join(files, ", "))
	}
	if r.Organization == "" {
		return &OrganizationError{"the files name no organization"}
	}
	return nil
}
