package main

import (
	"cmp"
	"context"
	"fmt"
	"strings"
)

// recipient is who gets a role, and which: "ada=editor". The role may be left out.
type recipient struct{ id, role string }

// UnmarshalText reads a recipient. An id may hold the sign; what follows the last one
// is the role.
func (r *recipient) UnmarshalText(text []byte) error {
	r.id = string(text)
	if i := strings.LastIndexByte(r.id, '='); i >= 0 {
		r.id, r.role = r.id[:i], r.id[i+1:]
	}
	if r.id == "" {
		return fmt.Errorf("%q names nobody: write an id, or an id and a role, as in ada=editor", text)
	}
	return nil
}

type projectAddCmd struct {
	onProject
	levels
	ends

	Users []recipient `arg:"" optional:"" name:"user[=role]" help:"The members, each with a role of their own where one is named."`
	Team  []recipient `sep:"none" placeholder:"TEAM[=ROLE]" help:"Team to assign; may be given several times."`
	Role  string      `help:"Role on the project where none is named; without it the scheme's default."`
}

// Help is printed with the command's flags.
func (projectAddCmd) Help() string {
	return `All are added, or none.

    roster project add apollo bob --role editor --until 30d --org acme
    roster project add apollo bob=editor cleo=viewer --team core=viewer --org acme`
}

// joining is one who is added.
type joining struct {
	User  string            `json:"user,omitzero"`
	Team  string            `json:"team,omitzero"`
	Role  string            `json:"role,omitzero"`
	Level map[string]string `json:"levels,omitzero"`
	Until instant           `json:"until,omitzero"`
}

// Run grants the roles.
func (c *projectAddCmd) Run(ctx context.Context, sh *shell) error {
	var all struct {
		Members []joining `json:"members,omitzero"`
		Teams   []joining `json:"teams,omitzero"`
	}
	for _, u := range c.Users {
		all.Members = append(all.Members, joining{User: u.id, Role: cmp.Or(u.role, c.Role), Level: c.Level, Until: c.Until})
	}
	for _, t := range c.Team {
		all.Teams = append(all.Teams, joining{Team: t.id, Role: cmp.Or(t.role, c.Role), Until: c.Until})
	}
	if len(all.Members) == 1 && len(all.Teams) == 0 {
		return sh.post(ctx, c.on("members"), all.Members[0])
	}
	return sh.post(ctx, c.on("members"), all)
}

// ofProjectMember are the arguments of commands about somebody on a project.
type ofProjectMember struct {
	onProject

	User string `arg:"" help:"The member."`
}

func (m ofProjectMember) of(segments ...string) string {
	return m.on(append([]string{"members", m.User}, segments...)...)
}

type projectRoleCmd struct {
	ofProjectMember `json:"-"`

	Role string `arg:"" help:"The new role." json:"role"`
}

// Run changes the role.
func (c *projectRoleCmd) Run(ctx context.Context, sh *shell) error { return sh.patch(ctx, c.of(), c) }

type projectLevelsCmd struct {
	ofProjectMember `json:"-"`
	newLevels
}

// Run changes the levels.
func (c *projectLevelsCmd) Run(ctx context.Context, sh *shell) error {
	return sh.patch(ctx, c.of("levels"), c)
}

type projectEndCmd struct {
	ofProjectMember `json:"-"`
	end
}

// Run changes the end.
func (c *projectEndCmd) Run(ctx context.Context, sh *shell) error {
	return sh.patch(ctx, c.of("end"), c)
}

type projectAttestCmd struct{ ofProjectMember }

// Run records the review.
func (c *projectAttestCmd) Run(ctx context.Context, sh *shell) error {
	return sh.post(ctx, c.of("attest"), nil)
}

type projectRemoveCmd struct{ ofProjectMember }

// Run withdraws the grant.
func (c *projectRemoveCmd) Run(ctx context.Context, sh *shell) error { return sh.remove(ctx, c.of()) }
