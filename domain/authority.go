package domain

import (
	"errors"
	"slices"

	"github.com/seed-2026d078/roster/events"
)

// About is what an action is about. A field is empty if the action is not about such a
// thing.
type About struct {
	Member  events.UserID
	Project events.ProjectID
	Team    events.TeamID
}

// Authorize returns nil if the actor may take the action. Otherwise it returns a
// [*Rejection] that reveals no more than the actor may know: if the actor cannot see a
// thing, it says that the thing does not exist.
func (o Organization) Authorize(actor events.UserID, action events.Action, about About) error {
	if !o.Sees(actor) {
		return ErrNoOrganization
	}
	info := infoOf(action)
	if (about.Project != "" || info.about == aboutProject) && !o.SeesProject(actor, about.Project) {
		return NoProject(actor, about.Project)
	}
	if (about.Team != "" || info.about == aboutTeam) && !o.SeesTeam(actor, about.Team) {
		return NoTeam(actor, about.Team)
	}
	if !o.allows(actor, action, about) {
		return o.scheme.notAllowed(action)
	}
	return o.requireNotArchived(action, about)
}

// byRule adds to the refusal of an action the rule by which a command needs it that has none of its own.
func byRule(err error, rule string) error {
	if errors.Is(err, ErrNotAllowed) {
		return ErrNotAllowed.Because("%s: %s", rule, err)
	}
	return err
}

// startsAsEnds is the rule about starts.
const startsAsEnds = "Those change a start who may change the end"

// requireNotArchived fails if what the action would change is archived.
func (o Organization) requireNotArchived(action events.Action, about About) error {
	info := infoOf(action)
	switch {
	case Shows(action), info.archived && info.about == aboutOrganization:
		return nil
	case o.archived:
		return ErrOrganizationArchived
	case about.Project == "", info.archived:
		return nil
	case o.projects.At(about.Project).Archived:
		return ErrProjectArchived
	}
	return nil
}

// Sees reports whether an actor may know that the organization exists. Its active members
// may, and the system.
func (o Organization) Sees(actor events.UserID) bool {
	return o.Exists() && (actor == events.System || o.active(actor) != nil)
}

// allows reports whether the actor meets one of the conditions under which the scheme allows
// the action. The system meets them always.
func (o Organization) allows(actor events.UserID, action events.Action, about About) bool {
	if actor == events.System {
		return true
	}
	if !o.spend(stepsToAuthorize) {
		return false
	}
	member := o.active(actor)
	allowance, listed := o.scheme.Allow[action]
	return member != nil && listed && o.meets(actor, member, allowance, about)
}

// meets reports whether an active member meets one of the conditions of an allowance.
func (o Organization) meets(actor events.UserID, member *Member, allowance events.Allowance, about About) bool {
	if allowance.Anyone || allowance.Self && about.Member == actor || slices.ContainsFunc(allowance.OrganizationRoles, func(role events.RoleKey) bool { return o.holds(member, role) }) ||
		o.scheme.organization.hasLevels(o.levels(member), allowance.Organization) {
		return true
	}
	if about.Project != "" && (allowance.ProjectRoles != nil || allowance.Project != nil) {
		role, levels := o.rightsOn(actor, about.Project)
		if slices.Contains(allowance.ProjectRoles, role) || o.scheme.project.hasLevels(levels, allowance.Project) {
			return true
		}
	}
	return slices.Contains(allowance.TeamRoles, o.teamRole(actor, about.Team))
}

// hasLevels reports whether somebody has every level that is wanted. It is false if none is.
func (r roleSet) hasLevels(held []level, wanted events.Levels) bool {
	for permission, level := range wanted {
		i := r.index(permission)
		if i < 0 || held == nil || held[i] < parseLevel(level) {
			return false
		}
	}
	return len(wanted) > 0
}

func (o Organization) teamRole(user events.UserID, id events.TeamID) events.RoleKey {
	if team := o.teams.At(id); team != nil {
		if teamMember := team.members.At(user); teamMember != nil {
			return teamMember.Role
		}
	}
	return ""
}

// SeesProject reports whether an actor may know that a project exists.
func (o Organization) SeesProject(actor events.UserID, id events.ProjectID) bool {
	switch {
	case o.projects.At(id) == nil:
		return false
	case actor == events.System:
		return true
	}
	return o.HasAccess(actor, id) || o.SeesAllProjects(actor)
}

// SeesAllProjects reports whether an actor may know of every project, whatever they have
// there: if projects are visible to the organization, if the scheme allows it, and if they
// may give something on every project by a delegation.
func (o Organization) SeesAllProjects(actor events.UserID) bool {
	switch {
	case actor == events.System:
		return true
	case o.active(actor) == nil:
		return false
	case o.scheme.ProjectsVisibleTo == events.ToOrganization:
		return true
	}
	return o.allows(actor, SeeingAllProjects, About{}) || o.delegatedEverywhere(actor)
}
