package domain

import (
	"cmp"
	"slices"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/collation"
)

// Declaration returns the declaration that the organization is as it should be by: every
// section is there, with entries in the order of ids, and of names for teams. Teams are left
// out where the scheme has none. What has ended is left out, too, and starts that have passed.
func (o Organization) Declaration() Declaration {
	c := Declaration{Scheme: o.scheme.Key, Name: o.name, Members: []DeclaredMember{}, Projects: []DeclaredProject{}}
	for _, id := range sortedKeys(o.Members()) {
		member := o.members.At(id)
		if member.ended(o.at) {
			continue
		}
		_, deactivated := member.Deactivated()
		c.Members = append(c.Members, DeclaredMember{
			Member: id, Role: member.Role, Login: member.Login, Levels: member.Levels(), From: presentOrNil(member.pendingStart(o.at)), Until: presentOrNil(member.Until()), Deactivated: presentOrNil(deactivated),
		})
	}
	for _, id := range sortedKeys(o.Projects()) {
		c.Projects = append(c.Projects, o.declaredProject(o.projects.At(id)))
	}
	if o.scheme.Teams.On {
		c.Teams = []DeclaredTeam{}
	}
	for _, id := range sortedKeys(o.Teams()) {
		c.Teams = append(c.Teams, o.declaredTeam(o.teams.At(id)))
	}
	slices.SortFunc(c.Teams, func(a, b DeclaredTeam) int {
		return cmp.Or(cmp.Compare(collation.FoldCase(a.Name), collation.FoldCase(b.Name)), cmp.Compare(a.Name, b.Name))
	})
	return c
}

// DeclarationFor returns the organization's declaration if an actor sees all of it, and if it is
// not too large to be one.
func (o Organization) DeclarationFor(actor events.UserID) (Declaration, error) {
	if err := o.requireSight(actor, true, true, true); err != nil {
		return Declaration{}, err
	}
	tooMany := func(n int) error {
		return ErrTooMany.Because("The organization comes to %d entries or more, a declaration has at most %d; read the lists instead.", n, MaxDeclared)
	}
	if n := o.members.Len() + o.projects.Len() + o.teams.Len(); n > MaxDeclared {
		return Declaration{}, tooMany(n) // to count the others would take long
	}
	c := o.Declaration()
	if n := c.size(); n > MaxDeclared {
		return Declaration{}, tooMany(n)
	}
	return c, nil
}

func (o Organization) declaredTeam(team *Team) DeclaredTeam {
	declared := DeclaredTeam{
		Team: team.id, Name: team.Name, Description: presentOrNil(team.Description), Privacy: presentOrNil(team.Privacy), Colour: presentOrNil(team.Colour),
		Members: []DeclaredTeamMember{}, Projects: []DeclaredAssignment{},
	}
	if team.Parent != "" {
		declared.Parent = o.teamName(team.Parent)
	}
	for _, user := range sortedKeys(team.Members()) {
		if of := o.members.At(user); !of.ended(o.at) {
			teamMember, _ := team.Member(user)
			declared.Members = append(declared.Members, DeclaredTeamMember{user, teamMember.Role})
		}
	}
	for _, project := range sortedKeys(team.Projects()) {
		a, _ := o.projects.At(project).Assignment(team.id)
		if !a.ended(o.at) {
			declared.Projects = append(declared.Projects, DeclaredAssignment{project, a.Role, presentOrNil(a.pendingStart(o.at)), presentOrNil(a.Until())})
		}
	}
	return declared
}

func (o Organization) declaredProject(project *Project) DeclaredProject {
	declared := DeclaredProject{
		Project: project.id, Name: project.Name, Description: presentOrNil(project.Description), Archived: presentOrNil(project.Archived),
		Members: []DeclaredProjectMember{},
	}
	for _, user := range slices.Sorted(project.Granted()) {
		member := o.members.At(user)
		grant := member.findGrant(project.id)
		if !member.ended(o.at) && !grant.ended(o.at) {
			declared.Members = append(declared.Members, DeclaredProjectMember{user, grant.Role, grant.Levels(), presentOrNil(grant.pendingStart(o.at)), presentOrNil(grant.Until())})
		}
	}
	return declared
}

// presentOrNil returns nil for the zero value, which a declaration leaves out.
func presentOrNil[T comparable](value T) *T {
	var none T
	if value == none {
		return nil
	}
	return &value
}
