package domain

import "github.com/seed-2026d078/roster/events"

// mayHandOut refuses an actor who would give or take a role of the organization
// that is ranked above their own, or reserved for others.
func (o Organization) mayHandOut(actor events.UserID, roles ...events.RoleKey) error {
	if actor == events.System {
		return nil
	}
	own := o.members.At(actor).Role
	for _, role := range roles {
		if !o.scheme.organization.mayHandOut(own, role) {
			return ErrMayNotHandOut.because("With the role %q you may not give or take the role %q.", own, role)
		}
	}
	return nil
}

// mayHandOutOn is mayHandOut for roles on a project.
func (o Organization) mayHandOutOn(project events.ProjectID, actor events.UserID, roles ...events.RoleKey) error {
	if actor == events.System {
		return nil
	}
	own := o.Access(actor, project).Role
	for _, role := range roles {
		if !o.scheme.project.mayHandOut(own, role) {
			return ErrMayNotHandOut.because("With the role %q on project %q you may not give or take the role %q there.", own, project, role)
		}
	}
	return nil
}

// mayHandOutIn is mayHandOut for roles in a team: an actor who is allowed by
// anything but a role in that team is not bounded by one.
func (o Organization) mayHandOutIn(team events.TeamID, actor events.UserID, action events.Action, roles ...events.RoleKey) error {
	own := o.teamRole(actor, team)
	if own == "" || o.allows(actor, action, About{}) {
		return nil
	}
	for _, role := range roles {
		if !o.scheme.team.mayHandOut(own, role) {
			return ErrMayNotHandOut.because("With the role %q in the team you may not give or take the role %q.", own, role)
		}
	}
	return nil
}

// mayConfer refuses an actor who would give others, through a team, more on a
// project than the actor has there.
func (o Organization) mayConfer(team events.TeamID, actor events.UserID) error {
	if actor == events.System {
		return nil
	}
	for _, above := range o.Lineage(team) {
		for project, a := range above.projects.All() {
			if err := o.mayHandOutOn(project, actor, a.Role); err != nil {
				return err
			}
		}
	}
	return nil
}
