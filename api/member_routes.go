package api

import (
	"net/http"
	"time"

	"github.com/seed-2026d078/roster/events"
)

// CommandOnMember is a command about somebody in the organization.
type CommandOnMember struct {
	Command
	User events.UserID `path:"user" doc:"The person." maxLength:"255"`
}

// newRole is the body of every change of a role.
type newRole struct {
	Role events.RoleKey `json:"role" doc:"The role to hold from now on."`
}

// newLevels is the body of every change of somebody's own levels.
type newLevels struct {
	Levels events.Levels `json:"levels,omitzero" doc:"The level of each permission; what is not listed is at its lowest. None at all: those of the role."`
}

// newEnd is the body of every change of an end.
type newEnd struct {
	Until *time.Time `json:"until,omitzero" doc:"When it ends, in the future; left out or null: never."`
}

func (e newEnd) until() time.Time {
	if e.Until == nil {
		return time.Time{}
	}
	return *e.Until
}

type memberAddition struct {
	Command
	Body addMember
}

type roleChange struct {
	CommandOnMember
	Body newRole
}

type levelsChange struct {
	CommandOnMember
	Body newLevels
}

type memberEndChange struct {
	CommandOnMember
	Body newEnd
}

func (s *Server) memberRoutes() {
	const all, one, tag = "/v1/organizations/{org}/members", "/v1/organizations/{org}/members/{user}", "Members"
	command(s, route{http.MethodPost, all, "add_member", tag, "Make somebody a member, without an invite"},
		func(in *memberAddition) order { return in.Body })
	command(s, route{http.MethodPatch, one, "change_role", tag, "Change a member's role in the organization"},
		func(in *roleChange) order { return changeRole{in.User, in.Body.Role} })
	command(s, route{http.MethodPatch, one + "/levels", "change_levels", tag, "Change a member's own levels in the organization"},
		func(in *levelsChange) order { return changeLevels{in.User, in.Body.Levels} })
	command(s, route{http.MethodPatch, one + "/end", "change_member_end", tag, "Change when a membership ends"},
		func(in *memberEndChange) order { return changeMemberEnd{in.User, in.Body.until()} })
	command(s, route{http.MethodPost, one + "/deactivate", "deactivate_member", tag, "Suspend a member, who keeps everything and has access to nothing"},
		func(in *CommandOnMember) order { return deactivateMember{in.User} })
	command(s, route{http.MethodPost, one + "/reactivate", "reactivate_member", tag, "End the suspension of a member"},
		func(in *CommandOnMember) order { return reactivateMember{in.User} })
	command(s, route{http.MethodPost, one + "/attest", "attest_access", tag, "Record that one has reviewed all that a member has"},
		func(in *CommandOnMember) order { return attestAccess{in.User, ""} })
	command(s, route{http.MethodDelete, one, "remove_member", tag, "Remove a member, or leave"},
		func(in *CommandOnMember) order { return removeMember{in.User} })
	list(s, route{http.MethodGet, all, "list_members", tag, "List and search the members"}, s.listMembers)
	read(s, route{http.MethodGet, one, "get_member", tag, "Look at a member"}, s.getMember)
	list(s, route{http.MethodGet, one + "/projects", "list_member_projects", tag, "List the projects that a member reaches, with role and sources"}, s.listMemberProjects)
}
