package api

import (
	"fmt"
	"strings"

	"github.com/seed-2026d078/roster/domain"
)

// declarationProblem names every refused change by what it is about, and by the place in the
// body that asks for it.
func declarationProblem(e *domain.DeclarationError) *Problem {
	first := problemOf(e.Refused[0].Err)
	p := newProblem(first.Status, first.Code, fmt.Sprintf("%s: %s", e.Refused[0].DeclaredChange, first.Detail))
	for _, change := range e.Refused[:min(len(e.Refused), maxListed)] {
		refused := problemOf(change.Err)
		p.Errors = append(p.Errors, ProblemDetail{About: change.String(), Location: bodyLocation(change.Path), Code: refused.Code, Detail: refused.Detail})
	}
	switch more := len(e.Refused) - 1; more {
	case 0:
	case 1:
		p.Detail += " One more change was refused; nothing was done."
	default:
		p.Detail += fmt.Sprintf(" %d more changes were refused; nothing was done.", more)
	}
	return p
}

// bodyLocation writes a JSON Pointer as other locations are written: /teams/0/members/2 as
// body.teams[0].members[2].
func bodyLocation(pointer string) string {
	if pointer == "" {
		return ""
	}
	location := []byte("body")
	for part := range strings.SplitSeq(pointer[1:], "/") {
		if part[0] >= '0' && part[0] <= '9' {
			location = fmt.Append(location, "[", part, "]")
		} else {
			location = fmt.Append(location, ".", part)
		}
	}
	return string(location)
}
