package domain

import (
	"slices"

	"github.com/seed-2026d078/roster/events"
)

// Nobody gives more than they have: not a role ranked above their own, nor one
// that the scheme reserves for others, nor a level that they do not have. Taking a
// role from somebody asks for its rank alone.
//
// This holds whatever the way: by a grant, by a team and what it is assigned to, or by a
// role of the organization and what it brings along on projects. The exceptions are in
// docs/giving-and-taking.md, and TestNobodyGivesOrTakesMore reads them there. A scheme can let
// managers give more: delegation.go.

// outranks reports whether an actor ranks above the holders of a role of the organization.
// The system ranks as the highest role does.
func (o Organization) outranks(actor events.UserID, role events.RoleKey) bool {
	own := o.scheme.organization.highest()
	if actor != events.System {
		own = o.heldRole(o.members.At(actor))
	}
	return o.scheme.organization.rank(own) > o.scheme.organization.rank(role)
}

// mayTake refuses an actor who would take a role of the organization that is ranked
// above their own, reserved for others, or protected.
func (o Organization) mayTake(actor events.UserID, role events.RoleKey) error {
	if actor == events.System {
		return nil
	}
	if o.scheme.Protects(role) {
		return ErrProtected.Because("The role %q is protected: nobody gives or takes it; it passes on by a transfer of ownership.", role)
	}
	return o.byEither(o.members.At(actor), func(own events.RoleKey) error {
		if !o.scheme.organization.mayAssign(own, role) {
			return ErrMayNotAssign.Because("With the role %q you may not give or take the role %q.", own, role)
		}
		return nil
	})
}

// mayGive refuses an actor who would give a role of the organization, with levels
// of the holder's own, that is more than the actor has.
func (o Organization) mayGive(actor events.UserID, key events.RoleKey, own events.Levels) error {
	return o.mayGiveBeyond(actor, key, own, nil)
}

// mayGiveBeyond is mayGive for somebody who has levels already, which nobody gives.
func (o Organization) mayGiveBeyond(actor events.UserID, key events.RoleKey, own events.Levels, had []level) error {
	if actor == events.System {
		return nil
	}
	if err := o.mayTake(actor, key); err != nil {
		return err
	}
	return o.mayGiveRights(actor, key, own, had)
}

// mayGiveRights is mayGive for what comes with the role, whatever its rank: levels in the
// organization, and the reach to every project.
func (o Organization) mayGiveRights(actor events.UserID, key events.RoleKey, own events.Levels, had []level) error {
	giver := o.members.At(actor)
	return o.byEither(giver, func(held events.RoleKey) error { return o.mayGiveRightsAs(actor, giver, held, key, own, had) })
}

// mayGiveRightsAs is mayGiveRights by one of the roles that a giver holds.
func (o Organization) mayGiveRightsAs(actor events.UserID, giver *Member, as, key events.RoleKey, own events.Levels, had []level) error {
	held, role := o.scheme.organization.find(as), o.scheme.organization.find(key)
	if role.AllProjects != "" && !o.scheme.project.mayAssign(held.AllProjects, role.AllProjects) {
		return ErrMayNotAssign.Because("The role %q reaches every project as %q, which yours does not give.", key, role.AllProjects)
	}
	if !held.Bypass {
		if permission, more := o.scheme.organization.exceeds(role.levelsWith(o.scheme.organization.compile(own)), highestOf(o.levels(giver), had)); more {
			return errTooMuch(permission)
		}
		if role.Bypass {
			return ErrMayNotAssign.Because("The role %q bypasses every level, and yours does not.", key)
		}
	}
	if role.AllProjects == "" {
		return nil
	}
	if !held.Bypass {
		if permission, more := o.scheme.project.exceeds(o.scheme.project.find(role.AllProjects).levels, o.scheme.project.find(held.AllProjects).levels); more {
			return errTooMuch(permission)
		}
	}
	for _, project := range o.projectsUnlikeOthers(giver, role.AllProjects) {
		if o.mayGiveOn(project, actor, role.AllProjects) != nil {
			return ErrMayNotAssign.Because("The role %q reaches project %q as %q, which you may not give there.", key, project, role.AllProjects)
		}
	}
	return nil
}

// mayGiveLevels refuses an actor who would give a member higher levels of their own than the
// actor has, in the organization. Nobody gives what the member has already.
func (o Organization) mayGiveLevels(actor events.UserID, member *Member, own events.Levels) error {
	if actor == events.System {
		return nil
	}
	given := o.scheme.organization.find(member.Role).levelsWith(o.scheme.organization.compile(own))
	if permission, more := o.scheme.organization.exceeds(given, highestOf(o.levels(o.members.At(actor)), o.levels(member))); more {
		return errTooMuch(permission)
	}
	return nil
}

// projectsUnlikeOthers lists the projects on which a holder of a role that reaches every
// project may give less than that: where an override lowers it, or, if the scheme reserves
// the role to give for some, where the holder has another source. It may list others. Their
// number is that of the holder's own overrides, grants and assignments.
func (o Organization) projectsUnlikeOthers(holder *Member, toGive events.RoleKey) []events.ProjectID {
	var projects []events.ProjectID
	for override := range holder.Overrides() {
		projects = append(projects, override.Project)
	}
	if len(o.scheme.project.find(toGive).HandedOutBy) > 0 {
		for grant := range holder.grants.all() {
			projects = append(projects, grant.Project)
		}
		for _, team := range holder.teams {
			projects = append(projects, o.projectsThroughTeam(team)...)
		}
	}
	slices.Sort(projects)
	return slices.Compact(projects)
}

// mayTakeOn is mayTake for roles on a project.
func (o Organization) mayTakeOn(project events.ProjectID, actor events.UserID, roles ...events.RoleKey) error {
	if actor == events.System {
		return nil
	}
	own, _ := o.rightsOn(actor, project)
	return o.mayAssignOn(actor, project, own, roles...)
}

// mayGiveOn is mayGive for a role on a project, without levels of the holder's own.
func (o Organization) mayGiveOn(project events.ProjectID, actor events.UserID, key events.RoleKey) error {
	if actor == events.System {
		return nil
	}
	own, levels := o.rightsOn(actor, project)
	if err := o.mayAssignOn(actor, project, own, key); err != nil || key == "" {
		return err
	}
	given := o.scheme.project.find(key).levelsWith(nil)
	if permission, more := o.scheme.project.exceeds(given, levels); more {
		return errTooMuch(permission)
	}
	return nil
}

// mayAssignOn refuses roles that an actor with a role of their own on a project, empty for none, may
// not give or take there.
func (o Organization) mayAssignOn(actor events.UserID, project events.ProjectID, own events.RoleKey, roles ...events.RoleKey) error {
	for _, role := range roles {
		switch {
		case o.scheme.project.mayAssign(own, role):
		case own == "" && o.SeesProject(actor, project):
			return ErrMayNotAssign.Because("You have no role on project %q, so you may not give or take the role %q there.", project, role)
		case own == "":
			return ErrMayNotAssign.Because("You may not give or take what the team gives on projects that you are not on.")
		default:
			return ErrMayNotAssign.Because("With the role %q on project %q you may not give or take the role %q there.", own, project, role)
		}
	}
	return nil
}

func errTooMuch(permission events.PermissionKey) error {
	return ErrMayNotAssign.Because("This would give more of the permission %q than you have yourself.", permission)
}
