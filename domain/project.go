package domain

import (
	"iter"
	"slices"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/champ"
)

// Project is a project of the organization.
type Project struct {
	// A check reads the first three, which lie next to the key for that reason.

	// id is the string that grants share.
	id events.ProjectID
	// assignments are in the order of via, then team: those of a team itself have
	// via == Team, the others are what via inherits from a team above it.
	assignments []inheritedAssignment
	// Archived makes the project read only.
	Archived bool

	Name        string
	Description string
	Created     events.Origin
	// granted are the people with a direct grant.
	granted champ.Map[events.UserID, struct{}]
	// overridden are the people with an override here, in order.
	overridden []events.UserID
	// link is the public one; nil where it is off.
	link *PublicLink
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

// firstIndexVia returns the index of the first assignment that reaches the members of a
// team. If there is none, no assignment at the index that it returns reaches them.
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

// Overridden lists the people with an override on the project, in order.
func (p Project) Overridden() []events.UserID { return p.overridden }

// addAssignments adds an assignment for each of the teams, or replaces it. It merges
// two sorted lists into a new one, so the cost is one pass, however many teams there
// are.
func (p *Project) addAssignments(a Assignment, teams []events.TeamID) {
	merged := make([]inheritedAssignment, 0, len(p.assignments)+len(teams))
	old := p.assignments
	for _, via := range teams {
		added := inheritedAssignment{via, a}
		for len(old) > 0 && compareInherited(old[0], added) < 0 {
			merged, old = append(merged, old[0]), old[1:]
		}
		if len(old) > 0 && compareInherited(old[0], added) == 0 {
			old = old[1:]
		}
		merged = append(merged, added)
	}
	merged = append(merged, old...)
	p.assignments = merged
}

// removeAssignments removes the assignments for which gone returns true. The old list
// stays as it was.
func (p *Project) removeAssignments(gone func(inheritedAssignment) bool) {
	p.assignments = slices.DeleteFunc(slices.Clone(p.assignments), gone)
}

// PublicLink returns the project's link, and whether it is on.
func (p Project) PublicLink() (PublicLink, bool) {
	if p.link == nil {
		return PublicLink{}, false
	}
	return *p.link, true
}
