package main

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/seed-2026d078/roster/client"
	"github.com/seed-2026d078/roster/domain"
)

// replayCmd prints events of all organizations in the order of the ledger.
type replayCmd struct {
	From   uint64       `placeholder:"POSITION" help:"First commit to print; without it the first of all." json:"from,omitzero"`
	Since  past         `placeholder:"TIME" help:"Only what happened since: ${past}." json:"since,omitzero"`
	Org    organization `env:"ROSTER_ORG" placeholder:"ID" help:"Only this organization." json:"organization,omitzero"`
	Type   []string     `completes:"event" help:"Only events of this type, such as membership.joined.v1; several with commas." json:"type,omitzero"`
	Until  past         `xor:"until" placeholder:"TIME" help:"Only what happened before: ${past}." json:"until,omitzero"`
	By     string       `xor:"by" placeholder:"USER" help:"Only what this user did." json:"actor,omitzero"`
	System bool         `name:"by-system" xor:"by" help:"Only what the system did." json:"by_system,omitzero"`
	About  string       `name:"subject" placeholder:"ID" help:"Only what is about this user, team, project or invite, alone or among others." json:"subject,omitzero"`
	Limit  uint64       `help:"How many events at most; without it all." json:"limit,omitzero"`
	Follow bool         `xor:"until" help:"Go on with what happens from now on, until Ctrl-C." json:"-"`
}

// Help is printed with the command's flags.
func (replayCmd) Help() string {
	return `    roster replay --from 100 --org acme --follow`
}

// Run prints the events.
func (c *replayCmd) Run(ctx context.Context, sh *shell) error {
	asks, err := sh.client()
	if err != nil {
		return err
	}
	if c.Follow {
		return sh.follow(ctx, client.Follow(ctx, asks, "stream_events", c))
	}
	for line, err := range client.Lines(ctx, asks, "stream_events", c) {
		if err != nil {
			return err
		}
		if err := sh.printEvent(line); err != nil {
			return err
		}
	}
	return nil
}

// eventsCmd prints an organization's audit log.
type eventsCmd struct {
	organizationFlag

	By      string   `xor:"by" placeholder:"USER" help:"Only what this user did." json:"actor,omitzero"`
	System  bool     `name:"by-system" xor:"by" help:"Only what the system did." json:"by_system,omitzero"`
	Subject string   `placeholder:"ID" help:"Only what is about this user, team, project or invite, alone or among others." json:"subject,omitzero"`
	Type    []string `completes:"event" help:"Only events of this type, such as membership.joined.v1; several with commas." json:"type,omitzero"`
	Since   past     `placeholder:"TIME" help:"Only what happened since: ${past}." json:"since,omitzero"`
	Until   past     `xor:"until" placeholder:"TIME" help:"Only what happened before: ${past}." json:"until,omitzero"`
	formerFlag
	Follow bool `xor:"until" help:"Print what happens from now on, or since the moment that is named, until Ctrl-C." json:"-"`
}

// Run prints the events, the newest first.
func (c *eventsCmd) Run(ctx context.Context, sh *shell) error {
	if !c.Follow {
		return sh.listAudit(ctx, c)
	}
	asks, err := sh.client()
	if err != nil {
		return err
	}
	return sh.follow(ctx, client.Follow(ctx, asks, "list_events", c))
}

// listAudit prints the events of the audit log. In the table, whom the actor acted for stands behind the actor.
func (sh *shell) listAudit(ctx context.Context, c *eventsCmd) error {
	rows, err := sh.rows(ctx, "list_events", c, pageSize)
	if err != nil {
		return err
	}
	if sh.Output != "json" {
		for _, e := range rows {
			e["actor"] = whoActed(e)
		}
	}
	table := "POSITION=position AT=at EVENT=id TYPE=type ACTOR=actor WHAT=payload"
	for _, e := range rows {
		if erased := e.at("erased"); erased != "" {
			e["erased"] = domain.ErasedName + ": " + erased
		}
	}
	if slices.ContainsFunc(rows, func(e row) bool { return e["erased"] != nil }) {
		table += " WHO=erased"
	}
	return sh.print(rows, table)
}

// whoActed returns the actor of an event, and for whom they acted.
func whoActed(e row) string {
	actor := called(e, e.at("actor"))
	if other := e.at("on_behalf_of"); other != "" {
		return cmp.Or(actor, "the system") + " for " + called(e, other)
	}
	return actor
}

// called returns what somebody in an event is called: their id, and if their data was erased, that.
func called(e row, user string) string {
	if erased, _ := e["erased"].([]any); slices.Contains(erased, any(user)) {
		return domain.ErasedName + " (" + user + ")"
	}
	return user
}

// follow prints events as they happen, until the context ends.
func (sh *shell) follow(ctx context.Context, updates iter.Seq2[client.Update, error]) error {
	for u, err := range updates {
		switch {
		case err != nil && ctx.Err() != nil:
			return nil
		case err != nil:
			return err
		}
		if err := sh.printEvent(u.Data); err != nil {
			return err
		}
	}
	return nil
}

// printEvent writes an event as one line.
func (sh *shell) printEvent(text jsontext.Value) error {
	if sh.Output == "json" {
		fmt.Fprintf(sh.out, "%s\n", text)
		return nil
	}
	var e row
	if err := json.Unmarshal(text, &e); err != nil {
		return fmt.Errorf("read the stream: %w", err)
	}
	fmt.Fprintf(sh.out, "%s  %s  %s  %s  %s  %s", e.at("position"), e.at("at"), e.at("id"), e.at("type"), whoActed(e), e.at("payload"))
	if erased := e.at("erased"); erased != "" {
		fmt.Fprintf(sh.out, "  %s: %s", domain.ErasedName, erased)
	}
	fmt.Fprintln(sh.out)
	return nil
}
