package main

import (
	"fmt"
	"strings"

	"github.com/seed-2026d078/roster/client"
	"github.com/seed-2026d078/roster/internal/phrase"
)

// printDryRun says for whom a command would change what.
func (sh *shell) printDryRun(would client.DryRun) error {
	if sh.Output == "json" {
		return printJSON(sh.out, would)
	}
	if len(would.Events) == 0 {
		fmt.Fprintln(sh.out, "Nothing would change: it is so already.")
		return nil
	}
	var types []string
	for _, e := range would.Events {
		types = append(types, e.Type)
	}
	if more := int(would.Counts.Events) - len(types); more > 0 {
		types = append(types, fmt.Sprintf("and %d more", more))
	}
	fmt.Fprintln(sh.out, "Nothing was done. This would happen:", strings.Join(types, ", "))
	for _, warning := range would.Warnings {
		fmt.Fprintln(sh.out, "Warning:", printable(warning))
	}
	if n := would.Counts; would.Next != "" {
		least := ""
		if n.Partial {
			least = "Of those looked at, which are not all: "
		}
		fmt.Fprintf(sh.out, "%s%s somebody would gain access, %s lose it, %s have other access. The first %d:\n", least, times(n.Gains), times(n.Loses), times(n.Changes), len(would.Changes))
	}
	if len(would.Changes) == 0 {
		fmt.Fprintln(sh.out, "Nobody whom the actor sees would gain or lose anything.")
		return nil
	}
	rows := make([]row, len(would.Changes))
	for i, c := range would.Changes {
		levels := make([]any, len(c.Levels))
		for i, l := range c.Levels {
			levels[i] = levelChange(l.Permission, l.From, l.To)
		}
		rows[i] = row{"user": c.User, "project": c.Project, "effect": c.Effect, "from": c.From, "to": c.To, "levels": levels}
	}
	return printTable(sh.out, rows, columns("USER=user PROJECT=project EFFECT=effect FROM=from TO=to LEVELS=levels"))
}

// levelChange says how the level of a permission would change. No level is that of a
// permission which there is not before, or not afterwards.
func levelChange(permission, from, to string) string {
	switch {
	case from == "":
		return permission + " " + to
	case to == "":
		return permission + " no more"
	}
	return fmt.Sprintf("%s %s to %s", permission, from, to)
}

// times says how often something happens.
func times(n int64) string { return phrase.Count(int(n), "time", "times") }
