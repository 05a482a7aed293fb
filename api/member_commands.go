package api

import (
	"context"
	"net/http"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

func (s *Server) memberRoutes() {
	const all, one, tag = "/members", "/members/{user}", "Members"
	defineWith(s, spec{"add_member", http.MethodPost, all, tag, "Make somebody a member, without an invite"}, buildAddMember)
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
	define(s, spec{"deactivate_member", http.MethodPost, one + "/deactivate", tag, "Suspend a member, who keeps everything and has access to nothing"},
		func(c deactivateMember) (domain.Command, error) { return domain.DeactivateMember{Member: c.User}, nil })
	define(s, spec{"reactivate_member", http.MethodPost, one + "/reactivate", tag, "End the suspension of a member"},
		func(c reactivateMember) (domain.Command, error) { return domain.ReactivateMember{Member: c.User}, nil })
	define(s, spec{"attest_access", http.MethodPost, one + "/attest", tag, "Record that one has reviewed all that a member has"},
		func(c attestAccess) (domain.Command, error) { return domain.AttestAccess{Member: c.User}, nil })
	define(s, spec{"remove_member", http.MethodDelete, one, tag, "Remove a member, or leave"},
		func(c removeMember) (domain.Command, error) { return domain.RemoveMember{Member: c.User}, nil })
	const members = "/v1/organizations/{org}/members"
	list(s, route{http.MethodGet, members, "list_members", tag, "List and search the members"}, s.listMembers)
	read(s, route{http.MethodGet, members + "/{user}", "get_member", tag, "Look at a member"}, s.getMember)
	list(s, route{http.MethodGet, members + "/{user}/projects", "list_member_projects", tag, "List the projects that a member reaches, with role and sources"}, s.listMemberProjects)
}

type addMember struct {
	User   events.UserID  `json:"user" maxLength:"255"`
	Role   events.RoleKey `json:"role,omitzero" doc:"In the organization; left out: the scheme's default."`
	Login  string         `json:"login,omitzero" doc:"The spelling that people see."`
	Name   string         `json:"name,omitzero" maxLength:"255"`
	Email  string         `json:"email,omitzero" maxLength:"320"`
	Levels events.Levels  `json:"levels,omitzero" doc:"The person's own in the organization, where the role carries some."`
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
