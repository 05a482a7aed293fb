package main

import (
	"maps"
	"slices"
	"strings"

	"github.com/seed-2026d078/roster/client"
)

// inviteCmd is about invites to an organization.
type inviteCmd struct {
	Send   inviteSendCmd   `cmd:"" does:"invite_member" help:"Invite addresses; prints the token that accepts each invite."`
	List   inviteListCmd   `cmd:"" lists:"list_invites" columns:"INVITE=id EMAIL=email USER=user ROLE=role PROJECTS=projects.project SENT=sent.since BY=sent.by EXPIRES=expires_at STATUS=status UNTIL=until REASON=reason" help:"List the invites that nobody has accepted or revoked."`
	Accept inviteAcceptCmd `cmd:"" does:"accept_invite" help:"Take up an invite."`
	Revoke inviteArg       `cmd:"" does:"revoke_invite" asks:"" help:"Withdraw an invite that nobody took up."`
}

type inviteListCmd struct {
	organizationFlag
	atFlag
}

// inviteArg is the argument of verbs about one invite.
type inviteArg struct {
	organizationFlag

	Invite string `arg:"" help:"The invite." json:"invite"`
}

type inviteAcceptCmd struct {
	inviteArg

	User  string `help:"Who accepts; without it the actor." json:"user,omitzero"`
	Token string `help:"The secret that was sent; the system needs none." json:"token,omitzero"`
	Login string `help:"The spelling that people see, where it is not the id." json:"login,omitzero"`
	Name  string `help:"The person's name." json:"name,omitzero"`
}

type inviteSendCmd struct {
	organizationFlag
	levelFlag
	untilFlag

	Emails       []string          `arg:"" name:"email" help:"The addresses: all are invited, or none." json:"emails,omitzero"`
	Email        string            `kong:"-" json:"email,omitzero"`
	ID           string            `help:"The invite's id, where there is one address; without it one is made." json:"id,omitzero"`
	Role         string            `help:"Role in the organization; without it the scheme's default." json:"role,omitzero"`
	User         string            `help:"The user whom it is for, with one address only: then nobody else can accept it." json:"user,omitzero"`
	Project      []recipient       `sep:"none" placeholder:"PROJECT[=ROLE]" help:"Project to join on acceptance, with the role there; without it the scheme's default. May be given several times." json:"-"`
	ProjectLevel map[string]string `placeholder:"PROJECT/PERMISSION=LEVEL" help:"Level of a permission on such a project; may be given several times." json:"-"`
	Projects     []invitedTo       `kong:"-" json:"projects,omitzero"`
}

// invitedTo is a project that an invite leads to.
type invitedTo struct {
	Project string            `json:"project"`
	Role    string            `json:"role,omitzero"`
	Levels  map[string]string `json:"levels,omitzero"`
}

// Help is printed with the command's flags.
func (inviteSendCmd) Help() string {
	return `    roster invite send eve@example.org finn@example.org --org acme --role member \
        --level MEMBERS=view --project apollo --project-level apollo/WORKFLOWS=full`
}

// command builds the request for one address or for several.
func (c *inviteSendCmd) command() any {
	in := *c
	if len(in.Emails) == 1 {
		in.Email, in.Emails = in.Emails[0], nil
	}
	in.Projects = in.projects()
	return in
}

// printReceipt prints the token of each address. Tokens are in the order of the addresses.
func (c *inviteSendCmd) printReceipt(sh *shell, done client.Receipt) error {
	if len(c.Emails) == 1 {
		sh.printReceipt(done)
		return nil
	}
	sh.printEvents(done)
	var rows []row
	for _, e := range done.Events {
		if e.Token != "" && len(rows) < len(c.Emails) {
			rows = append(rows, row{"email": c.Emails[len(rows)], "invite": e.Created, "token": e.Token})
		}
	}
	return printTable(sh.out, rows, columns("ADDRESS=email INVITE=invite TOKEN=token"))
}

// projects combines the roles and the levels that two flags set for each project.
func (c *inviteSendCmd) projects() []invitedTo {
	all := map[string]invitedTo{}
	for _, to := range c.Project {
		all[to.id] = invitedTo{Project: to.id, Role: to.role, Levels: map[string]string{}}
	}
	for key, level := range c.ProjectLevel {
		i := max(strings.LastIndexByte(key, '/'), 0)
		project, permission := key[:i], strings.TrimPrefix(key[i:], "/")
		if _, named := all[project]; !named {
			all[project] = invitedTo{Project: project, Levels: map[string]string{}}
		}
		all[project].Levels[permission] = level
	}
	var sorted []invitedTo
	for _, project := range slices.Sorted(maps.Keys(all)) {
		sorted = append(sorted, all[project])
	}
	return sorted
}
