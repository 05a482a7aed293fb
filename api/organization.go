package api

import (
	"context"
	"crypto/sha256"
	"net/http"
	"time"

	"github.com/oklog/ulid/v2"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/projections"
)

type createOrganization struct {
	ID     events.OrganizationID `json:"id,omitzero" doc:"1 to 64 of A-Z, a-z, 0-9, _ and -; left out: a new one." maxLength:"64"`
	Name   string                `json:"name,omitzero" doc:"Left out: the id." maxLength:"255"`
	Scheme string                `json:"scheme,omitzero" doc:"Left out: owner-member."`
	Owner  events.UserID         `json:"owner,omitzero" doc:"Who joins with the highest role; left out: the actor."`
}

func (o createOrganization) command(_ context.Context, c clerk) (domain.Command, error) {
	if o.ID != "" && o.ID != c.org {
		return nil, errMalformed.because("The command creates organization %q, but was sent to %q.", o.ID, c.org)
	}
	key := o.Scheme
	if key == "" {
		key = domain.DefaultScheme
	}
	scheme := c.schemes[key]
	if scheme == nil {
		return nil, errNoScheme.because("There is no scheme %q.", key)
	}
	name := o.Name
	if name == "" {
		name = string(c.org)
	}
	return domain.CreateOrganization{Name: name, Scheme: scheme, Owner: o.Owner}, nil
}

type deleteOrganization struct{}

func (deleteOrganization) command(context.Context, clerk) (domain.Command, error) {
	return domain.DeleteOrganization{}, nil
}

// organizationDetails is how an organization presents itself to one of its members.
type organizationDetails struct {
	ID       events.OrganizationID `json:"id"`
	Name     string                `json:"name"`
	Version  events.Version        `json:"version"`
	Changed  time.Time             `json:"changed" doc:"When the last entry happened."`
	Scheme   scheme                `json:"scheme"`
	Members  int                   `json:"members,omitzero" doc:"Only for those who see the members."`
	Projects int                   `json:"projects,omitzero" doc:"Only where every member sees all projects, and for the system."`
	// Role is the asking member's; empty for the system.
	Role    events.RoleKey `json:"role,omitzero" doc:"The actor's own."`
	Notices []notice       `json:"notices,omitzero" doc:"Changes of the actor's role here, told once."`
}

type scheme struct {
	Key               string              `json:"key"`
	Version           int                 `json:"version"`
	Label             string              `json:"label,omitzero"`
	OrganizationRoles []events.RoleKey    `json:"organization_roles" doc:"Lowest first."`
	ProjectRoles      []events.RoleKey    `json:"project_roles" doc:"Lowest first."`
	Permissions       []events.Permission `json:"permissions" doc:"What roles on a project grant."`
	Teams             bool                `json:"teams"`
}

func schemeOf(s *domain.Scheme) scheme {
	return scheme{
		Key: s.Key, Version: s.Version, Label: s.Label,
		OrganizationRoles: s.OrganizationRoles(), ProjectRoles: s.ProjectRoles(), Permissions: s.Permissions(), Teams: s.Teams.On,
	}
}

type organizationCreation struct {
	Envelope
	Body createOrganization
}

func (s *Server) organizationRoutes() {
	create := route{http.MethodPost, "/v1/organizations", "create_organization", "Organizations", "Create an organization"}
	op := create.operation()
	op.Responses = s.createdResponse()
	register(s, op, func(ctx context.Context, in *organizationCreation) (*answer[Receipt], error) {
		org := in.Body.ID
		if org == "" {
			org = newOrganization(asked(ctx).actor, in.Key)
		}
		return s.decide(ctx, org, in.Envelope, in.Body, create)
	})
	list(s, route{http.MethodGet, "/v1/organizations", "list_organizations", "Organizations", "List the actor's organizations; for the system, all"}, s.listOrganizations)
	read(s, route{http.MethodGet, "/v1/organizations/{org}", "get_organization", "Organizations", "Look at an organization"}, s.getOrganization)
	command(s, route{http.MethodDelete, "/v1/organizations/{org}", "delete_organization", "Organizations", "Delete an organization with everything in it"},
		func(*Command) order { return deleteOrganization{} })
}

// newOrganization makes an id: under an idempotency key always the same, so that
// the repeated command meets the organization that the first one made.
func newOrganization(actor events.UserID, key string) events.OrganizationID {
	if key == "" {
		return events.OrganizationID(ulid.Make().String())
	}
	sum := sha256.Sum256([]byte(string(actor) + "\x00" + key))
	return events.OrganizationID(ulid.ULID(sum[:16]).String())
}

type organizationsQuery struct {
	Paging
}

func (s *Server) listOrganizations(ctx context.Context, in *organizationsQuery) (*answer[projections.List[projections.Organization]], error) {
	position, err := s.caughtUp(ctx)
	if err != nil {
		return nil, err
	}
	found, err := s.Database.Organizations(ctx, asked(ctx).actor, in.page())
	if err != nil {
		return nil, err
	}
	return &answer[projections.List[projections.Organization]]{Position: position, Body: found}, nil
}

func (s *Server) getOrganization(ctx context.Context, in *InOrganization) (*answer[organizationDetails], error) {
	org, position, err := s.seen(ctx, in.Org)
	if err != nil {
		return nil, err
	}
	actor := asked(ctx).actor
	member, _ := org.Member(actor)
	shown := organizationDetails{
		ID: in.Org, Name: org.Name(), Version: org.Version(), Changed: org.Last(), Scheme: schemeOf(org.Scheme()),
		Role: member.Role, Notices: s.due(ctx, org, ""),
	}
	if org.Authorize(actor, domain.SeeingMembers, domain.About{}) == nil {
		shown.Members = org.CountMembers()
	}
	if actor == events.System || org.Scheme().ProjectsVisibleTo == events.ToOrganization {
		shown.Projects = org.CountProjects()
	}
	return fromMemory(org, position, shown), nil
}
