package declaration

import (
	"slices"

	"github.com/seed-2026d078/roster/client"
)

// version is that of the form, which the field roster states.
const version = "1"

// isRosterForm reports whether a file has the form of Roster.
func isRosterForm(root node) bool {
	return slices.ContainsFunc(root.fields, func(f field) bool { return f.name == "roster" })
}

// looksLikeRosterForm reports whether a file without a version has a field that only the form of Roster
// has, and which.
func looksLikeRosterForm(root node) (field, bool) {
	for _, f := range root.fields {
		switch {
		case slices.Contains([]string{"organization", "scheme", "projects"}, f.name), f.name == "members" && f.value.kind == mapping:
			return f, true
		}
	}
	return field{}, false
}

// rosterReader reads files in the form of Roster.
type rosterReader struct {
	*State

	organization string
	teams        map[string]Place
	users        spellings
}

func newRosterReader(s *State) *rosterReader {
	return &rosterReader{State: s, teams: map[string]Place{}, users: spellings{}}
}

// finish points out ids that are most likely one person's. They are different all the same.
func (r *rosterReader) finish() {
	for _, spelled := range r.users.several() {
		r.Notes = append(r.Notes, "These user ids differ in case alone, and are different users: "+spelled+".")
	}
}

func (r *rosterReader) add(root node) error {
	d := &r.Declaration
	return join(root.read("A declaration", readers{
		"roster": func(f field) error {
			if text, err := f.text(); err != nil || text != version {
				return f.at.fail("roster is the version of this form; this program reads version %s.", version)
			}
			return nil
		},
		"organization": func(f field) error {
			if err := r.once(&r.organization, f, "organization"); err != nil {
				return err
			}
			if r.Organization != "" && r.Organization != r.organization {
				return f.at.fail("The file is for the organization %s, not for %s.", r.organization, r.Organization)
			}
			r.Organization = r.organization
			return nil
		},
		"scheme":   func(f field) error { return r.once(&d.Scheme, f, "scheme") },
		"name":     func(f field) error { return r.once(&d.Name, f, "name") },
		"members":  section(&d.Members, "members", r.member),
		"teams":    section(&d.Teams, "teams", func(f field) []error { return r.team(f, "") }),
		"projects": section(&d.Projects, "projects", r.project),
	}))
}

// section reads a section, which is complete once it is there: it must not be left empty by
// accident.
func section[T any](to *[]T, what string, each func(field) []error) func(field) error {
	return func(f field) error {
		if f.value.kind == nothing {
			return f.at.fail("%s has no value: write {} for none at all, or leave the field out.", f.name)
		}
		if *to == nil {
			*to = []T{}
		}
		return eachOf(what, each)(f)
	}
}

// roleOr reads what somebody has in a section: a role alone, or a mapping.
func roleOr(f field, role *string, known readers) []error {
	switch f.value.kind {
	case nothing:
		return nil
	case scalar:
		*role = f.value.text
		return nil
	case list, mapping:
	}
	known["role"] = textTo(role)
	return f.value.read(f.name, known)
}

func levelsTo(to *map[string]string) func(field) error {
	return eachOf("levels", func(f field) []error {
		text, err := f.text()
		if err != nil {
			return []error{err}
		}
		if *to == nil {
			*to = map[string]string{}
		}
		(*to)[f.name] = text
		return nil
	})
}

func (r *rosterReader) member(f field) []error {
	m := client.DeclaredMember{User: f.name}
	r.users.note(f.name)
	errs := roleOr(f, &m.Role, readers{"levels": levelsTo(&m.Levels), "from": timeTo(&m.From), "until": timeTo(&m.Until), "deactivated": boolTo(&m.Deactivated)})
	r.places[location("members[%d]", len(r.Declaration.Members))] = f.at
	r.Declaration.Members = append(r.Declaration.Members, m)
	return errs
}

func (r *rosterReader) team(f field, parent string) []error {
	if err := declaredOnce(r.teams, f, "team"); err != nil {
		return []error{err}
	}
	t := client.DeclaredTeam{Name: f.name, Parent: parent}
	i := len(r.Declaration.Teams)
	r.places[location("teams[%d]", i)] = f.at
	r.Declaration.Teams = append(r.Declaration.Teams, t)
	errs := f.value.read("A team", readers{
		"previously": textsTo(&t.Previously), "description": optionalTextTo(&t.Description), "privacy": oneOf(&t.Privacy, "closed", "secret"), "colour": textTo(&t.Colour),
		"members": section(&t.Members, "members", func(f field) []error {
			m := client.DeclaredTeamMember{User: f.name}
			r.users.note(f.name)
			errs := roleOr(f, &m.Role, readers{})
			r.places[location("teams[%d].members[%d]", i, len(t.Members))] = f.at
			t.Members = append(t.Members, m)
			return errs
		}),
		"projects": section(&t.Projects, "projects", func(f field) []error {
			a := client.DeclaredAssignment{Project: f.name}
			errs := roleOr(f, &a.Role, readers{"from": timeTo(&a.From), "until": timeTo(&a.Until)})
			r.places[location("teams[%d].projects[%d]", i, len(t.Projects))] = f.at
			t.Projects = append(t.Projects, a)
			return errs
		}),
		"teams": eachOf("teams", func(below field) []error { return r.team(below, f.name) }),
	})
	r.Declaration.Teams[i] = t
	return errs
}

func (r *rosterReader) project(f field) []error {
	p := client.DeclaredProject{Project: f.name}
	i := len(r.Declaration.Projects)
	r.places[location("projects[%d]", i)] = f.at
	errs := f.value.read("A project", readers{
		"name": textTo(&p.Name), "description": optionalTextTo(&p.Description), "archived": boolTo(&p.Archived),
		"members": section(&p.Members, "members", func(f field) []error {
			m := client.DeclaredProjectMember{User: f.name}
			r.users.note(f.name)
			errs := roleOr(f, &m.Role, readers{"levels": levelsTo(&m.Levels), "from": timeTo(&m.From), "until": timeTo(&m.Until)})
			r.places[location("projects[%d].members[%d]", i, len(p.Members))] = f.at
			p.Members = append(p.Members, m)
			return errs
		}),
	})
	r.Declaration.Projects = append(r.Declaration.Projects, p)
	return errs
}
