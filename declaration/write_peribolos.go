package declaration

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-2026d078/roster/client"
)

// WritePeribolos writes a declaration as a file in the form of peribolos. It returns what the
// form has no place for and what is left out for that. It fails if the form has no word for a
// role: then the file would say something else.
func WritePeribolos(to io.Writer, d client.Declaration) (leftOut []string, err error) {
	p := peribolosWriter{logins: map[string]string{}, repositories: repositoryNames(d.Projects), leftOut: map[string]bool{}}
	for _, m := range d.Members {
		p.logins[m.User] = cmp.Or(m.Login, m.User)
	}
	p.people(d.Members)
	p.text(0, "name", d.Name)
	if len(d.Projects) > 0 {
		p.section(0, "repos", len(d.Projects))
		for _, project := range sortedBy(d.Projects, func(r client.DeclaredProject) string { return p.repositories[r.Project] }) {
			p.repository(project)
		}
	}
	if d.Teams != nil {
		p.section(0, "teams", len(d.Teams))
		p.teams(1, d.Teams, "", p.team)
	}
	if p.unknown != nil {
		return nil, fmt.Errorf("the form of peribolos has no word for the roles %s; use the form of Roster", strings.Join(p.unknown, ", "))
	}
	_, err = io.WriteString(to, p.String())
	return slices.Sorted(maps.Keys(p.leftOut)), err
}

type peribolosWriter struct {
	writer

	// logins are those of the members, repositories the names of the projects, by id.
	logins, repositories map[string]string
	leftOut              map[string]bool
	// unknown are roles that the form does not have.
	unknown []string
}

// repositoryNames returns the name of each project; its id if another has the name, or an id
// that is equal to it, without regard to case.
func repositoryNames(projects []client.DeclaredProject) map[string]string {
	taken, names := map[string]int{}, map[string]string{}
	for _, p := range projects {
		taken[strings.ToLower(p.Project)]++
		if p.Name != "" && !strings.EqualFold(p.Name, p.Project) {
			taken[strings.ToLower(p.Name)]++
		}
	}
	for _, p := range projects {
		names[p.Project] = p.Project
		if p.Name != "" && taken[strings.ToLower(p.Name)] == 1 {
			names[p.Project] = p.Name
		}
	}
	return names
}

// role reports whether the form has a role, and remembers one that it does not have.
func (p *peribolosWriter) role(role string, known ...string) bool {
	if slices.Contains(known, role) {
		return true
	}
	if named := strconv.Quote(role); !slices.Contains(p.unknown, named) {
		p.unknown = append(p.unknown, named)
	}
	return false
}

// leave notes what the form has no place for, if it is there.
func (p *peribolosWriter) leave(what string, there bool) {
	if there {
		p.leftOut[what] = true
	}
}

func (p *peribolosWriter) people(members []client.DeclaredMember) {
	var admins, others []string
	for _, m := range members {
		p.leave("own levels", m.Levels != nil)
		p.leave("starts", m.From != nil)
		p.leave("ends", m.Until != nil)
		p.leave("suspensions", m.Deactivated != nil)
		switch {
		case !p.role(m.Role, "admin", "member"):
		case m.Role == "admin":
			admins = append(admins, p.logins[m.User])
		default:
			others = append(others, p.logins[m.User])
		}
	}
	p.list(0, "admins", admins)
	p.list(0, "members", others)
}

// list writes names in the order that people look for them in.
func (p *peribolosWriter) list(depth int, name string, names []string) {
	if len(names) == 0 {
		p.line(depth, name+": []")
		return
	}
	p.line(depth, name+":")
	for _, one := range sortedBy(names, func(name string) string { return name }) {
		p.line(depth, "- "+quote(one))
	}
}

func (p *peribolosWriter) repository(r client.DeclaredProject) {
	name := p.repositories[r.Project]
	p.leave("names of projects", name == r.Project && r.Name != "" && r.Name != r.Project)
	if r.Description == nil && r.Archived == nil && len(r.Members) == 0 {
		p.line(1, quote(name)+": {}")
		return
	}
	p.line(1, quote(name)+":")
	if r.Archived != nil {
		p.line(2, "archived: "+strconv.FormatBool(*r.Archived))
	}
	if len(r.Members) > 0 {
		p.line(2, "collaborators:")
	}
	for _, m := range sortedBy(r.Members, func(m client.DeclaredProjectMember) string { return p.login(m.User) }) {
		p.leave("own levels", m.Levels != nil)
		p.leave("starts", m.From != nil)
		p.leave("ends", m.Until != nil)
		if p.role(m.Role, permissions...) {
			p.line(3, quote(p.login(m.User))+": "+m.Role)
		}
	}
	p.description(2, r.Description)
}

func (p *peribolosWriter) login(user string) string { return cmp.Or(p.logins[user], user) }

func (p *peribolosWriter) team(depth int, t client.DeclaredTeam) {
	p.leave("colours", t.Colour != "")
	p.description(depth, t.Description)
	var maintainers, members []string
	for _, m := range t.Members {
		switch {
		case !p.role(m.Role, "maintainer", "member"):
		case m.Role == "maintainer":
			maintainers = append(maintainers, p.login(m.User))
		default:
			members = append(members, p.login(m.User))
		}
	}
	if len(maintainers) > 0 {
		p.list(depth, "maintainers", maintainers)
	}
	p.list(depth, "members", members)
	p.text(depth, "privacy", t.Privacy)
	if len(t.Projects) > 0 {
		p.line(depth, "repos:")
	}
	for _, a := range sortedBy(t.Projects, func(a client.DeclaredAssignment) string { return p.nameOf(a.Project) }) {
		p.leave("starts", a.From != nil)
		p.leave("ends", a.Until != nil)
		if p.role(a.Role, permissions...) {
			p.line(depth+1, quote(p.nameOf(a.Project))+": "+a.Role)
		}
	}
}

func (p *peribolosWriter) nameOf(project string) string {
	return cmp.Or(p.repositories[project], project)
}

// sortedBy returns a list in the order of names, without regard to case at first.
func sortedBy[T any](all []T, name func(T) string) []T {
	return slices.SortedFunc(slices.Values(all), func(a, b T) int {
		return cmp.Or(cmp.Compare(strings.ToLower(name(a)), strings.ToLower(name(b))), cmp.Compare(name(a), name(b)))
	})
}
