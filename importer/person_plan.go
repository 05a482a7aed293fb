package importer

import (
	"fmt"
	"strings"
	"time"
)

// personPlan is what the rows of one person say, and what is to be done with them.
type personPlan struct {
	Person

	rows []int // their indexes

	// What is to be done, and what became of the person once it is.
	commands []map[string]any
	result   Result
	details  []string
	option   string // as [RowResult.Option]
	// missing are the commands that create what the person needs and is not there, by what
	// they create.
	missing map[string]map[string]any
}

// add adds what another row says of the person. If it contradicts, nothing is added, and the
// field is returned.
func (u *personPlan) add(p Person) string {
	texts := []struct {
		name       string
		mine, more *string
	}{
		{"name", &u.Name, &p.Name},
		{"login", &u.Login, &p.Login},
		{"address", &u.Email, &p.Email},
		{"external id", &u.ExternalID, &p.ExternalID},
		{"role", &u.Role, &p.Role},
	}
	for _, t := range texts {
		if *t.mine != "" && *t.more != "" && *t.mine != *t.more && (t.name != "address" || !strings.EqualFold(*t.mine, *t.more)) {
			return t.name
		}
	}
	if !u.From.IsZero() && !p.From.IsZero() && !u.From.Equal(p.From) {
		return "start"
	}
	if !u.Until.IsZero() && !p.Until.IsZero() && !u.Until.Equal(p.Until) {
		return "end"
	}
	for _, t := range texts {
		if *t.mine == "" {
			*t.mine = *t.more
		}
	}
	if u.From.IsZero() {
		u.From = p.From
	}
	if u.Until.IsZero() {
		u.Until = p.Until
	}
	u.Teams, u.Projects = append(u.Teams, p.Teams...), append(u.Projects, p.Projects...)
	return ""
}

// note adds to what is to be known of a person beside the result.
func (u *personPlan) note(format string, args ...any) {
	u.details = append(u.details, fmt.Sprintf(format, args...))
}

// noteIgnored notes a start or an end that is ignored; empty if there is none.
func (u *personPlan) noteIgnored(term string) {
	if term != "" {
		u.note("%s, which is ignored", term)
	}
}

// detail returns what is to be known, in one text.
func (u *personPlan) detail() string { return strings.Join(u.details, "; ") }

func (u *personPlan) addToTeam(user string, t Membership) {
	add := map[string]any{"type": "add_team_member", "team": t.ID, "user": user}
	put(add, "role", t.Role)
	u.commands = append(u.commands, add)
}

func (u *personPlan) addToProject(user string, p Membership) {
	add := map[string]any{"type": "add_project_member", "project": p.ID, "user": user}
	put(add, "role", p.Role)
	putTerm(add, p.From, p.Until)
	u.commands = append(u.commands, add)
}

func put(command map[string]any, field, text string) {
	if text != "" {
		command[field] = text
	}
}

func putTerm(command map[string]any, from, until time.Time) {
	if !from.IsZero() {
		command["from"] = from
	}
	if !until.IsZero() {
		command["until"] = until
	}
}
