package importer

import (
	"context"
	"errors"

	"github.com/seed-2026d078/roster/client"
)

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
	// IgnoreEnds imports memberships that have an end in the file, and can have none here, without
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

// Result says what became of a row.
type Result string

// The results.
const (
	Added     Result = "added"
	Invited   Result = "invited"
	Updated   Result = "updated"
	Unchanged Result = "unchanged" // there already, and as the row says
	Skipped   Result = "skipped"   // there already, or left out by the preset
	Refused   Result = "refused"
	NotDone   Result = "not done" // the import ended before
)

// RowResult says what became of a row, and in Detail why, or what else is to be known.
type RowResult struct {
	Line   int    `json:"line"`
	User   string `json:"user,omitempty"`
	Email  string `json:"email,omitempty"`
	Result Result `json:"result"`
	Detail string `json:"detail,omitempty"`
	// Invite and Token are those of an invite that was sent.
	Invite string `json:"invite,omitempty"`
	Token  string `json:"token,omitempty"`
}

// ImportPeople makes the people of a list members of an organization. Who has a user id
// becomes a member at once; who has an address alone is invited, since the id is not known
// until they accept. What the rows of one person say takes effect together, or nothing of it;
// what is wrong with one person keeps no other out. An error is none of a row: it ends the
// import, and the results say what was done before.
func ImportPeople(ctx context.Context, c *client.Client, org string, people People, o PeopleOptions) ([]RowResult, error) {
	imp := &peopleImport{client: c, org: org, options: o, results: make([]RowResult, len(people.Rows))}
	plans := imp.merge(people.Rows)
	var err error
	if imp.known, err = readDirectory(ctx, c, org, plans); err != nil {
		return imp.results, err
	}
	var rest []*personPlan
	for _, u := range plans {
		switch err := imp.plan(ctx, u); {
		case errors.As(err, new(*rowError)):
			imp.finish(u, Refused, err.Error())
		case err != nil:
			return imp.results, err
		case len(u.commands) == 0:
			imp.finish(u, u.result, u.detail())
		default:
			rest = append(rest, u)
		}
	}
	for len(rest) > 0 {
		var batch []*personPlan
		batch, rest = splitBatch(rest)
		if err := imp.send(ctx, batch); err != nil {
			return imp.results, err
		}
		if o.Progress != nil {
			o.Progress(len(plans)-len(rest), len(plans))
		}
	}
	return imp.results, nil
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
		imp.results[i].Result, imp.results[i].Detail = result, detail
	}
}
