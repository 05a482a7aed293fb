package api

import (
	"net/http"
	"time"

	"github.com/seed-2026d078/roster/events"
)

// CommandOnProjectMember is a command about somebody on a project.
type CommandOnProjectMember struct {
	CommandOnProject
	User events.UserID `path:"user" doc:"The person." maxLength:"255"`
}

// joining adds a member of the organization to something.
type joining struct {
	User events.UserID  `json:"user" doc:"A member of the organization." maxLength:"255"`
	Role events.RoleKey `json:"role,omitzero" doc:"Left out: the scheme's default."`
}

// projectJoining adds a member of the organization to a project.
type projectJoining struct {
	User   events.UserID  `json:"user" doc:"A member of the organization." maxLength:"255"`
	Role   events.RoleKey `json:"role,omitzero" doc:"Left out: the scheme's default."`
	Levels events.Levels  `json:"levels,omitzero" doc:"The person's own on the project, where the role carries some."`
	Until  time.Time      `json:"until,omitzero" doc:"When it ends; left out: never."`
}

// projectJoinings is projectJoining for one person, or for several people and teams.
type projectJoinings struct {
	User    events.UserID    `json:"user,omitzero" doc:"A member of the organization." maxLength:"255"`
	Role    events.RoleKey   `json:"role,omitzero" doc:"Left out: the scheme's default."`
	Levels  events.Levels    `json:"levels,omitzero" doc:"The person's own on the project, where the role carries some."`
	Until   time.Time        `json:"until,omitzero" doc:"When it ends; left out: never."`
	Members []projectJoining `json:"members,omitzero" doc:"Several people instead: all are added, or none." maxItems:"1000"`
	Teams   []assignment     `json:"teams,omitzero" doc:"Teams to assign in the same breath; where one is wrong, its index counts on from the people." maxItems:"1000"`
}

func (b projectJoinings) order(project events.ProjectID) order {
	one := b.User != "" || b.Role != "" || len(b.Levels) > 0 || !b.Until.IsZero()
	if one == (len(b.Members)+len(b.Teams) > 0) {
		return malformed("Name either a user, or several members and teams.")
	}
	if one {
		return addProjectMember{project, b.User, b.Role, b.Levels, b.Until}
	}
	all := make(several, 0, len(b.Members)+len(b.Teams))
	for _, m := range b.Members {
		all = append(all, addProjectMember{project, m.User, m.Role, m.Levels, m.Until})
	}
	for _, t := range b.Teams {
		all = append(all, t.order(project))
	}
	return all
}

type projectMemberAddition struct {
	CommandOnProject
	Body projectJoinings
}

type projectRoleChange struct {
	CommandOnProjectMember
	Body newRole
}

type projectLevelsChange struct {
	CommandOnProjectMember
	Body newLevels
}

type projectMemberEndChange struct {
	CommandOnProjectMember
	Body newEnd
}

func (s *Server) projectMemberRoutes() {
	const all, one, tag = "/v1/organizations/{org}/projects/{project}/members", "/v1/organizations/{org}/projects/{project}/members/{user}", "Project members"
	command(s, route{http.MethodPost, all, "add_project_member", tag, "Grant members of the organization roles on a project, one or several"},
		func(in *projectMemberAddition) order { return in.Body.order(in.Project) })
	command(s, route{http.MethodPatch, one, "change_project_role", tag, "Change somebody's direct role on a project"},
		func(in *projectRoleChange) order { return changeProjectRole{in.Project, in.User, in.Body.Role} })
	command(s, route{http.MethodPatch, one + "/levels", "change_project_levels", tag, "Change somebody's own levels on a project"},
		func(in *projectLevelsChange) order { return changeProjectLevels{in.Project, in.User, in.Body.Levels} })
	command(s, route{http.MethodPatch, one + "/end", "change_project_member_end", tag, "Change when a direct grant ends"},
		func(in *projectMemberEndChange) order {
			return changeProjectMemberEnd{in.Project, in.User, in.Body.until()}
		})
	command(s, route{http.MethodPost, one + "/attest", "attest_project_access", tag, "Record that one has reviewed what somebody has on a project"},
		func(in *CommandOnProjectMember) order { return attestAccess{in.User, in.Project} })
	command(s, route{http.MethodDelete, one, "remove_project_member", tag, "End a direct grant, or leave"},
		func(in *CommandOnProjectMember) order { return removeProjectMember{in.Project, in.User} })
	list(s, route{http.MethodGet, all, "list_project_members", tag, "List and search who is on a project, with effective role and sources"}, s.listProjectMembers)
}
