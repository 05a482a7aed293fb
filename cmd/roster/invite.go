package main

import (
	"errors"
	"maps"
	"slices"
	"strings"
)

// inviteCmd is about invites to an organization.
type inviteCmd struct {
	Send    inviteSendCmd    `cmd:"" dryrun:"" help:"Invite addresses; prints the token that accepts each invite."`
	List    inviteListCmd    `cmd:"" lists:"list_invites" columns:"INVITE=id EMAIL=email USER=user ROLE=role PROJECTS=projects.project TEAMS=teams.team SENT=sent.since BY=sent.by OPENED=opened_at EXPIRES=expires_at STATUS=status FROM=from UNTIL=until REASON=reason" help:"List invites, those that are open unless --status says others."`
	Change  inviteChangeCmd  `cmd:"" does:"change_invite" help:"Change what a pending invite offers: only what is named changes."`
	Resend  inviteResendCmd  `cmd:"" does:"resend_invite" help:"Send a pending invite again: prints another token. The one before opens nothing any more."`
	Accept  inviteAcceptCmd  `cmd:"" does:"accept_invite" help:"Take up an invite."`
	Decline inviteDeclineCmd `cmd:"" does:"decline_invite" help:"Turn an invite down."`
	Revoke  openInviteArg    `cmd:"" does:"revoke_invite" asks:"" help:"Withdraw an invite that nobody took up."`

	View           inviteViewCmd           `cmd:"" shows:"view_invite" help:"Show what an invite offers, by its token alone."`
	AcceptByToken  inviteAcceptByTokenCmd  `cmd:"" does:"accept_invite_by_token" help:"Take up an invite by its token alone."`
	DeclineByToken inviteDeclineByTokenCmd `cmd:"" does:"decline_invite_by_token" help:"Turn an invite down by its token alone."`
	Mine           noArguments             `cmd:"" lists:"list_my_invites" columns:"ORGANIZATION=organization INVITE=invite ROLE=role_label SENT=sent_at EXPIRES=expires_at STATUS=status" help:"List the invites that name the actor, of all organizations."`
	Find           inviteFindCmd           `cmd:"" lists:"find_invites" columns:"ORGANIZATION=organization INVITE=invite ROLE=role_label SENT=sent_at EXPIRES=expires_at STATUS=status" help:"List the invites that somebody may accept, of all organizations."`
}

type inviteListCmd struct {
	organizationFlag
	atFlag

	Status string `placeholder:"STATUS" enum:",open,pending,blocked,void,expired,accepted,settled,declined,revoked,all" default:"" help:"Which: open, pending, blocked, void, expired, accepted, settled, declined, revoked or all." json:"status,omitzero"`
	Search string `placeholder:"TEXT" help:"A part of the address." json:"search,omitzero"`
}

// inviteArg is the argument of verbs about one invite.
type inviteArg struct {
	organizationFlag

	Invite string `arg:"" help:"The invite." json:"invite"`
}

// verifiedEmailsFlag are addresses of a person.
type verifiedEmailsFlag struct {
	VerifiedEmails []string `name:"verified-email" placeholder:"ADDRESS" help:"An address of the person that was verified; name several by repeating it. An invite that is bound to its address needs that one." json:"verified_emails,omitempty"`
}

type inviteAcceptCmd struct {
	inviteArg
	clientFlag
	verifiedEmailsFlag

	User  string `help:"Who accepts; without it the actor." json:"user,omitzero"`
	Token string `help:"The secret that was sent; the system needs none." json:"token,omitzero"`
	Login string `help:"The spelling that people see, where it is not the id." json:"login,omitzero"`
	Name  string `help:"The person's name." json:"name,omitzero"`
}

type inviteDeclineCmd struct {
	inviteArg
	clientFlag
	verifiedEmailsFlag

	User  string `help:"Who declines; without it the actor, or whoever has the token." json:"user,omitzero"`
	Token string `help:"The secret that was sent." json:"token,omitzero"`
}

// clientFlag is the network address of whoever shows a token.
type clientFlag struct {
	Client string `placeholder:"ADDRESS" help:"The network address of whoever follows the link, so that wrong tokens slow down nobody else; without it yours." json:"client,omitzero"`
}

// tokenArg is the secret of an invite, which says of which organization that is.
type tokenArg struct {
	clientFlag

	Token string `arg:"" help:"The secret that was sent." json:"token"`
}

type inviteViewCmd struct{ tokenArg }

type inviteAcceptByTokenCmd struct {
	tokenArg
	verifiedEmailsFlag

	User  string `help:"Who accepts; without it the actor." json:"user,omitzero"`
	Login string `help:"The spelling that people see, where it is not the id." json:"login,omitzero"`
	Name  string `help:"The person's name." json:"name,omitzero"`
}

type inviteDeclineByTokenCmd struct {
	tokenArg
	verifiedEmailsFlag

	User string `help:"Who declines; without it the actor, or whoever has the token." json:"user,omitzero"`
}

type inviteFindCmd struct {
	verifiedEmailsFlag

	User string `help:"Who it is; without it somebody new." json:"user,omitzero"`
}

// Validate fails if nothing says whose invites.
func (c *inviteFindCmd) Validate() error {
	if c.User == "" && len(c.VerifiedEmails) == 0 {
		return errors.New("say whose: --verified-email ADDRESS, or --user")
	}
	return nil
}

// offerFlags say what an invite gives.
type offerFlags struct {
	levelFlag
	termFlags
	placeFlags

	Role string `help:"Role in the organization; without it the scheme's default." json:"role,omitzero"`
}

// placeFlags say to which projects and teams an invite leads.
type placeFlags struct {
	Project      []recipient       `sep:"none" placeholder:"PROJECT[=ROLE]" help:"Project to join on acceptance, with the role there; without it the scheme's default. May be given several times." json:"-"`
	ProjectLevel map[string]string `placeholder:"PROJECT/PERMISSION=LEVEL" help:"Level of a permission on such a project; may be given several times." json:"-"`
	Projects     []invitedTo       `kong:"-" json:"projects,omitzero"`
	Team         []recipient       `sep:"none" placeholder:"TEAM[=ROLE]" help:"Team to join on acceptance, with the role in it; without it the scheme's default. May be given several times." json:"-"`
	Teams        []invitedToTeam   `kong:"-" json:"teams,omitzero"`
}

// filled returns them in the form of the API.
func (f placeFlags) filled() placeFlags {
	f.Projects = f.projects()
	for _, to := range f.Team {
		f.Teams = append(f.Teams, invitedToTeam{to.id, to.role})
	}
	return f
}

// invitedToTeam is a team that an invite leads to.
type invitedToTeam struct {
	Team string `json:"team"`
	Role string `json:"role,omitzero"`
}

type inviteResendCmd struct {
	openInviteArg

	Message string `help:"What you say now; without it what was said before." json:"message,omitzero"`
	Expires expiry `placeholder:"TIME" help:"When the offer ends, within 90 days: ${end}; without it as the scheme says." json:"expires_at,omitzero"`
}

type inviteChangeCmd struct {
	openInviteArg
	placeFlags

	Role       string            `help:"Another role in the organization." json:"role,omitzero"`
	Level      map[string]string `xor:"levels" placeholder:"PERMISSION=LEVEL" help:"Level of a permission, where the role leaves it to the person; may be given several times." json:"levels,omitzero"`
	From       start             `placeholder:"TIME" help:"When it starts: ${end}; or now, which is when the invite is accepted." json:"from,omitzero"`
	Until      changedEnd        `placeholder:"TIME" help:"When it ends: ${end}; or never." json:"until,omitzero"`
	NoLevels   bool              `xor:"levels" help:"Take out all levels." json:"-"`
	NoProjects bool              `help:"Take out all projects." json:"-"`
	NoTeams    bool              `help:"Take out all teams." json:"-"`
	Message    string            `help:"What you say now; without it what was said before." json:"message,omitzero"`
}

// Help says what is kept.
func (*inviteChangeCmd) Help() string {
	return `What is not named stays as it is. Who names projects, teams or levels names all of them: the others are taken out.
The mail that goes out says what the invite offers now; the token stays.`
}

// Validate fails if something is both named and taken out.
func (c *inviteChangeCmd) Validate() error {
	switch {
	case c.NoProjects && len(c.Project)+len(c.ProjectLevel) > 0:
		return errors.New("--no-projects takes out all projects: name none beside it")
	case c.NoTeams && len(c.Team) > 0:
		return errors.New("--no-teams takes out all teams: name none beside it")
	}
	return nil
}

// command builds the request.
func (c *inviteChangeCmd) command() any {
	in := *c
	in.placeFlags = in.filled()
	if c.NoLevels {
		in.Level = map[string]string{}
	}
	if c.NoProjects {
		in.Projects = []invitedTo{}
	}
	if c.NoTeams {
		in.Teams = []invitedToTeam{}
	}
	return in
}

// invitedTo is a project that an invite leads to.
type invitedTo struct {
	Project string            `json:"project"`
	Role    string            `json:"role,omitzero"`
	Levels  map[string]string `json:"levels,omitzero"`
}

// projects combines the roles and the levels that two flags set for each project.
func (f placeFlags) projects() []invitedTo {
	all := map[string]invitedTo{}
	for _, to := range f.Project {
		all[to.id] = invitedTo{Project: to.id, Role: to.role, Levels: map[string]string{}}
	}
	for key, level := range f.ProjectLevel {
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
