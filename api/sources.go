package api

import (
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// Origin is the event that caused a fact.
type Origin struct {
	Event string        `json:"event" doc:"The id of the event: organization/version/index."`
	Since time.Time     `json:"since" doc:"When it happened."`
	By    events.UserID `json:"by,omitzero" doc:"The actor; left out: the system."`
}

func originOf(org events.OrganizationID, o events.Origin) Origin {
	return Origin{Event: o.ID(org), Since: o.At.UTC(), By: o.Actor}
}

// orNever returns a time as answers have it; nil for the zero time.
func orNever(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	at = at.UTC()
	return &at
}

// Source is one reason for somebody's access to a project, or to the organization itself.
type Source struct {
	Kind      domain.SourceKind `json:"kind" enum:"direct,creator,organization,elevation,team"`
	Role      events.RoleKey    `json:"role" doc:"The role that this source gives: on the project, or in the organization if the question is about that."`
	RoleLabel string            `json:"role_label" doc:"What the role is called."`
	Team      events.TeamID     `json:"team,omitzero" doc:"The team assigned; left out: none, or one that the actor does not see."`
	TeamName  string            `json:"team_name,omitzero"`
	Via       events.TeamID     `json:"via,omitzero" doc:"The team that the person is in: the one assigned, or one below it."`
	ViaName   string            `json:"via_name,omitzero"`
	Levels    events.Levels     `json:"levels,omitempty" doc:"The person's own beside the role."`
	Bypass    bool              `json:"bypass,omitzero" doc:"Grants everything, whatever levels and overrides say."`
	From      *time.Time        `json:"from,omitzero" doc:"When the source starts, or has started later than it was given; left out: at once."`
	Until     *time.Time        `json:"until,omitzero" doc:"When the source ends; left out: never."`
	// Request and Elevated are set for the kind elevation.
	Request       events.AccessRequestID `json:"request,omitzero" doc:"What asked for a higher role for a time, of the kind elevation; by is who approved it."`
	Elevated      events.RoleKey         `json:"organization_role,omitzero" doc:"The role in the organization by which an elevation reaches the project; left out: it is one on the project."`
	ElevatedLabel string                 `json:"organization_role_label,omitzero" doc:"What that role is called."`
	// Origin is the event that made the grant, the assignment or the elevation, or that gave the role of
	// the organization.
	Origin
	Entered *Origin `json:"entered,omitzero" doc:"The event that put the person into the team; only for sources of the kind team."`
}

// Override is the level of one permission of somebody on a project, which replaces that of
// the role.
type Override struct {
	Permission events.PermissionKey `json:"permission"`
	Level      events.Level         `json:"level"`
	Instead    events.Level         `json:"instead,omitzero" doc:"The level that it replaces; left out: it changes nothing."`
	Origin
}

// sourcesInOrganization returns the sources of an access to the organization itself.
func sourcesInOrganization(org domain.Organization, from []domain.Source) []Source {
	shown := make([]Source, len(from))
	for i, source := range from {
		shown[i] = sourceOf(org, nil, source)
		shown[i].RoleLabel, shown[i].Elevated, shown[i].ElevatedLabel = org.RoleLabel(source.Role), "", ""
	}
	return shown
}

// sourcesOf returns the sources of an access to a project. It names only teams that are visible.
func sourcesOf(org domain.Organization, visible func(events.TeamID) bool, from []domain.Source) []Source {
	shown := make([]Source, len(from))
	for i, source := range from {
		shown[i] = sourceOf(org, visible, source)
	}
	return shown
}

func sourceOf(org domain.Organization, visible func(events.TeamID) bool, from domain.Source) Source {
	shown := Source{
		Kind: from.Kind, Role: from.Role, RoleLabel: org.ProjectRoleLabel(from.Role), Levels: from.Levels, Bypass: from.Bypass,
		From: orNever(from.From), Until: orNever(from.Until), Origin: originOf(org.ID(), from.Origin),
	}
	if from.Kind == domain.ThroughElevation {
		shown.Request = from.Elevation.Request
		if from.Elevation.Project == "" {
			shown.Elevated, shown.ElevatedLabel = from.Elevation.Role, org.RoleLabel(from.Elevation.Role)
		}
	}
	if from.Kind != domain.ThroughTeam {
		return shown
	}
	entered := originOf(org.ID(), from.Entered)
	shown.Entered = &entered
	if visible(from.Team) {
		team, _ := org.Team(from.Team)
		shown.Team, shown.TeamName = from.Team, team.Name
	}
	if visible(from.Via) {
		via, _ := org.Team(from.Via)
		shown.Via, shown.ViaName = from.Via, via.Name
	}
	return shown
}

// visibleTeams returns whether an actor may know of a team. The system may also know of one
// that was removed.
func visibleTeams(org domain.Organization, actor events.UserID) func(events.TeamID) bool {
	if actor == events.System {
		return func(events.TeamID) bool { return true }
	}
	return org.VisibleTeams(actor)
}

// visibleFormerTeams is visibleTeams for teams of the past.
func visibleFormerTeams(now, then domain.Organization, actor events.UserID) func(events.TeamID) bool {
	if actor == events.System {
		return func(events.TeamID) bool { return true }
	}
	return now.VisibleFormerTeams(actor, then)
}

// appliedOverrides returns the overrides that changed something about an access.
func appliedOverrides(org events.OrganizationID, applied []domain.AppliedOverride) []Override {
	var shown []Override
	for _, o := range applied {
		shown = append(shown, Override{Permission: o.Permission, Level: o.Level, Instead: o.Replaced, Origin: originOf(org, o.Origin)})
	}
	return shown
}

// overridesOf returns all overrides of somebody on a project, also those that change
// nothing.
func overridesOf(org events.OrganizationID, member domain.Member, project events.ProjectID, access domain.Access) []Override {
	var shown []Override
	for _, set := range member.OverridesOn(project) {
		one := Override{Permission: set.Permission, Level: set.Level, Origin: originOf(org, set.Origin)}
		for _, applied := range access.Overrides {
			if applied.Permission == set.Permission {
				one.Instead = applied.Replaced
			}
		}
		shown = append(shown, one)
	}
	return shown
}
