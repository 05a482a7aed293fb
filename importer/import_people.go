package importer

import (
	"context"
	"errors"

	"github.com/seed-2026d078/roster/client"
)

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
		err := imp.plan(ctx, u)
		wrong, refused := errors.AsType[*rowError](err)
		switch {
		case refused:
			u.option = wrong.option
			imp.finish(u, Refused, wrong.text)
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
