package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/seed-2026d078/roster/client"
)

// checkCmd asks one question.
type checkCmd struct {
	organizationFlag

	User       string `arg:"" help:"The user."`
	Permission string `arg:"" help:"The permission, by its key in the scheme."`
	Project    string `arg:"" help:"The project."`
	Level      string `help:"The level of the permission; without it the highest."`
}

// Help is printed with the command's flags.
func (checkCmd) Help() string {
	return `The answer is also the exit code: 0 for yes, 1 for no.

    roster check ada settings apollo --org acme`
}

// Run prints yes, or fails with no.
func (c *checkCmd) Run(ctx context.Context, sh *shell) error {
	asks, err := sh.client()
	if err != nil {
		return err
	}
	out, err := asks.CheckAccess(ctx, client.CheckQuestions{Questions: []client.CheckQuestion{
		{Organization: c.Org, User: c.User, Permission: c.Permission, Project: c.Project, Level: c.Level},
	}})
	if err != nil {
		return err
	}
	if len(out.Answers) != 1 {
		return fmt.Errorf("the server gave %d answers to one question", len(out.Answers))
	}
	allowed := out.Answers[0].Allowed
	if sh.Output == "json" {
		err = printJSON(sh.out, out.Answers[0])
	} else {
		fmt.Fprintln(sh.out, map[bool]string{true: "yes", false: "no"}[allowed])
	}
	if !allowed {
		return errors.Join(err, errNo)
	}
	return err
}

// explainCmd explains the access of somebody.
type explainCmd struct {
	organizationFlag

	User       string `arg:"" help:"The user." json:"user"`
	Project    string `arg:"" help:"The project." json:"project"`
	Permission string `help:"Explain only this permission, by its key in the scheme: what gives it, or what would give it." json:"permission,omitzero"`
	Level      string `help:"The level of the permission; without it the highest." json:"level,omitzero"`
	At         past   `placeholder:"TIME" help:"A past moment: as 2024-12-31T23:59:59Z, or as 2024-12-31 (where the day begins, in UTC); without it now." json:"at,omitzero"`
	Explain    bool   `kong:"-" json:"explain"`
}

// Help is printed with the command's flags.
func (explainCmd) Help() string {
	return `    roster explain ada apollo --org acme
    roster explain ada apollo --permission settings --level view --org acme`
}

// Run prints the explanation, or as JSON the whole answer.
func (c *explainCmd) Run(ctx context.Context, sh *shell) error {
	asks, err := sh.client()
	if err != nil {
		return err
	}
	c.Explain = true
	var found row
	if err := asks.Call(ctx, "get_access", c, &found); err != nil {
		return err
	}
	if sh.Output == "json" {
		return printJSON(sh.out, found)
	}
	fmt.Fprintln(sh.out, found.at("explanation"))
	return nil
}
