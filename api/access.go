package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// access says what somebody may do on a project, and why.
type access struct {
	Organization events.OrganizationID `json:"organization"`
	Project      events.ProjectID      `json:"project"`
	User         events.UserID         `json:"user"`
	Role         events.RoleKey        `json:"role,omitzero" doc:"The highest over the sources; left out where there is no access."`
	RoleLabel    string                `json:"role_label,omitzero" doc:"What the role is called."`
	Reason       domain.Reason         `json:"reason,omitzero" doc:"Why there is no access." enum:"not_a_member,invited,deactivated,membership_not_started,membership_ended,no_such_project,not_on_the_project"`
	ReadOnly     bool                  `json:"read_only,omitzero" doc:"Whether the levels are lowered to view, since the project or the organization is archived."`
	Permissions  events.Levels         `json:"permissions" doc:"The effective level of each, overrides and archiving included."`
	Sources      []Source              `json:"sources" doc:"Every reason for the access, with the event behind it."`
	Overrides    []Override            `json:"overrides,omitzero" doc:"Those that changed something, with the event behind them."`
	Allowed      *bool                 `json:"allowed,omitzero" doc:"Whether the person has the permission; left out if the request names none."`
	Result       *permissionResult     `json:"result,omitzero" doc:"What decides the result."`
	Explanation  string                `json:"explanation,omitzero" doc:"The same in words."`
	Suggestions  *suggestions          `json:"suggestions,omitzero" doc:"Why the permission is refused, and what would give it."`
	At           time.Time             `json:"at,omitzero" doc:"The time in the past that the request names."`
	Notices      []notification        `json:"notices,omitempty" doc:"Changes of the actor's role here that were not marked as shown yet, oldest first."`
}

func (s *Server) accessRoutes() {
	read(s, route{http.MethodGet, organizationPath + "/projects/{project}/access/{user}", "get_access", "Access", "Look at what somebody may do on a project, and why"}, s.getAccess)
}

// accessQuery asks for somebody's access to a project.
type accessQuery struct {
	ProjectPath
	User events.UserID `path:"user" doc:"The person." maxLength:"255"`
	At   instant       `query:"at" doc:"A time in the past; left out: now."`
	Former
	Explain    string               `query:"explain" doc:"Adds the explanation in words. It needs no value." enum:"true,false"`
	Permission events.PermissionKey `query:"permission" doc:"Ask for one permission." maxLength:"255"`
	Level      events.Level         `query:"level" doc:"The level of the permission; left out: the highest." maxLength:"255"`

	words bool
}

// Resolve reads explain, which needs no value: ?explain means true. It stands before that of
// Former.
func (q *accessQuery) Resolve(ctx huma.Context) []error {
	u := ctx.URL()
	q.words = u.Query().Has("explain") && q.Explain != "false"
	return q.Former.Resolve(ctx)
}

func (s *Server) getAccess(ctx context.Context, in *accessQuery) (*answer[access], error) {
	now, then, position, err := s.instants(ctx, in)
	if err != nil {
		return nil, err
	}
	actor := requestFrom(ctx).actor
	visible := visibleFormerTeams(now, then, actor)
	found := redact(now, actor, then.Access(in.User, in.Project))
	shown := access{
		Organization: in.Org, Project: in.Project, User: in.User, At: in.At.Time,
		Role: found.Role, RoleLabel: then.ProjectRoleLabel(found.Role), Reason: found.Reason, ReadOnly: found.ReadOnly, Permissions: found.Levels(),
		Sources: sourcesOf(then, visible, found.Sources), Overrides: appliedOverrides(in.Org, found.Overrides),
	}
	words := then.Explain(in.User, in.Project, found, visible)
	result, err := in.checkPermission(then, found)
	if err != nil {
		return nil, err
	}
	if result != nil {
		words = then.ExplainPermission(in.User, in.Project, found, *result, visible)
		shown.Allowed, shown.Result = &result.Allowed, permissionResultOf(then, visible, *result)
	}
	if in.words {
		shown.Explanation = words
	}
	if in.At.IsZero() {
		shown.Suggestions = suggestionsFor(then, in, found, result, words)
	}
	if actor == in.User {
		shown.Notices, err = s.notices(ctx, now, in.Project)
	}
	return fromMemory(now, position, shown), err
}

// instants returns the organization as it is now, by which the actor's rights are decided,
// and as it was at the time that the request names.
func (s *Server) instants(ctx context.Context, in *accessQuery) (now, then domain.Organization, position events.Position, err error) {
	if in.At.IsZero() {
		now, position, err = s.visibleOrganization(ctx, in.Org)
	} else {
		now, position, err = s.currentOrDeleted(ctx, in.Org, "", domain.About{})
	}
	if err == nil {
		err = maySeeAccess(now, requestFrom(ctx).actor, in.User, in.Project)
	}
	if err != nil || in.At.IsZero() {
		return now, now, position, err
	}
	state, err := s.stateAt(ctx, in.At.Time, in.Org)
	return now, state.Organization(in.Org).At(in.At.Time), position, err
}

// checkPermission returns the result for the permission that the request names; nil if it
// names none.
func (q *accessQuery) checkPermission(org domain.Organization, found domain.Access) (*domain.PermissionResult, error) {
	switch {
	case q.Permission == "" && q.Level == "":
		return nil, nil //nolint:nilnil // nothing was asked
	case q.Permission == "":
		return nil, errMalformed.because("A level is one of a permission; say which permission.")
	case !org.Exists():
		return nil, domain.ErrNoOrganization
	}
	result, err := org.CheckPermission(found, q.Permission, q.Level)
	return &result, err
}

// maySeeAccess lets the system see all, people see their own access to projects
// that they know of, and others those who see others' access.
func maySeeAccess(org domain.Organization, actor, user events.UserID, project events.ProjectID) error {
	switch {
	case actor == events.System:
		return nil
	case !org.SeesProject(actor, project):
		return domain.NoProject(actor, project)
	case actor == user:
		return nil
	}
	return org.Authorize(actor, domain.SeeingAccessOfOthers, domain.About{Project: project, Member: user})
}

// redact leaves out what the actor may not know now: whether somebody is invited.
func redact(org domain.Organization, actor events.UserID, found domain.Access) domain.Access {
	if found.Reason == domain.Invited && actor != events.System && org.Authorize(actor, domain.SeeingInvites, domain.About{}) != nil {
		found.Reason = domain.NotMember
	}
	return found
}

// permissionResult says whether somebody has a permission at a level, and what decides it.
type permissionResult struct {
	Permission events.PermissionKey `json:"permission"`
	Wanted     events.Level         `json:"wanted" doc:"The level asked for."`
	Held       events.Level         `json:"held" doc:"The level there is."`
	By         []Source             `json:"by,omitempty" doc:"The sources that give the present level, without overrides."`
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
func suggestionsFor(org domain.Organization, q *accessQuery, found domain.Access, v *domain.PermissionResult, words string) *suggestions {
	switch {
	case found.Reason != "" && (v == nil || !v.Allowed):
		return &suggestions{string(found.Reason), words, admitting(org, q.User, q.Project, found.Reason)}
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
	return &suggestions{byRole, words, raising(org, v)}
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
func raising(org domain.Organization, v *domain.PermissionResult) []suggestion {
	ways := []suggestion{}
	if v.OwnLevels {
		ways = append(ways, suggestion{Action: domain.ChangingProjectMemberLevels, Permission: v.Permission, Level: v.Wanted})
	}
	for _, role := range v.Roles {
		ways = append(ways, suggestion{Action: domain.ChangingProjectMemberRole, Role: role, RoleLabel: org.ProjectRoleLabel(role)})
	}
	if v.Overridable {
		ways = append(ways, suggestion{Action: domain.SettingOverride, Permission: v.Permission, Level: v.Wanted})
	}
	return ways
}
