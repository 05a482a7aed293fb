package domain

import "github.com/seed-2026d078/roster/events"

// ChangeProjectMemberRole gives a project member another role there. Somebody who is on the
// project only through teams gets a direct grant of the role beside them.
type ChangeProjectMemberRole struct {
	Project events.ProjectID
	Member  events.UserID
	To      events.RoleKey
}

// Decide lets those who may assign both roles change them, as long as the
// project keeps its owners.
func (c ChangeProjectMemberRole) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	if role := org.roleThroughTeamsAlone(c.Member, c.Project); role != "" {
		return c.grantBesideTeams(org, m, role)
	}
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
	change, own := org.scheme.changeProjectRole(c.Member, grant, c.To)
	if err := org.mayGrant(c.Project, m.Actor, c.Member, c.To, own, org.scheme.grantLevels(grant)); err != nil {
		return nil, err
	}
	return org.withHoldersKept(m, change)
}

// changeProjectRole is changeRole for a grant.
func (s *Scheme) changeProjectRole(user events.UserID, grant Grant, to events.RoleKey) (events.ProjectRoleChanged, events.Levels) {
	change, own := events.ProjectRoleChanged{Project: grant.Project, Member: user, From: grant.Role, To: to}, grant.Levels()
	if len(own) == 0 && grant.optional != nil {
		own = grant.optional.kept
	}
	if !s.HasOwnLevels(to) {
		change.KeptLevels, own = own, nil
	}
	return change, own
}

// grantBesideTeams grants the role directly. It takes nothing away: who has a higher role
// through a team keeps that. The role through teams must be the actor's to take all the
// same, so that nobody changes those who rank above them.
func (c ChangeProjectMemberRole) grantBesideTeams(org Organization, m events.Moment, present events.RoleKey) ([]events.Event, error) {
	if err := org.Authorize(m.Actor, ChangingProjectMemberRole, About{Project: c.Project, Member: c.Member}); err != nil {
		return nil, err
	}
	if err := org.requireUnprotectedOn(c.Project, m.Actor, c.Member); err != nil {
		return nil, err
	}
	if err := org.mayTakeOn(c.Project, m.Actor, present); err != nil {
		return nil, err
	}
	if err := org.scheme.project.validateRole(c.To); err != nil {
		return nil, err
	}
	if err := org.mayGiveOn(c.Project, m.Actor, c.To); err != nil {
		return nil, err
	}
	return []events.Event{events.ProjectMemberAdded{Project: c.Project, Member: c.Member, Role: c.To}}, nil
}

// roleThroughTeamsAlone returns the role of somebody who is on a project only through
// teams, and is an active member; otherwise it returns nothing.
func (o Organization) roleThroughTeamsAlone(user events.UserID, id events.ProjectID) events.RoleKey {
	member, project, reason := o.lookup(user, id)
	if reason != "" {
		return ""
	}
	var highest highestSource
	for ref := range o.sourceRefs(member, project) {
		if ref.kind != ThroughTeam {
			return ""
		}
		highest.add(o.scheme, &ref)
	}
	return highest.role
}
