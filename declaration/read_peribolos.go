package declaration

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/seed-2026d078/roster/client"
)

func (p *peribolosReader) add(root node) error {
	if slices.ContainsFunc(root.fields, func(f field) bool { return f.name == "orgs" }) {
		return join(root.read("A file with several organizations", readers{"orgs": eachOf("organizations", p.organization)}))
	}
	return join(p.part(root))
}

// organization reads one of several organizations, if it is the one that is wanted.
func (p *peribolosReader) organization(f field) []error {
	p.named[f.name] = f.at
	if p.wanted != "" && !strings.EqualFold(p.wanted, f.name) {
		return nil
	}
	if p.Organization == "" {
		p.Organization = f.name
	}
	return p.part(f.value)
}

// part reads a part of an organization.
func (p *peribolosReader) part(n node) []error {
	known := readers{
		"name":   func(f field) error { return p.once(&p.Declaration.Name, f, "name") },
		"admins": p.people("admin"), "members": p.people("member"),
		"teams": func(f field) error {
			if f.value.kind != nothing && p.Declaration.Teams == nil {
				p.Declaration.Teams = []client.DeclaredTeam{}
			}
			return eachOf("teams", func(f field) []error { return p.team(f, "") })(f)
		},
		"repos": func(f field) error {
			if f.value.kind != nothing && p.Declaration.Projects == nil {
				p.Declaration.Projects = []client.DeclaredProject{}
			}
			return eachOf("repositories", p.repository)(f)
		},
		"default_repository_permission": p.leave(oneOf(new(string), permissions...)),
	}
	for _, name := range []string{"billing_email", "company", "email", "description", "location"} {
		known[name] = p.leave(textTo(new(string)))
	}
	for _, name := range []string{"has_organization_projects", "has_repository_projects", "members_can_create_repositories"} {
		known[name] = p.leave(boolTo(new(*bool)))
	}
	return n.read("An organization of peribolos", known)
}

// people reads the admins or the members. Who is both is an admin.
func (p *peribolosReader) people(role string) func(field) error {
	return func(f field) error {
		all, err := f.names()
		if f.value.kind != nothing && p.Declaration.Members == nil {
			p.Declaration.Members = []client.DeclaredMember{}
		}
		for _, one := range all {
			login := p.logins.note(one.name)
			i, known := p.members[login]
			switch {
			case !known:
				p.members[login] = len(p.Declaration.Members)
				p.places[location("members[%d]", len(p.Declaration.Members))] = one.Place
				p.Declaration.Members = append(p.Declaration.Members, client.DeclaredMember{User: one.name, Role: role})
			case p.Declaration.Members[i].Role != role:
				p.Declaration.Members[i].Role = "admin"
				p.note(one.Place, "%s is listed both as an admin and as a member, and counts as an admin", one.name)
			default:
				p.note(one.Place, "%s is listed twice", one.name)
			}
		}
		return err
	}
}

func (p *peribolosReader) team(f field, parent string) []error {
	if err := declaredOnce(p.teams, f, "team"); err != nil {
		return []error{err}
	}
	i := len(p.Declaration.Teams)
	t := client.DeclaredTeam{Name: f.name, Parent: parent, Members: []client.DeclaredTeamMember{}, Projects: []client.DeclaredAssignment{}}
	p.places[location("teams[%d]", i)] = f.at
	p.Declaration.Teams = append(p.Declaration.Teams, t)
	inTeam := map[string]int{}
	errs := f.value.read("A team", readers{
		"description": optionalTextTo(&t.Description), "privacy": oneOf(&t.Privacy, "closed", "secret"), "previously": textsTo(&t.Previously),
		"maintainers": func(f field) error { return p.inTeam(f, i, &t, inTeam, "maintainer") },
		"members":     func(f field) error { return p.inTeam(f, i, &t, inTeam, "member") },
		"repos": eachOf("repositories", func(f field) []error {
			return p.assignment(f, i, &t)
		}),
		"teams": eachOf("teams", func(below field) []error { return p.team(below, f.name) }),
	})
	p.Declaration.Teams[i] = t
	return errs
}

// inTeam reads the maintainers or the members of a team. Who is both is a maintainer.
func (p *peribolosReader) inTeam(f field, i int, t *client.DeclaredTeam, known map[string]int, role string) error {
	all, err := f.names()
	for _, one := range all {
		login := p.logins.note(one.name)
		j, is := known[login]
		switch {
		case !is:
			known[login] = len(t.Members)
			p.places[location("teams[%d].members[%d]", i, len(t.Members))] = one.Place
			t.Members = append(t.Members, client.DeclaredTeamMember{User: one.name, Role: role})
		case t.Members[j].Role != role:
			t.Members[j].Role = "maintainer"
			p.note(one.Place, "%s is listed both as a maintainer and as a member of %s, and counts as a maintainer", one.name, t.Name)
		default:
			p.note(one.Place, "%s is listed twice in %s", one.name, t.Name)
		}
	}
	return err
}

// finish checks what all parts say together.
func (p *peribolosReader) finish() error {
	if len(p.named) > 0 {
		if err := p.chooseOrganization(); err != nil {
			return err
		}
	}
	p.LeftOut = slices.Sorted(maps.Keys(p.leftOut))
	for _, spelled := range p.logins.several() {
		p.Notes = append(p.Notes, "These logins differ in case alone and are one user: "+spelled+".")
	}
	if p.Declaration.Members == nil {
		return nil
	}
	var errs []error
	for i, team := range p.Declaration.Teams {
		for j, member := range team.Members {
			if _, is := p.members[strings.ToLower(member.User)]; !is {
				errs = append(errs, p.places[location("teams[%d].members[%d]", i, j)].fail(
					"%s is in the team %s, but neither among the admins nor among the members of the organization.", member.User, team.Name))
			}
		}
	}
	p.leaveOutsiders()
	return join(errs)
}

// chooseOrganization fails if the files name other organizations than the one that is wanted, or
// several.
func (p *peribolosReader) chooseOrganization() error {
	names := slices.Sorted(maps.Keys(p.named))
	isWanted := func(name string) bool { return strings.EqualFold(name, p.wanted) }
	switch {
	case p.wanted == "" && len(names) > 1:
		return &OrganizationError{"the files declare several organizations: " + strings.Join(names, ", ")}
	case p.wanted == "" || slices.ContainsFunc(names, isWanted):
		return nil
	case len(names) == 1:
		return fmt.Errorf("the files declare the organization %s, not %s", names[0], p.wanted)
	}
	return fmt.Errorf("the files declare the organizations %s, not %s", strings.Join(names, ", "), p.wanted)
}
