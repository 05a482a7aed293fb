package main

import (
	"context"
	"fmt"

	"github.com/seed-2026d078/roster/client"
	"github.com/seed-2026d078/roster/internal/phrase"
)

// noticeSetting says which notices are switched, and how.
type noticeSetting struct {
	To       string   `arg:"" enum:"on,off,default" help:"Whether such notices come: on, off or default." json:"to"`
	Kinds    []string `name:"kind" placeholder:"KIND" help:"Which kinds, such as role_changed; without it all that can be switched." json:"kinds,omitzero"`
	Channels []string `name:"channel" placeholder:"CHANNEL" help:"Which channels: inbox or mail; without it all." json:"channels,omitzero"`
}

type noticePreferencesCmd struct {
	organizationFlag

	User string `arg:"" help:"The member." json:"user"`
}

type noticeSwitchCmd struct {
	organizationFlag

	User string `arg:"" help:"The member." json:"user"`
	noticeSetting
}

// Help is printed with the command's flags.
func (noticeSwitchCmd) Help() string {
	return `Default leaves it to the organization.

    roster notifications switch bob off --channel mail --kind role_changed --actor bob`
}

type noticeEverywhereCmd struct {
	User string `arg:"" help:"The user."`
	noticeSetting
}

// Run changes the preferences in each organization.
func (c *noticeEverywhereCmd) Run(ctx context.Context, sh *shell) error {
	asks, err := sh.client()
	if err != nil {
		return err
	}
	done, err := asks.ChangeNoticePreferencesEverywhere(ctx, c.User, client.NoticesEverywhere{Kinds: c.Kinds, Channels: c.Channels, To: c.To})
	if err != nil {
		return err
	}
	if len(done.Organizations) == 0 {
		_, err = fmt.Fprintln(sh.out, nothingToChange)
		return err
	}
	_, err = fmt.Fprintf(sh.out, "Changed in %s.\n", phrase.Count(len(done.Organizations), "organization", "organizations"))
	return err
}
