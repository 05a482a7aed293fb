package scheme

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/phrase"
)

// Difference is a setting that differs between two schemes.
type Difference struct {
	// Where is the setting, as in project_roles.editor.levels.build.
	Where string
	// From and To are what the schemes say in words; empty where one says nothing.
	From, To string
}

// Diff returns what another scheme says differently: first what it changes and leaves
// out, in the order of this one, then what it adds, in its own order. What is said in
// other words, such as a default left out, is no difference.
func Diff(from, to *domain.Scheme) []Difference { return diff(from.Scheme, to.Scheme) }

// Drift returns what a scheme that an organization could choose today says differently
// from the one that it has. It leaves out what organizations change by themselves: roles
// of their own, and the labels of roles.
func Drift(has, offered *domain.Scheme) []Difference {
	return diff(withoutOwn(has.Scheme), withoutOwn(offered.Scheme))
}

// withoutOwn returns the rules without what organizations change by themselves.
func withoutOwn(s events.Scheme) events.Scheme {
	for _, list := range []*[]events.Role{&s.OrganizationRoles, &s.ProjectRoles} {
		*list = slices.DeleteFunc(slices.Clone(*list), func(r events.Role) bool { return r.Custom })
		for i := range *list {
			(*list)[i].Label = ""
		}
	}
	return s
}

func diff(from, to events.Scheme) []Difference {
	old, now := outlineOf(from), outlineOf(to)
	var found []Difference
	for _, line := range old.lines {
		if said := now.said[line.where]; said != line.said {
			found = append(found, Difference{line.where, line.said, said})
		}
	}
	for _, line := range now.lines {
		if _, known := old.said[line.where]; !known {
			found = append(found, Difference{Where: line.where, To: line.said})
		}
	}
	return found
}

// outline is what a scheme says, one setting a line, in the order of its files.
type outline struct {
	lines []outlineLine
	said  map[string]string
}

type outlineLine struct{ where, said string }

// say adds a line, unless the setting says nothing.
func (o *outline) say(said string, where ...string) {
	if said == "" {
		return
	}
	line := outlineLine{strings.Join(where, "."), said}
	o.lines = append(o.lines, line)
	o.said[line.where] = said
}

func outlineOf(s events.Scheme) *outline {
	o := &outline{said: map[string]string{}}
	o.say(s.Key, "key")
	o.say(strconv.Itoa(s.Version), "version")
	o.say(s.Label, "label")
	o.permissions("organization", s.Permissions.Organization)
	o.permissions("project", s.Permissions.Project)
	o.roles("organization_roles", s.OrganizationRoles, s.Permissions.Organization)
	o.roles("project_roles", s.ProjectRoles, s.Permissions.Project)
	o.teams(s.Teams)
	o.say(customInWords(s.CustomRoles.Organization), "custom_roles", "organization")
	o.say(customInWords(s.CustomRoles.Project), "custom_roles", "project")
	if s.Overrides.On {
		o.say(string(cmp.Or(s.Overrides.May, events.RaiseAndLower)), "overrides")
	}
	o.say(string(s.ProjectCreator), "project_creator")
	o.say(yes(s.CreatorProtected), "creator_protected")
	o.say(string(s.ProjectsVisibleTo), "projects_visible_to")
	o.say(number(s.InviteDays), "invite_days")
	o.say(string(cmp.Or(s.InviteBind, events.BindAddress)), "invite_bind")
	o.say(string(s.AccessRequests.Join), "access_requests", "join")
	o.say(string(s.AccessRequests.Projects), "access_requests", "projects")
	o.say(number(s.AccessRequests.Days), "access_requests", "days")
	o.elevation("organization", s.Elevation.Organization)
	o.elevation("project", s.Elevation.Project)
	o.say(yes(s.PublicLink.Allowed), "public_link", "allowed")
	o.levels([]string{"public_link", "levels"}, s.PublicLink.Levels, s.Permissions.Project)
	o.say(number(s.Seats.Limit), "seats", "limit")
	o.say(yes(s.Seats.InvitesHold), "seats", "invites_hold")
	o.say(string(cmp.Or(s.RoleNotices.When, events.BothTimes)), "role_notices", "when")
	o.say(strings.Join(s.RoleNotices.Channels, ", "), "role_notices", "channels")
	o.say(number(s.BroadAccess), "broad_access")
	for i, d := range s.Delegations {
		said := allowanceInWords(d.Who) + ": " + phrase.Join(slices.Sorted(slices.Values(d.Roles)), " and ")
		if len(d.Permissions) > 0 {
			said += ", any level of " + phrase.Join(slices.Sorted(slices.Values(d.Permissions)), " and ")
		}
		o.say(said, "delegations", strconv.Itoa(i))
	}
	for _, action := range domain.Actions() {
		if a, allowed := s.Allow[action]; allowed {
			o.say(allowanceInWords(a), "allow", string(action))
		}
	}
	return o
}

func (o *outline) elevation(kind string, rules []events.ElevationRule) {
	for _, rule := range rules {
		said := "at most " + phrase.Count(rule.MaxHours, "hour", "hours")
		if len(rule.From) > 0 {
			said += ", from " + rolesInWords(rule.From)
		}
		if rule.ReasonRequired {
			said += ", with a reason"
		}
		if rule.Approvers != nil {
			said += ", approved by " + allowanceInWords(*rule.Approvers)
		}
		o.say(said, "elevation", kind, string(rule.Role))
	}
}

func (o *outline) permissions(kind string, catalogue []events.Permission) {
	for _, permission := range catalogue {
		said := string(cmp.Or(permission.Kind, events.ByLevel))
		if permission.Label != "" {
			said = fmt.Sprintf("%s %q", said, permission.Label)
		}
		if permission.Group != "" {
			said += fmt.Sprintf(" under %q", permission.Group)
		}
		o.say(said, "permissions", kind, string(permission.Key))
	}
}

func (o *outline) roles(where string, list []events.Role, catalogue []events.Permission) {
	for _, role := range list {
		key := string(role.Key)
		o.say(fmt.Sprintf("rank %d", role.Rank), where, key)
		o.say(role.Label, where, key, "label")
		o.levels([]string{where, key, "levels"}, role.Levels, catalogue)
		o.say(string(role.OwnLevels), where, key, "own_levels")
		o.say(string(role.AllProjects), where, key, "all_projects")
		o.say(string(role.DefaultProjectRole), where, key, "default_project_role")
		o.say(yes(role.Bypass), where, key, "bypass")
		o.say(yes(role.Protected), where, key, "protected")
		o.say(number(role.AtLeast), where, key, "at_least")
		o.say(yes(role.Default), where, key, "default")
		o.say(rolesInWords(role.HandedOutBy), where, key, "handed_out_by")
		o.say(yes(role.Custom), where, key, "custom")
	}
}

// levels adds those above the lowest: a level that is left out is the lowest.
func (o *outline) levels(where []string, levels events.Levels, catalogue []events.Permission) {
	for _, permission := range catalogue {
		if level := levels[permission.Key]; level.Grants() {
			o.say(string(level), append(slices.Clone(where), string(permission.Key))...)
		}
	}
}

func (o *outline) teams(t events.Teams) {
	if !t.On {
		return
	}
	o.say("on", "teams")
	o.say(yes(t.Nested), "teams", "nested")
	o.say(yes(t.Inherit), "teams", "inherit")
	o.say(number(t.MaxDepth), "teams", "max_depth")
	o.say(string(cmp.Or(t.Confer, events.StatedRole)), "teams", "confer")
	o.roles("teams.roles", t.Roles, nil)
}

// allowanceInWords names who may do something.
func allowanceInWords(a events.Allowance) string {
	var who []string
	if a.Anyone {
		who = append(who, "anyone")
	}
	if a.Self {
		who = append(who, "oneself")
	}
	for _, way := range []struct{ said, where string }{
		{rolesInWords(a.OrganizationRoles), " of the organization"},
		{levelsInWords(a.Organization), " in the organization"},
		{rolesInWords(a.ProjectRoles), " of the project"},
		{levelsInWords(a.Project), " on the project"},
		{rolesInWords(a.TeamRoles), " of the team"},
	} {
		if way.said != "" {
			who = append(who, way.said+way.where)
		}
	}
	return strings.Join(who, "; ")
}

func rolesInWords(roles []events.RoleKey) string {
	return phrase.Join(slices.Sorted(slices.Values(roles)), " or ")
}

func levelsInWords(levels events.Levels) string {
	var all []string
	for _, permission := range slices.Sorted(maps.Keys(levels)) {
		all = append(all, fmt.Sprintf("%s %s", permission, levels[permission]))
	}
	return phrase.Join(all, " and ")
}

func customInWords(custom events.CustomLimit) string {
	switch {
	case !custom.Allowed:
		return ""
	case custom.UpTo == "":
		return "allowed"
	}
	return "allowed up to " + string(custom.UpTo)
}

func yes(said bool) string {
	if said {
		return "yes"
	}
	return ""
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
