package domain

import (
	"cmp"
	"iter"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/champ"
)

// Project is a project of the organization.
type Project struct {
	// A check reads the first three, which lie next to the key for that reason.

	// assignments are in the order of their teams. What
	// teams below inherit is not in it: [Organization.ancestorsOf] leads to it.
	assignments sortedList[Assignment]
	// Archived makes the project read only.
	Archived bool
	// id is the string that grants share.
	id events.ProjectID

	Name        string
	Description string
	Created     events.Origin
	// granted are the people with a direct grant.
	granted champ.Map[events.UserID, struct{}]
	// overridden are the people with an override here, in order.
	overridden sortedList[events.UserID]
	// link is the public one; nil where it is off.
	link *PublicLink
}

// Granted yields the people with a direct grant, in no particular order.
func (p Project) Granted() iter.Seq[events.UserID] { return p.granted.Keys() }

// Assignments yields the teams assigned, in the order of their ids. Teams that inherit from
// them are not among them; [Organization.TeamsOnProject] yields those, too.
func (p Project) Assignments() iter.Seq[Assignment] { return p.assignments.values() }

// Assignment returns a team's own assignment, and whether there is one.
func (p Project) Assignment(team events.TeamID) (Assignment, bool) {
	if a := p.findAssignment(team); a != nil {
		return *a, true
	}
	return Assignment{}, false
}

// findAssignment returns a team's own assignment; nil if there is none.
func (p *Project) findAssignment(team events.TeamID) *Assignment {
	if few := p.assignments.few; p.assignments.many == nil && len(few) <= linearSearchMax {
		for i := range few {
			if few[i].Team == team {
				return &few[i]
			}
		}
		return nil
	}
	return p.assignments.find(assignmentOf(team))
}

// assignmentOf is the order of assignments around that of a team.
func assignmentOf(team events.TeamID) func(*Assignment) int {
	return func(a *Assignment) int { return cmp.Compare(a.Team, team) }
}

// Overridden yields the people with an override on the project, in order.
func (p Project) Overridden() iter.Seq[events.UserID] { return p.overridden.values() }

// PublicLink returns the project's link, and whether it is on.
func (p Project) PublicLink() (PublicLink, bool) {
	if p.link == nil {
		return PublicLink{}, false
	}
	return *p.link, true
}
