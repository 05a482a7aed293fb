package api

import (
	"context"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/projections"
)

// memberProject is a project that somebody has access to.
type memberProject struct {
	ProjectFacts
	Role      events.RoleKey `json:"role" doc:"The effective one: the highest over the sources."`
	RoleLabel string         `json:"role_label" doc:"What the role is called."`
	Sources   []Source       `json:"sources" doc:"Every reason for the access, with the event behind it."`
	Levels    encodedLevels  `json:"levels,omitzero" doc:"The effective level of every permission."`
	Overrides []Override     `json:"overrides,omitempty"`
}

type memberProjectsQuery struct {
	MemberPath
	Paging
	AtTime
}

// listMemberProjects leaves out projects on which the actor may not see the access of
// others. For an actor who may not see the members, the list of every other user is empty,
// so that it does not reveal who is a member.
func (s *Server) listMemberProjects(ctx context.Context, in *memberProjectsQuery) (*answer[List[memberProject]], error) {
	if in.asked() {
		return s.listPastMemberProjects(ctx, in)
	}
	org, known, position, err := s.listing(ctx, in.Org, "", domain.About{})
	if err != nil {
		return nil, err
	}
	actor := requestFrom(ctx).actor
	member, joined := org.Member(in.User)
	if !joined && org.Authorize(actor, domain.SeeingMembers, domain.About{Member: in.User}) == nil {
		return nil, domain.NoMember(in.User)
	}
	filter := projections.ProjectFilter{
		// What the actor sees bounds the work, so that its time does not tell what somebody
		// has whom the actor does not see.
		Among: org.ProjectsOfVisibleAccess(actor),
		Of:    in.User,
		Keep:  func(id events.ProjectID) bool { return org.SeesAccess(actor, in.User, id) },
		Page:  in.page(),
	}
	found, err := s.Database.ListProjects(ctx, org, filter)
	if err != nil {
		return nil, err
	}
	visible, levels := visibleTeams(org, actor), levelEncoder{}
	return fromDatabase(org, known, position, rowsOf(found, func(id events.ProjectID) memberProject {
		access := org.Access(in.User, id)
		return memberProject{
			factsOf(org, actor, id), access.Role, org.ProjectRoleLabel(access.Role), sourcesOf(org, visible, access.Sources), levels.encode(access), overridesOf(org.ID(), member, id, access),
		}
	})), nil
}

func (s *Server) listPastMemberProjects(ctx context.Context, in *memberProjectsQuery) (*answer[List[memberProject]], error) {
	p, err := s.past(ctx, in.Org, in.At.Time, "", domain.About{})
	if err != nil {
		return nil, err
	}
	member, joined := p.then.Member(in.User)
	if !joined && p.authorize(domain.SeeingMembers, domain.About{Member: in.User}) == nil {
		return nil, domain.NoMember(in.User)
	}
	visible, levels := visibleFormerTeams(p.now, p.then, p.actor), levelEncoder{}
	return pageOfPast(p, p.projects("", func(id events.ProjectID, _ domain.Project) bool {
		return p.then.Access(in.User, id).Reason == "" && maySeeAccess(p.now, p.actor, in.User, id) == nil
	}), in.Paging, func(id events.ProjectID) memberProject {
		access := p.then.Access(in.User, id)
		return memberProject{
			p.facts(id), access.Role, p.then.ProjectRoleLabel(access.Role), sourcesOf(p.then, visible, access.Sources), levels.encode(access), overridesOf(in.Org, member, id, access),
		}
	})
}
