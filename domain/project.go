package domain

import (
	"iter"
	"slices"
	"time"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/champ"
)

// Project is a project of the organization.
type Project struct {
	Name    string
	Created events.Origin
	// Archived makes the project read only.
	Archived bool

	// id is the string that grants share.
	id events.ProjectID
	// granted are the people with a direct grant.
	granted champ.Map[events.UserID, struct{}]
	// assignments are in the order of via, then team: those of a team itself have
	// via == Team, the others are what via inherits from a team above it.
	assignments []inheritedAssignment
	// overridden are the people with an override here, in order.
	overridden []events.UserID
	// link is the public one; nil where it is off.
	link *PublicLink
}

// Assignment is a role given to a team on one project.
type Assignment struct {
	Team events.TeamID
	// Role is empty where the scheme gives each member their default.
	Role events.RoleKey
	// Until is when the assignment ends; the zero value never does.
	Until time.Time
	events.Origin
}

// inheritedAssignment is an assignment as it reaches the members of one team: the team
// assigned, or a team below it.
type inheritedAssignment struct {
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
	i, found := p.assignmentIndex(team, team)
	if !found {
		return Assignment{}, false
	}
	return p.assignments[i].Assignment, true
}

func (o Organization) assignment(id events.ProjectID, team events.TeamID) Assignment {
	a, _ := o.projects.At(id).Assignment(team)
	return a
}

// assignmentIndex returns where an assignment is, or belongs.
func (p *Project) assignmentIndex(via, team events.TeamID) (int, bool) {
	return slices.BinarySearchFunc(p.assignments, inheritedAssignment{via, Assignment{Team: team}}, compareInherited)
}

// assignmentsVia returns the assignments that reach the members of a team.
func (p *Project) assignmentsVia(via events.TeamID) []inheritedAssignment {
	from := p.firstIndexVia(via)
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

// firstIndexVia returns the index of the first assignment that reaches the members of a
// team, or a number of which assignmentsVia makes an empty list.
func (p *Project) firstIndexVia(via events.TeamID) int {
	if len(p.assignments) > linearSearchMax {
		i, _ := p.assignmentIndex(via, "")
		return i
	}
	for i := range p.assignments {
		if p.assignments[i].via == via {
			return i
		}
	}
	return len(p.assignments)
}

func (o Organization) changeProject(transient *champ.Transient, id events.ProjectID, change func(*Project)) Organization {
	projects, project := o.projects.UpdateTransient(transient, id)
	change(project)
	o.projects = projects
	return o
}

// deleteProject removes a project with its grants, assignments, overrides and invites.
func (o Organization) deleteProject(transient *champ.Transient, id events.ProjectID) Organization {
	project, _ := o.projects.Get(id)
	// A loop over what is changed in place ends before the change.
	for _, user := range slices.Collect(project.granted.Keys()) {
		o = o.removeGrant(transient, id, user)
	}
	for a := range project.Assignments() {
		o = o.unassign(transient, id, a.Team)
	}
	for _, user := range project.overridden {
		for _, override := range o.members.At(user).overridesOn(id) {
			o = o.clearOverride(transient, id, user, override.Permission)
		}
	}
	for _, invite := range slices.Collect(o.invites.Keys()) {
		if o.invites.At(invite).includesProject(id) {
			o = o.removeInvitedProject(transient, invite, id)
		}
	}
	o.projects = o.projects.DeleteTransient(transient, id)
	return o
}
