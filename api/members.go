package api

import (
	"context"
	"net/http"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/projections"
)

func (s *Server) memberRoutes() {
	const all, one, tag = "/members", "/members/{user}", "Members"
	defineWith(s, spec{"add_member", http.MethodPost, all, tag, "Add a member without an invite"}, buildAddMember)
	define(s, spec{"change_member_role", http.MethodPatch, one, tag, "Change a member's role in the organization"},
		func(c changeMemberRole) (domain.Command, error) {
			return domain.ChangeMemberRole{Member: c.User, To: c.Role}, nil
		})
	define(s, spec{"change_member_levels", http.MethodPatch, one + "/levels", tag, "Change a member's own levels in the organization"},
		func(c changeMemberLevels) (domain.Command, error) {
			return domain.ChangeMemberLevels{Member: c.User, To: c.Levels}, nil
		})
	define(s, spec{"change_member_end", http.MethodPatch, one + "/end", tag, "Change when a membership ends"},
		func(c changeMemberEnd) (domain.Command, error) {
			return domain.ChangeMemberEnd{Member: c.User, Until: endOf(c.Until)}, nil
		})
	define(s, spec{"deactivate_member", http.MethodPost, one + "/deactivate", tag, "Deactivate a member, who keeps every role and has access to nothing"},
		func(c deactivateMember) (domain.Command, error) { return domain.DeactivateMember{Member: c.User}, nil })
	define(s, spec{"reactivate_member", http.MethodPost, one + "/reactivate", tag, "Reactivate a member, who then has the same access as before"},
		func(c reactivateMember) (domain.Command, error) { return domain.ReactivateMember{Member: c.User}, nil })
	define(s, spec{"attest_access", http.MethodPost, one + "/attest", tag, "Record that the actor has reviewed all access of a member"},
		func(c attestAccess) (domain.Command, error) { return domain.AttestAccess{Member: c.User}, nil })
	define(s, spec{"remove_member", http.MethodDelete, one, tag, "Remove a member, or leave"},
		func(c removeMember) (domain.Command, error) { return domain.RemoveMember{Member: c.User}, nil })
	const members = organizationPath + "/members"
	list(s, route{http.MethodGet, members, "list_members", tag, "List and search the members"}, s.listMembers)
	read(s, route{http.MethodGet, members + "/{user}", "get_member", tag, "Look at a member"}, s.getMember)
	list(s, route{http.MethodGet, members + "/{user}/projects", "list_member_projects", tag, "List the projects that a member reaches, with role and sources"}, s.listMemberProjects)
}

type addMember struct {
	User   events.UserID  `json:"user" maxLength:"255"`
	Role   events.RoleKey `json:"role,omitzero" doc:"In the organization; left out: the scheme's default."`
	Login  string         `json:"login,omitzero" doc:"The spelling that people see." example:"Bob"`
	Name   string         `json:"name,omitzero" maxLength:"255" example:"Bob Example"`
	Email  string         `json:"email,omitzero" maxLength:"320" example:"bob@example.org"`
	Levels events.Levels  `json:"levels,omitzero" doc:"The person's own levels in the organization, if the role allows own levels."`
	Until  time.Time      `json:"until,omitzero" doc:"When the membership ends; left out: never."`
}

func buildAddMember(ctx context.Context, b *commandBuilder, c addMember) (domain.Command, error) {
	email, err := readEmail(c.Email)
	if err != nil {
		return nil, err
	}
	name, err := readName(c.Name)
	if err != nil {
		return nil, err
	}
	sealedName, err := b.seal(ctx, string(c.User), name)
	if err != nil {
		return nil, err
	}
	sealedEmail, err := b.seal(ctx, string(c.User), email)
	if err != nil {
		return nil, err
	}
	return domain.AddMember{
		Member: c.User, Role: c.Role, Login: c.Login, Name: sealedName, Email: sealedEmail, Address: b.addressHash(email),
		Levels: c.Levels, Until: events.Instant(c.Until),
	}, nil
}

type changeMemberRole struct {
	User events.UserID  `path:"user" json:"user" doc:"The person." maxLength:"255"`
	Role events.RoleKey `json:"role" doc:"The role to hold from now on."`
}

type changeMemberLevels struct {
	User   events.UserID `path:"user" json:"user" doc:"The person." maxLength:"255"`
	Levels events.Levels `json:"levels,omitzero" doc:"The level of each permission; what is not listed is at its lowest. None at all: those of the role."`
}

type changeMemberEnd struct {
	User  events.UserID `path:"user" json:"user" doc:"The person." maxLength:"255"`
	Until *time.Time    `json:"until,omitzero" doc:"When it ends, in the future; left out or null: never."`
}

type deactivateMember struct {
	User events.UserID `path:"user" json:"user" doc:"The person." maxLength:"255"`
}

type reactivateMember struct {
	User events.UserID `path:"user" json:"user" doc:"The person." maxLength:"255"`
}

type attestAccess struct {
	User events.UserID `path:"user" json:"user" doc:"The person." maxLength:"255"`
}

type removeMember struct {
	User events.UserID `path:"user" json:"user" doc:"The person." maxLength:"255"`
}

// member is somebody in the organization.
type member struct {
	Person
	Role      events.RoleKey     `json:"role" doc:"In the organization."`
	Status    projections.Status `json:"status" enum:"active,deactivated,ended" doc:"Whether the membership is in force; only an active one gives access."`
	Until     *time.Time         `json:"until,omitzero" doc:"When the membership ends, or has ended; left out: never."`
	Levels    encodedLevels      `json:"levels,omitzero" doc:"The effective level of every permission in the organization; only of who is active."`
	OwnLevels events.Levels      `json:"own_levels,omitempty" doc:"The person's own in the organization."`
	Projects  int                `json:"projects" doc:"How many they have access to, whatever the source."`
	Joined    Origin             `json:"joined"`
	Given     Origin             `json:"given" doc:"The event that gave the present role."`
	Badges    []Badge            `json:"badges,omitempty" enum:"protected,deactivated,ended" doc:"Marks of the person. A protected person cannot be removed or changed."`
	AvailableActions
}

// memberOf returns the row of a member without the name and the email address, which only
// the read models have in clear text.
func memberOf(org domain.Organization, user events.UserID, found domain.Member, levels levelEncoder, available domain.AvailableActions) member {
	row := member{
		Person: Person{User: user, Login: found.Login}, Role: found.Role, Status: projections.StatusOf(org, user),
		Until: orNever(found.Until()), OwnLevels: found.Levels(),
		Joined: originOf(org.ID(), found.Joined), Given: originOf(org.ID(), found.RoleGiven),
		AvailableActions: availableActions(available),
	}
	if row.Login == "" {
		row.Login = string(user)
	}
	if row.Status == projections.Active {
		row.Levels, row.Projects = levels.encode(org.InOrganization(user)), org.CountAccessibleProjects(user)
	}
	if org.Scheme().Protects(found.Role) {
		row.Badges = append(row.Badges, protectedBadge)
	}
	row.Badges = addBadge(row.Badges, row.Status)
	return row
}

type membersQuery struct {
	InOrganization
	Paging
	Search string             `query:"search" maxLength:"255" doc:"A part of a name, login, or email address."`
	Role   events.RoleKey     `query:"role" doc:"In the organization." maxLength:"255"`
	Status projections.Status `query:"status" enum:"active,deactivated,ended" doc:"Of the membership; left out: any."`
}

func (s *Server) listMembers(ctx context.Context, in *membersQuery) (*answer[List[member]], error) {
	org, known, position, err := s.listing(ctx, in.Org, domain.SeeingMembers, domain.About{})
	if err != nil {
		return nil, hideMembers(err)
	}
	actions, levels := domain.NewActionFinder(org, currentMoment(ctx, org)), levelEncoder{}
	found, err := s.Database.ListMembers(ctx, org, projections.MemberFilter{Search: in.Search, Role: in.Role, Status: in.Status, Page: in.page()})
	if err != nil {
		return nil, err
	}
	return fromDatabase(org, known, position, rowsOf(found, func(p projections.Person) member {
		of, _ := org.Member(p.User)
		row := memberOf(org, p.User, of, levels, actions.OnMember(p.User))
		row.Person = personOf(p)
		return row
	})), nil
}

// getMember answers people about themselves, and those who may see the members.
func (s *Server) getMember(ctx context.Context, in *MemberPath) (*answer[member], error) {
	org, position, err := s.visibleOrganization(ctx, in.Org)
	if err != nil {
		return nil, err
	}
	if actor := requestFrom(ctx).actor; actor != in.User {
		if err := org.Authorize(actor, domain.SeeingMembers, domain.About{Member: in.User}); err != nil {
			return nil, hideMembers(err)
		}
	}
	found, joined := org.Member(in.User)
	if !joined {
		return nil, domain.ErrNoMember
	}
	shown := memberOf(org, in.User, found, levelEncoder{}, org.ActionsOnMember(currentMoment(ctx, org), in.User))
	if shown.Name, err = s.Keyring.Read(ctx, in.Org, found.Name); err != nil {
		return nil, err
	}
	if shown.Email, err = s.Keyring.Read(ctx, in.Org, found.Email); err != nil {
		return nil, err
	}
	return fromMemory(org, position, shown), nil
}
