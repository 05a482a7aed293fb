package domain

import "github.com/seed-2026d078/roster/events"

// ChangeTeamMemberRole gives a team member another role in the team.
type ChangeTeamMemberRole struct {
	Team   events.TeamID
	Member events.UserID
	To     events.RoleKey
}

// Decide lets those who may assign both roles change them.
func (c ChangeTeamMemberRole) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	team, err := org.teamToChange(m.Actor, ChangingTeamMemberRole, About{Team: c.Team, Member: c.Member})
	if err != nil {
		return nil, err
	}
	if err := org.scheme.team.validateRole(c.To); err != nil {
		return nil, err
	}
	teamMember := team.members.At(c.Member)
	if teamMember == nil {
		return nil, org.notInTeam(c.Member, c.Team)
	}
	if err := org.mayAssignInTeam(c.Team, m.Actor, ChangingTeamMemberRole, teamMember.Role, c.To); err != nil {
		return nil, err
	}
	if teamMember.Role == c.To {
		return nil, nil // already so
	}
	return []events.Event{events.TeamRoleChanged{Team: c.Team, Member: c.Member, From: teamMember.Role, To: c.To}}, nil
}
