package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/scheme"
)

// schemeFiles is the flag of verbs that need schemes: the built-in ones, and those in a
// folder.
type schemeFiles struct {
	Schemes string `env:"ROSTER_SCHEMES" placeholder:"DIR" help:"Folder with schemes of your own, YAML files, beside the built-in ones."`
}

// load reads and validates all schemes.
func (l schemeFiles) load() (scheme.Set, error) {
	schemes, err := scheme.BuiltIn()
	if err != nil || l.Schemes == "" {
		return schemes, err
	}
	if _, err := os.Stat(l.Schemes); err != nil {
		return nil, fmt.Errorf("%w: name the folder with --schemes", err)
	}
	schemes, err = schemes.With(os.DirFS(l.Schemes))
	if broken, ok := errors.AsType[*scheme.Error](err); ok {
		for i := range broken.Problems {
			broken.Problems[i].File = filepath.Join(l.Schemes, broken.Problems[i].File)
		}
	}
	return schemes, err
}

// errSchemes says that a server cannot use the schemes.
func errSchemes(err error) error {
	return fmt.Errorf("the schemes cannot be used, so nothing is started:\n%w", err)
}

// find returns a scheme by its key, or else by the name of its file.
func (l schemeFiles) find(name string) (*domain.Scheme, error) {
	schemes, err := l.load()
	if err != nil {
		return nil, err
	}
	if scheme := schemes[name]; scheme != nil {
		return scheme, nil
	}
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, unknownScheme(schemes, name)
	}
	if err != nil {
		return nil, err
	}
	return scheme.Parse(name, text)
}

// source returns a scheme as it was written.
func (l schemeFiles) source(key string) ([]byte, error) {
	schemes, err := l.load()
	if err != nil {
		return nil, err
	}
	files, err := scheme.Files()
	if err != nil {
		return nil, err
	}
	folders := []fs.FS{files}
	if l.Schemes != "" {
		folders = append(folders, os.DirFS(l.Schemes))
	}
	for _, folder := range folders {
		text, err := written(folder, key)
		if text != nil || err != nil {
			return text, err
		}
	}
	return nil, unknownScheme(schemes, key)
}

// written returns the file of a folder that holds a scheme; nil if there is none.
func written(folder fs.FS, key string) ([]byte, error) {
	var names []string
	for _, pattern := range []string{"*.yaml", "*.yml"} {
		found, err := fs.Glob(folder, pattern)
		if err != nil {
			return nil, err
		}
		names = append(names, found...)
	}
	for _, name := range names {
		text, err := fs.ReadFile(folder, name)
		if err != nil {
			return nil, err
		}
		scheme, err := scheme.Parse(name, text)
		if err != nil {
			return nil, err
		}
		if scheme.Key == key {
			return text, nil
		}
	}
	return nil, nil
}

func unknownScheme(schemes scheme.Set, key string) error {
	return &refusedError{fmt.Errorf("there is no scheme %q; there are %s", key, strings.Join(slices.Sorted(maps.Keys(schemes)), ", "))}
}
