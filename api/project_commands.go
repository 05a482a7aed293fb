package api

import (
	"context"
	"net/http"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

type createProject struct {
	Project events.ProjectID `json:"project,omitzero" doc:"The id; left out: a new one." maxLength:"255"`
	Name    string           `json:"name,omitzero" doc:"Left out: the id." maxLength:"255"`
}

func (o createProject) command(context.Context, clerk) (domain.Command, error) {
	id := named(o.Project)
	name := o.Name
	if name == "" {
		name = string(id)
	}
	return domain.CreateProject{Project: id, Name: name}, nil
}

// newProject is createProject as its own route has it.
type newProject struct {
	ID   events.ProjectID `json:"id,omitzero" doc:"Left out: a new one." maxLength:"255"`
	Name string           `json:"name,omitzero" doc:"Left out: the id." maxLength:"255"`
}

type addProjectMember struct {
	Project events.ProjectID `json:"project"`
	User    events.UserID    `json:"user"`
	Role    events.RoleKey   `json:"role,omitzero" doc:"On the project; left out: the scheme's default."`
}

func (o addProjectMember) command(context.Context, clerk) (domain.Command, error) {
	return domain.AddProjectMember{Project: o.Project, Member: o.User, Role: o.Role}, nil
}

type changeProjectRole struct {
	Project events.ProjectID `json:"project"`
	User    events.UserID    `json:"user"`
	Role    events.RoleKey   `json:"role"`
}

func (o changeProjectRole) command(context.Context, clerk) (domain.Command, error) {
	return domain.ChangeProjectRole{Project: o.Project, Member: o.User, To: o.Role}, nil
}

type removeProjectMember struct {
	Project events.ProjectID `json:"project"`
	User    events.UserID    `json:"user"`
}

func (o removeProjectMember) command(context.Context, clerk) (domain.Command, error) {
	return domain.RemoveProjectMember{Project: o.Project, Member: o.User}, nil
}

// CommandOnProject is a command about a project.
type CommandOnProject struct {
	Command
	Project events.ProjectID `path:"project" doc:"The project." maxLength:"255"`
}

// CommandOnProjectMember is a command about somebody on a project.
type CommandOnProjectMember struct {
	CommandOnProject
	User events.UserID `path:"user" doc:"The person." maxLength:"255"`
}

// joining is the body of every route that adds a member of the organization.
type joining struct {
	User events.UserID  `json:"user" doc:"A member of the organization." maxLength:"255"`
	Role events.RoleKey `json:"role,omitzero" doc:"Left out: the scheme's default."`
}

type projectCreation struct {
	Command
	Body newProject
}

func (s *Server) projectRoutes() {
	const all, one, tag = "/v1/organizations/{org}/projects", "/v1/organizations/{org}/projects/{project}", "Projects"
	command(s, route{http.MethodPost, all, "create_project", tag, "Create a project"},
		func(in *projectCreation) order { return createProject{in.Body.ID, in.Body.Name} })
	list(s, route{http.MethodGet, all, "list_projects", tag, "List and search the projects that the actor sees"}, s.listProjects)
	read(s, route{http.MethodGet, one, "get_project", tag, "Look at a project"}, s.getProject)
}

type projectMemberAddition struct {
	CommandOnProject
	Body joining
}

type projectRoleChange struct {
	CommandOnProjectMember
	Body role
}

func (s *Server) projectMemberRoutes() {
	const all, one, tag = "/v1/organizations/{org}/projects/{project}/members", "/v1/organizations/{org}/projects/{project}/members/{user}", "Project members"
	command(s, route{http.MethodPost, all, "add_project_member", tag, "Grant a member of the organization a role on a project"},
		func(in *projectMemberAddition) order { return addProjectMember{in.Project, in.Body.User, in.Body.Role} })
	command(s, route{http.MethodPatch, one, "change_project_role", tag, "Change somebody's direct role on a project"},
		func(in *projectRoleChange) order { return changeProjectRole{in.Project, in.User, in.Body.Role} })
	command(s, route{http.MethodDelete, one, "remove_project_member", tag, "End a direct grant, or leave"},
		func(in *CommandOnProjectMember) order { return removeProjectMember{in.Project, in.User} })
	list(s, route{http.MethodGet, all, "list_project_members", tag, "List and search who is on a project, with effective role and sources"}, s.listProjectMembers)
}
