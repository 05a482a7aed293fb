package main

import (
	"fmt"
	"strings"
)

// forecast is what a command would lead to.
type forecast struct {
	DryRun bool `json:"dry_run"`
	Events []struct {
		Type string `json:"type"`
	} `json:"events"`
	Changes []accessChange `json:"changes"`
}

// accessChange is what a command would change for one person.
type accessChange struct {
	User    string        `json:"user"`
	Project string        `json:"project,omitzero"`
	Effect  string        `json:"effect"`
	From    string        `json:"from,omitzero"`
	To      string        `json:"to,omitzero"`
	Levels  []levelChange `json:"levels,omitzero"`
}

type levelChange struct {
	Permission string `json:"permission"`
	From       string `json:"from,omitzero"`
	To         string `json:"to,omitzero"`
}

func (l levelChange) String() string {
	switch {
	case l.From == "":
		return l.Permission + " " + l.To
	case l.To == "":
		return l.Permission + " no more"
	}
	return fmt.Sprintf("%s %s to %s", l.Permission, l.From, l.To)
}

// printForecast says for whom a command would change what.
func (sh *shell) printForecast(f forecast) error {
	if sh.Output == "json" {
		return printJSON(sh.out, f)
	}
	if len(f.Events) == 0 {
		fmt.Fprintln(sh.out, "Nothing would change: it is so already.")
		return nil
	}
	var types []string
	for _, e := range f.Events {
		types = append(types, e.Type)
	}
	fmt.Fprintln(sh.out, "Nothing was done. This would happen:", strings.Join(types, ", "))
	if len(f.Changes) == 0 {
		fmt.Fprintln(sh.out, "Nobody whom the actor sees would gain or lose anything.")
		return nil
	}
	rows := make([]row, len(f.Changes))
	for i, c := range f.Changes {
		levels := make([]any, len(c.Levels))
		for i, l := range c.Levels {
			levels[i] = l
		}
		rows[i] = row{"user": c.User, "project": c.Project, "effect": c.Effect, "from": c.From, "to": c.To, "levels": levels}
	}
	return printTable(sh.out, rows, columns("USER=user PROJECT=project EFFECT=effect FROM=from TO=to LEVELS=levels"))
}
