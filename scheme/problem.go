package scheme

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
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
