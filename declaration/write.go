package declaration

import (
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/seed-2026d078/roster/client"
)

// Write writes the declaration of an organization as a file in the form of Roster. Without an
// organization the file names none.
func Write(to io.Writer, organization string, d client.Declaration) error {
	var w writer
	w.line(0, "roster: "+version)
	w.text(0, "organization", organization)
	w.text(0, "scheme", d.Scheme)
	w.text(0, "name", d.Name)
	if d.Members != nil {
		w.section(0, "members", len(d.Members))
		for _, m := range d.Members {
			w.entry(1, m.User, m.Role, w.levels(m.Levels), w.time("from", m.From), w.time("until", m.Until), w.flag("deactivated", m.Deactivated))
		}
	}
	if d.Teams != nil {
		w.section(0, "teams", len(d.Teams))
		w.teams(1, d.Teams, "", w.team)
	}
	if d.Projects != nil {
		w.section(0, "projects", len(d.Projects))
		for _, p := range d.Projects {
			w.project(p)
		}
	}
	_, err := io.WriteString(to, w.String())
	return err
}

func (w *writer) team(depth int, t client.DeclaredTeam) {
	w.description(depth, t.Description)
	w.text(depth, "privacy", t.Privacy)
	w.text(depth, "colour", t.Colour)
	if t.Members != nil {
		w.section(depth, "members", len(t.Members))
		for _, m := range t.Members {
			w.entry(depth+1, m.User, m.Role)
		}
	}
	if t.Projects != nil {
		w.section(depth, "projects", len(t.Projects))
		for _, a := range t.Projects {
			w.entry(depth+1, a.Project, a.Role, w.time("from", a.From), w.time("until", a.Until))
		}
	}
}

func (w *writer) project(p client.DeclaredProject) {
	w.line(1, quote(p.Project)+":")
	w.text(2, "name", p.Name)
	w.description(2, p.Description)
	if p.Archived != nil {
		w.line(2, "archived: "+strconv.FormatBool(*p.Archived))
	}
	w.section(2, "members", len(p.Members))
	for _, m := range p.Members {
		w.entry(3, m.User, m.Role, w.levels(m.Levels), w.time("from", m.From), w.time("until", m.Until))
	}
}

// writer writes YAML in the block style, two spaces a level.
type writer struct{ strings.Builder }

func (w *writer) line(depth int, text string) {
	w.WriteString(strings.Repeat("  ", depth) + text + "\n")
}

// text writes a field, unless it is empty.
func (w *writer) text(depth int, name, value string) {
	if value != "" {
		w.line(depth, name+": "+quote(value))
	}
}

func (w *writer) description(depth int, text *string) {
	if text != nil {
		w.line(depth, "description: "+quote(*text))
	}
}

// section begins a mapping that is written even if it is empty.
func (w *writer) section(depth int, name string, size int) {
	if size == 0 {
		name += ": {}"
	} else {
		name += ":"
	}
	w.line(depth, name)
}

// entry writes what somebody has: the role alone if there is nothing else.
func (w *writer) entry(depth int, name, role string, more ...string) {
	more = slices.DeleteFunc(more, func(text string) bool { return text == "" })
	switch {
	case len(more) > 0 && role != "":
		more = append([]string{"role: " + quote(role)}, more...)
		fallthrough
	case len(more) > 0 || role == "":
		role = "{" + strings.Join(more, ", ") + "}"
	default:
		role = quote(role)
	}
	w.line(depth, quote(name)+": "+role)
}

func (*writer) levels(levels map[string]string) string {
	if len(levels) == 0 {
		return ""
	}
	var all []string
	for _, permission := range slices.Sorted(maps.Keys(levels)) {
		all = append(all, quote(permission)+": "+quote(levels[permission]))
	}
	return "levels: {" + strings.Join(all, ", ") + "}"
}

func (*writer) time(name string, at *time.Time) string {
	if at == nil {
		return ""
	}
	return name + ": " + quote(at.UTC().Format(time.RFC3339Nano))
}

func (*writer) flag(name string, value *bool) string {
	if value == nil || !*value {
		return ""
	}
	return name + ": true"
}

// teams writes the teams below a parent, each with those below it.
func (w *writer) teams(depth int, all []client.DeclaredTeam, parent string, write func(int, client.DeclaredTeam)) {
	for _, t := range all {
		if t.Parent != parent {
			continue
		}
		w.line(depth, quote(t.Name)+":")
		write(depth+1, t)
		if slices.ContainsFunc(all, func(below client.DeclaredTeam) bool { return below.Parent == t.Name }) {
			w.line(depth+1, "teams:")
			w.teams(depth+2, all, t.Name, write)
		}
	}
}

// plain is text that YAML reads as it is, unless it is a word with a meaning of its own.
var plain = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_./+-]*( [A-Za-z0-9_./+-]+)*$`)

// words are those that YAML, or an old version of it, takes for something else than text.
var words = []string{"y", "n", "yes", "no", "on", "off", "true", "false", "null"}

// quote writes a text so that every reader of YAML reads it back as text.
func quote(text string) string {
	if plain.MatchString(text) && !slices.Contains(words, strings.ToLower(text)) {
		return text
	}
	return strconv.Quote(text)
}
