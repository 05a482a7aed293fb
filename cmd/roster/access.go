package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
)

// checkCmd asks one question.
type checkCmd struct {
	inOrg `json:"-"`

	User       string `arg:"" help:"The user." json:"user"`
	Permission string `arg:"" help:"The permission, by its key in the scheme." json:"permission"`
	Project    string `arg:"" help:"The project." json:"project"`
	Level      string `help:"The level of the permission; without it the highest." json:"level,omitzero"`
}

// Help is printed with the command's flags.
func (checkCmd) Help() string {
	return `The answer is also the exit code: 0 for yes, 1 for no.

    roster check ada settings apollo --org acme`
}

// Run prints yes, or fails with no.
func (c *checkCmd) Run(ctx context.Context, sh *shell) error {
	client, err := sh.client()
	if err != nil {
		return err
	}
	type question struct {
		Organization string `json:"organization"`
		*checkCmd    `json:",embed"`
	}
	in := struct {
		Questions []question `json:"questions"`
	}{[]question{{c.Org, c}}}
	var out struct {
		Answers []struct {
			Allowed bool `json:"allowed"`
		} `json:"answers"`
	}
	if err := client.do(ctx, http.MethodPost, path("access:check"), nil, in, &out); err != nil {
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

// errNo is an answer that was printed; its exit code is that of a refusal.
var errNo = errors.New("no")

// explainCmd tells why.
type explainCmd struct {
	inOrg

	User       string `arg:"" help:"The user."`
	Project    string `arg:"" help:"The project."`
	Permission string `help:"Tell of this permission alone, by its key in the scheme: what gives it, or what would."`
	Level      string `help:"The level of the permission; without it the highest."`
	At         past   `placeholder:"TIME" help:"A past moment: as 2024-12-31T23:59:59Z, or as 2024-12-31 (where the day begins, in UTC); without it now."`
}

// Help is printed with the command's flags.
func (explainCmd) Help() string {
	return `    roster explain ada apollo --org acme
    roster explain ada apollo --permission settings --level view --org acme`
}

// Run prints the words, or all that the server knows.
func (c *explainCmd) Run(ctx context.Context, sh *shell) error {
	client, err := sh.client()
	if err != nil {
		return err
	}
	query := asked(map[string]string{
		"explain": "true", "at": moment(c.At.Time), "permission": c.Permission, "level": c.Level,
	})
	var found row
	if err := client.get(ctx, c.at("projects", c.Project, "access", c.User), query, &found); err != nil {
		return err
	}
	if sh.Output == "json" {
		return printJSON(sh.out, found)
	}
	fmt.Fprintln(sh.out, found.at("explanation"))
	return nil
}
