package api

import (
	"context"
	"errors"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/keyring"
	"github.com/seed-2026d078/roster/projections"
)

// listing authorizes a view of an organization and waits for the read models. It
// returns the organization, its position in memory, and the read models' position.
func (s *Server) listing(ctx context.Context, id events.OrganizationID, view events.Action, about domain.About) (org domain.Organization, known, position events.Position, err error) {
	org, known, err = s.seen(ctx, id)
	if err != nil {
		return org, 0, 0, err
	}
	if view != "" {
		if err := org.Authorize(asked(ctx).actor, view, about); err != nil {
			return org, 0, 0, err
		}
	}
	position, err = s.caughtUp(ctx)
	return org, known, position, err
}

type membersQuery struct {
	InOrganization
	Paging
	Search string             `query:"search" maxLength:"255" doc:"A part of a name, login, or email address."`
	Role   events.RoleKey     `query:"role" doc:"In the organization." maxLength:"255"`
	Status projections.Status `query:"status" enum:"active,deactivated,ended" doc:"Of the membership; left out: any."`
}

func (s *Server) listMembers(ctx context.Context, in *membersQuery) (*answer[projections.List[memberRow]], error) {
	org, known, position, err := s.listing(ctx, in.Org, domain.SeeingMembers, domain.About{})
	if err != nil {
		return nil, hideMembers(err)
	}
	found, err := s.Database.Members(ctx, in.Org, projections.MembersQuery{Search: in.Search, Role: in.Role, Status: in.Status, Page: in.page()})
	if err != nil {
		return nil, err
	}
	m := present(ctx, org)
	return fromDatabase(org, known, position, rows(found, func(one projections.Member) memberRow { return memberRowOf(org, m, one) })), nil
}

// hideMembers says of a list that somebody may not see that there is none.
func hideMembers(err error) error {
	if errors.Is(err, domain.ErrNotAllowed) {
		return domain.ErrNoMembers
	}
	return err
}

// MemberPlace is the address of a member.
type MemberPlace struct {
	InOrganization
	User events.UserID `path:"user" doc:"The person." maxLength:"255"`
}

// getMember shows people to themselves, and to those who see the members.
func (s *Server) getMember(ctx context.Context, in *MemberPlace) (*answer[memberRow], error) {
	org, position, err := s.seen(ctx, in.Org)
	if err != nil {
		return nil, err
	}
	if actor := asked(ctx).actor; actor != in.User {
		if err := org.Authorize(actor, domain.SeeingMembers, domain.About{Member: in.User}); err != nil {
			return nil, hideMembers(err)
		}
	}
	member, joined := org.Member(in.User)
	if !joined {
		return nil, domain.ErrNoMember
	}
	shown := memberFromMemory(org, in.User, member)
	if shown.Name, err = s.unseal(ctx, in.Org, member.Name); err != nil {
		return nil, err
	}
	if shown.Email, err = s.unseal(ctx, in.Org, member.Email); err != nil {
		return nil, err
	}
	return fromMemory(org, position, memberRowOf(org, present(ctx, org), shown)), nil
}

// unseal reads what is sealed; a forgotten person reads as empty.
func (s *Server) unseal(ctx context.Context, org events.OrganizationID, sealed events.Sealed) (string, error) {
	text, err := s.Keyring.Open(ctx, org, sealed)
	if errors.Is(err, keyring.ErrForgotten) {
		return "", nil
	}
	return text, err
}

func originOf(org events.OrganizationID, o events.Origin) projections.Origin {
	return projections.Origin{Event: o.ID(org), Since: o.At, By: o.Actor}
}

type memberProjectsQuery struct {
	MemberPlace
	Paging
}

// listMemberProjects leaves out projects on which the actor does not see others'
// access. Who may not know the members finds nothing of anybody else, be they one
// or not.
func (s *Server) listMemberProjects(ctx context.Context, in *memberProjectsQuery) (*answer[projections.List[projections.MemberProject]], error) {
	org, known, position, err := s.listing(ctx, in.Org, "", domain.About{})
	if err != nil {
		return nil, err
	}
	actor := asked(ctx).actor
	_, joined := org.Member(in.User)
	if !joined && org.Authorize(actor, domain.SeeingMembers, domain.About{Member: in.User}) == nil {
		return nil, domain.ErrNoMember
	}
	found, err := fill(in.page(), func(page projections.Page) (projections.List[projections.MemberProject], error) {
		return s.Database.ProjectsOf(ctx, in.Org, in.User, page)
	}, func(p *projections.MemberProject) bool {
		p.Sources = veiled(org, actor, p.Sources)
		hideLink(org, actor, &p.Project)
		about := domain.About{Project: p.ID, Member: in.User}
		return actor == in.User && org.SeesProject(actor, p.ID) || org.Authorize(actor, domain.SeeingAccessOfOthers, about) == nil
	})
	if err != nil {
		return nil, err
	}
	return fromDatabase(org, known, position, found), nil
}
