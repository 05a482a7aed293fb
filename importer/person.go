package importer

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

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

// Membership is a team or a project, and the role there. An empty role takes the scheme's
// default, a zero Until means never.
type Membership struct {
	ID, Role string
	Until    time.Time
}

// Columns are what a row can have. Their names are compared without regard to case, and with
// a space or a hyphen in the place of the underscore.
var Columns = []string{"user", "email", "name", "login", "external_id", "role", "until", "teams", "projects"}

// Format says how the columns of a file are named; in its zero value, as [Columns].
type Format struct {
	// Preset is one of [Presets], or empty.
	Preset string
	// Map leads from headers of the file to [Columns]; one that leads to the empty name is not
	// read.
	Map map[string]string
	// Organization is the id of the organization, or its name in the file, where a preset has
	// columns for several.
	Organization string
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

// columns returns what each header of a file stands for: a column of ours, or the empty name.
// Headers of a preset's file that stand for nothing are unread.
func (f Format) columns(headers []string, from preset) (columns map[string]string, unread []string, err error) {
	columns = map[string]string{}
	mapped := map[string]string{}
	for theirs, ours := range f.Map {
		if ours != "" && !slices.Contains(Columns, ours) {
			return nil, nil, fmt.Errorf("there is no column %q to map %q to; there are %s", ours, theirs, strings.Join(Columns, ", "))
		}
		mapped[columnName(theirs)] = ours
	}
	holds := map[string]string{}
	var unknown []string
	for _, header := range headers {
		name := columnName(header)
		ours, known := mapped[name]
		delete(mapped, name)
		if !known {
			ours, known = from.columns[name]
		}
		if !known && slices.Contains(Columns, name) && f.Preset == "" {
			ours, known = name, true
		}
		switch {
		case slices.Contains(from.reads, name), f.Preset == "github" && strings.HasPrefix(name, columnName(f.Organization)+"_"):
		case !known && f.Preset != "":
			unread = append(unread, header)
		case !known:
			unknown = append(unknown, header)
		case ours != "" && holds[ours] != "":
			return nil, nil, fmt.Errorf("the columns %q and %q are both %q", holds[ours], header, ours)
		}
		columns[header], holds[ours] = ours, header
	}
	if unknown != nil {
		return nil, nil, fmt.Errorf("unknown columns: %s; there are %s: say which each is with --map %q, or leave it out with --map %q",
			strings.Join(unknown, ", "), strings.Join(Columns, ", "), unknown[0]+"=COLUMN", unknown[0]+"=")
	}
	if len(mapped) > 0 {
		return nil, nil, fmt.Errorf("the file has no column %q", slices.Sorted(maps.Keys(mapped))[0])
	}
	if holds["user"] == "" && holds["email"] == "" && (f.Preset == "" || holds["login"] == "") {
		return nil, nil, errors.New("no column says who somebody is: name one user or email, as with --map Username=user")
	}
	return columns, unread, nil
}

func columnName(header string) string {
	return strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToLower(strings.TrimSpace(header)))
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

// memberships reads a list, or a text in which commas or semicolons divide.
func (v value) memberships() ([]Membership, error) {
	if v.list != nil {
		return v.list, nil
	}
	var all []Membership
	for part := range strings.FieldsFuncSeq(v.text, func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		m, err := readMembership(part)
		if err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	return all, nil
}

// readMembership reads an id, or an id and a role behind the last =.
func readMembership(text string) (Membership, error) {
	m := Membership{ID: text}
	if i := strings.LastIndexByte(text, '='); i >= 0 {
		m.ID, m.Role = strings.TrimSpace(text[:i]), strings.TrimSpace(text[i+1:])
	}
	if m.ID == "" {
		return m, fmt.Errorf("%q names no team or project: write an id, or an id and a role, as in apollo=editor", text)
	}
	return m, nil
}

// UnmarshalJSONFrom reads a text as CSV has it, or an object.
func (m *Membership) UnmarshalJSONFrom(in *jsontext.Decoder) (err error) {
	if in.PeekKind() == '"' {
		var text string
		if err := json.UnmarshalDecode(in, &text); err != nil {
			return err
		}
		*m, err = readMembership(strings.TrimSpace(text))
		return err
	}
	var object struct {
		ID      string `json:"id"`
		Team    string `json:"team"`
		Project string `json:"project"`
		Role    string `json:"role"`
		Until   string `json:"until"`
	}
	if err := json.UnmarshalDecode(in, &object, json.RejectUnknownMembers(true)); err != nil {
		return err
	}
	*m = Membership{ID: object.ID + object.Team + object.Project, Role: object.Role}
	if m.ID == "" {
		return errors.New("an object names its team or project: {\"project\": \"apollo\", \"role\": \"editor\"}")
	}
	if object.Until != "" {
		m.Until, err = readEnd(object.Until)
	}
	return err
}
