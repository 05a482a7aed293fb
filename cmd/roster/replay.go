package main

import (
	"context"
	"fmt"
	"strconv"
)

// replayCmd prints events of all organizations in the order of the ledger.
type replayCmd struct {
	From   uint64   `placeholder:"POSITION" help:"First commit to print; without it the first of all."`
	Since  past     `placeholder:"TIME" help:"Only what happened since, as 2024-12-31T23:59:59Z or 2024-12-31."`
	Org    string   `env:"ROSTER_ORG" placeholder:"ID" help:"Only this organization."`
	Type   []string `help:"Only events of this type, such as membership.joined.v1; several with commas."`
	By     string   `placeholder:"USER" help:"Only what this user did."`
	Limit  uint64   `help:"How many events at most; without it all."`
	Follow bool     `help:"Go on with what happens from now on, until Ctrl-C."`
}

// Help is printed with the command's flags.
func (replayCmd) Help() string {
	return `    roster replay --from 100 --org acme --follow`
}

// Run prints the events.
func (c *replayCmd) Run(ctx context.Context, sh *shell) error {
	query := asked(map[string]string{
		"from": number(c.From), "since": moment(c.Since.Time), "organization": c.Org, "actor": c.By,
		"limit": number(c.Limit),
	})
	query["type"] = c.Type
	return sh.stream(ctx, path("events"), query, c.Follow)
}

// eventsCmd prints an organization's audit log.
type eventsCmd struct {
	inOrg

	By      string   `placeholder:"USER" help:"Only what this user did."`
	Subject string   `placeholder:"ID" help:"Only what happened to this user, team, project or invite."`
	Type    []string `help:"Only events of this type, such as membership.joined.v1; several with commas."`
	Since   past     `placeholder:"TIME" xor:"since" help:"Only what happened since, as 2024-12-31T23:59:59Z or 2024-12-31."`
	Until   past     `xor:"until" placeholder:"TIME" help:"Only what happened before."`
	Follow  bool     `xor:"since,until" help:"Print what happens from now on, until Ctrl-C."`
}

// Run prints the events, the newest first.
func (c *eventsCmd) Run(ctx context.Context, sh *shell) error {
	query := asked(map[string]string{
		"actor": c.By, "subject": c.Subject, "since": moment(c.Since.Time), "until": moment(c.Until.Time),
	})
	query["type"] = c.Type
	if c.Follow {
		return sh.stream(ctx, c.at("events"), query, true)
	}
	query.Set("limit", pageSize)
	return sh.list(ctx, c.at("events"), query, "POSITION=position AT=at EVENT=id TYPE=type ACTOR=actor WHAT=payload")
}

// number writes a number for a query; zero is left out of it.
func number(n uint64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatUint(n, 10)
}

// printEvent writes an event as one line.
func (sh *shell) printEvent(e row) {
	fmt.Fprintf(sh.out, "%s  %s  %s  %s  %s  %s\n", e.at("position"), e.at("at"), e.at("id"), e.at("type"), e.at("actor"), e.at("payload"))
}
