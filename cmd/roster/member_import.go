package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/seed-2026d078/roster/importer"
)

// memberImportCmd imports people from a file.
type memberImportCmd struct {
	organizationFlag

	File     string            `arg:"" help:"CSV with a header, or JSON; - reads the standard input."`
	Map      map[string]string `mapsep:"none" placeholder:"THEIRS=OURS" help:"What a column of the file is; may be given several times. THEIRS= leaves a column out."`
	MapRole  map[string]string `mapsep:"none" placeholder:"THEIRS=OURS" help:"What a role in the file is; may be given several times. Keys and labels of the scheme need none."`
	Preset   string            `enum:",entra,github,gitlab" default:"" help:"Read the file of another product: entra, github or gitlab."`
	TheirOrg string            `placeholder:"NAME" help:"With --preset github: the name of the organization in the file, if it is not the id and there are several."`
	Existing string            `enum:"skip,update,refuse" default:"skip" help:"What to do with people who are members, or invited, already: skip them, update what the file says, or refuse the row."`
	Create   bool              `help:"Create the teams and projects that are not there."`

	IgnoreEnds bool `help:"Import memberships of teams, and projects of invites, without the start or the end that the file has; they can have none."`
}

// Help is printed with the command's flags.
func (memberImportCmd) Help() string {
	return `The columns are user, email, name, login, external_id, role, from, until, teams and projects; a file has those that it
needs. A cell of teams or projects holds ids or names with commas or semicolons between them, each with a role
where it is not the scheme's default: apollo=editor, docs. In JSON they are lists of such texts, or of objects:
{"project": "apollo", "role": "editor"}. From and until are a date, or a time as 2026-12-31T18:00:00Z.

Who has a user id becomes a member at once. Who has an address alone is invited, since nobody knows the id until
they accept; the TOKEN that is printed accepts the invite. Roster sends it to the address if mail is set up.

A file that cannot be read to its end, or has an unknown column, is not imported at all; the exit code is 2. Else
every row is printed with what became of it. What is wrong with one row or person keeps nobody else out, and then
the exit code is 1. What the other rows of one person say takes effect together, or nothing of it.

Those who are there already are skipped, so that an import can be repeated, and goes on if it was interrupted; what
somebody has changed since stays. --existing update changes what the file says, and takes nothing away; who is
deactivated, or whose membership has ended, stays so.

The presets:
    entra   users of Microsoft Entra: the id is the user, userPrincipalName the login; disabled accounts are left out
    github  people of a GitHub enterprise: the login in lower case is the user, "ORG owner" and "ORG member" the role
    gitlab  memberships of GitLab: the user name in lower case is the user; a row of the group at the top is about the
            organization, of a group below it about a team, of a project about a project, each by its path

    roster member import people.csv --org acme --dry-run
    roster member import people.csv --org acme --map Username=user --map "Full name=name" --map Department=
    roster member import gitlab.csv --org acme --preset gitlab --map-role Maintainer=maintain --create`
}

// Run imports, and prints what became of each row.
func (c *memberImportCmd) Run(ctx context.Context, sh *shell) error {
	people, err := c.read(sh)
	if err != nil {
		return err
	}
	asks, err := sh.client()
	if err != nil {
		return err
	}
	shown := newProgress(sh.err, "importing")
	results, err := importer.ImportPeople(ctx, asks, string(c.Org), people, importer.PeopleOptions{
		Existing: importer.Existing(c.Existing), Create: c.Create, IgnoreEnds: c.IgnoreEnds, Roles: c.MapRole, DryRun: sh.DryRun,
		Progress: func(done, of int) { shown.show(int64(done), int64(of), fmt.Sprintf("%d people", done)) },
	})
	shown.finish()
	counts := map[importer.Result]int{}
	for i, r := range results {
		counts[r.Result]++
		if r.Option != "" {
			results[i].Detail += "; " + importFlags[r.Option]
		}
	}
	if printed := sh.printResults(results, counts); err != nil || printed != nil {
		return errors.Join(err, printed)
	}
	if counts[importer.Refused] > 0 {
		return errNo
	}
	return nil
}

// importFlags says which flag sets an option of the importer, and what it does.
var importFlags = map[string]string{
	"Create":       "--create creates teams and projects that are not there",
	"Existing":     "--existing update changes what the file says",
	"IgnoreEnds":   "--ignore-ends imports it without that",
	"Map":          "--map HEADER=COLUMN says what a column is, --map HEADER= leaves it out",
	"Organization": "--their-org says how",
	"Roles":        "--map-role THEIRS=ROLE says which it is",
}

func (c *memberImportCmd) read(sh *shell) (importer.People, error) {
	from := sh.in
	if c.File != "-" {
		file, err := os.Open(c.File)
		if err != nil {
			return importer.People{}, err
		}
		defer file.Close()
		from = file
	}
	people, err := importer.ReadPeople(from, importer.Format{Preset: c.Preset, Map: c.Map, Organization: cmp.Or(c.TheirOrg, string(c.Org))})
	if wrong, ok := errors.AsType[*importer.FormatError](err); ok {
		return people, fmt.Errorf("read %s: %w; %s", c.File, err, importFlags[wrong.Option])
	}
	if err != nil {
		return people, fmt.Errorf("read %s: %w", c.File, err)
	}
	if len(people.Unread) > 0 {
		fmt.Fprintf(sh.err, "Not read: the columns %s.\n", printable(strings.Join(people.Unread, ", ")))
	}
	return people, nil
}

// printResults prints a line for each row, and how many there are of each result.
func (sh *shell) printResults(results []importer.RowResult, counts map[importer.Result]int) error {
	if sh.Output == "json" {
		return printJSON(sh.out, map[string]any{"rows": results, "counts": counts, "dry_run": sh.DryRun})
	}
	shown := "LINE=line USER=user EMAIL=email RESULT=result"
	rows := make([]row, len(results))
	for i, r := range results {
		rows[i] = row{"line": r.Line, "user": r.User, "email": r.Email, "result": string(r.Result), "detail": r.Detail, "invite": r.Invite, "token": r.Token}
	}
	if counts[importer.Invited] > 0 && !sh.DryRun {
		shown += " INVITE=invite TOKEN=token"
	}
	if sh.DryRun {
		fmt.Fprintln(sh.out, "Nothing was done. This would happen:")
	}
	if err := printTable(sh.out, rows, columns(shown+" DETAIL=detail")); err != nil {
		return err
	}
	var words []string
	for _, result := range []importer.Result{
		importer.Added, importer.Invited, importer.Updated, importer.Unchanged, importer.Skipped, importer.Refused, importer.NotDone,
	} {
		if n := counts[result]; n > 0 {
			words = append(words, fmt.Sprintf("%d %s", n, result))
		}
	}
	noun := "rows"
	if len(results) == 1 {
		noun = "row"
	}
	fmt.Fprintf(sh.out, "%d %s: %s.\n", len(results), noun, strings.Join(words, ", "))
	return nil
}
