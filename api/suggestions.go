package api

import (
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// suggestions says why a permission is refused, and which commands would give it.
type suggestions struct {
	Reason string       `json:"reason" doc:"Why there is no access or, if there is some, what keeps the permission low." enum:"not_a_member,invited,deactivated,membership_not_started,membership_ended,no_such_project,not_on_the_project,read_only,override,role"`
	Words  string       `json:"words" doc:"The explanation in words."`
	Would  []suggestion `json:"would" doc:"Commands of which each would give the permission; empty if none would."`
}

// suggestion is a command that would give the permission. The actor may lack the right to
// it.
type suggestion struct {
	Action     events.Action        `json:"action"`
	Role       events.RoleKey       `json:"role,omitzero" doc:"To this role."`
	RoleLabel  string               `json:"role_label,omitzero" doc:"What the role is called."`
	Permission events.PermissionKey `json:"permission,omitzero"`
	Level      events.Level         `json:"level,omitzero"`
}

// The reasons for which somebody with access lacks a permission.
const (
	byReadOnly = "read_only"
	byOverride = "override"
	byRole     = "role"
)

// suggestionsFor returns nil if the permission is allowed.
func (q accessQuestion) suggestionsFor(found domain.Access, v *domain.PermissionResult, words string) *suggestions {
	switch {
	case found.Reason != "" && (v == nil || !v.Allowed):
		return &suggestions{string(found.Reason), words, admitting(q.then, q.user, q.project, found.Reason)}
	case v == nil || v.Allowed:
		return nil
	case found.ReadOnly:
		return &suggestions{byReadOnly, words, []suggestion{{Action: restoring(q.then)}}}
	case v.Override != nil:
		return &suggestions{byOverride, words, []suggestion{
			{Action: domain.ClearingOverride, Permission: v.Permission},
			{Action: domain.SettingOverride, Permission: v.Permission, Level: v.Wanted},
		}}
	}
	return &suggestions{byRole, words, q.raising(v)}
}

// admitting lists the commands that would give access to somebody who has none.
func admitting(org domain.Organization, user events.UserID, project events.ProjectID, reason domain.Reason) []suggestion {
	switch reason {
	case domain.NotMember:
		return []suggestion{{Action: domain.InvitingMember}}
	case domain.Invited:
		return []suggestion{{Action: "accept_invite"}}
	case domain.Deactivated:
		return []suggestion{{Action: domain.ReactivatingMember}}
	case domain.MembershipNotStarted:
		return []suggestion{{Action: "change_member_start"}}
	case domain.MembershipEnded:
		return []suggestion{{Action: domain.ChangingMemberEnd}}
	case domain.NoSuchProject:
		return []suggestion{}
	case domain.NotOnProject:
	}
	ways := []suggestion{{Action: domain.AddingProjectMember}}
	member, _ := org.Member(user)
	if grant, granted := member.Grant(project); granted && grant.From().After(org.Instant()) {
		ways[0].Action = "change_project_member_start"
	}
	if org.Scheme().Teams.On {
		ways = append(ways, suggestion{Action: domain.AddingTeamMember})
	}
	for _, role := range org.Scheme().Scheme.OrganizationRoles {
		if role.AllProjects != "" && !role.Protected {
			ways = append(ways, suggestion{Action: domain.ChangingMemberRole, Role: role.Key, RoleLabel: org.RoleLabel(role.Key)})
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

// raising lists the commands that would give more of a permission to somebody with access.
func (q accessQuestion) raising(v *domain.PermissionResult) []suggestion {
	changeLevels, changeRole := domain.ChangingProjectMemberLevels, domain.ChangingProjectMemberRole
	if q.project == "" {
		changeLevels, changeRole = domain.ChangingMemberLevels, domain.ChangingMemberRole
	}
	ways := []suggestion{}
	if v.OwnLevels {
		ways = append(ways, suggestion{Action: changeLevels, Permission: v.Permission, Level: v.Wanted})
	}
	for _, role := range v.Roles {
		ways = append(ways, suggestion{Action: changeRole, Role: role, RoleLabel: q.label(role)})
	}
	if v.Overridable {
		ways = append(ways, suggestion{Action: domain.SettingOverride, Permission: v.Permission, Level: v.Wanted})
	}
	return ways
}
