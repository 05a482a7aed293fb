package main

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"
)

type inviteSendCmd struct {
	inOrg `json:"-"`
	levels
	ends

	Emails       []string          `arg:"" name:"email" help:"The addresses: all are invited, or none." json:"emails,omitzero"`
	Email        string            `kong:"-" json:"email,omitzero"`
	ID           string            `help:"The invite's id, where there is one address; without it one is made." json:"id,omitzero"`
	Role         string            `help:"Role in the organization; without it the scheme's default." json:"role,omitzero"`
	User         string            `help:"Whom it is for, where there is one address: nobody else accepts it then." json:"user,omitzero"`
	Project      []recipient       `sep:"none" placeholder:"PROJECT[=ROLE]" help:"Project to join on acceptance, with the role there; without it the scheme's default. May be given several times." json:"-"`
	ProjectLevel map[string]string `placeholder:"PROJECT/PERMISSION=LEVEL" help:"Level of a permission on such a project; may be given several times." json:"-"`
	Projects     []offer           `kong:"-" json:"projects,omitzero"`
}

// offer is a project that an invite leads to.
type offer struct {
	Project string            `json:"project"`
	Role    string            `json:"role,omitzero"`
	Levels  map[string]string `json:"levels,omitzero"`
}

// Help is printed with the command's flags.
func (inviteSendCmd) Help() string {
	return `    roster invite send eve@example.org finn@example.org --org acme --role member \
        --level MEMBERS=view --project apollo --project-level apollo/WORKFLOWS=full`
}

// Run sends the invites.
func (c *inviteSendCmd) Run(ctx context.Context, sh *shell) error {
	tell := func(done receipt) error { return sh.printInvites(c.Emails, done) }
	if len(c.Emails) == 1 {
		c.Email, c.Emails = c.Emails[0], nil
		tell = sh.printReceipt
	}
	c.Projects = c.offers()
	return sh.changeAnd(ctx, http.MethodPost, c.at("invites"), c, tell)
}

// printInvites says which token goes to whom: they come in the order of the addresses.
func (sh *shell) printInvites(emails []string, done receipt) error {
	sh.printEvents(done)
	var rows []row
	for _, e := range done.Events {
		if e.Token != "" && len(rows) < len(emails) {
			rows = append(rows, row{"email": emails[len(rows)], "invite": e.Created, "token": e.Token})
		}
	}
	return printTable(sh.out, rows, columns("ADDRESS=email INVITE=invite TOKEN=token"))
}

func (c *inviteSendCmd) offers() []offer {
	offers := map[string]offer{}
	for _, to := range c.Project {
		offers[to.id] = offer{Project: to.id, Role: to.role, Levels: map[string]string{}}
	}
	for place, level := range c.ProjectLevel {
		i := max(strings.LastIndexByte(place, '/'), 0)
		project, permission := place[:i], strings.TrimPrefix(place[i:], "/")
		if _, named := offers[project]; !named {
			offers[project] = offer{Project: project, Levels: map[string]string{}}
		}
		offers[project].Levels[permission] = level
	}
	var all []offer
	for _, project := range slices.Sorted(maps.Keys(offers)) {
		all = append(all, offers[project])
	}
	return all
}
