package declaration

import "fmt"

// peribolosReader reads files in the form of peribolos: one organization at the top, or several
// below the field orgs. Logins, and names of repositories, are the same without regard to case.
type peribolosReader struct {
	*State

	// wanted is the organization that was asked for; empty takes the only one.
	wanted string
	// named are the organizations that the files name.
	named map[string]Place
	// members, projects and teams are where each is declared, by name in lower case.
	members, projects map[string]int
	teams             map[string]Place
	// logins are all spellings of each.
	logins spellings
	// leftOut are the fields that Roster has no place for.
	leftOut map[string]bool
}

func newPeribolosReader(s *State) *peribolosReader {
	s.Declaration.Partial, s.Declaration.ByLogin = true, true
	return &peribolosReader{
		State: s, wanted: s.Organization, named: map[string]Place{}, members: map[string]int{}, projects: map[string]int{},
		teams: map[string]Place{}, logins: spellings{}, leftOut: map[string]bool{},
	}
}

// permissions are the levels of a repository, lowest first. The lowest is no access.
var permissions = []string{"none", "read", "triage", "write", "maintain", "admin"}

// leave notes a field that Roster has no place for, if its value is valid.
func (p *peribolosReader) leave(read func(field) error) func(field) error {
	return func(f field) error {
		p.leftOut[f.name] = true
		return read(f)
	}
}

func (p *peribolosReader) note(at Place, format string, args ...any) {
	p.Notes = append(p.Notes, at.String()+": "+fmt.Sprintf(format, args...)+".")
}
