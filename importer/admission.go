package importer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

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
	a := &admission{client: c, org: org, options: o, results: make([]RowResult, len(people.Rows))}
	units := a.merge(people.Rows)
	var err error
	if a.known, err = readDirectory(ctx, c, org, units); err != nil {
		return a.results, err
	}
	var rest []*unit
	for _, u := range units {
		switch err := a.plan(ctx, u); {
		case errors.As(err, new(*rowError)):
			a.finish(u, Refused, err.Error())
		case err != nil:
			return a.results, err
		case len(u.commands) == 0:
			a.finish(u, u.result, u.detail)
		default:
			rest = append(rest, u)
		}
	}
	for len(rest) > 0 {
		var batch []*unit
		batch, rest = cut(rest)
		if err := a.send(ctx, batch); err != nil {
			return a.results, err
		}
		if o.Progress != nil {
			o.Progress(len(units)-len(rest), len(units))
		}
	}
	return a.results, nil
}

// admission is one import of people on its way.
type admission struct {
	client  *client.Client
	org     string
	options PeopleOptions
	known   *directory
	results []RowResult
}

// unit is one person, as one row or several say.
type unit struct {
	Person

	rows []int // their indexes

	// What is to be done, and what became of the person once it is.
	commands []map[string]any
	result   Result
	detail   string
	// missing are the commands that create what the person needs and is not there, by what
	// they create.
	missing map[string]map[string]any
}

// rowError is what is wrong with one person.
type rowError struct{ text string }

func (e *rowError) Error() string { return e.text }

func wrong(format string, args ...any) error { return &rowError{fmt.Sprintf(format, args...)} }

// finish records what became of a person.
func (a *admission) finish(u *unit, result Result, detail string) {
	for _, i := range u.rows {
		a.results[i].Result, a.results[i].Detail = result, detail
	}
}

// merge combines the rows of each person, in the order of the first ones. A row that
// contradicts one before it is refused.
func (a *admission) merge(rows []Person) []*unit {
	byUser, byEmail := map[string]*unit{}, map[string]*unit{}
	var units []*unit
	for _, named := range []bool{true, false} { // those with a user first
		for i, p := range rows {
			if (p.User != "") != named {
				continue
			}
			a.results[i] = RowResult{Line: p.Line, User: p.User, Email: p.Email, Result: NotDone}
			email := strings.ToLower(p.Email)
			before := byUser[p.User]
			if !named {
				before = byEmail[email]
			}
			switch {
			case p.LeftOut != "":
				a.results[i].Result, a.results[i].Detail = Skipped, p.LeftOut
			case p.User == "" && p.Email == "":
				a.results[i].Result, a.results[i].Detail = Refused, "the row names neither a user nor an address"
			case before == nil:
				u := &unit{Person: p, rows: []int{i}}
				units = append(units, u)
				if named {
					byUser[p.User] = u
				}
				if email != "" && byEmail[email] == nil {
					byEmail[email] = u
				}
			default:
				if field := before.add(p); field != "" {
					a.results[i].Result, a.results[i].Detail = Refused, fmt.Sprintf("line %d gives the same person another %s", before.Line, field)
					continue
				}
				before.rows = append(before.rows, i)
			}
		}
	}
	slices.SortStableFunc(units, func(x, y *unit) int { return x.rows[0] - y.rows[0] })
	return units
}

// add adds what another row says of the person. If it contradicts, nothing is added, and the
// field is returned.
func (u *unit) add(p Person) string {
	texts := []struct {
		name       string
		mine, more *string
	}{
		{"name", &u.Name, &p.Name},
		{"login", &u.Login, &p.Login},
		{"address", &u.Email, &p.Email},
		{"external id", &u.ExternalID, &p.ExternalID},
		{"role", &u.Role, &p.Role},
	}
	for _, t := range texts {
		if *t.mine != "" && *t.more != "" && *t.mine != *t.more && (t.name != "address" || !strings.EqualFold(*t.mine, *t.more)) {
			return t.name
		}
	}
	if !u.Until.IsZero() && !p.Until.IsZero() && !u.Until.Equal(p.Until) {
		return "end"
	}
	for _, t := range texts {
		if *t.mine == "" {
			*t.mine = *t.more
		}
	}
	if u.Until.IsZero() {
		u.Until = p.Until
	}
	u.Teams, u.Projects = append(u.Teams, p.Teams...), append(u.Projects, p.Projects...)
	return ""
}

// cut divides the people into those whose commands fit into one request, and the others.
func cut(units []*unit) (batch, rest []*unit) {
	n := 0
	for i, u := range units {
		if n += len(u.commands) + len(u.missing); n > maxBatch && i > 0 {
			return units[:i], units[i:]
		}
	}
	return units, nil
}

// send gives the commands of several people as one. Those of whom something is refused are
// left out, and the others are given again, until nothing is refused.
func (a *admission) send(ctx context.Context, batch []*unit) error {
	for len(batch) > 0 {
		commands, owners := a.commands(batch)
		if len(commands) > maxBatch {
			a.finish(batch[0], Refused, fmt.Sprintf("it takes %d commands, and at most %d take effect together: name fewer teams and projects", len(commands), maxBatch))
			return nil
		}
		receipt, err := a.run(ctx, commands)
		problem, refused := errors.AsType[*client.Problem](err)
		if refused && len(problem.Items) > 0 && problem.Items[0].Index != nil {
			batch = a.leaveOut(batch, owners, problem)
			continue
		}
		if err != nil {
			return err
		}
		var tokens []client.ReceiptEvent
		for _, e := range receipt.Events {
			if e.Token != "" {
				tokens = append(tokens, e)
			}
		}
		for _, u := range batch {
			a.finish(u, u.result, u.detail)
			if first := &a.results[u.rows[0]]; u.result == Invited && len(tokens) > 0 {
				first.Invite, first.Token, tokens = tokens[0].Created, tokens[0].Token, tokens[1:]
			}
			for what := range u.missing {
				a.known.created[what] = !a.options.DryRun
			}
		}
		return nil
	}
	return nil
}

// commands returns the commands of several people, and for whom each is. First come those
// that create what is not there yet.
func (a *admission) commands(batch []*unit) (commands []map[string]any, owners [][]*unit) {
	at := map[string]int{}
	for _, u := range batch {
		for what, create := range u.missing {
			i, named := at[what]
			switch {
			case a.known.created[what]:
			case named:
				owners[i] = append(owners[i], u)
			default:
				at[what] = len(commands)
				commands, owners = append(commands, create), append(owners, []*unit{u})
			}
		}
	}
	for _, u := range batch {
		for _, c := range u.commands {
			commands, owners = append(commands, c), append(owners, []*unit{u})
		}
	}
	return commands, owners
}

// leaveOut refuses the people whose commands were refused, and returns the others.
func (a *admission) leaveOut(batch []*unit, owners [][]*unit, problem *client.Problem) []*unit {
	reasons := map[*unit][]string{}
	for _, item := range problem.Items {
		if item.Index == nil || *item.Index >= len(owners) {
			continue
		}
		for _, u := range owners[*item.Index] {
			if !slices.Contains(reasons[u], item.Detail) {
				reasons[u] = append(reasons[u], item.Detail)
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(batch), func(u *unit) bool {
		if reasons[u] != nil {
			a.finish(u, Refused, strings.Join(reasons[u], " "))
		}
		return reasons[u] != nil
	})
}

func (a *admission) run(ctx context.Context, commands []map[string]any) (client.Receipt, error) {
	in := client.RunCommands{Commands: make([]jsontext.Value, len(commands))}
	for i, c := range commands {
		text, err := json.Marshal(c)
		if err != nil {
			return client.Receipt{}, err
		}
		in.Commands[i] = text
	}
	if a.options.DryRun {
		return client.Receipt{}, a.client.Call(ctx, "run_commands", map[string]any{"org": a.org, "commands": in.Commands}, nil, client.AsDryRun(new(client.DryRun)))
	}
	return a.client.RunCommands(ctx, a.org, in)
}
