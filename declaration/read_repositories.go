package declaration

import (
	"slices"
	"strings"

	"github.com/seed-2026d078/roster/client"
)

// assignment reads what a team may do on a repository.
func (p *peribolosReader) assignment(f field, i int, t *client.DeclaredTeam) []error {
	a := client.DeclaredAssignment{Project: f.name}
	if err := oneOf(&a.Role, permissions...)(f); err != nil {
		return []error{err}
	}
	if slices.ContainsFunc(t.Projects, func(other client.DeclaredAssignment) bool { return strings.EqualFold(other.Project, f.name) }) {
		return []error{f.at.fail("The team %s names the repository %s twice.", t.Name, f.name)}
	}
	if a.Role == permissions[0] {
		return nil
	}
	p.places[location("teams[%d].projects[%d]", i, len(t.Projects))] = f.at
	t.Projects = append(t.Projects, a)
	return nil
}

func (p *peribolosReader) repository(f field) []error {
	if _, known := p.projects[strings.ToLower(f.name)]; known {
		return []error{f.at.fail("The repository %s is declared twice; names differ in more than case.", f.name)}
	}
	i := len(p.Declaration.Projects)
	p.projects[strings.ToLower(f.name)] = i
	p.places[location("projects[%d]", i)] = f.at
	r := client.DeclaredProject{Project: f.name}
	known := readers{
		"previously": textsTo(&r.Previously), "description": optionalTextTo(&r.Description), "archived": boolTo(&r.Archived),
		"collaborators": func(f field) error {
			if f.value.kind != nothing {
				r.Members = []client.DeclaredProjectMember{}
			}
			return eachOf("permissions", func(f field) []error { return p.collaborator(f, i, &r) })(f)
		},
		"on_create": p.leave(func(f field) error {
			return join(f.value.read("on_create", readers{"auto_init": boolTo(new(*bool)), "gitignore_template": textTo(new(string)), "license_template": textTo(new(string))}))
		}),
	}
	for _, name := range []string{"homepage", "default_branch", "fork_from", "squash_merge_commit_title", "squash_merge_commit_message"} {
		known[name] = p.leave(textTo(new(string)))
	}
	for _, name := range []string{
		"private", "has_issues", "has_projects", "has_wiki", "allow_squash_merge", "allow_merge_commit", "allow_rebase_merge", "default_branch_only",
	} {
		known[name] = p.leave(boolTo(new(*bool)))
	}
	errs := f.value.read("A repository", known)
	p.Declaration.Projects = append(p.Declaration.Projects, r)
	return errs
}

func (p *peribolosReader) collaborator(f field, i int, r *client.DeclaredProject) []error {
	m := client.DeclaredProjectMember{User: f.name}
	p.logins.note(f.name)
	if err := oneOf(&m.Role, permissions...)(f); err != nil {
		return []error{err}
	}
	if m.Role == permissions[0] {
		return nil
	}
	p.places[location("projects[%d].members[%d]", i, len(r.Members))] = f.at
	r.Members = append(r.Members, m)
	return nil
}

// leaveOutsiders leaves out collaborators who are no members: in Roster only members are on
// projects.
func (p *peribolosReader) leaveOutsiders() {
	for i := range p.Declaration.Projects {
		project := &p.Declaration.Projects[i]
		if project.Members == nil {
			continue
		}
		members := []client.DeclaredProjectMember{}
		for j, member := range project.Members {
			at := p.places[location("projects[%d].members[%d]", i, j)]
			if _, is := p.members[strings.ToLower(member.User)]; !is {
				p.note(at, "%s is a collaborator on %s from outside of the organization, and is left out", member.User, project.Project)
				continue
			}
			p.places[location("projects[%d].members[%d]", i, len(members))] = at
			members = append(members, member)
		}
		project.Members = members
	}
}
