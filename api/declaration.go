package api

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// declarationID names the operation that takes a declaration.
const declarationID = "apply_declaration"

func (s *Server) declarationRoutes() {
	const tag = "Declared state"
	defineRoute(s, spec{declarationID, http.MethodPut, "/config", tag, "Make an organization as it is declared, in one commit"}, buildDeclaration)
	list(s, route{http.MethodGet, organizationPath + "/config", "get_declaration", tag, "Declare an organization as it is"}, s.getDeclaration)
}

// declaration says how an organization is, or is to be.
type declaration struct {
	Scheme   string            `json:"scheme,omitzero" doc:"The key of the organization's scheme: a declaration for another one is refused. Left out: any." example:"github"`
	Name     string            `json:"name,omitzero" doc:"Left out: stays." maxLength:"255" example:"Acme"`
	Members  []declaredMember  `json:"members,omitzero" doc:"All members: who is not named is removed. Left out: they stay." maxItems:"20000"`
	Teams    []declaredTeam    `json:"teams,omitzero" doc:"All teams: what is not named is removed. Left out: they stay." maxItems:"20000"`
	Projects []declaredProject `json:"projects,omitzero" doc:"All projects: what is not named is deleted. Left out: they stay." maxItems:"20000"`
	Partial  bool              `json:"partial,omitzero" doc:"What an entry leaves out stays as it is, as do projects that are not named; a project that only an assignment names is created. Otherwise what is left out is empty, and such a project is refused."`
	ByLogin  bool              `json:"by_login,omitzero" doc:"Users are named by login, projects by id or name, without regard to case. Who is new gets the login in lower case as id. Otherwise both are ids."`
}

type declaredMember struct {
	User        events.UserID  `json:"user" maxLength:"255" example:"bob"`
	Role        events.RoleKey `json:"role,omitzero" doc:"In the organization; left out: the default." example:"member"`
	Login       string         `json:"login,omitzero" doc:"The spelling that people see. Only who is added gets it." maxLength:"255" example:"Bob"`
	Levels      events.Levels  `json:"levels,omitzero" doc:"The person's own levels in the organization."`
	From        *time.Time     `json:"from,omitzero" doc:"When the membership starts."`
	Until       *time.Time     `json:"until,omitzero" doc:"When the membership ends."`
	Deactivated *bool          `json:"deactivated,omitzero"`
}

type declaredTeam struct {
	Name        string               `json:"name" doc:"Unique without regard to case; it names the team." maxLength:"255" example:"Core"`
	Previously  []string             `json:"previously,omitzero" doc:"Former names: if no team has the name, the first of these that a team has is renamed." maxItems:"100"`
	Parent      string               `json:"parent,omitzero" doc:"The name of the team above, which is declared as well; left out: none." maxLength:"255"`
	Description *string              `json:"description,omitzero" maxLength:"10000"`
	Privacy     *events.Privacy      `json:"privacy,omitzero" enum:",closed,secret"`
	Colour      *events.Colour       `json:"colour,omitzero" example:"#3366ff"`
	Members     []declaredTeamMember `json:"members,omitzero" doc:"All people in the team itself; left out: they stay." maxItems:"20000"`
	Projects    []declaredAssignment `json:"projects,omitzero" doc:"All projects that the team itself is assigned to; left out: they stay." maxItems:"20000"`
}

type declaredTeamMember struct {
	User events.UserID  `json:"user" maxLength:"255" example:"bob"`
	Role events.RoleKey `json:"role,omitzero" doc:"In the team; left out: the default."`
}

type declaredAssignment struct {
	Project events.ProjectID `json:"project" maxLength:"255" example:"apollo"`
	Role    events.RoleKey   `json:"role,omitzero" doc:"On the project; left out: the default, or each member's own where the scheme confers that." example:"write"`
	From    *time.Time       `json:"from,omitzero" doc:"When the assignment starts."`
	Until   *time.Time       `json:"until,omitzero" doc:"When the assignment ends."`
}

type declaredProject struct {
	Project     events.ProjectID        `json:"project" maxLength:"255" example:"apollo"`
	Name        string                  `json:"name,omitzero" doc:"Left out: the id." maxLength:"255" example:"Apollo"`
	Previously  []string                `json:"previously,omitzero" doc:"With by_login: former names. If there is no such project, the first of these that a project has is renamed." maxItems:"100"`
	Description *string                 `json:"description,omitzero" maxLength:"10000"`
	Archived    *bool                   `json:"archived,omitzero"`
	Members     []declaredProjectMember `json:"members,omitzero" doc:"All people with a direct grant; left out: they stay." maxItems:"20000"`
}

type declaredProjectMember struct {
	User   events.UserID  `json:"user" maxLength:"255" example:"bob"`
	Role   events.RoleKey `json:"role,omitzero" doc:"On the project; left out: the default." example:"write"`
	Levels events.Levels  `json:"levels,omitzero" doc:"The person's own levels on the project."`
	From   *time.Time     `json:"from,omitzero" doc:"When the grant starts."`
	Until  *time.Time     `json:"until,omitzero" doc:"When the grant ends."`
}

// getDeclaration answers those who see all of the organization.
func (s *Server) getDeclaration(ctx context.Context, in *InOrganization) (*answer[declaration], error) {
	org, position, err := s.visibleOrganization(ctx, in.Org)
	if err != nil {
		return nil, err
	}
	if err := s.takeListSlot(ctx, in.Org); err != nil {
		return nil, err
	}
	c, err := org.DeclarationFor(requestFrom(ctx).actor)
	if err != nil {
		return nil, err
	}
	shown := declarationOf(c)
	for i, member := range c.Members {
		if shown.Members[i].Login, err = s.Keyring.Read(ctx, in.Org, member.Login); err != nil {
			return nil, err
		}
	}
	return fromMemory(org, position, shown), nil
}

// declarationOf returns a declaration without the logins, which are sealed.
func declarationOf(c domain.Declaration) declaration {
	shown := declaration{Scheme: c.Scheme, Name: c.Name}
	shown.Members = rowsOfSection(c.Members, func(m domain.DeclaredMember) declaredMember {
		return declaredMember{User: m.Member, Role: m.Role, Levels: m.Levels, From: m.From, Until: m.Until, Deactivated: m.Deactivated}
	})
	shown.Teams = rowsOfSection(c.Teams, func(t domain.DeclaredTeam) declaredTeam {
		return declaredTeam{
			Name: t.Name, Parent: t.Parent, Description: t.Description, Privacy: t.Privacy, Colour: t.Colour,
			Members: rowsOfSection(t.Members, func(m domain.DeclaredTeamMember) declaredTeamMember { return declaredTeamMember{m.Member, m.Role} }),
			Projects: rowsOfSection(t.Projects, func(a domain.DeclaredAssignment) declaredAssignment {
				return declaredAssignment{a.Project, a.Role, a.From, a.Until}
			}),
		}
	})
	shown.Projects = rowsOfSection(c.Projects, func(p domain.DeclaredProject) declaredProject {
		row := declaredProject{Project: p.Project, Description: p.Description, Archived: p.Archived}
		if p.Name != string(p.Project) {
			row.Name = p.Name
		}
		row.Members = rowsOfSection(p.Members, func(m domain.DeclaredProjectMember) declaredProjectMember {
			return declaredProjectMember{m.Member, m.Role, m.Levels, m.From, m.Until}
		})
		return row
	})
	return shown
}

func rowsOfSection[F, T any](section []F, convert func(F) T) []T {
	rows, _ := mapEntries(section, func(entry F) (T, error) { return convert(entry), nil })
	return rows
}

// buildDeclaration builds the command with every entry at the place where it was sent, so that
// what is refused can be found there.
func buildDeclaration(ctx context.Context, b *commandBuilder, c declaration) (domain.Command, error) {
	names, err := newDeclaredNames(ctx, b, c.ByLogin)
	if err != nil {
		return nil, err
	}
	command := domain.Declaration{Scheme: c.Scheme, Name: inputName(c.Name), Partial: c.Partial}
	if command.Projects, err = c.projects(names); err != nil { // first, since they give names to others
		return nil, err
	}
	if command.Members, err = c.members(ctx, b, names); err != nil {
		return nil, err
	}
	command.Teams, err = c.teams(names)
	return command, err
}

func (c declaration) members(ctx context.Context, b *commandBuilder, names *declaredNames) ([]domain.DeclaredMember, error) {
	return mapEntries(c.Members, func(m declaredMember) (domain.DeclaredMember, error) {
		id, err := names.user(m.User)
		if err != nil {
			return domain.DeclaredMember{}, err
		}
		found := domain.DeclaredMember{Member: id, Role: m.Role, Levels: m.Levels, From: instantOrNil(m.From), Until: instantOrNil(m.Until), Deactivated: m.Deactivated}
		if login := cmp.Or(m.Login, string(m.User)); login != string(id) && !names.isMember(id) {
			profile, err := b.personalData(ctx, id, Profile{Login: login})
			if err != nil {
				return domain.DeclaredMember{}, err
			}
			found.Login = profile.Login
		}
		return found, nil
	})
}

func (c declaration) teams(names *declaredNames) ([]domain.DeclaredTeam, error) {
	return mapEntries(c.Teams, func(t declaredTeam) (found domain.DeclaredTeam, err error) {
		found = domain.DeclaredTeam{
			Team: idOrNew(events.TeamID("")), Name: inputName(t.Name), Parent: inputName(t.Parent), Description: t.Description, Privacy: t.Privacy, Colour: t.Colour,
		}
		for _, name := range t.Previously {
			found.Previously = append(found.Previously, inputName(name))
		}
		if found.Members, err = mapEntries(t.Members, func(m declaredTeamMember) (domain.DeclaredTeamMember, error) {
			id, err := names.user(m.User)
			return domain.DeclaredTeamMember{Member: id, Role: m.Role}, err
		}); err != nil {
			return found, err
		}
		found.Projects, err = mapEntries(t.Projects, func(a declaredAssignment) (domain.DeclaredAssignment, error) {
			id, err := names.project(a.Project)
			return domain.DeclaredAssignment{Project: id, Role: a.Role, From: instantOrNil(a.From), Until: instantOrNil(a.Until)}, err
		})
		return found, err
	})
}

func (c declaration) projects(names *declaredNames) ([]domain.DeclaredProject, error) {
	return mapEntries(c.Projects, func(p declaredProject) (domain.DeclaredProject, error) {
		found := domain.DeclaredProject{Project: p.Project, Name: inputName(p.Name), Description: p.Description, Archived: p.Archived}
		var err error
		renamed := names.rename(p.Project, p.Previously)
		if found.Project, err = names.project(p.Project); err != nil {
			return found, err
		}
		if found.Name == "" && (renamed || c.ByLogin && !c.Partial) {
			found.Name = inputName(string(p.Project))
		}
		found.Members, err = mapEntries(p.Members, func(m declaredProjectMember) (domain.DeclaredProjectMember, error) {
			id, err := names.user(m.User)
			return domain.DeclaredProjectMember{Member: id, Role: m.Role, Levels: m.Levels, From: instantOrNil(m.From), Until: instantOrNil(m.Until)}, err
		})
		return found, err
	})
}

// mapEntries converts a section; nil stays nil.
func mapEntries[F, T any](section []F, convert func(F) (T, error)) ([]T, error) {
	if section == nil {
		return nil, nil
	}
	converted := make([]T, len(section))
	for i, entry := range section {
		var err error
		if converted[i], err = convert(entry); err != nil {
			return nil, err
		}
	}
	return converted, nil
}

func instantOrNil(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	instant := events.Instant(*t)
	return &instant
}
