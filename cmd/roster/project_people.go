package main

import (
	"context"
	"fmt"
	"slices"
)

// What lists of people and teams on a project show.
const (
	projectPeople = "USER=user LOGIN=login NAME=name EMAIL=email ROLE=role OVERRIDES=overrides ACCESS=access BADGES=badges SINCE=since UNTIL=until"
	projectTeams  = "TEAM=team NAME=name COLOUR=colour ROLE=role MEMBERS=members ASSIGNED=assigned.since BY=assigned.by UNTIL=until"
)

type projectMembersCmd struct {
	onProject

	Search   string `help:"Part of a name, login, address or role."`
	Role     string `help:"Only those with this effective role."`
	Source   string `enum:",direct,creator,organization,team" default:"" help:"Only those who have access by this: direct, creator, organization or team."`
	Inactive bool   `help:"Those instead whom something keeps out: suspended, or past an end."`
}

// Run lists who is on the project.
func (c *projectMembersCmd) Run(ctx context.Context, sh *shell) error {
	query := paged(map[string]string{"search": c.Search, "role": c.Role, "source": c.Source})
	if c.Inactive {
		query.Set("inactive", "true")
	}
	people, err := sh.rows(ctx, c.on("members"), query)
	if err != nil {
		return err
	}
	if sh.Output == "json" {
		return printJSON(sh.out, people)
	}
	return sh.printPeople(people)
}

// printPeople prints a table in which an override is permission=level. It has a column
// for them where somebody has some.
func (sh *shell) printPeople(people []row) error {
	shown, some := columns(projectPeople), false
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

type projectTeamsCmd struct{ onProject }

// Run lists the teams on the project.
func (c *projectTeamsCmd) Run(ctx context.Context, sh *shell) error {
	return sh.list(ctx, c.on("teams"), nil, projectTeams)
}

type projectSearchCmd struct {
	onProject

	Text string `arg:"" help:"Part of a name, address or role; of a person or of a team, which is also found by who is in it."`
}

// Run prints the people, then the teams.
func (c *projectSearchCmd) Run(ctx context.Context, sh *shell) error {
	client, err := sh.client()
	if err != nil {
		return err
	}
	if err := client.catchUp(ctx); err != nil {
		return err
	}
	var found struct {
		People rowPage `json:"people"`
		Teams  rowPage `json:"teams"`
		Counts row     `json:"counts"`
	}
	if err := client.get(ctx, c.on("search"), paged(map[string]string{"search": c.Text}), &found); err != nil {
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
	if err := printTable(sh.out, found.Teams.Items, columns(projectTeams)); err != nil {
		return err
	}
	if found.People.Next != "" || found.Teams.Next != "" {
		fmt.Fprintln(sh.out, "\nThere are more; search for a longer part.")
	}
	return nil
}

// amount puts a number before what it counts.
func amount(n, one, several string) string {
	if n == "1" {
		return n + " " + one
	}
	return n + " " + several
}

type projectCandidatesCmd struct {
	onProject

	Search string `help:"Part of a name, login or address."`
}

// Run lists who could be added.
func (c *projectCandidatesCmd) Run(ctx context.Context, sh *shell) error {
	return sh.list(ctx, c.on("candidates"), paged(map[string]string{"search": c.Search}),
		"USER=user LOGIN=login NAME=name EMAIL=email ROLE=role")
}
