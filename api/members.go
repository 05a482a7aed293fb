package api

import (
	"context"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/projections"
)

// member is somebody in the organization.
type member struct {
	Person
	Role      events.RoleKey `json:"role" doc:"In the organization."`
	Status    Status         `json:"status" enum:"active,deactivated,ended" doc:"Whether the membership holds; only an active one gives access."`
	Until     *time.Time     `json:"until,omitzero" doc:"When the membership ends, or has ended; left out: never."`
	Levels    events.Levels  `json:"levels,omitempty" doc:"The effective level of every permission in the organization; only of who is active."`
	OwnLevels events.Levels  `json:"own_levels,omitempty" doc:"The person's own in the organization."`
	Projects  int            `json:"projects" doc:"How many they have access to, whatever the source."`
	Joined    Origin         `json:"joined"`
	Given     Origin         `json:"given" doc:"What gave the present role."`
	Badges    []Badge        `json:"badges,omitempty" enum:"protected,deactivated,ended" doc:"What marks the person: nobody removes or changes who is protected."`
	AvailableActions
}

// memberOf says of somebody in the organization all but what is sealed: what they are
// called, but for the login.
func memberOf(org domain.Organization, m events.Moment, user events.UserID, found domain.Member) member {
	row := member{
		Person: Person{User: user, Login: found.Login}, Role: found.Role, Status: membershipStatus(org, user, found),
		Until: orNever(found.Until()), OwnLevels: found.Levels(),
		Joined: originOf(org.ID(), found.Joined), Given: originOf(org.ID(), found.RoleGiven),
		AvailableActions: availableActions(org.ActionsOnMember(m, user)),
	}
	if row.Login == "" {
		row.Login = string(user)
	}
	if row.Status == active {
		row.Levels, row.Projects = org.InOrganization(user).Levels(), org.CountAccessibleProjects(user)
	}
	if org.Scheme().Protects(found.Role) {
		row.Badges = append(row.Badges, protectedBadge)
	}
	row.Badges = row.Status.badge(row.Badges)
	return row
}

type membersQuery struct {
	InOrganization
	Paging
	Search string         `query:"search" maxLength:"255" doc:"A part of a name, login, or email address."`
	Role   events.RoleKey `query:"role" doc:"In the organization." maxLength:"255"`
	Status Status         `query:"status" enum:"active,deactivated,ended" doc:"Of the membership; left out: any."`
}

func (s *Server) listMembers(ctx context.Context, in *membersQuery) (*answer[List[member]], error) {
	org, known, position, err := s.listing(ctx, in.Org, domain.SeeingMembers, domain.About{})
	if err != nil {
		return nil, hideMembers(err)
	}
	m := present(ctx, org)
	found, err := s.Database.ListMembers(ctx, org, projections.MembersQuery{Search: in.Search, Role: in.Role, Status: projections.Status(in.Status), Page: in.page()})
	if err != nil {
		return nil, err
	}
	return fromDatabase(org, known, position, rowsOf(found, func(p projections.Person) member {
		of, _ := org.Member(p.User)
		row := memberOf(org, m, p.User, of)
		row.Person = personOf(p)
		return row
	})), nil
}

// MemberPath is the address of a member.
type MemberPath struct {
	InOrganization
	User events.UserID `path:"user" doc:"The person." maxLength:"255"`
}

// getMember shows people to themselves, and to those who see the members.
func (s *Server) getMember(ctx context.Context, in *MemberPath) (*answer[member], error) {
	org, position, err := s.seen(ctx, in.Org)
	if err != nil {
		return nil, err
	}
	if actor := asked(ctx).actor; actor != in.User {
		if err := org.Authorize(actor, domain.SeeingMembers, domain.About{Member: in.User}); err != nil {
			return nil, hideMembers(err)
		}
	}
	found, joined := org.Member(in.User)
	if !joined {
		return nil, domain.ErrNoMember
	}
	shown := memberOf(org, present(ctx, org), in.User, found)
	if shown.Name, err = s.unseal(ctx, in.Org, found.Name); err != nil {
		return nil, err
	}
	if shown.Email, err = s.unseal(ctx, in.Org, found.Email); err != nil {
		return nil, err
	}
	return fromMemory(org, position, shown), nil
}
