package domain

import (
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/collation"
)

// validate fails if the declaration is not for this organization, is too large, or if the actor
// does not see all that it is about: it would remove what they do not see.
func (c Declaration) validate(org Organization, actor events.UserID) error {
	switch {
	case !org.Sees(actor):
		return ErrNoOrganization
	case c.Scheme != "" && c.Scheme != org.scheme.Key:
		return ErrOtherScheme.because("The declaration is for the scheme %q, the organization has %q; change the scheme by its own command, or the declaration.",
			c.Scheme, org.scheme.Key)
	}
	if n := c.size(); n > MaxDeclared {
		return errDeclaredTooMuch(n, "entries")
	}
	if err := org.requireSight(actor, c.Members != nil, c.Teams != nil, c.Projects != nil); err != nil {
		return err
	}
	return c.refuseTwice()
}

func errDeclaredTooMuch(n int, what string) error {
	return ErrTooMany.because("The declaration comes to %d %s, one takes at most %d; nothing was done. Apply it in parts: first the members, then some of the teams at a time with more in each step, then the projects.",
		n, what, MaxDeclared)
}

// size counts the entries.
func (c Declaration) size() int {
	n := len(c.Members) + len(c.Teams) + len(c.Projects)
	for _, team := range c.Teams {
		n += len(team.Members) + len(team.Projects)
	}
	for _, project := range c.Projects {
		n += len(project.Members)
	}
	return n
}

// requireSight fails if the actor does not see all members, teams or projects, as far as they
// are asked for. Teams show what they are assigned to.
func (o Organization) requireSight(actor events.UserID, members, teams, projects bool) error {
	if actor == events.System {
		return nil
	}
	hidden := func(what string) error {
		return ErrNotAllowed.because("A declaration is for those who see all that it is about; your role does not show you every %s.", what)
	}
	if members && o.Authorize(actor, SeeingMembers, About{}) != nil {
		return hidden("member")
	}
	if teams {
		sees := o.VisibleTeams(actor)
		for id := range o.Teams() {
			if !sees(id) {
				return hidden("team")
			}
		}
	}
	if teams || projects {
		for id := range o.Projects() {
			if !o.SeesProject(actor, id) || projects && o.Authorize(actor, SeeingProjectMembers, About{Project: id}) != nil {
				return hidden("project with its members")
			}
		}
	}
	return nil
}

// refuseTwice fails if a section names something twice, if a name of a team is also a former
// name, or if it is no name.
func (c Declaration) refuseTwice() error {
	refused := &DeclarationError{}
	twice := func(change DeclaredChange, path ...any) {
		change.Path = pointer(path...)
		refused.Refused = append(refused.Refused, RefusedChange{change, ErrDeclaredTwice})
	}
	members := map[events.UserID]bool{}
	for i, member := range c.Members {
		if members[member.Member] {
			twice(DeclaredChange{Member: member.Member}, "members", i)
		}
		members[member.Member] = true
	}
	teams := map[string]bool{}
	for i, team := range c.Teams {
		if err := validateName(team.Name); err != nil {
			refused.Refused = append(refused.Refused, RefusedChange{DeclaredChange{Team: team.Name, Path: pointer("teams", i)}, err})
		}
		for _, name := range append([]string{team.Name}, team.Previously...) {
			if teams[collation.FoldCase(name)] {
				twice(DeclaredChange{Team: name}, "teams", i)
			}
			teams[collation.FoldCase(name)] = true
		}
		inTeam := map[events.UserID]bool{}
		for j, member := range team.Members {
			if inTeam[member.Member] {
				twice(DeclaredChange{Member: member.Member, Team: team.Name}, "teams", i, "members", j)
			}
			inTeam[member.Member] = true
		}
		onProject := map[events.ProjectID]bool{}
		for j, assignment := range team.Projects {
			if onProject[assignment.Project] {
				twice(DeclaredChange{Team: team.Name, Project: assignment.Project}, "teams", i, "projects", j)
			}
			onProject[assignment.Project] = true
		}
	}
	projects := map[events.ProjectID]bool{}
	for i, project := range c.Projects {
		if projects[project.Project] {
			twice(DeclaredChange{Project: project.Project}, "projects", i)
		}
		projects[project.Project] = true
		onProject := map[events.UserID]bool{}
		for j, member := range project.Members {
			if onProject[member.Member] {
				twice(DeclaredChange{Member: member.Member, Project: project.Project}, "projects", i, "members", j)
			}
			onProject[member.Member] = true
		}
	}
	if refused.Refused != nil {
		return refused
	}
	return nil
}
