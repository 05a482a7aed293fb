package importer

import "github.com/seed-2026d078/roster/client"

// Existing says what to do with people who are members already, or invited.
type Existing string

// The ways. Skip is that of an empty Existing: an import that is repeated, or goes on after an
// interruption, then changes nobody whom it has imported, nor whom somebody has changed since.
// Update changes what the file says and takes nothing away.
const (
	Skip   Existing = "skip"
	Update Existing = "update"
	Refuse Existing = "refuse"
)

// PeopleOptions say how people are imported; the zero value is the usual way.
type PeopleOptions struct {
	Existing Existing
	// Create creates teams and projects that are not there. Without it, who names one is
	// refused.
	Create bool
	// IgnoreEnds imports memberships that have a start or an end in the file, and can have none here, without
	// it: those of teams, and those on projects of people who are invited. Without it they are
	// refused.
	IgnoreEnds bool
	// Roles lead from roles as the file has them to keys of the scheme.
	Roles map[string]string
	// DryRun changes nothing: the results say what would happen. Every request is tried by
	// itself, so a limit on several together, such as that of seats, may not show.
	DryRun bool
	// Progress is called with how many people are done, and of how many. Nil is never called.
	Progress func(done, of int)
}

// peopleImport is one import of people on its way.
type peopleImport struct {
	client  *client.Client
	org     string
	options PeopleOptions
	known   *directory
	results []RowResult
}

// finish records what became of a person.
func (imp *peopleImport) finish(u *personPlan, result Result, detail string) {
	for _, i := range u.rows {
		imp.results[i].Result, imp.results[i].Detail, imp.results[i].Option = result, detail, u.option
	}
}
