package domain

import (
	"cmp"
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
	// assignments are in the order of their teams. The list is never changed, only replaced.
	// What teams below inherit is not in it: [Organization.ancestorsOf] leads to it.
	assignments []Assignment
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

// Assignments yields the teams assigned, in the order of their ids. Teams that inherit from
// them are not among them; [Organization.TeamsOnProject] yields those, too.
func (p Project) Assignments() iter.Seq[Assignment] { return slices.Values(p.assignments) }

// Assignment returns a team's own assignment, and whether there is one.
func (p Project) Assignment(team events.TeamID) (Assignment, bool) {
	if a := p.findAssignment(team); a != nil {
		return *a, true
	}
	return Assignment{}, false
}

// findAssignment returns a team's own assignment; nil if there is none.
func (p *Project) findAssignment(team events.TeamID) *Assignment {
	if len(p.assignments) <= linearSearchMax {
		for i := range p.assignments {
			if p.assignments[i].Team == team {
				return &p.assignments[i]
			}
		}
		return nil
	}
	if i, found := p.assignmentIndex(team); found {
		return &p.assignments[i]
	}
	return nil
}

// assignmentIndex returns where the assignment of a team is, or belongs.
func (p *Project) assignmentIndex(team events.TeamID) (int, bool) {
	return slices.BinarySearchFunc(p.assignments, team, func(a Assignment, t events.TeamID) int { return cmp.Compare(a.Team, t) })
}

// Overridden lists the people with an override on the project, in order.
func (p Project) Overridden() []events.UserID { return p.overridden }

// setAssignment adds an assignment, or replaces it. The old list stays as it was.
func (p *Project) setAssignment(a Assignment) {
	i, found := p.assignmentIndex(a.Team)
	if !found {
		p.assignments = inserted(p.assignments, i, a)
		return
	}
	p.assignments = slices.Clone(p.assignments)
	p.assignments[i] = a
}

// removeAssignment removes the assignment of a team. The old list stays as it was.
func (p *Project) removeAssignment(team events.TeamID) {
	if i, found := p.assignmentIndex(team); found {
		p.assignments = slices.Concat(p.assignments[:i], p.assignments[i+1:])
	}
}

// PublicLink returns the project's link, and whether it is on.
func (p Project) PublicLink() (PublicLink, bool) {
	if p.link == nil {
		return PublicLink{}, false
	}
	return *p.link, true
}
