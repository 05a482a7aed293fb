package domain

import "github.com/seed-2026d078/roster/events"

// ChangeProjectRole asks that a project member hold another role there.
type ChangeProjectRole struct {
	Project events.ProjectID
	Member  events.UserID
	To      events.RoleKey
}

// Decide lets those who may hand out both roles change them, as long as the
// project keeps its owners.
func (c ChangeProjectRole) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	if err := org.Authorize(m.Actor, ChangingProjectRole, About{Project: c.Project, Member: c.Member}); err != nil {
		return nil, err
	}
	if err := org.scheme.project.knows(c.To); err != nil {
		return nil, err
	}
	grant, err := org.directGrant(m.Actor, c.Project, c.Member)
	if err != nil {
		return nil, err
	}
	if err := org.mayHandOutOn(c.Project, m.Actor, grant.Role, c.To); err != nil {
		return nil, err
	}
	if grant.Role == c.To {
		return nil, nil // already so
	}
	return org.keepingHolders(m, events.ProjectRoleChanged{Project: c.Project, Member: c.Member, From: grant.Role, To: c.To})
}

// directGrant returns somebody's grant on a project; who is there through a team
// alone has none to change. The actor hears only of teams that they see.
func (o Organization) directGrant(actor events.UserID, id events.ProjectID, user events.UserID) (Grant, error) {
	if member := o.members.At(user); member != nil {
		if grant := member.granted(id); grant != nil {
			return *grant, nil
		}
	}
	for _, source := range o.Access(user, id).Sources {
		switch {
		case source.Kind != ThroughTeam:
		case !o.SeesTeam(actor, source.Via):
			return Grant{}, ErrOnlyThroughTeam
		default:
			return Grant{}, ErrOnlyThroughTeam.because("%q is on the project through team %q alone; take them out of the team, or the team off the project.",
				user, o.teamName(source.Via))
		}
	}
	return Grant{}, ErrNotOnProject
}
