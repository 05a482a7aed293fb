package api

import (
	"cmp"
	"context"
	"net/http"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/collation"
	"github.com/seed-2026d078/roster/projections"
)

func (s *Server) projectRoutes() {
	const all, one, tag = "/projects", "/projects/{project}", "Projects"
	define(s, spec{"create_project", http.MethodPost, all, tag, "Create a project"},
		func(c createProject) (domain.Command, error) {
			id := idOrNew(c.ID)
			return domain.CreateProject{Project: id, Name: inputName(cmp.Or(c.Name, string(id))), Description: c.Description}, nil
		})
	define(s, spec{"rename_project", http.MethodPatch, one, tag, "Rename a project"},
		func(c renameProject) (domain.Command, error) {
			return domain.RenameProject{Project: c.Project, To: inputName(c.Name)}, nil
		})
	define(s, spec{"describe_project", http.MethodPatch, one + "/description", tag, "Change the description of a project"},
		func(c describeProject) (domain.Command, error) {
			return domain.DescribeProject{Project: c.Project, Description: c.Description}, nil
		})
	define(s, spec{"archive_project", http.MethodPost, one + "/archive", tag, "Make a project read only"},
		func(c archiveProject) (domain.Command, error) { return domain.ArchiveProject{Project: c.Project}, nil })
	define(s, spec{"restore_project", http.MethodPost, one + "/restore", tag, "End the archiving of a project"},
		func(c restoreProject) (domain.Command, error) { return domain.RestoreProject{Project: c.Project}, nil })
	define(s, spec{"delete_project", http.MethodDelete, one, tag, "Delete a project with its grants, assignments and link"},
		func(c deleteProject) (domain.Command, error) { return domain.DeleteProject{Project: c.Project}, nil })
	define(s, spec{"take_over_project", http.MethodPost, one + "/take-over", tag, "Take the role on a project that must be held and has no active holder"},
		func(c takeOverProject) (domain.Command, error) {
			return domain.TakeOverProject{Project: c.Project}, nil
		})
	const projects = organizationPath + "/projects"
	list(s, route{http.MethodGet, projects, "list_projects", tag, "List and search the projects that the actor sees"}, s.listProjects)
	read(s, route{http.MethodGet, projects + "/{project}", "get_project", tag, "Look at a project"}, s.getProject)
}

type createProject struct {
	ID          events.ProjectID `json:"id,omitzero" doc:"Left out: a new one." maxLength:"255"`
	Name        string           `json:"name,omitzero" doc:"Left out: the id." maxLength:"255" example:"Apollo"`
	Description string           `json:"description,omitzero" doc:"Left out: none." maxLength:"10000" example:"To the moon and back."`
}

type renameProject struct {
	Project events.ProjectID `path:"project" json:"project" doc:"The project." maxLength:"255"`
	Name    string           `json:"name" maxLength:"255" example:"Apollo"`
}

type describeProject struct {
	Project     events.ProjectID `path:"project" json:"project" doc:"The project." maxLength:"255"`
	Description string           `json:"description" doc:"Empty: none." maxLength:"10000" example:"To the moon and back."`
}

type archiveProject struct {
	Project events.ProjectID `path:"project" json:"project" doc:"The project." maxLength:"255"`
}

type restoreProject struct {
	Project events.ProjectID `path:"project" json:"project" doc:"The project." maxLength:"255"`
}

type takeOverProject struct {
	Project events.ProjectID `path:"project" json:"project" doc:"The project." maxLength:"255"`
}

type deleteProject struct {
	Project events.ProjectID `path:"project" json:"project" doc:"The project." maxLength:"255"`
}

// ProjectFacts are the fields that every answer about a project has.
type ProjectFacts struct {
	ID          events.ProjectID `json:"id"`
	Name        string           `json:"name"`
	Description string           `json:"description,omitzero"`
	Archived    bool             `json:"archived" doc:"Whether the project itself is read only."`
	PublicLink  *bool            `json:"public_link,omitzero" doc:"Whether it is on; only for those who see it."`
	Created     Origin           `json:"created"`
}

func factsOf(org domain.Organization, actor events.UserID, id events.ProjectID) ProjectFacts {
	found, _ := org.Project(id)
	facts := ProjectFacts{ID: id, Name: found.Name, Description: found.Description, Archived: found.Archived, Created: originOf(org.ID(), found.Created)}
	if org.Authorize(actor, domain.SeeingPublicLink, domain.About{Project: id}) == nil {
		_, on := found.PublicLink()
		facts.PublicLink = &on
	}
	return facts
}

// facts returns the facts of a project, of which the actor sees now whether it has a link.
func (p asOf) facts(id events.ProjectID) ProjectFacts {
	facts := factsOf(p.then, events.System, id)
	if p.authorize(domain.SeeingPublicLink, domain.About{Project: id}) != nil {
		facts.PublicLink = nil
	}
	return facts
}

// projectActions has roles only if the actor may add people.
func projectActions(available domain.AvailableActions) AvailableActions {
	return availableOn(available, domain.AddingProjectMember)
}

// project is a project as a list shows it.
type project struct {
	ProjectFacts
	Role      events.RoleKey `json:"role,omitzero" doc:"The actor's own, whatever the source."`
	RoleLabel string         `json:"role_label,omitzero" doc:"What the role is called."`
	People    *int           `json:"people,omitzero" doc:"How many are on it; only for those who see its members."`
	Teams     *int           `json:"teams,omitzero" doc:"How many of the teams that the actor sees are on it; only for those who see its members."`
	AvailableActions
}

func (s *Server) projectOf(org domain.Organization, m events.Moment, id events.ProjectID, available domain.AvailableActions) project {
	role := org.Access(m.Actor, id).Role
	row := project{ProjectFacts: factsOf(org, m.Actor, id), Role: role, RoleLabel: org.ProjectRoleLabel(role), AvailableActions: projectActions(available)}
	if org.Authorize(m.Actor, domain.SeeingProjectMembers, domain.About{Project: id}) == nil {
		counts := s.counts.count(org, m, id)
		row.People, row.Teams = &counts.People, &counts.Teams
	}
	return row
}

// projectDetails is a project as those who may see it see it.
type projectDetails struct {
	ProjectFacts
	Role      events.RoleKey `json:"role,omitzero" doc:"The actor's own, whatever the source."`
	RoleLabel string         `json:"role_label,omitzero" doc:"What the role is called."`
	Levels    events.Levels  `json:"levels,omitzero" doc:"The actor's own, effective, of every permission on the project."`
	Notices   []notification `json:"notices,omitempty" doc:"Changes of the actor's role here that were not marked as shown yet, oldest first."`
	AvailableActions
}

type projectQuery struct {
	ProjectPath
	AtTime
}

func (s *Server) getProject(ctx context.Context, in *projectQuery) (*answer[projectDetails], error) {
	p, err := s.asOf(ctx, in.Org, in.AtTime)
	if err != nil {
		return nil, err
	}
	if _, was := p.then.Project(in.Project); !was || !p.seesProject(in.Project) {
		return nil, domain.NoProject(p.actor, in.Project)
	}
	access := p.then.Access(p.actor, in.Project)
	shown := projectDetails{
		ProjectFacts: p.facts(in.Project),
		Role:         access.Role, RoleLabel: p.then.ProjectRoleLabel(access.Role),
		AvailableActions: projectActions(p.actions(func(m events.Moment) domain.AvailableActions { return p.now.ActionsOnProject(m, in.Project) })),
	}
	if p.actor != events.System {
		shown.Levels = access.Levels()
	}
	if !p.isPast() {
		shown.Notices, err = s.notices(ctx, p.now, in.Project)
	}
	return fromMemory(p.now, p.position, shown), err
}

type projectsQuery struct {
	InOrganization
	Paging
	AtTime
	Search   string `query:"search" maxLength:"255" doc:"Words, each of which is a part of the name or the id, in any order; case and diacritics do not matter."`
	Archived string `query:"archived" enum:"true,false" doc:"Only those that are archived, or are not; left out: both."`
}

func (q *projectsQuery) archived() *bool {
	if q.Archived == "" {
		return nil
	}
	wanted := q.Archived == "true"
	return &wanted
}

func (s *Server) listProjects(ctx context.Context, in *projectsQuery) (*answer[List[project]], error) {
	if in.asked() {
		return s.listPastProjects(ctx, in)
	}
	org, known, position, err := s.listing(ctx, in.Org, "", domain.About{})
	if err != nil {
		return nil, err
	}
	m := currentMoment(ctx, org)
	filter := projections.ProjectFilter{Search: in.Search, Archived: in.archived(), Page: in.page()}
	if m.Actor != events.System {
		filter.Keep = func(id events.ProjectID) bool { return org.SeesProject(m.Actor, id) }
		if !org.SeesAllProjects(m.Actor) {
			filter.Of = m.Actor
		}
	}
	found, err := s.Database.ListProjects(ctx, org, filter)
	if err != nil {
		return nil, err
	}
	actions := domain.NewActionFinder(org, m)
	return fromDatabase(org, known, position, rowsOf(found, func(id events.ProjectID) project {
		return s.projectOf(org, m, id, actions.OnProject(id))
	})), nil
}

func (s *Server) listPastProjects(ctx context.Context, in *projectsQuery) (*answer[List[project]], error) {
	p, err := s.past(ctx, in.Org, in.At.Time, "", domain.About{})
	if err != nil {
		return nil, err
	}
	return pageOfPast(p, p.projects(in.Search, func(id events.ProjectID, of domain.Project) bool {
		return p.seesProject(id) && (in.archived() == nil || of.Archived == *in.archived())
	}), in.Paging, func(id events.ProjectID) project {
		role := p.then.Access(p.actor, id).Role
		row := project{ProjectFacts: p.facts(id), Role: role, RoleLabel: p.then.ProjectRoleLabel(role), AvailableActions: projectActions(domain.AvailableActions{})}
		if p.authorize(domain.SeeingProjectMembers, domain.About{Project: id}) == nil {
			counts := p.count(id)
			row.People, row.Teams = &counts.People, &counts.Teams
		}
		return row
	})
}

// projects returns the projects of the past that a search finds.
func (p asOf) projects(search string, keep func(events.ProjectID, domain.Project) bool) []ordered[events.ProjectID] {
	words := collation.Words(search)
	var found []ordered[events.ProjectID]
	for id, of := range paced(p, p.then.Projects()) {
		if keep(id, of) && matches(words, of.Name, string(id)) {
			found = append(found, inOrder(id, of.Name, string(id)))
		}
	}
	return found
}
