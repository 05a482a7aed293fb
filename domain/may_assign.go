package domain

import "github.com/seed-2026d078/roster/events"

// Nobody gives more than they have: not a role ranked above their own, nor one
// that the scheme reserves for others, nor a level that they do not have. Taking a
// role from somebody asks for its rank alone.

// mayTake refuses an actor who would take a role of the organization that is ranked
// above their own, reserved for others, or protected.
func (o Organization) mayTake(actor events.UserID, roles ...events.RoleKey) error {
	if actor == events.System {
		return nil
	}
	own := o.members.At(actor).Role
	for _, role := range roles {
		if o.scheme.Protects(role) {
			return ErrProtected.because("The role %q is protected: nobody gives or takes it; it passes on by a transfer of ownership.", role)
		}
		if !o.scheme.organization.mayAssign(own, role) {
			return ErrMayNotAssign.because("With the role %q you may not give or take the role %q.", own, role)
		}
	}
	return nil
}

// mayGive refuses an actor who would give a role of the organization, with levels
// of the holder's own, that is more than the actor has.
func (o Organization) mayGive(actor events.UserID, key events.RoleKey, own events.Levels) error {
	if actor == events.System {
		return nil
	}
	if err := o.mayTake(actor, key); err != nil {
		return err
	}
	giver := o.members.At(actor)
	held, role := o.scheme.organization.find(giver.Role), o.scheme.organization.find(key)
	if role.AllProjects != "" && o.scheme.project.rank(held.AllProjects) < o.scheme.project.rank(role.AllProjects) {
		return ErrMayNotAssign.because("The role %q reaches every project as %q, and yours does not.", key, role.AllProjects)
	}
	if held.Bypass {
		return nil
	}
	if permission, more := o.scheme.organization.exceeds(role.levelsWith(o.scheme.organization.compile(own)), o.levels(giver)); more {
		return errTooMuch(permission)
	}
	switch {
	case role.Bypass:
		return ErrMayNotAssign.because("The role %q bypasses every level, and yours does not.", key)
	case role.AllProjects == "":
		return nil
	}
	if permission, more := o.scheme.project.exceeds(o.scheme.project.find(role.AllProjects).levels, o.scheme.project.find(held.AllProjects).levels); more {
		return errTooMuch(permission)
	}
	return nil
}

// mayTakeOn is mayTake for roles on a project.
func (o Organization) mayTakeOn(project events.ProjectID, actor events.UserID, roles ...events.RoleKey) error {
	if actor == events.System {
		return nil
	}
	access, _ := o.accessBeforeArchiving(actor, project)
	return o.mayAssignOn(actor, project, access, roles...)
}

// mayGiveOn is mayGive for roles on a project.
func (o Organization) mayGiveOn(project events.ProjectID, actor events.UserID, key events.RoleKey, own events.Levels) error {
	if actor == events.System {
		return nil
	}
	access, _ := o.accessBeforeArchiving(actor, project)
	if err := o.mayAssignOn(actor, project, access, key); err != nil || key == "" {
		return err
	}
	given := o.scheme.project.find(key).levelsWith(o.scheme.project.compile(own))
	if permission, more := o.scheme.project.exceeds(given, access.levels); more {
		return errTooMuch(permission)
	}
	return nil
}

func (o Organization) mayAssignOn(actor events.UserID, project events.ProjectID, access Access, roles ...events.RoleKey) error {
	for _, role := range roles {
		switch {
		case o.scheme.project.mayAssign(access.Role, role):
		case !o.SeesProject(actor, project):
			return ErrMayNotAssign.because("You may not give or take what the team gives on projects that you are not on.")
		default:
			return ErrMayNotAssign.because("With the role %q on project %q you may not give or take the role %q there.", access.Role, project, role)
		}
	}
	return nil
}

func errTooMuch(permission events.PermissionKey) error {
	return ErrMayNotAssign.because("This would give more of the permission %q than you have yourself.", permission)
}

// mayAssignInTeam refuses an actor who would give or take a role in a team that ranks
// above their own there. It refuses nothing if the scheme allows the actor the action
// without a role in the team.
func (o Organization) mayAssignInTeam(team events.TeamID, actor events.UserID, action events.Action, roles ...events.RoleKey) error {
	own := o.teamRole(actor, team)
	if own == "" || o.allows(actor, action, About{}) {
		return nil
	}
	for _, role := range roles {
		if !o.scheme.team.mayAssign(own, role) {
			return ErrMayNotAssign.because("With the role %q in the team you may not give or take the role %q.", own, role)
		}
	}
	return nil
}

// mayAssignTeam refuses an actor who would give the members of a team more on a project
// than the actor has there. Where each member gets their default, every role that
// somebody could hold there counts: looking at each member of a large team would be slow,
// and whoever joins later holds one of these roles too.
func (o Organization) mayAssignTeam(actor events.UserID, project events.ProjectID, stated events.RoleKey) error {
	if stated != "" || actor == events.System {
		return o.mayGiveOn(project, actor, stated, nil)
	}
	for _, role := range o.scheme.organization.roles {
		if role.Protected {
			continue // nobody can add a holder of it to the team
		}
		if err := o.mayGiveOn(project, actor, o.scheme.DefaultProjectRole(role.Key), nil); err != nil {
			return err
		}
	}
	return nil
}

// mayConfer refuses an actor who would give somebody, through a team, more on a project
// than the actor has there. The empty user stands for everybody in the team.
func (o Organization) mayConfer(team events.TeamID, actor, user events.UserID) error {
	if actor == events.System {
		return nil
	}
	for _, above := range o.Ancestors(team) {
		for project, a := range above.projects.All() {
			if o.ended(a.Until) {
				continue
			}
			role := a.Role
			if member := o.members.At(user); member != nil {
				role = o.scheme.assignmentRole(role, member.Role)
			}
			if err := o.mayAssignTeam(actor, project, role); err != nil {
				return err
			}
		}
	}
	return nil
}
