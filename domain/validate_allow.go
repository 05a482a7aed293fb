package domain

import (
	"maps"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/seed-2026d078/roster/events"
)

// allowance judges who may take an action, and whether it can be taken at all.
func (j judge) allowance(action events.Action, a events.Allowance) {
	at := below("/allow", action)
	if lack := j.lack(action); lack != "" {
		j.fail(at, "%s, so nobody can do this; leave it out", lack)
		return
	}
	j.knowsAll(below(at, "organization_roles"), a.OrganizationRoles, j.OrganizationRoles)
	j.knowsAll(below(at, "project_roles"), a.ProjectRoles, j.ProjectRoles)
	j.knowsAll(below(at, "team_roles"), a.TeamRoles, j.Teams.Roles)
	j.asks(below(at, "organization"), a.Organization, j.Permissions.Organization)
	j.asks(below(at, "project"), a.Project, j.Permissions.Project)
}

// asks refuses besides to ask for the lowest level, which everybody has.
func (j judge) asks(at jsontext.Pointer, levels events.Levels, catalogue []events.Permission) {
	j.levels(at, levels, catalogue)
	for _, permission := range slices.Sorted(maps.Keys(levels)) {
		if degreeOf(levels[permission]) == 0 {
			j.fail(below(at, permission), "everybody has %s; ask for more, or say anyone: true", levels[permission])
		}
	}
}

// lack says what an action needs that the scheme has not; empty for nothing.
func (j judge) lack(action events.Action) string {
	switch action {
	case CreatingTeam, RenamingTeam, DescribingTeam, ColouringTeam, MovingTeam, RemovingTeam,
		AddingTeamMember, ChangingTeamRole, RemovingTeamMember,
		AssigningTeam, ChangingAssignment, ChangingAssignmentEnd, UnassigningTeam, SeeingTeams, SeeingSecretTeams:
		switch {
		case !j.Teams.On:
			return "there are no teams"
		case action == MovingTeam && !j.Teams.Nested:
			return "teams are not nested"
		case action == ChangingAssignment && j.Teams.Confer == events.MembersDefault:
			return "assignments state no role"
		}
	case SettingOverride, ClearingOverride:
		if !j.Overrides.On {
			return "there are no overrides"
		}
	case TurningOnPublicLink, RotatingPublicLink, TurningOffPublicLink, SeeingPublicLink:
		if !j.PublicLink.Allowed {
			return "there are no public links"
		}
	case DefiningRole, RedefiningRole, RetiringRole:
		if !j.CustomRoles.Organization.Allowed && !j.CustomRoles.Project.Allowed {
			return "there are no custom roles"
		}
	case ChangingLevels:
		if !carries(j.OrganizationRoles) {
			return "no organization role has own_levels"
		}
	case ChangingProjectLevels:
		if !carries(j.ProjectRoles) {
			return "no project role has own_levels"
		}
	}
	return ""
}

// carries tells whether holders of one of the roles carry levels of their own.
func carries(list []events.Role) bool {
	return slices.ContainsFunc(list, func(r events.Role) bool { return r.OwnLevels != "" })
}
