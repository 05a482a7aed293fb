package importer

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// command is a command as one of several that the server takes at once.
type command map[string]string

// fields maps the fields of a line to those of the command. A field that maps to the empty
// name is not sent.
type fields map[string]string

// operation says how a line becomes a command.
type operation struct {
	command string
	// needs must be there, has may be.
	needs, has fields
}

// operations are all that a line can say, by its op. Names of teams become ids
// afterwards.
var operations = map[string]operation{
	"org_created":                  {"create_organization", fields{"name": "name"}, nil},
	"org_removed":                  {"delete_organization", fields{"name": ""}, nil},
	"member_added":                 {"add_member", fields{"user": "user", "role": "role", "login": "login"}, nil},
	"member_role_changed":          {"change_member_role", fields{"user": "user", "from": "", "to": "role"}, nil},
	"member_removed":               {"remove_member", fields{"user": "user"}, nil},
	"project_created":              {"create_project", fields{"project": "id", "name": "name"}, nil},
	"team_created":                 {"create_team", fields{"team": "name"}, fields{"parent": "parent", "description": "description", "privacy": "privacy"}},
	"team_renamed":                 {"rename_team", fields{"team": "team", "to": "name"}, nil},
	"team_moved":                   {"move_team", fields{"team": "team"}, fields{"from": "", "parent": "parent"}},
	"team_changed":                 {"describe_team", fields{"team": "team"}, fields{"description": "description", "privacy": "privacy"}},
	"team_removed":                 {"remove_team", fields{"team": "team"}, nil},
	"team_member_added":            {"add_team_member", fields{"team": "team", "user": "user", "role": "role"}, nil},
	"team_member_role_changed":     {"change_team_member_role", fields{"team": "team", "user": "user", "from": "", "to": "role"}, nil},
	"team_member_removed":          {"remove_team_member", fields{"team": "team", "user": "user"}, nil},
	"team_assigned":                {"assign_team", fields{"team": "team", "project": "project", "role": "role"}, nil},
	"team_assignment_role_changed": {"change_assignment", fields{"team": "team", "project": "project", "from": "", "to": "role"}, nil},
	"team_unassigned":              {"unassign_team", fields{"team": "team", "project": "project"}, nil},
}

// translate makes a command of a line, with the ids of the teams that it names.
func translate(l line, teams teamNames) (command, error) {
	op, known := operations[l.Op]
	if !known {
		return nil, fmt.Errorf("there is no op %q", l.Op)
	}
	c := command{"type": op.command}
	for _, field := range slices.Sorted(maps.Keys(op.needs)) {
		if l.Fields[field] == "" {
			return nil, fmt.Errorf("%s needs the field %q", l.Op, field)
		}
	}
	for _, field := range slices.Sorted(maps.Keys(l.Fields)) {
		to, needed := op.needs[field]
		if !needed {
			var may bool
			if to, may = op.has[field]; !may {
				return nil, fmt.Errorf("%s has no field %q", l.Op, field)
			}
		}
		if to != "" {
			c[to] = l.Fields[field]
		}
	}
	if user := c["user"]; user != "" {
		c["user"] = strings.ToLower(user) // GitHub compares logins without case
	}
	if l.Op == "org_created" {
		c["scheme"] = "github"
	}
	if c["login"] == c["user"] {
		delete(c, "login") // people see the id where there is none
	}
	return c, teams.resolve(l, c)
}

// teamNames finds the id of the team that has a name, by organization. A team's
// id is that of the line that created it, so that every run gives the same.
type teamNames map[string]map[string]string

// resolve replaces names by ids, and notes what the line does to them.
func (t teamNames) resolve(l line, c command) error {
	names := t[l.Org]
	for _, field := range []string{"team", "parent"} {
		if name := c[field]; name != "" {
			id, known := names[name]
			if !known {
				return fmt.Errorf("there is no team %q in %s at this point", name, l.Org)
			}
			c[field] = id
		}
	}
	switch l.Op {
	case "org_created", "org_removed":
		t[l.Org] = map[string]string{}
	case "team_created":
		c["id"] = "t" + strconv.FormatUint(l.Seq, 10)
		if names == nil {
			names = map[string]string{}
			t[l.Org] = names
		}
		names[c["name"]] = c["id"]
	case "team_renamed":
		delete(names, l.Fields["team"])
		names[c["name"]] = c["team"]
	case "team_removed":
		delete(names, l.Fields["team"])
	}
	return nil
}
