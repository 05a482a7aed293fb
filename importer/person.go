package importer

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

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
// since what is in it would be lost. The error is a [*LineError] where a line is to blame.
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
		p, err := personOf(row, columns)
		if err == nil && from.adjust != nil {
			err = from.adjust(&p, row, f)
		}
		if err != nil {
			return People{}, &LineError{Number: row.line, Err: err}
		}
		people.Rows = append(people.Rows, p)
	}
	return people, nil
}

// personOf reads the columns that are known.
func personOf(row tableRow, columns map[string]string) (Person, error) {
	p := Person{Line: row.line}
	texts := map[string]*string{
		"user": &p.User, "email": &p.Email, "name": &p.Name, "login": &p.Login, "external_id": &p.ExternalID, "role": &p.Role,
	}
	for _, header := range slices.Sorted(maps.Keys(row.values)) {
		v := row.values[header]
		var err error
		switch ours := columns[header]; ours {
		case "":
		case "teams":
			p.Teams, err = v.memberships()
		case "projects":
			p.Projects, err = v.memberships()
		case "until":
			p.Until, err = readEnd(v.text)
		default:
			if v.list != nil {
				return p, fmt.Errorf("%s is a list: a text was expected", header)
			}
			*texts[ours] = v.text
		}
		if err != nil {
			return p, fmt.Errorf("%s: %w", header, err)
		}
	}
	return p, nil
}

func readEnd(text string) (time.Time, error) {
	at, ok := events.ParseInstant(text)
	if !ok {
		return at, fmt.Errorf("%q is no time: write it as 2026-12-31T18:00:00Z or as 2026-12-31", text)
	}
	return at, nil
}
