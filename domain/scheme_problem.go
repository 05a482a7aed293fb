package domain

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// SchemeProblem is one thing wrong with the file of a scheme.
type SchemeProblem struct {
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
func (p SchemeProblem) String() string {
	if p.Where == "" {
		return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Detail)
	}
	return fmt.Sprintf("%s:%d: %s: %s", p.File, p.Line, p.Where, p.Detail)
}

// SchemeError says everything that is wrong with files of schemes, in the order of
// files and lines.
type SchemeError struct{ Problems []SchemeProblem }

// Error returns the problems, one a line.
func (e *SchemeError) Error() string {
	lines := make([]string, len(e.Problems))
	for i, problem := range e.Problems {
		lines[i] = problem.String()
	}
	return strings.Join(lines, "\n")
}

// troubled returns the problems as an error, nil where there are none.
func troubled(problems []SchemeProblem) error {
	if len(problems) == 0 {
		return nil
	}
	slices.SortStableFunc(problems, func(a, b SchemeProblem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	return &SchemeError{problems}
}

// fault is something wrong with what a pointer leads to, or would lead to.
type fault struct {
	at     jsontext.Pointer
	detail string
}

// fail keeps a fault, unless there is one already with what it is about.
func (t *schemeText) fail(at jsontext.Pointer, format string, args ...any) {
	if !slices.ContainsFunc(t.faults, func(f fault) bool { return f.at.Contains(at) }) {
		t.faults = append(t.faults, fault{at, fmt.Sprintf(format, args...)})
	}
}

// problems returns the faults with their places in the file.
func (t *schemeText) problems() []SchemeProblem {
	problems := make([]SchemeProblem, len(t.faults))
	for i, f := range t.faults {
		problems[i] = SchemeProblem{File: t.file, Line: t.line(f.at), Where: t.where(f.at), Detail: f.detail}
	}
	return problems
}

// line returns where something stands, or what it is missing from.
func (t *schemeText) line(at jsontext.Pointer) int {
	for {
		if line, ok := t.lines[at]; ok {
			return line
		}
		at = at.Parent()
	}
}

// where names a setting for people: entries of lists by their keys.
func (t *schemeText) where(at jsontext.Pointer) string {
	var name strings.Builder
	value := t.root
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

// step returns what a value holds under a name, or at an index; nil for nothing.
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
