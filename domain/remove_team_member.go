package domain

import "github.com/seed-2026d078/roster/events"

// RemoveTeamMember takes somebody out of a team.
type RemoveTeamMember struct {
	Team   events.TeamID
	Member events.UserID
}

// Decide lets people leave, and those whom the scheme allows remove members whose
// role in the team, and what the team gives them, they may take, as long as the team's
// projects keep their owners.
func (c RemoveTeamMember) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	team, err := org.teamToChange(m.Actor, RemovingTeamMember, About{Team: c.Team, Member: c.Member})
	if err != nil {
		return nil, err
	}
	teamMember := team.members.At(c.Member)
	if teamMember == nil {
		return nil, org.notInTeam(c.Member, c.Team)
	}
	if c.Member != m.Actor {
		if err := org.mayTakeThrough(org.Ancestors(c.Team), m.Actor, org.members.At(c.Member).Role); err != nil {
			return nil, err
		}
		if err := org.mayAssignInTeam(c.Team, m.Actor, RemovingTeamMember, teamMember.Role); err != nil {
			return nil, err
		}
	}
	return org.withHoldersKept(m, events.TeamMemberRemoved{Team: c.Team, Member: c.Member})
}
