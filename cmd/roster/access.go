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
	Project    string `arg:"" optional:"" help:"The project."`
	Scope      string `enum:",organization" default:"" help:"organization: ask for a permission in the organization itself, not on a project."`
	Level      string `help:"The level of the permission; without it the highest."`
	atFlag
}

// Help is printed with the command's flags.
func (checkCmd) Help() string {
	return `The answer is also the exit code: 0 for yes, 1 for no, 2 if there is no answer, 3 if there
is no server.

    roster check ada settings apollo --org acme
    roster check ada members --scope organization --org acme`
}

// Validate asks for what the question is about.
func (c *checkCmd) Validate() error { return eitherProjectOrScope(c.Project, c.Scope) }

// eitherProjectOrScope fails unless a question is about one of them, since a forgotten project must not ask about the organization.
func eitherProjectOrScope(project, scope string) error {
	if (project == "") == (scope == "") {
		return errors.New("name either a project, or --scope organization")
	}
	return nil
}

// Run prints yes, or fails with no. A script must tell no from an error, so no error has the
// exit code 1.
func (c *checkCmd) Run(ctx context.Context, sh *shell) error {
	err := c.ask(ctx, sh)
	if err != nil && !errors.Is(err, errNo) {
		return &noAnswerError{err}
	}
	return err
}

func (c *checkCmd) ask(ctx context.Context, sh *shell) error {
	asks, err := sh.client()
	if err != nil {
		return err
	}
	out, err := asks.CheckAccess(ctx, client.CheckQuestions{At: c.At.Time, Questions: []client.CheckQuestion{
		{Organization: string(c.Org), User: c.User, Permission: c.Permission, Project: c.Project, Scope: c.Scope, Level: c.Level},
	}})
	if err != nil {
		return err
	}
	if len(out.Answers) != 1 {
		return fmt.Errorf("the server gave %d answers to one question", len(out.Answers))
	}
	allowed := out.Answers[0].Allowed
	if !allowed && c.Project != "" {
		// Who may not look further gets no more than the answer.
		found, err := asks.GetAccess(ctx, string(c.Org), c.Project, c.User, client.GetAccessQuery{At: c.at(), Former: c.Former})
		if err == nil && found.Reason == noSuchProject {
			return fmt.Errorf("there is no project %q in %s", c.Project, c.Org)
		}
	}
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

// noSuchProject is the reason of somebody who has no access to a project that there is not:
// most likely a typing error, and no answer about the person.
const noSuchProject = "no_such_project"

// explainCmd explains what somebody may do on a project, or in the organization itself.
type explainCmd struct {
	organizationFlag

	User       string `arg:"" help:"The user." json:"user"`
	Project    string `arg:"" optional:"" help:"The project." json:"project,omitzero"`
	Scope      string `enum:",organization" default:"" help:"organization: explain what they may do in the organization itself, not on a project." json:"-"`
	Permission string `help:"Explain only this permission, by its key in the scheme: what gives it, or what would give it." json:"permission,omitzero"`
	Level      string `help:"The level of the permission; without it the highest." json:"level,omitzero"`
	atFlag
	Explain bool `kong:"-" json:"explain"`
}

// Help is printed with the command's flags.
func (explainCmd) Help() string {
	return `    roster explain ada apollo --org acme
    roster explain ada apollo --permission settings --level view --org acme
    roster explain ada --scope organization --permission members --org acme`
}

// Validate asks for what the question is about.
func (c *explainCmd) Validate() error { return eitherProjectOrScope(c.Project, c.Scope) }

// Run prints the explanation, or as JSON the whole answer.
func (c *explainCmd) Run(ctx context.Context, sh *shell) error {
	asks, err := sh.client()
	if err != nil {
		return err
	}
	c.Explain = true
	operation := "get_access"
	if c.Scope != "" {
		operation = "get_organization_access"
	}
	var found row
	if err := asks.Call(ctx, operation, c, &found); err != nil {
		return err
	}
	explanation := found.at("explanation")
	if found.at("reason") == noSuchProject {
		return &refusedError{errors.New(explanation)}
	}
	if sh.Output == "json" {
		return printJSON(sh.out, found)
	}
	fmt.Fprintln(sh.out, explanation)
	return nil
}
