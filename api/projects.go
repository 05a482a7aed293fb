package api

import (
	"cmp"
	"context"
	"net/http"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
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
	row := project{ProjectFacts: factsOf(org, m.Actor, id), Role: role, RoleLabel: projectRoleLabel(org, role), AvailableActions: projectActions(available)}
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
	p, err := s.asOf(ctx, in.Org, in.AtTime, "", domain.About{})
	if err != nil {
		return nil, err
	}
	if _, was := p.then.Project(in.Project); !was || !p.seesProject(in.Project) {
		return nil, domain.NoProject(p.actor, in.Project)
	}
	access := p.then.Access(p.actor, in.Project)
	shown := projectDetails{
		ProjectFacts: p.facts(in.Project),
		Role:         access.Role, RoleLabel: projectRoleLabel(p.then, access.Role),
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

// memberProject is a project that somebody has access to.
type memberProject struct {
	ProjectFacts
	Role      events.RoleKey `json:"role" doc:"The effective one: the highest over the sources."`
	RoleLabel string         `json:"role_label" doc:"What the role is called."`
	Sources   []Source       `json:"sources" doc:"Every reason for the access, with the event behind it."`
	Levels    encodedLevels  `json:"levels,omitzero" doc:"The effective level of every permission."`
	Overrides []Override     `json:"overrides,omitempty"`
}

type memberProjectsQuery struct {
	MemberPath
	Paging
	AtTime
}

// listMemberProjects leaves out projects on which the actor may not see the access of
// others. For an actor who may not see the members, the list of every other user is empty,
// so that it does not reveal who is a member.
func (s *Server) listMemberProjects(ctx context.Context, in *memberProjectsQuery) (*answer[List[memberProject]], error) {
	if in.asked() {
		return s.listPastMemberProjects(ctx, in)
	}
	org, known, position, err := s.listing(ctx, in.Org, "", domain.About{})
	if err != nil {
		return nil, err
	}
	actor := requestFrom(ctx).actor
	member, joined := org.Member(in.User)
	if !joined && org.Authorize(actor, domain.SeeingMembers, domain.About{Member: in.User}) == nil {
		return nil, domain.NoMember(in.User)
	}
	found, err := s.Database.ListProjects(ctx, org, projections.ProjectFilter{Of: in.User, Page: in.page(), Keep: func(id events.ProjectID) bool {
		return org.SeesAccess(actor, in.User, id)
	}})
	if err != nil {
		return nil, err
	}
	visible, levels := visibleTeams(org, actor), levelEncoder{}
	return fromDatabase(org, known, position, rowsOf(found, func(id events.ProjectID) memberProject {
		access := org.Access(in.User, id)
		return memberProject{
			factsOf(org, actor, id), access.Role, projectRoleLabel(org, access.Role), sourcesOf(org, visible, access.Sources), levels.encode(access), overridesOf(org.ID(), member, id, access),
		}
	})), nil
}

// projectCounts counts who is on a project now.
type projectCounts struct {
	People int `json:"people" doc:"Those with access, whatever the source."`
	Direct int `json:"direct" doc:"Those with a grant of their own."`
	Teams  int `json:"teams" doc:"The teams assigned that the actor sees, without those that inherit from them."`
}

// countedProject is a project at one version of its organization.
type countedProject struct {
	org     events.OrganizationID
	version events.Version
	project events.ProjectID
}

// maxCounted is the number of projects whose count is kept.
const maxCounted = 10_000

// projectCounter counts the people on projects and caches the counts.
type projectCounter struct {
	kept *lru.Cache[countedProject, domain.ProjectCount]
}

func newProjectCounter() projectCounter {
	kept, err := lru.New[countedProject, domain.ProjectCount](maxCounted)
	if err != nil {
		panic(err) // the size is positive
	}
	return projectCounter{kept}
}

// count counts again only if the organization has changed, or if the access of somebody who
// was counted has passed its end.
func (c projectCounter) count(org domain.Organization, m events.Moment, id events.ProjectID) projectCounts {
	key := countedProject{org.ID(), org.Version(), id}
	count, known := c.kept.Get(key)
	if !known || !count.Until.IsZero() && !time.Now().Before(count.Until) {
		count = org.CountOnProject(id)
		c.kept.Add(key, count)
	}
	return projectCounts{count.People, count.Direct, countTeams(org, m, id)}
}

// countTeams counts the teams on a project that the actor may see.
func countTeams(org domain.Organization, m events.Moment, id events.ProjectID) int {
	project, _ := org.Project(id)
	teams, visible := 0, visibleTeams(org, m.Actor)
	for a := range project.Assignments() {
		if ended := !a.Until.IsZero() && !m.At.Before(a.Until); !ended && visible(a.Team) {
			teams++
		}
	}
	return teams
}
