package api

import (
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// permissionResult is what decides whether a permission is held to a level.
type permissionResult struct {
	Permission events.PermissionKey `json:"permission"`
	Wanted     events.Level         `json:"wanted" doc:"The level asked for."`
	Held       events.Level         `json:"held" doc:"The level there is."`
	By         []Source             `json:"by,omitempty" doc:"The sources that give the level held, overrides aside."`
	Override   *Override            `json:"override,omitzero" doc:"The override that decides."`
	Roles      []events.RoleKey     `json:"roles,omitzero" doc:"The project roles that give the level asked for, lowest first."`
}

func permissionResultOf(org domain.Organization, visible func(events.TeamID) bool, v domain.PermissionResult) *permissionResult {
	r := &permissionResult{Permission: v.Permission, Wanted: v.Wanted, Held: v.Held, Roles: v.Roles}
	r.By = sourcesOf(org, visible, v.By)
	if v.Override != nil {
		r.Override = &appliedOverrides(org.ID(), []domain.AppliedOverride{*v.Override})[0]
	}
	return r
}

// suggestions says what a no comes from, and what would make it a yes.
type suggestions struct {
	Reason string       `json:"reason" doc:"Why there is no access; where there is some, what keeps the permission low." enum:"not_a_member,invited,deactivated,membership_ended,no_such_project,not_on_the_project,read_only,override,role"`
	Words  string       `json:"words" doc:"The whole of it in words."`
	Would  []suggestion `json:"would" doc:"What would help, each by itself; empty: nothing would."`
}

// suggestion is a command that would help, whoever may give it.
type suggestion struct {
	Action     events.Action        `json:"action"`
	Role       events.RoleKey       `json:"role,omitzero" doc:"To this role."`
	Permission events.PermissionKey `json:"permission,omitzero"`
	Level      events.Level         `json:"level,omitzero"`
}

// What keeps a permission low where there is access.
const (
	byReadOnly = "read_only"
	byOverride = "override"
	byRole     = "role"
)

// suggestionsFor returns nil for a yes.
func suggestionsFor(org domain.Organization, found domain.Access, v *domain.PermissionResult, words string) *suggestions {
	switch {
	case found.Reason != "" && (v == nil || !v.Allowed):
		return &suggestions{string(found.Reason), words, admitting(org, found.Reason)}
	case v == nil || v.Allowed:
		return nil
	case found.ReadOnly:
		return &suggestions{byReadOnly, words, []suggestion{{Action: restoring(org)}}}
	case v.Override != nil:
		return &suggestions{byOverride, words, []suggestion{
			{Action: domain.ClearingOverride, Permission: v.Permission},
			{Action: domain.SettingOverride, Permission: v.Permission, Level: v.Wanted},
		}}
	}
	return &suggestions{byRole, words, raising(v)}
}

// admitting lists what would give access to who has none.
func admitting(org domain.Organization, reason domain.Reason) []suggestion {
	switch reason {
	case domain.NotMember:
		return []suggestion{{Action: domain.InvitingMember}}
	case domain.Invited:
		return []suggestion{{Action: "accept_invite"}}
	case domain.Deactivated:
		return []suggestion{{Action: domain.ReactivatingMember}}
	case domain.MembershipEnded:
		return []suggestion{{Action: domain.ChangingMemberEnd}}
	case domain.NoSuchProject:
		return []suggestion{}
	case domain.NotOnProject:
	}
	ways := []suggestion{{Action: domain.AddingProjectMember}}
	if org.Scheme().Teams.On {
		ways = append(ways, suggestion{Action: domain.AddingTeamMember})
	}
	for _, role := range org.Scheme().Scheme.OrganizationRoles {
		if role.AllProjects != "" && !role.Protected {
			ways = append(ways, suggestion{Action: domain.ChangingMemberRole, Role: role.Key})
		}
	}
	return ways
}

func restoring(org domain.Organization) events.Action {
	if org.Archived() {
		return domain.RestoringOrganization
	}
	return domain.RestoringProject
}

// raising lists what would give more of a permission to who has access.
func raising(v *domain.PermissionResult) []suggestion {
	ways := []suggestion{}
	for _, role := range v.Roles {
		ways = append(ways, suggestion{Action: domain.ChangingProjectMemberRole, Role: role})
	}
	if v.Overridable {
		ways = append(ways, suggestion{Action: domain.SettingOverride, Permission: v.Permission, Level: v.Wanted})
	}
	if len(ways) == 0 {
		ways = append(ways, suggestion{Action: domain.ChangingProjectMemberLevels, Permission: v.Permission, Level: v.Wanted})
	}
	return ways
}
