package declaration

import (
	"slices"

	"github.com/seed-2026d078/roster/client"
)

// version is that of the form, which the field roster states.
const version = "1"

// isOwn reports whether a file has the form of Roster.
func isOwn(root node) bool {
	return slices.ContainsFunc(root.fields, func(f field) bool { return f.name == "roster" })
}

// own reads files in the form of Roster.
type own struct {
	*State

	organization string
	teams        map[string]Place
	users        spellings
}

func newOwn(s *State) *own { return &own{State: s, teams: map[string]Place{}, users: spellings{}} }

// finish points out ids that are most likely one person's. They are different all the same.
func (o *own) finish() {
	for _, spelled := range o.users.several() {
		o.Notes = append(o.Notes, "These user ids differ in case alone, and are different users: "+spelled+".")
	}
}

func (o *own) add(root node) error {
	d := &o.Declaration
	return join(root.read("A declaration", readers{
		"roster": func(f field) error {
			if text, err := f.text(); err != nil || text != version {
				return f.at.fail("roster is the version of this form; this program reads version %s.", version)
			}
			return nil
		},
		"organization": func(f field) error {
			if err := o.once(&o.organization, f, "organization"); err != nil {
				return err
			}
			if o.Organization != "" && o.Organization != o.organization {
				return f.at.fail("The file is for the organization %s, not for %s.", o.organization, o.Organization)
			}
			o.Organization = o.organization
			return nil
		},
		"scheme":   func(f field) error { return o.once(&d.Scheme, f, "scheme") },
		"name":     func(f field) error { return o.once(&d.Name, f, "name") },
		"members":  section(&d.Members, "members", o.member),
		"teams":    section(&d.Teams, "teams", func(f field) []error { return o.team(f, "") }),
		"projects": section(&d.Projects, "projects", o.project),
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

func (o *own) member(f field) []error {
	m := client.DeclaredMember{User: f.name}
	o.users.note(f.name)
	errs := roleOr(f, &m.Role, readers{"levels": levelsTo(&m.Levels), "until": timeTo(&m.Until), "deactivated": boolTo(&m.Deactivated)})
	o.places[location("members[%d]", len(o.Declaration.Members))] = f.at
	o.Declaration.Members = append(o.Declaration.Members, m)
	return errs
}

func (o *own) team(f field, parent string) []error {
	if err := o.newTeam(f); err != nil {
		return []error{err}
	}
	t := client.DeclaredTeam{Name: f.name, Parent: parent}
	i := len(o.Declaration.Teams)
	o.places[location("teams[%d]", i)] = f.at
	o.Declaration.Teams = append(o.Declaration.Teams, t)
	errs := f.value.read("A team", readers{
		"previously": textsTo(&t.Previously), "description": optionalTextTo(&t.Description), "privacy": oneOf(&t.Privacy, "closed", "secret"), "colour": textTo(&t.Colour),
		"members": section(&t.Members, "members", func(f field) []error {
			m := client.DeclaredTeamMember{User: f.name}
			o.users.note(f.name)
			errs := roleOr(f, &m.Role, readers{})
			o.places[location("teams[%d].members[%d]", i, len(t.Members))] = f.at
			t.Members = append(t.Members, m)
			return errs
		}),
		"projects": section(&t.Projects, "projects", func(f field) []error {
			a := client.DeclaredAssignment{Project: f.name}
			errs := roleOr(f, &a.Role, readers{"until": timeTo(&a.Until)})
			o.places[location("teams[%d].projects[%d]", i, len(t.Projects))] = f.at
			t.Projects = append(t.Projects, a)
			return errs
		}),
		"teams": eachOf("teams", func(below field) []error { return o.team(below, f.name) }),
	})
	o.Declaration.Teams[i] = t
	return errs
}

// newTeam fails for a team that is declared already.
func (o *own) newTeam(f field) error { return declaredOnce(o.teams, f, "team") }

func (o *own) project(f field) []error {
	p := client.DeclaredProject{Project: f.name}
	i := len(o.Declaration.Projects)
	o.places[location("projects[%d]", i)] = f.at
	errs := f.value.read("A project", readers{
		"name": textTo(&p.Name), "description": optionalTextTo(&p.Description), "archived": boolTo(&p.Archived),
		"members": section(&p.Members, "members", func(f field) []error {
			m := client.DeclaredProjectMember{User: f.name}
			o.users.note(f.name)
			errs := roleOr(f, &m.Role, readers{"levels": levelsTo(&m.Levels), "until": timeTo(&m.Until)})
			o.places[location("projects[%d].members[%d]", i, len(p.Members))] = f.at
			p.Members = append(p.Members, m)
			return errs
		}),
	})
	o.Declaration.Projects = append(o.Declaration.Projects, p)
	return errs
}
