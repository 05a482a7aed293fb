package importer

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/seed-2026d078/roster/events"
)

// Person is what a row of a list says of somebody. User, or else Email, says who it is.
type Person struct {
	// Line is the row's first line in the file, from 1.
	Line int
	// User is the id; empty if it is not known yet.
	User, Login, Name, Email, ExternalID string
	// Role is the one in the organization; empty takes the scheme's default.
	Role string
	// Until is when the membership ends; zero means never.
	Until    time.Time
	Teams    []Membership
	Projects []Membership
	// LeftOut says why the row is not to be imported; empty if it is.
	LeftOut string
	// Wrong says what is wrong with the row by itself, such as a date that is none. It is empty
	// if nothing is. Such a row is refused, and no other.
	Wrong string
}

// People is a list of people from a file.
type People struct {
	Rows []Person
	// Unread are the columns of a preset's file that Roster has no use for.
	Unread []string
}

// ReadPeople reads a list of people, CSV with a header, or JSON: an array of objects, or an
// object a line. The text is UTF-8, or UTF-16 with a byte order mark; commas, semicolons or
// tabs divide the columns of CSV. It fails for a column that the format does not know,
// since what is in it would be lost, and for a file without rows. What is wrong with one row
// alone is in [Person.Wrong]. The error is a [*LineError] where a line is to blame.
func ReadPeople(file io.Reader, f Format) (People, error) {
	from, ok := presets[f.Preset]
	if !ok {
		return People{}, fmt.Errorf("there is no preset %q; there are %s", f.Preset, strings.Join(Presets(), ", "))
	}
	t, err := readTable(file)
	if err != nil {
		return People{}, err
	}
	if from.find != nil {
		if err := from.find(&f, t.headers); err != nil {
			return People{}, err
		}
	}
	columns, unread, err := f.columns(t.headers, from)
	if err != nil {
		return People{}, err
	}
	people := People{Unread: unread}
	for _, row := range t.rows {
		p, errs := personOf(row, columns)
		if from.adjust != nil {
			errs = append(errs, from.adjust(&p, row, f))
		}
		if err := errors.Join(errs...); err != nil {
			p.Wrong = strings.ReplaceAll(err.Error(), "\n", "; ")
		}
		people.Rows = append(people.Rows, p)
	}
	if len(people.Rows) == 0 {
		return people, errors.New("there are no rows below the header; nothing was imported")
	}
	return people, nil
}

// personOf reads the columns that are known. It goes on after an error, and returns all.
func personOf(row tableRow, columns map[string]string) (p Person, errs []error) {
	p.Line = row.line
	if row.wrong != nil {
		errs = append(errs, row.wrong)
	}
	texts := map[string]*string{
		"user": &p.User, "email": &p.Email, "name": &p.Name, "login": &p.Login, "external_id": &p.ExternalID, "role": &p.Role,
	}
	for _, header := range slices.Sorted(maps.Keys(row.values)) {
		v := row.values[header]
		err := v.wrong
		switch ours := columns[header]; {
		case ours == "":
			continue
		case err != nil:
		case ours == "teams":
			p.Teams, err = v.memberships()
		case ours == "projects":
			p.Projects, err = v.memberships()
		case v.list != nil:
			err = errors.New("a text was expected, not a list")
		case ours == "until":
			p.Until, err = readEnd(v.text)
		case strings.ContainsFunc(v.text, unicode.IsControl):
			err = fmt.Errorf("%q has a line break or another control character", v.text)
		default:
			*texts[ours] = v.text
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", header, err))
		}
	}
	return p, errs
}

func readEnd(text string) (time.Time, error) {
	at, ok := events.ParseInstant(text)
	if !ok {
		return at, fmt.Errorf("%q is no time: write it as 2026-12-31T18:00:00Z or as 2026-12-31", text)
	}
	return at, nil
}
