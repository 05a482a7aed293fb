package domain

import (
	"iter"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/champ"
)

// Team is a team of the organization.
type Team struct {
	Name        string
	Description string
	Privacy     events.Privacy
	Colour      events.Colour
	// Parent is the team above; empty at the top level.
	Parent  events.TeamID
	Created events.Origin

	// id is the string that members and assignments share.
	id       events.TeamID
	children sortedList[events.TeamID]
	projects champ.Map[events.ProjectID, Assignment]
	members  champ.Map[events.UserID, TeamMember]
}

// TeamMember is somebody's membership of a team.
type TeamMember struct {
	Role events.RoleKey
	// Origin is the event that gave the present role.
	events.Origin

	// joined is the event that put the person into the team; nil if the role has not changed
	// since.
	joined *events.Origin
}

// Joined returns the event that put the person into the team, whatever their role was then.
func (m TeamMember) Joined() events.Origin {
	if m.joined == nil {
		return m.Origin
	}
	return *m.joined
}

// Projects yields the projects that the team itself is assigned to, in no particular order.
func (t Team) Projects() iter.Seq2[events.ProjectID, Assignment] { return t.projects.All() }

// Member returns somebody's membership of the team itself, and whether there is one.
func (t Team) Member(id events.UserID) (TeamMember, bool) { return t.members.Get(id) }

// Members yields the members of the team itself, in no particular order.
func (t Team) Members() iter.Seq2[events.UserID, TeamMember] { return t.members.All() }

// CountMembers returns how many are in the team itself.
func (t Team) CountMembers() int { return t.members.Len() }
