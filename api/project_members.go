package api

import (
	"context"
	"net/http"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/projections"
)

func (s *Server) projectMemberRoutes() {
	const all, one, tag = "/projects/{project}/members", "/projects/{project}/members/{user}", "Project members"
	add := spec{"add_project_member", http.MethodPost, all, tag, "Grant members of the organization roles on a project, one or several"}
	defineRoute(s, add, buildAddProjectMembers)
	defineItem(s, add.id, buildAddProjectMember)
	define(s, spec{"change_project_member_role", http.MethodPatch, one, tag, "Change somebody's direct role on a project"},
		func(c changeProjectMemberRole) (domain.Command, error) {
			return domain.ChangeProjectMemberRole{Project: c.Project, Member: c.User, To: c.Role}, nil
		})
	define(s, spec{"change_project_member_levels", http.MethodPatch, one + "/levels", tag, "Change somebody's own levels on a project"},
		func(c changeProjectMemberLevels) (domain.Command, error) {
			return domain.ChangeProjectMemberLevels{Project: c.Project, Member: c.User, To: c.Levels, Merge: c.Merge}, nil
		})
	define(s, spec{"change_project_member_start", http.MethodPatch, one + "/start", tag, "Change when a direct grant starts that has not started"},
		func(c changeProjectMemberStart) (domain.Command, error) {
			return domain.ChangeProjectMemberStart{Project: c.Project, Member: c.User, From: instantOf(c.From)}, nil
		})
	define(s, spec{"change_project_member_end", http.MethodPatch, one + "/end", tag, "Change when a direct grant ends"},
		func(c changeProjectMemberEnd) (domain.Command, error) {
			return domain.ChangeProjectMemberEnd{Project: c.Project, Member: c.User, Until: instantOf(c.Until)}, nil
		})
	define(s, spec{"attest_project_access", http.MethodPost, one + "/attest", tag, "Record that the actor has reviewed somebody's access to a project"},
		func(c attestProjectAccess) (domain.Command, error) {
			return domain.AttestAccess{Member: c.User, Project: c.Project}, nil
		})
	define(s, spec{"remove_project_member", http.MethodDelete, one, tag, "End a direct grant, or leave"},
		func(c removeProjectMember) (domain.Command, error) {
			return domain.RemoveProjectMember{Project: c.Project, Member: c.User}, nil
		})
	list(s, route{http.MethodGet, organizationPath + "/projects/{project}/members", "list_project_members", tag, "List and search who is on a project, with effective role and sources"}, s.listProjectMembers)
	list(s, route{http.MethodGet, organizationPath + "/projects/{project}/candidates", "list_candidates", tag, "List and search the members of the organization who could be added to a project"}, s.listCandidates)
}

type addProjectMember struct {
	Project events.ProjectID `json:"project"`
	User    events.UserID    `json:"user"`
	Role    events.RoleKey   `json:"role,omitzero" doc:"On the project; left out: the scheme's default."`
	Levels  events.Levels    `json:"levels,omitzero" doc:"The person's own levels on the project, if the role allows own levels."`
	From    time.Time        `json:"from,omitzero" doc:"When it starts; left out, or in the past: at once."`
	Until   time.Time        `json:"until,omitzero" doc:"When it ends; left out: never."`
}

func buildAddProjectMember(_ context.Context, _ *commandBuilder, c addProjectMember) (domain.Command, error) {
	return domain.AddProjectMember{
		Project: c.Project, Member: c.User, Role: c.Role, Levels: c.Levels, From: events.Instant(c.From), Until: events.Instant(c.Until),
	}, nil
}

// addProjectMembers is addProjectMember for one person, or for several people and teams.
type addProjectMembers struct {
	Project events.ProjectID   `path:"project" json:"project" doc:"The project." maxLength:"255"`
	User    events.UserID      `json:"user,omitzero" doc:"A member of the organization." maxLength:"255" example:"bob"`
	Role    events.RoleKey     `json:"role,omitzero" doc:"Left out: the scheme's default."`
	Levels  events.Levels      `json:"levels,omitzero" doc:"The person's own levels on the project, if the role allows own levels."`
	From    time.Time          `json:"from,omitzero" doc:"When it starts; left out, or in the past: at once."`
	Until   time.Time          `json:"until,omitzero" doc:"When it ends; left out: never."`
	Members []newProjectMember `json:"members,omitzero" doc:"Several people instead: all are added, or none." maxItems:"1000"`
	Teams   []newAssignment    `json:"teams,omitzero" doc:"Teams to assign at the same time; where one is wrong, its index counts on from the people." maxItems:"1000"`
}

type newProjectMember struct {
	User   events.UserID  `json:"user" doc:"A member of the organization." maxLength:"255"`
	Role   events.RoleKey `json:"role,omitzero" doc:"Left out: the scheme's default."`
	Levels events.Levels  `json:"levels,omitzero" doc:"The person's own levels on the project, if the role allows own levels."`
	From   time.Time      `json:"from,omitzero" doc:"When it starts; left out, or in the past: at once."`
	Until  time.Time      `json:"until,omitzero" doc:"When it ends; left out: never."`
}

func buildAddProjectMembers(ctx context.Context, b *commandBuilder, c addProjectMembers) (domain.Command, error) {
	one := c.User != "" || c.Role != "" || len(c.Levels) > 0 || !c.From.IsZero() || !c.Until.IsZero()
	if one == (len(c.Members)+len(c.Teams) > 0) {
		return nil, errMalformed.because("Name either a user, or several members and teams.")
	}
	if one {
		return buildAddProjectMember(ctx, b, addProjectMember{c.Project, c.User, c.Role, c.Levels, c.From, c.Until})
	}
	all := make([]namedItem, 0, len(c.Members)+len(c.Teams))
	for _, m := range c.Members {
		all = append(all, namedItem{string(m.User), bind(buildAddProjectMember, addProjectMember{c.Project, m.User, m.Role, m.Levels, m.From, m.Until})})
	}
	for _, t := range c.Teams {
		all = append(all, t.item(c.Project))
	}
	return buildNamed(ctx, b, all)
}

type changeProjectMemberRole struct {
	Project events.ProjectID `path:"project" json:"project" doc:"The project." maxLength:"255"`
	User    events.UserID    `path:"user" json:"user" doc:"The person." maxLength:"255"`
	Role    events.RoleKey   `json:"role" doc:"The role to hold from now on."`
}

type changeProjectMemberLevels struct {
	Project events.ProjectID `path:"project" json:"project" doc:"The project." maxLength:"255"`
	User    events.UserID    `path:"user" json:"user" doc:"The person." maxLength:"255"`
	Levels  events.Levels    `json:"levels,omitzero" doc:"The level of each permission; what is not listed is at its lowest. None at all: those of the role." example:"{\"content\":\"view\"}"`
	Merge   bool             `json:"merge,omitzero" doc:"Change only the levels that are listed; the others stay."`
}

type changeProjectMemberStart struct {
	Project events.ProjectID `path:"project" json:"project" doc:"The project." maxLength:"255"`
	User    events.UserID    `path:"user" json:"user" doc:"The person." maxLength:"255"`
	From    *time.Time       `json:"from,omitzero" doc:"When it starts, before it ends; left out, null or in the past: at once."`
}

type changeProjectMemberEnd struct {
	Project events.ProjectID `path:"project" json:"project" doc:"The project." maxLength:"255"`
	User    events.UserID    `path:"user" json:"user" doc:"The person." maxLength:"255"`
	Until   *time.Time       `json:"until,omitzero" doc:"When it ends, in the future; left out or null: never."`
}

type attestProjectAccess struct {
	Project events.ProjectID `path:"project" json:"project" doc:"The project." maxLength:"255"`
	User    events.UserID    `path:"user" json:"user" doc:"The person." maxLength:"255"`
}

type removeProjectMember struct {
	Project events.ProjectID `path:"project" json:"project" doc:"The project." maxLength:"255"`
	User    events.UserID    `path:"user" json:"user" doc:"The person." maxLength:"255"`
}

type projectMembersQuery struct {
	ProjectPath
	Paging
	AtTime
	Search   string            `query:"search" maxLength:"255" doc:"Words, as in the list of members, or words of the effective role."`
	Role     events.RoleKey    `query:"role" doc:"The effective role on the project." maxLength:"255"`
	Source   domain.SourceKind `query:"source" enum:"direct,creator,organization,elevation,team" doc:"People who have access in this way, whatever others they have besides."`
	Inactive bool              `query:"inactive" doc:"List instead the people whose access has not started, or has ended, or who are deactivated."`
}

// projectMembers is one page of the people on a project.
type projectMembers struct {
	List[projectMember]
	Counts *projectCounts `json:"counts,omitzero" doc:"Of the whole project, not only of what the search finds; on the first page."`
}

func (s *Server) listProjectMembers(ctx context.Context, in *projectMembersQuery) (*answer[projectMembers], error) {
	if in.asked() {
		return s.listPastProjectMembers(ctx, in)
	}
	org, known, position, err := s.listing(ctx, in.Org, domain.SeeingProjectMembers, domain.About{Project: in.Project})
	if err != nil {
		return nil, hideMembers(err)
	}
	if in.Role != "" {
		if err := org.Scheme().ValidateProjectRole(in.Role); err != nil {
			return nil, err
		}
	}
	found, err := s.findProjectMembers(ctx, org, in.Project, projections.ProjectMemberFilter{
		Search: in.Search, Role: in.Role, Source: in.Source, Inactive: in.Inactive, Page: in.page(),
	})
	if err != nil {
		return nil, err
	}
	page := projectMembers{List: found}
	if in.After == "" {
		page.Counts = new(s.counts.count(org, currentMoment(ctx, org), in.Project))
	}
	return fromDatabase(org, known, position, page), nil
}

func (s *Server) listPastProjectMembers(ctx context.Context, in *projectMembersQuery) (*answer[projectMembers], error) {
	p, err := s.pastProject(ctx, in.AtTime, in.ProjectPath)
	if err != nil {
		return nil, err
	}
	if in.Role != "" {
		if err := p.then.Scheme().ValidateProjectRole(in.Role); err != nil {
			return nil, err
		}
	}
	people, err := s.findPastProjectMembers(ctx, p, in.Project, in.Paging, projections.ProjectMemberFilter{
		Search: in.Search, Role: in.Role, Source: in.Source, Inactive: in.Inactive,
	})
	if err != nil {
		return nil, err
	}
	page := projectMembers{List: people}
	if in.After == "" {
		page.Counts = new(p.count(in.Project))
	}
	return fromMemory(p.now, p.position, page), nil
}

type candidatesQuery struct {
	ProjectPath
	Paging
	Search string `query:"search" maxLength:"255" doc:"Words, as in the list of members."`
}

// candidate is somebody who could be added to a project. It does
// not say what access they have elsewhere: not everybody who adds people may know that.
type candidate struct {
	Person
	Role         events.RoleKey `json:"role" doc:"In the organization."`
	RoleLabel    string         `json:"role_label" doc:"What the role is called."`
	Default      events.RoleKey `json:"default_role,omitzero" doc:"The role on the project that they take where none is stated."`
	DefaultLabel string         `json:"default_role_label,omitzero" doc:"What the role on the project is called."`
	Access       string         `json:"access,omitzero" doc:"The team through which they are on the project already, as in via TEAM; left out: they are not, or the actor may not see who is."`
}

// candidates is one page of candidates.
type candidates struct {
	List[candidate]
	Roles []events.RoleKey `json:"roles" doc:"The roles on the project that the actor may give, lowest first."`
}

func (s *Server) listCandidates(ctx context.Context, in *candidatesQuery) (*answer[candidates], error) {
	org, known, position, err := s.listing(ctx, in.Org, "", domain.About{})
	if err != nil {
		return nil, err
	}
	m, about := currentMoment(ctx, org), domain.About{Project: in.Project}
	if err := org.AuthorizeForSome(m.Actor, domain.AddingProjectMember, in.Project); err != nil {
		return nil, hideMembers(err)
	}
	filter := projections.CandidateFilter{Search: in.Search, Actor: m.Actor, Page: in.page()}
	if org.Authorize(m.Actor, domain.AddingProjectMember, about) != nil {
		filter.Keep = func(user events.UserID) bool { return user == m.Actor } // they may only add themselves
	}
	found, err := s.Database.ListCandidates(ctx, org, in.Project, filter)
	if err != nil {
		return nil, err
	}
	page := candidates{Roles: org.ActionsOnProject(m, in.Project).Roles}
	if page.Roles == nil {
		page.Roles = []events.RoleKey{}
	}
	visible, sees := visibleTeams(org, m.Actor), org.Authorize(m.Actor, domain.SeeingProjectMembers, about) == nil
	page.List = rowsOf(found, func(p projections.Person) candidate {
		of, _ := org.Member(p.User)
		role := org.Scheme().DefaultProjectRole(of.Role)
		row := candidate{
			Person: personOf(p), Role: of.Role, RoleLabel: org.RoleLabel(of.Role),
			Default: role, DefaultLabel: org.ProjectRoleLabel(role),
		}
		if access := org.Access(p.User, in.Project); sees && len(access.Sources) > 0 {
			row.Access = accessInWords(sourcesOf(org, visible, access.Sources))
		}
		return row
	})
	return fromDatabase(org, known, position, page), nil
}

func (s *Server) overrideRoutes() {
	const one, tag = "/projects/{project}/members/{user}/overrides/{permission}", "Overrides"
	define(s, spec{"set_override", http.MethodPatch, one, tag, "Set the level of one permission of somebody on a project, in place of their role's"},
		func(c setOverride) (domain.Command, error) {
			return domain.SetOverride{Project: c.Project, Member: c.User, Permission: c.Permission, Level: c.Level}, nil
		})
	define(s, spec{"clear_override", http.MethodDelete, one, tag, "Remove an override, so that the level of the role counts again"},
		func(c clearOverride) (domain.Command, error) {
			return domain.ClearOverride{Project: c.Project, Member: c.User, Permission: c.Permission}, nil
		})
}

type setOverride struct {
	Project    events.ProjectID     `path:"project" json:"project" doc:"The project." maxLength:"255"`
	User       events.UserID        `path:"user" json:"user" doc:"The person." maxLength:"255"`
	Permission events.PermissionKey `path:"permission" json:"permission" doc:"The key of the permission." maxLength:"255"`
	Level      events.Level         `json:"level" doc:"The level to have, whatever the role says." enum:"none,view,full,off,on"`
}

type clearOverride struct {
	Project    events.ProjectID     `path:"project" json:"project" doc:"The project." maxLength:"255"`
	User       events.UserID        `path:"user" json:"user" doc:"The person." maxLength:"255"`
	Permission events.PermissionKey `path:"permission" json:"permission" doc:"The key of the permission." maxLength:"255"`
}
