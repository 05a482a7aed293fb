package api

import (
	"context"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/projections"
)

// organizationDetails is how an organization presents itself to one of its members.
type organizationDetails struct {
	ID       events.OrganizationID `json:"id"`
	Name     string                `json:"name"`
	Archived bool                  `json:"archived" doc:"Whether it is read only with everything in it."`
	Version  events.Version        `json:"version"`
	Changed  time.Time             `json:"changed" doc:"When the last entry happened."`
	Scheme   organizationScheme    `json:"scheme"`
	Members  int                   `json:"members,omitzero" doc:"Only for those who see the members."`
	Projects int                   `json:"projects,omitzero" doc:"Only where every member sees all projects, and for the system."`
	Seats    *seats                `json:"seats,omitzero" doc:"Only for those who see the members or the invites."`
	// Role is the asking member's; empty for the system.
	Role      events.RoleKey `json:"role,omitzero" doc:"The actor's own."`
	RoleLabel string         `json:"role_label,omitzero" doc:"What people call it."`
	Levels    events.Levels  `json:"levels,omitzero" doc:"The actor's own, effective, of every permission in the organization."`
	Notices   []notification `json:"notices,omitempty" doc:"Changes of the actor's role here, told once."`
	AvailableActions
}

// seats says how many people there can be.
type seats struct {
	Limit int  `json:"limit,omitzero" doc:"Left out: there is none."`
	Taken int  `json:"taken" doc:"By active members and, where the scheme says so, by pending invites."`
	Free  *int `json:"free,omitzero" doc:"Left out: there is no limit."`
}

func seatsOf(org domain.Organization) *seats {
	limit, taken := org.Seats()
	found := &seats{Limit: limit, Taken: taken}
	if limit > 0 {
		free := max(limit-taken, 0)
		found.Free = &free
	}
	return found
}

type organizationScheme struct {
	Key               string              `json:"key"`
	Version           int                 `json:"version"`
	Label             string              `json:"label,omitzero"`
	OrganizationRoles []events.RoleKey    `json:"organization_roles" doc:"Lowest first."`
	ProjectRoles      []events.RoleKey    `json:"project_roles" doc:"Lowest first."`
	Permissions       []events.Permission `json:"permissions" doc:"What roles on a project grant."`
	Teams             bool                `json:"teams"`
}

func schemeOf(s *domain.Scheme) organizationScheme {
	return organizationScheme{
		Key: s.Key, Version: s.Version, Label: s.Label,
		OrganizationRoles: s.OrganizationRoles(), ProjectRoles: s.ProjectRoles(), Permissions: s.Permissions(), Teams: s.Teams.On,
	}
}

// organization is an organization as a list shows it.
type organization struct {
	ID       events.OrganizationID `json:"id"`
	Name     string                `json:"name"`
	Scheme   string                `json:"scheme" doc:"The key of the scheme."`
	Archived bool                  `json:"archived" doc:"Whether it is read only with everything in it."`
	Role     events.RoleKey        `json:"role,omitzero" doc:"The actor's own; left out for the system."`
}

type organizationsQuery struct {
	Paging
}

// listOrganizations leaves out what the actor has lost sight of, be it that their
// membership has ended by itself.
func (s *Server) listOrganizations(ctx context.Context, in *organizationsQuery) (*answer[List[organization]], error) {
	position, err := s.caughtUp(ctx)
	if err != nil {
		return nil, err
	}
	actor, known := asked(ctx).actor, s.Desk.View().Position
	found, err := fill(in.page(), func(page projections.Page) (projections.List[projections.Organization], error) {
		return s.Database.Organizations(ctx, actor, page)
	}, func(o projections.Organization) (organization, bool) {
		org, _, err := s.seen(ctx, o.ID)
		if err != nil {
			return organization{}, false
		}
		member, _ := org.Member(actor)
		return organization{o.ID, org.Name(), org.Scheme().Key, org.Archived(), member.Role}, true
	})
	if err != nil {
		return nil, err
	}
	return &answer[List[organization]]{Position: min(position, known), Body: found}, nil
}

func (s *Server) getOrganization(ctx context.Context, in *InOrganization) (*answer[organizationDetails], error) {
	org, position, err := s.seen(ctx, in.Org)
	if err != nil {
		return nil, err
	}
	actor := asked(ctx).actor
	member, _ := org.Member(actor)
	shown := organizationDetails{
		ID: in.Org, Name: org.Name(), Archived: org.Archived(), Version: org.Version(), Changed: org.Last(), Scheme: schemeOf(org.Scheme()),
		Role: member.Role, RoleLabel: labelOf(org.Scheme().Scheme.OrganizationRoles, member.Role),
		Notices: s.due(ctx, org, ""), AvailableActions: availableOn(org.ActionsOnOrganization(present(ctx, org)), domain.AddingMember, domain.InvitingMember),
	}
	if actor != events.System {
		shown.Levels = org.InOrganization(actor).Levels()
	}
	members := org.Authorize(actor, domain.SeeingMembers, domain.About{}) == nil
	if members {
		shown.Members = org.CountMembers()
	}
	if members || org.Authorize(actor, domain.SeeingInvites, domain.About{}) == nil {
		shown.Seats = seatsOf(org)
	}
	if actor == events.System || org.Scheme().ProjectsVisibleTo == events.ToOrganization {
		shown.Projects = org.CountProjects()
	}
	return fromMemory(org, position, shown), nil
}
