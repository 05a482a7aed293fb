package domain

import "github.com/seed-2026d078/roster/events"

// AddTeamMember puts a member of the organization into a team.
type AddTeamMember struct {
	Team   events.TeamID
	Member events.UserID
	// Role in the team; empty takes the default.
	Role events.RoleKey
}

// Decide lets those whom the scheme allows add members of the organization, and
// only those, when what the team confers is theirs to give.
func (c AddTeamMember) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	team, err := org.teamToChange(m.Actor, AddingTeamMember, About{Team: c.Team, Member: c.Member})
	if err != nil {
		return nil, err
	}
	role, err := org.scheme.team.orDefault(c.Role)
	if err != nil {
		return nil, err
	}
	if err := org.mayAssignInTeam(c.Team, m.Actor, AddingTeamMember, role); err != nil {
		return nil, err
	}
	member := org.members.At(c.Member)
	if member == nil {
		return nil, notInOrganization(c.Member)
	}
	if err := org.mayGiveThrough(org.Ancestors(c.Team), m.Actor, member.Role); err != nil {
		return nil, err
	}
	if teamMember := team.members.At(c.Member); teamMember != nil {
		if teamMember.Role == role {
			return nil, nil // already so
		}
		return nil, ErrAlreadyInTeam.Because("%q is in the team already, as %q; change the role instead.", c.Member, teamMember.Role)
	}
	var happened []events.Event
	if member.hasOverrides() {
		for _, project := range org.projectsThroughTeam(c.Team) {
			happened = append(happened, org.clearOldOverrides(project, c.Member)...)
		}
	}
	return append(happened, events.TeamMemberAdded{Team: c.Team, Member: c.Member, Role: role}), nil
}
