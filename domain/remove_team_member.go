package domain

import "github.com/seed-2026d078/roster/events"

// RemoveTeamMember takes somebody out of a team.
type RemoveTeamMember struct {
	Team   events.TeamID
	Member events.UserID
}

// Decide lets people leave, and those whom the scheme allows remove members whose
// role in the team they may take, as long as the team's projects keep their owners.
func (c RemoveTeamMember) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	team, err := org.teamFor(m.Actor, RemovingTeamMember, About{Team: c.Team, Member: c.Member})
	if err != nil {
		return nil, err
	}
	place := team.members.At(c.Member)
	if place == nil {
		return nil, ErrNotInTeam
	}
	if c.Member != m.Actor {
		if err := org.mayHandOutIn(c.Team, m.Actor, RemovingTeamMember, place.Role); err != nil {
			return nil, err
		}
	}
	return org.keepingHolders(m, events.TeamMemberRemoved{Team: c.Team, Member: c.Member})
}
