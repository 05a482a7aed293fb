package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/seed-2026d078/roster/client"
)

// projectMemberArg are the arguments of verbs about somebody on a project.
type projectMemberArg struct {
	projectArg

	User string `arg:"" help:"The member." json:"user"`
}

type projectRoleCmd struct {
	projectMemberArg

	Role string `arg:"" help:"The new role." json:"role"`
}

type projectLevelsCmd struct {
	projectMemberArg
	newLevels
}

type projectStartCmd struct {
	projectMemberArg
	newStart
}

type projectEndCmd struct {
	projectMemberArg
	newEnd
}

// recipient is a person or team and the role that they get: "ada=editor". The role may be
// left out.
type recipient struct{ id, role string }

// UnmarshalText reads a recipient. An id may contain =; the role is what follows the last
// one.
func (r *recipient) UnmarshalText(text []byte) error {
	r.id = string(text)
	if i := strings.LastIndexByte(r.id, '='); i >= 0 {
		r.id, r.role = r.id[:i], r.id[i+1:]
	}
	if r.id == "" {
		return fmt.Errorf("%q names nobody: write an id, or an id and a role, as in ada=editor", text)
	}
	return nil
}

type projectAddCmd struct {
	projectArg
	levelFlag
	termFlags

	Users []recipient `arg:"" optional:"" name:"user[=role]" help:"The members, each with a role of their own where one is named."`
	Team  []recipient `sep:"none" placeholder:"TEAM[=ROLE]" help:"Team to assign; may be given several times."`
	Role  string      `help:"Role on the project where none is named; without it the scheme's default."`
}

// Help is printed with the command's flags.
func (projectAddCmd) Help() string {
	return `All are added, or none.

    roster project add apollo bob --role editor --until 30d --org acme
    roster project add apollo bob=editor cleo=viewer --team core=viewer --org acme`
}

// added is one person or team that is added.
type added struct {
	User  string            `json:"user,omitzero"`
	Team  string            `json:"team,omitzero"`
	Role  string            `json:"role,omitzero"`
	Level map[string]string `json:"levels,omitzero"`
	From  start             `json:"from,omitzero"`
	Until instant           `json:"until,omitzero"`
}

// command builds the request for one member, or for several members and teams.
func (c *projectAddCmd) command() any {
	var members, teams []added
	for _, u := range c.Users {
		members = append(members, added{User: u.id, Role: cmp.Or(u.role, c.Role), Level: c.Level, From: c.From, Until: c.Until})
	}
	for _, t := range c.Team {
		teams = append(teams, added{Team: t.id, Role: cmp.Or(t.role, c.Role), From: c.From, Until: c.Until})
	}
	if len(members) == 1 && len(teams) == 0 {
		return struct {
			projectArg
			added
		}{c.projectArg, members[0]}
	}
	return struct {
		projectArg

		Members []added `json:"members,omitzero"`
		Teams   []added `json:"teams,omitzero"`
	}{c.projectArg, members, teams}
}

type projectMembersCmd struct {
	projectArg
	atFlag

	Search   string `help:"Part of a name, login, address or role." json:"search,omitzero"`
	Role     string `help:"Only those with this effective role." json:"role,omitzero"`
	Source   string `enum:",direct,creator,organization,elevation,team" default:"" help:"Only those who have access by this: direct, creator, organization, elevation or team." json:"source,omitzero"`
	Inactive bool   `help:"List instead the people whose access has not started, or has ended, or who are deactivated." json:"inactive,omitzero"`
}

// Run lists who is on the project.
func (c *projectMembersCmd) Run(ctx context.Context, sh *shell) error {
	people, err := sh.rows(ctx, "list_project_members", c, pageSize)
	if err != nil {
		return err
	}
	if sh.Output == "json" {
		return printJSON(sh.out, people)
	}
	return sh.printPeople(people)
}

// printPeople prints a table. If somebody has overrides, it has a column for them, in which
// each is permission=level.
func (sh *shell) printPeople(people []row) error {
	shown := columns("USER=user LOGIN=login NAME=name EMAIL=email ROLE=role ELEVATED-UNTIL=elevated_until OVERRIDES=overrides ACCESS=access BADGES=badges JOINED=joined_project_at FROM=from UNTIL=until")
	some := false
	for _, one := range people {
		overrides, _ := one["overrides"].([]any)
		for i := range overrides {
			override, _ := overrides[i].(map[string]any)
			overrides[i] = fmt.Sprintf("%s=%s", override["permission"], override["level"])
			some = true
		}
	}
	if !some {
		shown = slices.DeleteFunc(shown, func(c column) bool { return c.field == "overrides" })
	}
	return printTable(sh.out, people, shown)
}

type projectSearchCmd struct {
	projectArg
	atFlag

	Text  string `arg:"" help:"Part of a name, address or role; of a person or of a team. A team is also found by its members." json:"search"`
	Limit int    `kong:"-" json:"limit"`
}

// Run prints the people, then the teams.
func (c *projectSearchCmd) Run(ctx context.Context, sh *shell) error {
	asks, err := sh.client()
	if err != nil {
		return err
	}
	if err := asks.CatchUp(ctx); err != nil {
		return err
	}
	var found struct {
		People client.Page[row] `json:"people"`
		Teams  client.Page[row] `json:"teams"`
		Counts row              `json:"counts"`
	}
	c.Limit = pageSize
	if err := asks.Call(ctx, "search_project", c, &found); err != nil {
		return err
	}
	if sh.Output == "json" {
		return printJSON(sh.out, found)
	}
	fmt.Fprintf(sh.out, "On the whole project: %s, %s of them directly; %s.\n",
		amount(found.Counts.at("people"), "person", "people"), found.Counts.at("direct"), amount(found.Counts.at("teams"), "team", "teams"))
	if err := sh.printPeople(found.People.Items); err != nil {
		return err
	}
	fmt.Fprintln(sh.out)
	teams := columns("TEAM=team NAME=name COLOUR=colour ROLE=role MEMBERS=members ASSIGNED=assigned.since BY=assigned.by FROM=from UNTIL=until")
	if err := printTable(sh.out, found.Teams.Items, teams); err != nil {
		return err
	}
	if found.People.Next != "" || found.Teams.Next != "" {
		fmt.Fprintln(sh.out, "\nThere are more; search for a longer part.")
	}
	return nil
}

// amount writes a number with the noun that it counts.
func amount(n, one, several string) string {
	if n == "1" {
		return n + " " + one
	}
	return n + " " + several
}
