package domain

import "github.com/seed-2026d078/roster/events"

// ChangeMemberRole gives a member of the organization another role.
type ChangeMemberRole struct {
	Member events.UserID
	To     events.RoleKey
}

// Decide lets those who may assign both roles change them, with what they bring along on
// projects through teams, as long as the organization keeps its owners.
func (c ChangeMemberRole) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	member, err := org.memberToChange(m.Actor, ChangingMemberRole, c.Member)
	if err != nil {
		return nil, err
	}
	if err := org.scheme.organization.validateRole(c.To); err != nil {
		return nil, err
	}
	if member.Role == c.To {
		return nil, nil // already so
	}
	change, own := org.changeRole(c.Member, c.To)
	if err := org.mayGiveBeyond(m.Actor, c.To, own, org.levels(member)); err != nil {
		return nil, err
	}
	if err := org.mayChangeDefault(m.Actor, c.Member, member.Role, c.To); err != nil {
		return nil, err
	}
	if err := org.checkLastHolder(c.Member); err != nil {
		return nil, err
	}
	return org.withHoldersKept(m, append(org.clearOldOverridesFor(c.Member, c.To), change)...)
}

// changeRole returns the event that gives a member another role of the organization, and the
// own levels that they then have. Where the role takes none, the event keeps them for later.
func (o Organization) changeRole(id events.UserID, to events.RoleKey) (events.RoleChanged, events.Levels) {
	member := o.members.At(id)
	change, own := events.RoleChanged{Member: id, From: member.Role, To: to}, member.Levels()
	if len(own) == 0 && member.optional != nil {
		own = member.optional.kept
	}
	if o.scheme.organization.find(to).OwnLevels == "" {
		change.KeptLevels, own = own, nil
	}
	return change, own
}

// clearOldOverridesFor is clearOldOverrides for somebody whose new role in the organization
// reaches every project.
func (o Organization) clearOldOverridesFor(user events.UserID, to events.RoleKey) (happened []events.Event) {
	if o.scheme.RoleOnAllProjects(to) == "" {
		return nil
	}
	cleared := events.ProjectID("")
	for override := range o.members.At(user).Overrides() {
		if override.Project != cleared { // they are in the order of projects
			happened = append(happened, o.clearOldOverrides(override.Project, user)...)
			cleared = override.Project
		}
	}
	return happened
}
