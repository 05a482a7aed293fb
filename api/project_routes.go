package api

import (
	"net/http"

	"github.com/seed-2026d078/roster/events"
)

// CommandOnProject is a command about a project.
type CommandOnProject struct {
	Command
	Project events.ProjectID `path:"project" doc:"The project." maxLength:"255"`
}

// newProject is createProject as its own route has it.
type newProject struct {
	ID   events.ProjectID `json:"id,omitzero" doc:"Left out: a new one." maxLength:"255"`
	Name string           `json:"name,omitzero" doc:"Left out: the id." maxLength:"255"`
}

type projectCreation struct {
	Command
	Body newProject
}

// newName is the body of every change of a name.
type newName struct {
	Name string `json:"name" maxLength:"255"`
}

type projectRenaming struct {
	CommandOnProject
	Body newName
}

func (s *Server) projectRoutes() {
	const all, one, tag = "/v1/organizations/{org}/projects", "/v1/organizations/{org}/projects/{project}", "Projects"
	command(s, route{http.MethodPost, all, "create_project", tag, "Create a project"},
		func(in *projectCreation) order { return createProject{in.Body.ID, in.Body.Name} })
	command(s, route{http.MethodPatch, one, "rename_project", tag, "Rename a project"},
		func(in *projectRenaming) order { return renameProject{in.Project, in.Body.Name} })
	command(s, route{http.MethodPost, one + "/archive", "archive_project", tag, "Make a project read only"},
		func(in *CommandOnProject) order { return archiveProject{in.Project} })
	command(s, route{http.MethodPost, one + "/restore", "restore_project", tag, "End the archiving of a project"},
		func(in *CommandOnProject) order { return restoreProject{in.Project} })
	command(s, route{http.MethodDelete, one, "delete_project", tag, "Delete a project with every grant, assignment and link"},
		func(in *CommandOnProject) order { return deleteProject{in.Project} })
	list(s, route{http.MethodGet, all, "list_projects", tag, "List and search the projects that the actor sees"}, s.listProjects)
	read(s, route{http.MethodGet, one, "get_project", tag, "Look at a project"}, s.getProject)
}
