package domain

import (
	"iter"
	"slices"

	"github.com/seed-2026d078/roster/champ"
	"github.com/seed-2026d078/roster/events"
)

// Project is a project of the organization.
type Project struct {
	Name    string
	Created events.Origin

	// id is the string that grants share.
	id events.ProjectID
	// granted are the people with a direct grant.
	granted champ.Map[events.UserID, struct{}]
	// assignments are in the order of via, then team: those of a team itself have
	// via == Team, the others are what via inherits from a team above it.
	assignments []inherited
}

// Assignment is a role given to a team on one project.
type Assignment struct {
	Team events.TeamID
	Role events.RoleKey
	events.Origin
}

// inherited is an assignment as it reaches the members of one team.
type inherited struct {
	via events.TeamID
	Assignment
}

// Granted yields the people with a direct grant, in no particular order.
func (p Project) Granted() iter.Seq[events.UserID] { return p.granted.Keys() }

// Assignments yields the teams assigned, in the order of their ids.
func (p Project) Assignments() iter.Seq[Assignment] {
	return func(yield func(Assignment) bool) {
		for _, a := range p.assignments {
			if a.via == a.Team && !yield(a.Assignment) {
				return
			}
		}
	}
}

// Inherited yields every assignment with each team whose members it reaches: the
// team assigned, and those that inherit from it.
func (p Project) Inherited() iter.Seq2[events.TeamID, Assignment] {
	return func(yield func(events.TeamID, Assignment) bool) {
		for _, a := range p.assignments {
			if !yield(a.via, a.Assignment) {
				return
			}
		}
	}
}

// Assignment returns a team's own assignment, and whether there is one.
func (p Project) Assignment(team events.TeamID) (Assignment, bool) {
	i, found := p.find(team, team)
	if !found {
		return Assignment{}, false
	}
	return p.assignments[i].Assignment, true
}

func (p *Project) find(via, team events.TeamID) (int, bool) {
	return slices.BinarySearchFunc(p.assignments, inherited{via, Assignment{Team: team}}, compareInherited)
}

// through returns what the members of a team get on the project.
func (p *Project) through(via events.TeamID) []inherited {
	from := p.first(via)
	to := from
	for to < len(p.assignments) && p.assignments[to].via == via {
		to++
	}
	return p.assignments[from:to]
}

// Project returns a project, and whether there is one.
func (o Organization) Project(id events.ProjectID) (Project, bool) { return o.projects.Get(id) }

// Projects yields every project, in no particular order.
func (o Organization) Projects() iter.Seq2[events.ProjectID, Project] { return o.projects.All() }

// CountProjects returns how many projects there are.
func (o Organization) CountProjects() int { return o.projects.Len() }

func (p *Project) first(via events.TeamID) int {
	if len(p.assignments) > few {
		i, _ := p.find(via, "")
		return i
	}
	for i := range p.assignments {
		if p.assignments[i].via == via {
			return i
		}
	}
	return len(p.assignments)
}

func (o Organization) changeProject(edit *champ.Edit, id events.ProjectID, change func(*Project)) Organization {
	projects, project := o.projects.ChangeIn(edit, id)
	change(project)
	o.projects = projects
	return o
}

func (o Organization) changeMember(edit *champ.Edit, id events.UserID, change func(*Member)) Organization {
	members, member := o.members.ChangeIn(edit, id)
	change(member)
	o.members = members
	return o
}

func (o Organization) grant(edit *champ.Edit, user events.UserID, g Grant) Organization {
	g.Role = o.scheme.project.intern(g.Role)
	o = o.changeProject(edit, g.Project, func(p *Project) {
		g.Project = p.id
		p.granted = p.granted.SetIn(edit, user, struct{}{})
	})
	return o.changeMember(edit, user, func(m *Member) {
		i, found := m.place(g.Project)
		if found {
			m.grants = slices.Clone(m.grants)
			m.grants[i] = g
			return
		}
		m.grants = slices.Insert(slices.Clip(m.grants), i, g)
	})
}

func (o Organization) withdraw(edit *champ.Edit, id events.ProjectID, user events.UserID) Organization {
	o = o.changeProject(edit, id, func(p *Project) { p.granted = p.granted.DeleteIn(edit, user) })
	return o.changeMember(edit, user, func(m *Member) {
		if i, found := m.place(id); found {
			m.grants = slices.Concat(m.grants[:i], m.grants[i+1:])
		}
	})
}
