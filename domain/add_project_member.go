package domain

import (
	"maps"
	"time"

	"github.com/seed-2026d078/roster/events"
)

// AddProjectMember grants a member of the organization a role on a project.
type AddProjectMember struct {
	Project events.ProjectID
	Member  events.UserID
	// Role on the project; empty takes the default.
	Role events.RoleKey
	// Levels are the member's own on the project.
	Levels events.Levels
	// From is when the grant starts; the zero value, or a time that has passed, means at once.
	From time.Time
	// Until is when the grant ends; the zero value means never.
	Until time.Time
}

// Decide lets those whom the scheme allows add members of the organization, and
// only those, with no more than they may give there.
func (c AddProjectMember) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	if err := org.Authorize(m.Actor, AddingProjectMember, About{Project: c.Project, Member: c.Member}); err != nil {
		return nil, err
	}
	member := org.members.At(c.Member)
	if member == nil {
		return nil, notInOrganization(c.Member)
	}
	role, err := org.scheme.projectRoleOrDefault(c.Role, member.Role)
	if err != nil {
		return nil, err
	}
	if err := org.scheme.project.validateOwnLevels(role, c.Levels); err != nil {
		return nil, err
	}
	if err := org.mayGrant(c.Project, m.Actor, c.Member, role, c.Levels, nil); err != nil {
		return nil, err
	}
	if err := validateTerm(c.From, c.Until, m); err != nil {
		return nil, err
	}
	from := startOf(c.From, m)
	if grant := member.findGrant(c.Project); grant != nil && !grant.ended(org.at) {
		if grant.Role == role && maps.Equal(grant.Levels(), c.Levels) && grant.pendingStart(org.at).Equal(from) && grant.Until().Equal(c.Until) {
			return nil, nil // already so
		}
		return nil, ErrAlreadyOnProject.Because("%q is on the project already, as %q; change the role, the levels, the start or the end instead.", c.Member, grant.Role)
	}
	return append(org.clearOldOverrides(c.Project, c.Member),
		events.ProjectMemberAdded{Project: c.Project, Member: c.Member, Role: role, Levels: c.Levels, From: from, Until: c.Until}), nil
}

// projectRoleOrDefault returns the project role that was asked for, or else the default
// for holders of a role of the organization.
func (s *Scheme) projectRoleOrDefault(key, held events.RoleKey) (events.RoleKey, error) {
	if key == "" {
		key = s.DefaultProjectRole(held)
	}
	return key, s.project.validateRole(key)
}
