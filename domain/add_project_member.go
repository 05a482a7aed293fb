package domain

import "github.com/seed-2026d078/roster/events"

// AddProjectMember grants a member of the organization a role on a project.
type AddProjectMember struct {
	Project events.ProjectID
	Member  events.UserID
	// Role on the project; empty takes the default.
	Role events.RoleKey
}

// Decide lets those whom the scheme allows add members of the organization, and
// only those, with no more than they may hand out there.
func (c AddProjectMember) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	if err := org.Authorize(m.Actor, AddingProjectMember, About{Project: c.Project, Member: c.Member}); err != nil {
		return nil, err
	}
	role, err := org.scheme.project.pick(c.Role)
	if err != nil {
		return nil, err
	}
	if err := org.mayHandOutOn(c.Project, m.Actor, role); err != nil {
		return nil, err
	}
	member := org.members.At(c.Member)
	if member == nil {
		return nil, ErrNotInOrganization.because("%q is not in the organization; invite them to the organization first.", c.Member)
	}
	if grant := member.granted(c.Project); grant != nil {
		if grant.Role == role {
			return nil, nil // already so
		}
		return nil, ErrAlreadyOnProject.because("%q is on the project already, as %q; change the role instead.", c.Member, grant.Role)
	}
	return []events.Event{events.ProjectMemberAdded{Project: c.Project, Member: c.Member, Role: role}}, nil
}
