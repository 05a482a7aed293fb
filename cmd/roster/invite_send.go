package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"github.com/seed-2026d078/roster/client"
	"github.com/seed-2026d078/roster/internal/phrase"
)

// inviteSendCmd invites one address, or a list.
type inviteSendCmd struct {
	organizationFlag
	inviteFlags

	Emails  []string `arg:"" optional:"" name:"email" help:"The addresses."`
	CSV     string   `name:"csv" placeholder:"FILE" help:"A list of addresses with what each is offered; - reads the standard input."`
	Partial bool     `help:"Invite those that can be invited, although others are refused; without it all are invited, or none."`
}

// inviteFlags are what one invite says, besides its address.
type inviteFlags struct {
	offerFlags

	ID      string `help:"The invite's id, where there is one address; without it one is made." json:"id,omitzero"`
	User    string `help:"The user whom it is for, with one address only: then nobody else can accept it." json:"user,omitzero"`
	Message string `help:"What you say to whoever it is for." json:"message,omitzero"`
	Expires expiry `placeholder:"TIME" help:"When the offer ends, within 90 days: ${end}; without it as the scheme says." json:"expires_at,omitzero"`

	IfInvited string `placeholder:"WHAT" enum:",refuse,update" default:"" help:"Where the address has an open invite: refuse, or update it and send it again." json:"if_invited,omitzero"`

	Bind string `placeholder:"WHOM" enum:",address,user,anyone" default:"" help:"Who can accept it: address, whoever has the address; user, the user alone; anyone, whoever has the token." json:"bind,omitzero"`
}

// oneInvite is an invite as the API takes it.
type oneInvite struct {
	inviteFlags

	Email string `json:"email"`
}

// oneInviteTo is an invite with its organization.
type oneInviteTo struct {
	organizationFlag
	oneInvite
}

// manyInvites are the arguments of a list of invites.
type manyInvites struct {
	organizationFlag

	Invites   []oneInvite `json:"invites,omitzero"`
	Partial   bool        `json:"partial,omitzero"`
	IfInvited string      `json:"if_invited,omitzero"`
}

// Help is printed with the command's flags.
func (inviteSendCmd) Help() string {
	return `Several addresses are all invited, or none; with --partial those that can be. Each is printed with what became of it, in a dry run with
what would. If one is refused, the exit code is 1.

A list in CSV has a header. Its columns are email, and as needed role, projects, teams, levels, from, until, message, expires_at, user, id,
if_invited and bind. A cell of projects or teams is a list such as "apollo=editor, docs", one of levels such as "MEMBERS=view". It is in UTF-8,
with commas between the columns, and has up to 1,000 addresses.

    roster invite send eve@example.org finn@example.org --org acme --role member \
        --level MEMBERS=view --project apollo --project-level apollo/WORKFLOWS=full
    roster invite send --csv people.csv --org acme --partial --dry-run`
}

// Run invites.
func (c *inviteSendCmd) Run(ctx context.Context, sh *shell) error {
	c.placeFlags = c.filled()
	switch {
	case c.CSV != "":
		return c.sendTable(ctx, sh)
	case len(c.Emails) == 0:
		return errors.New("name an address, or a list with --csv FILE")
	case len(c.Emails) == 1:
		return sh.change(ctx, "invite_member", oneInviteTo{c.organizationFlag, oneInvite{c.inviteFlags, c.Emails[0]}})
	}
	if c.ID != "" || c.User != "" {
		return errors.New("--id and --user are for one address: leave them out, or invite one address at a time")
	}
	many := manyInvites{organizationFlag: c.organizationFlag, Partial: c.Partial}
	for _, email := range c.Emails {
		many.Invites = append(many.Invites, oneInvite{c.inviteFlags, email})
	}
	return sh.sendInvites(ctx, many)
}

// sendTable sends the list of --csv.
func (c *inviteSendCmd) sendTable(ctx context.Context, sh *shell) error {
	said := c.inviteFlags
	said.IfInvited = ""
	if len(c.Emails) > 0 || !reflect.ValueOf(said).IsZero() {
		return errors.New("the columns of --csv say who is invited and what is offered: leave the addresses, and all flags but --partial and --if-invited, out")
	}
	from := sh.in
	if c.CSV != "-" {
		file, err := os.Open(c.CSV)
		if err != nil {
			return err
		}
		defer file.Close()
		from = file
	}
	table, err := io.ReadAll(io.LimitReader(from, maxTable+1))
	switch {
	case err != nil:
		return fmt.Errorf("read %s: %w", c.CSV, err)
	case len(table) > maxTable:
		return fmt.Errorf("%s is larger than %d MiB, which no list of 1,000 addresses is", c.CSV, maxTable>>20)
	}
	return sh.sendInvites(ctx, manyInvites{organizationFlag: c.organizationFlag, Partial: c.Partial, IfInvited: c.IfInvited}, client.CSV(table))
}

// maxTable is the size in bytes of the largest body that the API takes.
const maxTable = 8 << 20

// sendInvites sends a list of invites, and prints what became of each.
func (sh *shell) sendInvites(ctx context.Context, many manyInvites, options ...client.Option) error {
	var done client.Receipt
	var would client.DryRun
	if sh.DryRun {
		options = append(options, client.AsDryRun(&would))
	}
	err := sh.give(ctx, "invite_members", many, &done, options...)
	invites := done.Invites
	problem, refused := errors.AsType[*client.Problem](err)
	switch {
	case refused && len(problem.Invites) > 0:
		invites = problem.Invites
	case err != nil:
		return err
	}
	if err := sh.printInvites(invites, refused); err != nil {
		return err
	}
	for _, i := range invites {
		if i.Result == "refused" {
			return errNo
		}
	}
	return nil
}

// inviteResults are what can become of an address, in words.
var inviteResults = []struct{ result, words string }{{"invited", "invited"}, {"updated", "updated"}, {"refused", "refused"}, {"not_done", "not done"}}

var itemBefore = regexp.MustCompile(`\bthat of item (\d+)\b`)

// byAddress counts addresses of a command from 1, where the API counts the items of a list from 0.
func byAddress(detail string) string {
	return itemBefore.ReplaceAllStringFunc(detail, func(text string) string {
		n, _ := strconv.Atoi(itemBefore.FindStringSubmatch(text)[1])
		return fmt.Sprintf("that of address %d", n+1)
	})
}

// printInvites prints a line for each address, and how many there are of each result.
func (sh *shell) printInvites(invites []client.InvitedAddress, refused bool) error {
	if sh.Output == "json" {
		return printJSON(sh.out, map[string]any{"invites": invites, "dry_run": sh.DryRun})
	}
	if sh.DryRun {
		fmt.Fprintln(sh.out, "Nothing was done. This would happen:")
	}
	counts, words := map[string]int{}, map[string]string{}
	for _, r := range inviteResults {
		words[r.result] = r.words
	}
	shown, details := "", ""
	rows := make([]row, len(invites))
	for i, one := range invites {
		counts[one.Result]++
		if one.Line == 0 {
			one.Detail = byAddress(one.Detail)
		}
		rows[i] = row{"line": one.Line, "email": one.Email, "result": words[one.Result], "invite": one.Invite, "token": one.Token, "code": one.Code, "detail": one.Detail}
		if one.Line > 0 {
			shown = "LINE=line "
		}
		if one.Code != "" {
			details = " CODE=code DETAIL=detail"
		}
	}
	shown += "ADDRESS=email RESULT=result"
	if !sh.DryRun && !refused {
		shown += " INVITE=invite TOKEN=token"
	}
	if err := printTable(sh.out, rows, columns(shown+details)); err != nil {
		return err
	}
	var said []string
	for _, r := range inviteResults {
		if n := counts[r.result]; n > 0 {
			said = append(said, fmt.Sprintf("%d %s", n, r.words))
		}
	}
	fmt.Fprintf(sh.out, "%s: %s.\n", phrase.Count(len(invites), "address", "addresses"), strings.Join(said, ", "))
	return nil
}
