package scheme

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// file is the file of a scheme as data, with the line of every setting and with what is
// wrong with it.
type file struct {
	name   string
	root   any
	lines  map[jsontext.Pointer]int
	faults []fault
}

// fault is one thing that is wrong with a file, by the pointer of a setting that is there
// or is missing.
type fault struct {
	at     jsontext.Pointer
	detail string
}

// fail adds a fault. It does nothing if the setting, or one around it, has a fault already.
func (f *file) fail(at jsontext.Pointer, format string, args ...any) {
	if !slices.ContainsFunc(f.faults, func(known fault) bool { return known.at.Contains(at) }) {
		f.faults = append(f.faults, fault{at, fmt.Sprintf(format, args...)})
	}
}

// problems returns the faults with their lines in the file.
func (f *file) problems() []Problem {
	problems := make([]Problem, len(f.faults))
	for i, found := range f.faults {
		problems[i] = Problem{File: f.name, Line: f.line(found.at), Where: f.where(found.at), Detail: found.detail}
	}
	return problems
}

// line returns the line of a setting, or of the nearest one around it if it is missing.
func (f *file) line(at jsontext.Pointer) int {
	for {
		if line, ok := f.lines[at]; ok {
			return line
		}
		at = at.Parent()
	}
}

// where names a setting for people. Entries of lists are named by their keys.
func (f *file) where(at jsontext.Pointer) string {
	var name strings.Builder
	value := f.root
	for token := range at.Tokens() {
		_, inList := value.([]any)
		value = step(value, token)
		if !inList {
			name.WriteString("." + token)
		} else if key, ok := step(value, "key").(string); ok && key != "" {
			name.WriteString("." + key)
		} else if _, isText := value.(string); !isText {
			name.WriteString("[" + token + "]")
		}
	}
	return strings.TrimPrefix(name.String(), ".")
}

// step returns what a value holds under a name, or at an index. It is nil for nothing.
func step(value any, token string) any {
	switch v := value.(type) {
	case map[string]any:
		return v[token]
	case []any:
		if i, err := strconv.Atoi(token); err == nil && 0 <= i && i < len(v) {
			return v[i]
		}
	}
	return nil
}
