package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/seed-2026d078/roster/client"
	"github.com/seed-2026d078/roster/declaration"
	"github.com/seed-2026d078/roster/internal/phrase"
)

// declaredFiles are the arguments of verbs that read what is declared of an organization.
type declaredFiles struct {
	Files []string     `arg:"" type:"existing" help:"Files that declare the organization together, or directories with such files."`
	Org   organization `env:"ROSTER_ORG" placeholder:"ID" help:"The organization; without it the one that the files name."`
	JSON  bool         `name:"json" help:"The same as --output json."`
}

// read reads the files, and says what they say that Roster has no place for.
func (f *declaredFiles) read(sh *shell) (*declaration.State, error) {
	if f.JSON {
		sh.Output = "json"
	}
	state, err := declaration.Read(string(f.Org), f.Files...)
	if errors.As(err, new(*declaration.OrganizationError)) {
		return nil, fmt.Errorf("%w: name one with --org", err)
	}
	if err != nil {
		return nil, err
	}
	if len(state.LeftOut) > 0 {
		fmt.Fprintln(sh.err, "Left out, since Roster has no place for it:", printable(strings.Join(state.LeftOut, ", ")))
	}
	for _, note := range state.Notes {
		fmt.Fprintln(sh.err, printable(note))
	}
	return state, nil
}

// planCmd shows what applying files would change.
type planCmd struct{ declaredFiles }

// Help is printed with the command's flags.
func (planCmd) Help() string {
	return `Shows what apply would do: the changes, and who would gain or lose access by them.
Nothing is done. Files have the form of Roster, or that of peribolos; docs/declared-state.md
describes both.

    roster plan org.yaml teams --org acme`
}

// Run prints the plan.
func (c *planCmd) Run(ctx context.Context, sh *shell) error {
	state, err := c.read(sh)
	if err != nil {
		return err
	}
	_, err = sh.plan(ctx, state)
	return err
}

// applyCmd makes an organization as files declare it.
type applyCmd struct {
	declaredFiles

	Plan bool `help:"Only show what would change, as roster plan does."`
}

// Help is printed with the command's flags.
func (applyCmd) Help() string {
	return `Makes members, teams and projects as the files declare them, in one commit: all of it
or nothing. A section that the files have is complete: what it does not name is removed. A
section that they do not have stays as it is. Applied again, it changes nothing. At a terminal it
shows the plan and asks before it does anything; --yes answers.

    roster plan org.yaml teams --org acme
    roster apply org.yaml teams --org acme`
}

// Run applies the files, and says how much that changed.
func (c *applyCmd) Run(ctx context.Context, sh *shell) error {
	state, err := c.read(sh)
	if err != nil {
		return err
	}
	if c.Plan || sh.DryRun {
		_, err := sh.plan(ctx, state)
		return err
	}
	if sh.asks() {
		shown := *sh
		shown.out, shown.Output = sh.err, "table"
		would, err := shown.plan(ctx, state)
		if err != nil {
			return err
		}
		if would {
			if err := sh.ask("\n" + "Make " + printable(state.Organization) + " as declared."); err != nil {
				return err
			}
		}
	}
	asks, err := sh.client()
	if err != nil {
		return err
	}
	done, err := asks.ApplyDeclaration(ctx, state.Organization, state.Declaration)
	if err != nil {
		return state.Locate(err)
	}
	if sh.Output == "json" {
		return printJSON(sh.out, done)
	}
	return sh.printApplied(state.Organization, done)
}

// printApplied counts the events of a receipt by type.
func (sh *shell) printApplied(org string, done client.Receipt) error {
	if !done.Changed {
		fmt.Fprintf(sh.out, "Nothing to change: %s is as declared already.\n", org)
		return nil
	}
	fmt.Fprintf(sh.out, "%s is as declared now, by one commit with %s.\n", org, phrase.Count(len(done.Events), "event", "events"))
	counts := map[string]int{}
	for _, e := range done.Events {
		counts[e.Type]++
	}
	var rows []row
	for _, kind := range slices.Sorted(maps.Keys(counts)) {
		rows = append(rows, row{"events": counts[kind], "type": kind})
	}
	return printTable(sh.out, rows, columns("EVENTS=events TYPE=type"))
}

// plan prints what a declaration would change, and reports whether that is anything.
func (sh *shell) plan(ctx context.Context, state *declaration.State) (bool, error) {
	asks, err := sh.client()
	if err != nil {
		return false, err
	}
	var would client.DryRun
	if _, err := asks.ApplyDeclaration(ctx, state.Organization, state.Declaration, client.AsDryRun(&would)); err != nil {
		return false, state.Locate(err)
	}
	changes := len(would.Commands) > 0
	switch {
	case sh.Output == "json":
		return changes, printJSON(sh.out, would)
	case !changes:
		fmt.Fprintf(sh.out, "Nothing would change: %s is as declared already.\n", state.Organization)
		return false, nil
	}
	return true, sh.printPlan(state.Organization, would)
}

// printPlan prints the changes, and who would gain or lose access by them.
func (sh *shell) printPlan(org string, would client.DryRun) error {
	fmt.Fprintf(sh.out, "Nothing was done. These changes would make %s as declared: %d.%s\n",
		org, would.Counts.Commands, firstOf(len(would.Commands), int(would.Counts.Commands)))
	rows := make([]row, len(would.Commands))
	for i, c := range would.Commands {
		rows[i] = row{"action": c.Action, "user": c.User, "team": c.Team, "project": c.Project, "from": c.From, "to": c.To}
	}
	if err := printTable(sh.out, rows, columns("ACTION=action USER=user TEAM=team PROJECT=project FROM=from TO=to")); err != nil {
		return err
	}
	n := would.Counts
	fmt.Fprintf(sh.out, "\nAccess: %s somebody would gain it, %s lose it, %s have other access.%s\n",
		times(n.Gains), times(n.Loses), times(n.Changes), firstOf(len(would.Changes), int(n.Gains+n.Loses+n.Changes)))
	if len(would.Changes) == 0 {
		return nil
	}
	return sh.printRoles(would.Changes)
}

// printRoles prints who would have another role than before. It says of levels only that they
// change where the role stays, since a role says which levels it has.
func (sh *shell) printRoles(changes []client.AccessChange) error {
	rows := make([]row, len(changes))
	for i, c := range changes {
		rows[i] = row{"user": c.User, "project": c.Project, "effect": c.Effect, "from": c.From, "to": c.To}
		if c.From == c.To {
			rows[i]["to"] = c.To + ", other levels"
		}
	}
	return printTable(sh.out, rows, columns("USER=user PROJECT=project EFFECT=effect FROM=from TO=to"))
}

// firstOf says that not all rows are shown.
func firstOf(shown, all int) string {
	if shown < all {
		return fmt.Sprintf(" The first %d:", shown)
	}
	return ""
}
