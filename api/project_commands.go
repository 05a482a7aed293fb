package api

import (
	"cmp"
	"net/http"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

func (s *Server) projectRoutes() {
	const all, one, tag = "/projects", "/projects/{project}", "Projects"
	define(s, spec{"create_project", http.MethodPost, all, tag, "Create a project"},
		func(c createProject) (domain.Command, error) {
			id := idOrNew(c.ID)
			return domain.CreateProject{Project: id, Name: cmp.Or(c.Name, string(id))}, nil
		})
	define(s, spec{"rename_project", http.MethodPatch, one, tag, "Rename a project"},
		func(c renameProject) (domain.Command, error) {
			return domain.RenameProject{Project: c.Project, To: c.Name}, nil
		})
	define(s, spec{"archive_project", http.MethodPost, one + "/archive", tag, "Make a project read only"},
		func(c archiveProject) (domain.Command, error) { return domain.ArchiveProject{Project: c.Project}, nil })
	define(s, spec{"restore_project", http.MethodPost, one + "/restore", tag, "End the archiving of a project"},
		func(c restoreProject) (domain.Command, error) { return domain.RestoreProject{Project: c.Project}, nil })
	define(s, spec{"delete_project", http.MethodDelete, one, tag, "Delete a project with every grant, assignment and link"},
		func(c deleteProject) (domain.Command, error) { return domain.DeleteProject{Project: c.Project}, nil })
	const projects = "/v1/organizations/{org}/projects"
	list(s, route{http.MethodGet, projects, "list_projects", tag, "List and search the projects that the actor sees"}, s.listProjects)
	read(s, route{http.MethodGet, projects + "/{project}", "get_project", tag, "Look at a project"}, s.getProject)
}

type createProject struct {
	ID   events.ProjectID `json:"id,omitzero" doc:"Left out: a new one." maxLength:"255"`
	Name string           `json:"name,omitzero" doc:"Left out: the id." maxLength:"255"`
}

type renameProject struct {
	Project events.ProjectID `path:"project" json:"project" doc:"The project." maxLength:"255"`
	Name    string           `json:"name" maxLength:"255"`
}

type archiveProject struct {
	Project events.ProjectID `path:"project" json:"project" doc:"The project." maxLength:"255"`
}

type restoreProject struct {
	Project events.ProjectID `path:"project" json:"project" doc:"The project." maxLength:"255"`
}

type deleteProject struct {
	Project events.ProjectID `path:"project" json:"project" doc:"The project." maxLength:"255"`
}
