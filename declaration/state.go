package declaration

import (
	"errors"
	"fmt"
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

// SchemePlace returns where the files name the scheme; the zero value if they do not.
func (s *State) SchemePlace() Place { return s.places["scheme"] }

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
