package domain

import (
	"slices"

	"github.com/seed-2026d078/roster/champ"
	"github.com/seed-2026d078/roster/events"
)

// An assignment is kept with the project once for each team whose members it
// reaches, so that finding somebody's sources needs no walk up the teams. It is
// the few heirs that are written, never the many members.

func (o Organization) assign(edit *champ.Edit, id events.ProjectID, a Assignment) Organization {
	a.Role = o.scheme.project.intern(a.Role)
	o = o.changeTeam(edit, a.Team, func(t *Team) {
		a.Team = t.id
		t.projects = t.projects.SetIn(edit, id, a)
	})
	for heir := range o.Heirs(a.Team) {
		o = o.changeProject(edit, id, func(p *Project) { p.put(inherited{heir, a}) })
	}
	return o
}

func (o Organization) unassign(edit *champ.Edit, id events.ProjectID, team events.TeamID) Organization {
	o = o.changeTeam(edit, team, func(t *Team) { t.projects = t.projects.DeleteIn(edit, id) })
	return o.changeProject(edit, id, func(p *Project) {
		p.drop(func(a inherited) bool { return a.Team == team })
	})
}

// inherit gives a team, and all below it, what stands at parent and above.
func (o Organization) inherit(edit *champ.Edit, id, parent events.TeamID) Organization {
	if !o.scheme.Teams.Inherit {
		return o
	}
	for _, team := range o.Lineage(parent) {
		for project, a := range team.projects.All() {
			for heir := range o.Heirs(id) {
				o = o.changeProject(edit, project, func(p *Project) { p.put(inherited{heir, a}) })
			}
		}
	}
	return o
}

// disinherit takes from a team, and all below it, what stands at parent and above.
func (o Organization) disinherit(edit *champ.Edit, id, parent events.TeamID) Organization {
	if !o.scheme.Teams.Inherit {
		return o
	}
	for above, team := range o.Lineage(parent) {
		for project := range team.projects.All() {
			for heir := range o.Heirs(id) {
				o = o.changeProject(edit, project, func(p *Project) {
					p.drop(func(a inherited) bool { return a.via == heir && a.Team == above })
				})
			}
		}
	}
	return o
}

// put adds an assignment or replaces it; it never changes the old list.
func (p *Project) put(a inherited) {
	i, found := p.find(a.via, a.Team)
	p.assignments = slices.Clone(p.assignments)
	if found {
		p.assignments[i] = a
		return
	}
	p.assignments = slices.Insert(p.assignments, i, a)
}

// drop removes assignments; it never changes the old list.
func (p *Project) drop(gone func(inherited) bool) {
	p.assignments = slices.DeleteFunc(slices.Clone(p.assignments), gone)
}
