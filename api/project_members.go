package api

import (
	"context"
	"slices"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/projections"
)

// projectMember is somebody with access to a project, whatever the source, or with
// access that does not hold any more.
type projectMember struct {
	Person
	OrganizationRole events.RoleKey `json:"organization_role"`
	Status           Status         `json:"status" enum:"active,deactivated,ended" doc:"Whether the access holds and, if not, why."`
	Role             events.RoleKey `json:"role" doc:"The effective one: the highest over the sources."`
	Levels           events.Levels  `json:"levels,omitempty" doc:"The effective level of every permission; left out where the access does not hold."`
	Sources          []Source       `json:"sources" doc:"Those that hold or, where none does, those that have ended or are suspended."`
	Overrides        []Override     `json:"overrides,omitempty"`
	Badges           []Badge        `json:"badges,omitempty" enum:"protected,creator,deactivated,ended" doc:"What marks the person: nobody removes or changes who is protected."`
	Since            time.Time      `json:"since" doc:"When the oldest of the sources began."`
	Until            *time.Time     `json:"until,omitzero" doc:"When the last of the sources, or the membership of the organization, ends; left out: never."`
	JoinedAt         time.Time      `json:"joined_at" doc:"When they became a member of the organization."`
	Access           string         `json:"access" doc:"How they came to it, in words: Direct, Creator, via TEAM, through organization role."`
	AvailableActions
}

// projectMemberOf says of somebody on a project all but what they are called. It says
// nothing of teams that the actor does not see but that there is one. Of who has no access
// it says what they would have if nothing had ended and they were not suspended.
func projectMemberOf(org domain.Organization, m events.Moment, id events.ProjectID, user events.UserID) projectMember {
	found, _ := org.Member(user)
	access := org.Access(user, id)
	row := projectMember{OrganizationRole: found.Role, Status: membershipStatus(org, user, found), JoinedAt: found.Joined.At.UTC()}
	switch {
	case access.Reason == "":
		row.Levels = access.Levels()
	case row.Status == active:
		row.Status = ended // it is the sources that have
		fallthrough
	default:
		access = lapsedAccess(org, found, user, id)
	}
	row.Role, row.Sources, row.Overrides = access.Role, sourcesOf(org, visibleTeams(org, m.Actor), access.Sources), overridesOf(org.ID(), found, id, access)
	row.Since, row.Until = access.Since().UTC(), orNever(lastEnd(access.Sources, found.Until()))
	creator := slices.ContainsFunc(access.Sources, func(s domain.Source) bool { return s.Kind == domain.Creator })
	if org.Scheme().Protects(found.Role) || creator && org.Scheme().CreatorProtected {
		row.Badges = append(row.Badges, protectedBadge)
	}
	if creator {
		row.Badges = append(row.Badges, creatorBadge)
	}
	row.Badges = row.Status.badge(row.Badges)
	row.Access, row.AvailableActions = accessInWords(row.Sources), availableActions(org.ActionsOnProjectMember(m, id, user))
	return row
}

// lapsedAccess is what somebody would have if nothing had ended and they were not suspended.
func lapsedAccess(org domain.Organization, member domain.Member, user events.UserID, id events.ProjectID) domain.Access {
	overrides := slices.DeleteFunc(slices.Collect(member.Overrides()), func(o domain.Override) bool { return o.Project != id })
	return org.Scheme().Resolve(org.AllSources(user, id), overrides)
}

// lastEnd is when the last of the sources ends, at the latest with the membership; the
// zero value never does.
func lastEnd(sources []domain.Source, membership time.Time) time.Time {
	var last time.Time
	for _, s := range sources {
		if s.Until.IsZero() {
			return membership
		}
		if s.Until.After(last) {
			last = s.Until
		}
	}
	if !membership.IsZero() && membership.Before(last) {
		return membership
	}
	return last
}

// accessInWords names the source that is shown first.
func accessInWords(sources []Source) string {
	switch first := sources[0]; first.Kind {
	case domain.Direct:
		return "Direct"
	case domain.Creator:
		return "Creator"
	case domain.ThroughRole:
		return "through organization role"
	case domain.ThroughTeam:
	}
	i := slices.IndexFunc(sources, func(s Source) bool { return s.TeamName != "" })
	if i < 0 {
		return "via a team"
	}
	return "via " + sources[i].TeamName
}

type projectMembersQuery struct {
	ProjectPath
	Paging
	Search   string            `query:"search" maxLength:"255" doc:"A part of a name, login, or email address, or of the effective role."`
	Role     events.RoleKey    `query:"role" doc:"The effective role on the project." maxLength:"255"`
	Source   domain.SourceKind `query:"source" enum:"direct,creator,organization,team" doc:"People who have access in this way, whatever others they have besides."`
	Inactive bool              `query:"inactive" doc:"Those instead whose access has ended, or who are suspended."`
}

// projectMembers is one page of the people on a project.
type projectMembers struct {
	List[projectMember]
	Counts *projectCounts `json:"counts,omitzero" doc:"Of the whole project, whatever is searched for; on the first page."`
}

func (s *Server) listProjectMembers(ctx context.Context, in *projectMembersQuery) (*answer[projectMembers], error) {
	org, known, position, err := s.listing(ctx, in.Org, domain.SeeingProjectMembers, domain.About{Project: in.Project})
	if err != nil {
		return nil, hideMembers(err)
	}
	found, err := s.findProjectMembers(ctx, org, in.Project, projections.ProjectMembersQuery{
		Search: in.Search, Role: in.Role, Source: in.Source, Inactive: in.Inactive, Page: in.page(),
	})
	if err != nil {
		return nil, err
	}
	page := projectMembers{List: found}
	if in.After == "" {
		page.Counts = new(s.countProject(org, present(ctx, org), in.Project))
	}
	return fromDatabase(org, known, position, page), nil
}

// findProjectMembers finds people on a project for an actor who sees them.
func (s *Server) findProjectMembers(ctx context.Context, org domain.Organization, id events.ProjectID, q projections.ProjectMembersQuery) (List[projectMember], error) {
	found, err := s.Database.ListProjectMembers(ctx, org, id, q)
	m := present(ctx, org)
	return rowsOf(found, func(p projections.Person) projectMember {
		row := projectMemberOf(org, m, id, p.User)
		row.Person = personOf(p)
		return row
	}), err
}

type candidatesQuery struct {
	ProjectPath
	Paging
	Search string `query:"search" maxLength:"255" doc:"A part of a name, login, or email address."`
}

// candidate is somebody who could be added to a project. What they have elsewhere is
// not for everybody who adds people.
type candidate struct {
	Person
	Role    events.RoleKey `json:"role" doc:"In the organization."`
	Default events.RoleKey `json:"default_role,omitzero" doc:"The role on the project that they take where none is stated."`
}

// candidates is one page of them.
type candidates struct {
	List[candidate]
	Roles []events.RoleKey `json:"roles" doc:"The roles on the project that the actor may give, lowest first."`
}

func (s *Server) listCandidates(ctx context.Context, in *candidatesQuery) (*answer[candidates], error) {
	org, known, position, err := s.listing(ctx, in.Org, domain.AddingProjectMember, domain.About{Project: in.Project})
	if err != nil {
		return nil, hideMembers(err)
	}
	found, err := s.Database.ListCandidates(ctx, org, in.Project, projections.CandidatesQuery{Search: in.Search, Page: in.page()})
	if err != nil {
		return nil, err
	}
	page := candidates{Roles: org.ActionsOnProject(present(ctx, org), in.Project).Roles}
	if page.Roles == nil {
		page.Roles = []events.RoleKey{}
	}
	page.List = rowsOf(found, func(p projections.Person) candidate {
		of, _ := org.Member(p.User)
		return candidate{personOf(p), of.Role, org.Scheme().DefaultProjectRole(of.Role)}
	})
	return fromDatabase(org, known, position, page), nil
}
