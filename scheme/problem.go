package scheme

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// Problem is one thing wrong with the file of a scheme.
type Problem struct {
	File string
	// Line counts from 1.
	Line int
	// Where is the setting, as in allow.remove_member.project_roles; empty is the
	// file as a whole.
	Where string
	// Detail says what is wrong, and what would be right.
	Detail string
}

// String returns the problem in one line, file and line first.
func (p Problem) String() string {
	if p.Where == "" {
		return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Detail)
	}
	return fmt.Sprintf("%s:%d: %s: %s", p.File, p.Line, p.Where, p.Detail)
}

// Error says everything that is wrong with files of schemes, in the order of files and
// lines.
type Error struct{ Problems []Problem }

// Error returns the problems, one a line.
func (e *Error) Error() string {
	lines := make([]string, len(e.Problems))
	for i, problem := range e.Problems {
		lines[i] = problem.String()
	}
	return strings.Join(lines, "\n")
}

// asError returns the problems as an [*Error], nil if there are none.
func asError(problems []Problem) error {
	if len(problems) == 0 {
		return nil
	}
	slices.SortStableFunc(problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	return &Error{problems}
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
