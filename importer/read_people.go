package importer

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode"
)

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
		case ours == "from":
			p.From, err = readTime(v.text)
		case ours == "until":
			p.Until, err = readTime(v.text)
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
