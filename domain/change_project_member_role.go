package domain

import "github.com/seed-2026d078/roster/events"

// ChangeProjectMemberRole gives a project member another role there.
type ChangeProjectMemberRole struct {
	Project events.ProjectID
	Member  events.UserID
	To      events.RoleKey
}

// Decide lets those who may assign both roles change them, as long as the
// project keeps its owners.
func (c ChangeProjectMemberRole) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	grant, err := org.grantToChange(m.Actor, ChangingProjectMemberRole, c.Project, c.Member)
	if err != nil {
		return nil, err
	}
	if err := org.scheme.project.validateRole(c.To); err != nil {
		return nil, err
	}
	if grant.Role == c.To {
		return nil, nil // already so
	}
	if err := org.mayGiveOn(c.Project, m.Actor, c.To, nil); err != nil {
		return nil, err
	}
	return org.withHoldersKept(m, events.ProjectRoleChanged{Project: c.Project, Member: c.Member, From: grant.Role, To: c.To})
}
