package domain

import (
	"iter"

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
		return ErrOtherScheme.Because("The declaration is for the scheme %q, the organization has %q; change the scheme by its own command, or the declaration.",
			c.Scheme, org.scheme.Key)
	}
	if n := c.size(); n > MaxDeclared {
		return errDeclaredTooMuch(n, "entries")
	}
	if err := org.requireSight(actor, c.Members != nil, c.Teams != nil, c.Projects != nil); err != nil {
		return err
	}
	return c.validateNames()
}

func errDeclaredTooMuch(n int, what string) error {
	return ErrTooMany.Because("The declaration comes to %d %s, one takes at most %d; nothing was done. Apply it in parts: first the members, then some of the teams at a time with more in each step, then the projects.",
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
		return ErrNotAllowed.Because("A declaration is for those who see all that it is about; your role does not show you every %s.", what)
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

// validateNames fails if a section names something twice, if a name of a team is also a former
// name, or if it is no name.
func (c Declaration) validateNames() error {
	var refused []RefusedChange
	refuse := func(err error, change DeclaredChange, path ...any) {
		change.Path = pointer(path...)
		refused = append(refused, RefusedChange{change, err})
	}
	for i, member := range repeated(c.Members, func(m DeclaredMember) events.UserID { return m.Member }) {
		refuse(ErrDeclaredTwice, DeclaredChange{Member: member.Member}, "members", i)
	}
	named := map[string]bool{}
	for i, team := range c.Teams {
		if err := validateName(team.Name); err != nil {
			refuse(err, DeclaredChange{Team: team.Name}, "teams", i)
		}
		for _, name := range append([]string{team.Name}, team.Previously...) {
			if named[collation.FoldCase(name)] {
				refuse(ErrDeclaredTwice, DeclaredChange{Team: name}, "teams", i)
			}
			named[collation.FoldCase(name)] = true
		}
		for j, member := range repeated(team.Members, func(m DeclaredTeamMember) events.UserID { return m.Member }) {
			refuse(ErrDeclaredTwice, DeclaredChange{Member: member.Member, Team: team.Name}, "teams", i, "members", j)
		}
		for j, assignment := range repeated(team.Projects, func(a DeclaredAssignment) events.ProjectID { return a.Project }) {
			refuse(ErrDeclaredTwice, DeclaredChange{Team: team.Name, Project: assignment.Project}, "teams", i, "projects", j)
		}
	}
	for i, project := range repeated(c.Projects, func(p DeclaredProject) events.ProjectID { return p.Project }) {
		refuse(ErrDeclaredTwice, DeclaredChange{Project: project.Project}, "projects", i)
	}
	for i, project := range c.Projects {
		for j, member := range repeated(project.Members, func(m DeclaredProjectMember) events.UserID { return m.Member }) {
			refuse(ErrDeclaredTwice, DeclaredChange{Member: member.Member, Project: project.Project}, "projects", i, "members", j)
		}
	}
	if refused != nil {
		return &DeclarationError{refused}
	}
	return nil
}

// repeated yields the entries of a section whose key an entry before them has.
func repeated[E any, K comparable](section []E, key func(E) K) iter.Seq2[int, E] {
	return func(yield func(int, E) bool) {
		seen := make(map[K]bool, len(section))
		for i, entry := range section {
			if seen[key(entry)] && !yield(i, entry) {
				return
			}
			seen[key(entry)] = true
		}
	}
}
