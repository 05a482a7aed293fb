package domain

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-2026d078/roster/events"
)

// SchemeDifference is one thing that two schemes say differently.
type SchemeDifference struct {
	// Where is the setting, as in project_roles.editor.levels.build.
	Where string
	// From and To are what the schemes say in words; empty where one says nothing.
	From, To string
}

// Differences lists what another scheme says differently: first what it changes and
// leaves out, in the order of this one, then what it adds, in its own. What is said in
// other words, such as a default left out, is no difference.
func (s *Scheme) Differences(other *Scheme) []SchemeDifference {
	from, to := outlined(s.Scheme), outlined(other.Scheme)
	var found []SchemeDifference
	for _, line := range from.lines {
		if said := to.said[line.where]; said != line.said {
			found = append(found, SchemeDifference{line.where, line.said, said})
		}
	}
	for _, line := range to.lines {
		if _, known := from.said[line.where]; !known {
			found = append(found, SchemeDifference{Where: line.where, To: line.said})
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

func outlined(s events.Scheme) *outline {
	o := &outline{said: map[string]string{}}
	o.say(s.Key, "key")
	o.say(strconv.Itoa(s.Version), "version")
	o.say(s.Label, "label")
	o.permissions("organization", s.Permissions.Organization)
	o.permissions("project", s.Permissions.Project)
	o.roles("organization_roles", s.OrganizationRoles, s.Permissions.Organization)
	o.roles("project_roles", s.ProjectRoles, s.Permissions.Project)
	o.teams(s.Teams)
	o.say(customary(s.CustomRoles.Organization), "custom_roles", "organization")
	o.say(customary(s.CustomRoles.Project), "custom_roles", "project")
	if s.Overrides.On {
		o.say(string(cmp.Or(s.Overrides.May, events.RaiseAndLower)), "overrides")
	}
	o.say(string(s.ProjectCreator), "project_creator")
	o.say(yes(s.CreatorProtected), "creator_protected")
	o.say(string(s.ProjectsVisibleTo), "projects_visible_to")
	o.say(number(s.InviteDays), "invite_days")
	o.say(yes(s.PublicLink.Allowed), "public_link", "allowed")
	o.levels([]string{"public_link", "levels"}, s.PublicLink.Levels, s.Permissions.Project)
	o.say(number(s.Seats.Limit), "seats", "limit")
	o.say(yes(s.Seats.InvitesHold), "seats", "invites_hold")
	o.say(string(cmp.Or(s.RoleNotices.When, events.BothTimes)), "role_notices", "when")
	o.say(strings.Join(s.RoleNotices.Channels, ", "), "role_notices", "channels")
	for _, action := range Actions() {
		if a, listed := s.Allow[action]; listed {
			o.say(whoever(a), "allow", string(action))
		}
	}
	return o
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
		o.say(spelled(role.HandedOutBy), where, key, "handed_out_by")
		o.say(yes(role.Custom), where, key, "custom")
	}
}

// levels says those above the lowest, which is what a level left out is.
func (o *outline) levels(where []string, levels events.Levels, catalogue []events.Permission) {
	for _, permission := range catalogue {
		if level := levels[permission.Key]; parseLevel(level) > 0 {
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
	o.say(string(cmp.Or(t.Confer, events.StatedRole)), "teams", "confer")
	o.roles("teams.roles", t.Roles, nil)
}

// whoever puts an allowance into words.
func whoever(a events.Allowance) string {
	var who []string
	if a.Anyone {
		who = append(who, "anyone")
	}
	if a.Self {
		who = append(who, "oneself")
	}
	for _, way := range []struct{ said, where string }{
		{spelled(a.OrganizationRoles), " of the organization"},
		{spelledLevels(a.Organization), " in the organization"},
		{spelled(a.ProjectRoles), " of the project"},
		{spelledLevels(a.Project), " on the project"},
		{spelled(a.TeamRoles), " of the team"},
	} {
		if way.said != "" {
			who = append(who, way.said+way.where)
		}
	}
	return strings.Join(who, "; ")
}

func spelled(roles []events.RoleKey) string {
	return listed(slices.Sorted(slices.Values(roles)), " or ")
}

func spelledLevels(levels events.Levels) string {
	var all []string
	for _, permission := range slices.Sorted(maps.Keys(levels)) {
		all = append(all, fmt.Sprintf("%s %s", permission, levels[permission]))
	}
	return listed(all, " and ")
}

func customary(custom events.CustomLimit) string {
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
