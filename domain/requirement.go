package domain

import (
	"slices"

	"github.com/seed-2026d078/roster/events"
)

// requirement looks for a part of a scheme that an action needs. It returns what is
// missing in words, empty for nothing.
type requirement func(s *events.Scheme) string

func teams(s *events.Scheme) string { return missingUnless(s.Teams.On, "there are no teams") }

func nestedTeams(s *events.Scheme) string {
	if missing := teams(s); missing != "" {
		return missing
	}
	return missingUnless(s.Teams.Nested, "teams are not nested")
}

func statedRoles(s *events.Scheme) string {
	if missing := teams(s); missing != "" {
		return missing
	}
	return missingUnless(s.Teams.Confer != events.MembersDefault, "assignments state no role")
}

func overrides(s *events.Scheme) string {
	return missingUnless(s.Overrides.On, "there are no overrides")
}

func requiredHolders(s *events.Scheme) string {
	return missingUnless(slices.ContainsFunc(s.ProjectRoles, mustBeHeld), "no project role has at_least")
}

func publicLinks(s *events.Scheme) string {
	return missingUnless(s.PublicLink.Allowed, "there are no public links")
}

func accessRequests(s *events.Scheme) string {
	return missingUnless(s.AccessRequests.Join != "" || s.AccessRequests.Projects != "", "there are no requests for access")
}

func customRoles(s *events.Scheme) string {
	return missingUnless(s.CustomRoles.Organization.Allowed || s.CustomRoles.Project.Allowed, "there are no custom roles")
}

func ownLevelsInOrganization(s *events.Scheme) string {
	return missingUnless(carryOwnLevels(s.OrganizationRoles), "no organization role has own_levels")
}

func ownLevelsOnProjects(s *events.Scheme) string {
	return missingUnless(carryOwnLevels(s.ProjectRoles), "no project role has own_levels")
}

// missingUnless returns what is missing if a requirement is not met; otherwise it returns nothing.
func missingUnless(met bool, missing string) string {
	if met {
		return ""
	}
	return missing
}

// carryOwnLevels reports whether holders of one of the roles carry levels of their own.
func carryOwnLevels(list []events.Role) bool {
	return slices.ContainsFunc(list, func(r events.Role) bool { return r.OwnLevels != "" })
}
