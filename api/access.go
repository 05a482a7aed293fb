package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// access says what somebody may do on a project, or in the organization itself, and why.
type access struct {
	Organization events.OrganizationID `json:"organization"`
	Project      events.ProjectID      `json:"project,omitzero" doc:"The project; left out: it is about the organization itself."`
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
	read(s, route{http.MethodGet, organizationPath + "/access/{user}", "get_organization_access", "Access", "Look at what somebody may do in the organization itself, and why"}, s.getOrganizationAccess)
}

// accessQuery asks for somebody's access to a project.
type accessQuery struct {
	ProjectPath
	User events.UserID `path:"user" doc:"The person." maxLength:"255"`
	AccessParameters
}

// organizationAccessQuery asks for what somebody may do in the organization itself.
type organizationAccessQuery struct {
	MemberPath
	AccessParameters
}

// AccessParameters say what is asked about an access.
type AccessParameters struct {
	At instant `query:"at" doc:"A time in the past; left out: now."`
	Former
	Explain    string               `query:"explain" doc:"Adds the explanation in words. It needs no value." enum:"true,false"`
	Permission events.PermissionKey `query:"permission" doc:"Ask for one permission." maxLength:"255"`
	Level      events.Level         `query:"level" doc:"The level of the permission; left out: the highest." maxLength:"255"`

	words bool
}

// Resolve reads explain, which needs no value: ?explain means true. It stands before that of
// Former.
func (in *AccessParameters) Resolve(ctx huma.Context) []error {
	u := ctx.URL()
	in.words = u.Query().Has("explain") && in.Explain != "false"
	return in.Former.Resolve(ctx)
}

func (s *Server) getAccess(ctx context.Context, in *accessQuery) (*answer[access], error) {
	return s.answerAccess(ctx, in.AccessParameters, accessQuestion{org: in.Org, project: in.Project, user: in.User})
}

func (s *Server) getOrganizationAccess(ctx context.Context, in *organizationAccessQuery) (*answer[access], error) {
	return s.answerAccess(ctx, in.AccessParameters, accessQuestion{org: in.Org, user: in.User})
}

func (s *Server) answerAccess(ctx context.Context, in AccessParameters, q accessQuestion) (*answer[access], error) {
	position, err := s.readInstants(ctx, in.At.Time, &q)
	if err != nil {
		return nil, err
	}
	found := redact(q.now, q.actor, q.access())
	shown := access{
		Organization: q.org, Project: q.project, User: q.user, At: in.At.Time,
		Role: found.Role, RoleLabel: q.label(found.Role), Reason: found.Reason, ReadOnly: found.ReadOnly, Permissions: found.Levels(),
		Sources: q.sources(found.Sources), Overrides: appliedOverrides(q.org, found.Overrides),
	}
	words := q.explain(found)
	result, err := in.checkPermission(q, found)
	if err != nil {
		return nil, err
	}
	if result != nil {
		words = q.explainPermission(found, *result)
		shown.Allowed, shown.Result = &result.Allowed, q.resultOf(*result)
	}
	if in.words {
		shown.Explanation = words
	}
	if in.At.IsZero() {
		shown.Suggestions = q.suggestionsFor(found, result, words)
	}
	if q.actor == q.user {
		shown.Notices, err = s.notices(ctx, q.now, q.project)
	}
	return fromMemory(q.now, position, shown), err
}

// checkPermission returns the result for the permission that the request names; nil if it
// names none.
func (in AccessParameters) checkPermission(q accessQuestion, found domain.Access) (*domain.PermissionResult, error) {
	switch {
	case in.Permission == "" && in.Level == "":
		return nil, nil //nolint:nilnil // nothing was asked
	case in.Permission == "":
		return nil, errMalformed.because("A level is one of a permission; say which permission.")
	case !q.then.Exists():
		return nil, domain.ErrNoOrganization
	}
	result, err := q.checkPermission(found, in.Permission, in.Level)
	return &result, err
}

// maySeeAccess lets the system see all, people see their own access to projects
// that they know of, and others those who see others' access: for the organization itself, if the project is empty, those who see the members.
func maySeeAccess(org domain.Organization, actor, user events.UserID, project events.ProjectID) error {
	switch {
	case actor == events.System, project == "" && actor == user:
		return nil
	case project == "":
		return hideMembers(org.Authorize(actor, domain.SeeingMembers, domain.About{Member: user}))
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
	Roles      []events.RoleKey     `json:"roles,omitzero" doc:"The roles, on projects or in the organization, that give the level asked for, lowest first."`
}
