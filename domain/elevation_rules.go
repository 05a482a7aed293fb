package domain

import (
	"fmt"
	"slices"
	"time"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/phrase"
)

// elevationRules returns what the scheme says of roles in the organization, or of those on projects.
func (o Organization) elevationRules(project events.ProjectID) ([]events.ElevationRule, *roleSet) {
	if project != "" {
		return o.scheme.Elevation.Project, &o.scheme.project
	}
	return o.scheme.Elevation.Organization, &o.scheme.organization
}

// elevationRule returns what the scheme says of a role to which people can be elevated; nil if they cannot.
func (o Organization) elevationRule(project events.ProjectID, role events.RoleKey) *events.ElevationRule {
	rules, _ := o.elevationRules(project)
	for i := range rules {
		if rules[i].Role == role {
			return &rules[i]
		}
	}
	return nil
}

// elevationFor returns what the scheme says of an elevation of a member, who holds a role without it. It fails if the scheme allows none to that role, or
// none from theirs.
func (o Organization) elevationFor(user events.UserID, member *Member, project events.ProjectID, to events.RoleKey) (*events.ElevationRule, error) {
	rules, roles := o.elevationRules(project)
	held := member.Role
	if project != "" {
		held = o.withoutElevationsOf(user).highestRole(member, o.projects.At(project))
	}
	if len(rules) == 0 {
		return nil, ErrNoElevation.Because("The organization's scheme has no elevation %s (its setting elevation); ask somebody who may change roles.", where(project))
	}
	if err := roles.validateRole(to); err != nil {
		return nil, err
	}
	rule := o.elevationRule(project, to)
	switch {
	case rule == nil:
		names := make([]events.RoleKey, len(rules))
		for i := range rules {
			names[i] = rules[i].Role
		}
		return nil, ErrNoElevation.Because("Nobody can ask for the role %q for a time; the organization's scheme allows it for %s.", to, phrase.Join(names, " and "))
	case roles.rank(held) >= roles.rank(to):
		return nil, ErrHasAccess.Because("The role %q is no higher than %q, which this person has.", to, held)
	case len(rule.From) > 0 && !slices.Contains(rule.From, held):
		return nil, ErrNoElevation.Because("Holders of the role %q cannot ask for %q for a time; the organization's scheme lets %s.", held, to, phrase.Join(rule.From, " and "))
	}
	return rule, nil
}

// orElevated is a sentence that says to which roles a member can ask to be elevated; empty if there are none.
func (o Organization) orElevated(user events.UserID, member *Member, project events.ProjectID) string {
	rules, _ := o.elevationRules(project)
	var to []events.RoleKey
	for i := range rules {
		if _, err := o.elevationFor(user, member, project, rules[i].Role); err == nil {
			to = append(to, rules[i].Role)
		}
	}
	if len(to) == 0 {
		return ""
	}
	return fmt.Sprintf(" For a time, they can ask for %s (request_elevation).", phrase.Join(to, " or "))
}

func where(project events.ProjectID) string {
	if project != "" {
		return "on projects"
	}
	return "to roles in the organization"
}

// mayElevate fails if an actor may not approve, or end, the elevation of a member to a role. They may who could give the role for good by what they hold
// without an elevation, and who are among the approvers of the scheme, if it names any.
func (o Organization) mayElevate(actor, user events.UserID, project events.ProjectID, role events.RoleKey) error {
	if actor == events.System {
		return nil
	}
	o = o.withoutElevationsOf(actor)
	action, about := ChangingMemberRole, About{Member: user, Project: project}
	if project != "" {
		action = ChangingProjectMemberRole
		if !o.SeesProject(actor, project) {
			return NoProject(actor, project)
		}
	}
	rule, member := o.elevationRule(project, role), o.active(actor)
	switch {
	case member == nil:
		return ErrNoOrganization
	case rule != nil && rule.Approvers != nil:
		if !o.meets(actor, member, *rule.Approvers, about) {
			return ErrNotAllowed
		}
	case !o.allows(actor, action, about):
		return o.scheme.notAllowed(action)
	}
	if project != "" {
		return o.mayGrant(project, actor, user, role, nil, nil)
	}
	return o.mayGive(actor, role, nil)
}

// validateTime fails if an elevation that begins now would last longer than the rule allows.
func validateTime(rule *events.ElevationRule, m events.Moment, until time.Time) error {
	if most := time.Duration(rule.MaxHours) * time.Hour; until.Sub(m.Instant()) > most {
		return ErrElevationTooLong.Because("The organization's scheme gives the role %q for at most %s; ask for less.", rule.Role, phrase.Count(rule.MaxHours, "hour", "hours"))
	}
	return nil
}
