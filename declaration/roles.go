package declaration

import (
	"fmt"

	"github.com/seed-2026d078/roster/events"
)

// CheckRoles fails with the place of each role that organization or project refuses: of those in the organization, and of those on
// projects. Only a server knows whether the rest of what is declared can be.
func (s *State) CheckRoles(organization, project func(events.RoleKey) error) error {
	var errs []error
	check := func(validate func(events.RoleKey) error, role, about, where string) {
		if role == "" {
			return // the scheme's default
		}
		if err := validate(events.RoleKey(role)); err != nil {
			at, _ := s.place(where)
			errs = append(errs, at.fail("%s: %v", about, err))
		}
	}
	for i, m := range s.Declaration.Members {
		check(organization, m.Role, m.User, location("members[%d]", i))
	}
	for i, t := range s.Declaration.Teams {
		for j, a := range t.Projects {
			check(project, a.Role, fmt.Sprintf("team %s on %s", t.Name, a.Project), location("teams[%d].projects[%d]", i, j))
		}
	}
	for i, p := range s.Declaration.Projects {
		for j, m := range p.Members {
			check(project, m.Role, fmt.Sprintf("%s on %s", m.User, p.Project), location("projects[%d].members[%d]", i, j))
		}
	}
	return join(errs)
}
