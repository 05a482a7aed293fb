package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/projections"
)

// access is what somebody may do on a project, and why.
type access struct {
	Organization events.OrganizationID                 `json:"organization"`
	Project      events.ProjectID                      `json:"project"`
	User         events.UserID                         `json:"user"`
	Role         events.RoleKey                        `json:"role,omitzero" doc:"The highest over the sources; left out where there is no access."`
	Reason       domain.Reason                         `json:"reason,omitzero" doc:"Why there is no access." enum:"not_a_member,not_on_the_project,no_such_project"`
	Permissions  map[events.PermissionKey]events.Level `json:"permissions"`
	Sources      []projections.Source                  `json:"sources" doc:"Every reason for the access, with the event behind it."`
	Explanation  string                                `json:"explanation,omitzero" doc:"The same in words."`
	At           time.Time                             `json:"at,omitzero" doc:"The moment in the past that was asked for."`
	Notices      []notice                              `json:"notices,omitzero" doc:"Changes of the actor's role here, told once."`
}

func (s *Server) accessRoutes() {
	read(s, route{http.MethodGet, "/v1/organizations/{org}/projects/{project}/access/{user}", "get_access", "Access", "Look at what somebody may do on a project, and why"}, s.getAccess)
}

// accessQuery asks for somebody's access to a project.
type accessQuery struct {
	ProjectPlace
	User    events.UserID `path:"user" doc:"The person." maxLength:"255"`
	At      time.Time     `query:"at" doc:"A moment in the past; left out: now."`
	Explain string        `query:"explain" doc:"Put it in words, too; needs no value." enum:"true,false"`

	words bool
}

// Resolve finds the parameter that needs no value.
func (q *accessQuery) Resolve(ctx huma.Context) []error {
	u := ctx.URL()
	q.words = u.Query().Has("explain") && q.Explain != "false"
	return nil
}

func (s *Server) getAccess(ctx context.Context, in *accessQuery) (*answer[access], error) {
	now, position, err := s.seen(ctx, in.Org)
	if gone := s.Desk.View(); err != nil && !in.At.IsZero() && asked(ctx).actor == events.System {
		// The past of an organization stays when the organization goes.
		if now, position = gone.State.Organization(in.Org), gone.Position; now.Version() > 0 {
			err = nil
		}
	}
	if err != nil {
		return nil, err
	}
	actor := asked(ctx).actor
	if err := maySeeAccess(now, actor, in.User, in.Project); err != nil {
		return nil, err
	}
	then := now
	if !in.At.IsZero() {
		state, err := s.past(ctx, in.At, in.Org)
		if err != nil {
			return nil, err
		}
		then = state.Organization(in.Org)
	}
	found := then.Access(in.User, in.Project)
	shown := access{
		Organization: in.Org, Project: in.Project, User: in.User, At: in.At,
		Role: found.Role, Reason: found.Reason, Permissions: found.Levels(), Sources: sources(now, then, actor, found),
	}
	if in.words {
		shown.Explanation = explain(now, then, actor, in.User, in.Project, found)
	}
	if actor == in.User {
		shown.Notices = s.due(ctx, now, in.Project)
	}
	return fromMemory(now, position, shown), nil
}

// maySeeAccess lets the system see all, people see their own access to projects
// that they know of, and others those who see others' access.
func maySeeAccess(org domain.Organization, actor, user events.UserID, project events.ProjectID) error {
	switch {
	case actor == events.System:
		return nil
	case !org.SeesProject(actor, project):
		return domain.ErrNoProject
	case actor == user:
		return nil
	}
	return org.Authorize(actor, domain.SeeingAccessOfOthers, domain.About{Project: project, Member: user})
}

// sources tells of the past what may be known now.
func sources(now, then domain.Organization, actor events.UserID, found domain.Access) []projections.Source {
	told := make([]projections.Source, 0, len(found.Sources))
	for _, from := range found.Sources {
		one := projections.Source{Kind: from.Kind, Role: from.Role, Origin: originOf(then.ID(), from.Origin)}
		if from.Kind == domain.ThroughTeam {
			entered := originOf(then.ID(), from.Entered)
			one.Entered = &entered
			assigned, _ := then.Team(from.Team)
			via, _ := then.Team(from.Via)
			one.Team, one.TeamName, one.Via, one.ViaName = from.Team, assigned.Name, from.Via, via.Name
		}
		told = append(told, one)
	}
	return veiled(now, actor, told)
}

// veiled says nothing of a team that the actor may not see but that there is one.
func veiled(org domain.Organization, actor events.UserID, told []projections.Source) []projections.Source {
	for i := range told {
		from := &told[i]
		if from.Team != "" && !knows(org, actor, from.Team) {
			from.Team, from.TeamName = "", ""
		}
		if from.Via != "" && !knows(org, actor, from.Via) {
			from.Via, from.ViaName = "", ""
		}
	}
	return told
}

// knows tells whether an actor may hear of a team, also of one that is gone.
func knows(org domain.Organization, actor events.UserID, id events.TeamID) bool {
	return actor == events.System || org.SeesTeam(actor, id)
}

// unseen stands for a team that the actor may not see: no team has such an id.
const unseen = "\x00"

// explain puts access into words that name no team which the actor may not see.
func explain(now, then domain.Organization, actor, user events.UserID, project events.ProjectID, found domain.Access) string {
	told := found
	told.Sources = make([]domain.Source, len(found.Sources))
	for i, from := range found.Sources {
		if !knows(now, actor, from.Team) {
			from.Team = unseen
		}
		if !knows(now, actor, from.Via) {
			from.Via = unseen
		}
		told.Sources[i] = from
	}
	return strings.ReplaceAll(then.Explain(user, project, told), unseen, "(not visible to you)")
}
