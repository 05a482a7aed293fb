package main

import (
	"context"
	"net/http"
)

// projectLinkCmd is about a project's public link: whoever holds it sees the project.
type projectLinkCmd struct {
	Show   linkShowCmd   `cmd:"" help:"Look at the link."`
	On     linkOnCmd     `cmd:"" help:"Make a link; prints the token that opens the project."`
	Rotate linkRotateCmd `cmd:"" help:"Replace the link, which is dead at once, by another one."`
	Off    linkOffCmd    `cmd:"" help:"End the link at once."`
	Open   linkOpenCmd   `cmd:"" help:"Look at the project as whoever holds the link does."`
}

type linkShowCmd struct{ onProject }

// Run shows the link.
func (c *linkShowCmd) Run(ctx context.Context, sh *shell) error {
	return sh.show(ctx, c.on("public-link"))
}

type linkOnCmd struct{ onProject }

// Run makes the link.
func (c *linkOnCmd) Run(ctx context.Context, sh *shell) error {
	return sh.post(ctx, c.on("public-link"), nil)
}

type linkRotateCmd struct{ onProject }

// Run replaces the link.
func (c *linkRotateCmd) Run(ctx context.Context, sh *shell) error {
	return sh.post(ctx, c.on("public-link", "rotate"), nil)
}

type linkOffCmd struct{ onProject }

// Run ends the link.
func (c *linkOffCmd) Run(ctx context.Context, sh *shell) error {
	return sh.remove(ctx, c.on("public-link"))
}

type linkOpenCmd struct {
	onProject `json:"-"`

	Token string `arg:"" help:"The secret in the link." json:"token"`
}

// Run opens the link.
func (c *linkOpenCmd) Run(ctx context.Context, sh *shell) error {
	client, err := sh.client()
	if err != nil {
		return err
	}
	var found row
	if err := client.do(ctx, http.MethodPost, c.on("public-link", "open"), nil, c, &found); err != nil {
		return err
	}
	return sh.printOne(found)
}
