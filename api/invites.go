package api

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/projections"
)

func (s *Server) inviteRoutes() {
	const all, one, tag = "/invites", "/invites/{invite}", "Invites"
	invite := spec{"invite_member", http.MethodPost, all, tag, "Invite one address, or several"}
	defineRoute(s, invite, buildInviteMembers)
	defineItem(s, invite.id, buildInviteMember)
	define(s, spec{"revoke_invite", http.MethodDelete, one, tag, "Revoke a pending invite"},
		func(c revokeInvite) (domain.Command, error) { return domain.RevokeInvite{Invite: c.Invite}, nil })
	defineWith(s, spec{"accept_invite", http.MethodPost, one + "/accept", tag, "Accept an invite"}, buildAcceptInvite)
	list(s, route{http.MethodGet, organizationPath + "/invites", "list_invites", tag, "List invites that nobody has accepted or revoked"}, s.listInvites)
}

type inviteMember struct {
	ID       events.InviteID  `json:"id,omitzero" doc:"Left out: a new one." maxLength:"255"`
	Email    string           `json:"email" doc:"The email address to invite." maxLength:"320" example:"eve@example.org"`
	Role     events.RoleKey   `json:"role,omitzero" doc:"In the organization; left out: the scheme's default."`
	User     events.UserID    `json:"user,omitzero" doc:"The user whom it is for, if known: then nobody else can accept it." maxLength:"255"`
	Levels   events.Levels    `json:"levels,omitzero" doc:"The person's own levels in the organization, if the role allows own levels."`
	Until    time.Time        `json:"until,omitzero" doc:"When the membership will end; left out: never."`
	Projects []invitedProject `json:"projects,omitzero" doc:"Joined on acceptance." maxItems:"1000"`
}

// inviteMembers is inviteMember for one address, or for several on the same conditions.
type inviteMembers struct {
	ID       events.InviteID  `json:"id,omitzero" doc:"Left out: a new one." maxLength:"255"`
	Email    *string          `json:"email,omitzero" doc:"The email address to invite." maxLength:"320" example:"eve@example.org"`
	Emails   []string         `json:"emails,omitzero" doc:"Several addresses instead: all are invited, or none." minItems:"1" maxItems:"1000"`
	Role     events.RoleKey   `json:"role,omitzero" doc:"In the organization; left out: the scheme's default."`
	User     events.UserID    `json:"user,omitzero" doc:"The user whom it is for, if known: then nobody else can accept it." maxLength:"255"`
	Levels   events.Levels    `json:"levels,omitzero" doc:"The person's own levels in the organization, if the role allows own levels."`
	Until    time.Time        `json:"until,omitzero" doc:"When the membership will end; left out: never."`
	Projects []invitedProject `json:"projects,omitzero" doc:"Joined on acceptance." maxItems:"1000"`
}

type invitedProject struct {
	Project events.ProjectID `json:"project"`
	Role    events.RoleKey   `json:"role,omitzero" doc:"On the project; left out: the scheme's default."`
	Levels  events.Levels    `json:"levels,omitzero" doc:"The person's own levels on the project, if the role allows own levels."`
}

// buildInviteMember encrypts the address with a key of the invite, since the user is not
// known yet.
func buildInviteMember(ctx context.Context, b *commandBuilder, c inviteMember) (domain.Command, error) {
	email, err := readEmail(c.Email)
	if err != nil {
		return nil, err
	}
	if email == "" {
		return nil, errBadEmail
	}
	id := idOrNew(c.ID)
	sealed, err := b.seal(ctx, "invite "+string(id), email)
	if err != nil {
		return nil, err
	}
	nonce, token := b.inviteToken(id)
	invite := domain.InviteMember{
		Invite: id, Role: c.Role, Email: sealed, Address: b.addressHash(email), Nonce: nonce, Token: token,
		Member: c.User, Levels: c.Levels, Until: events.Instant(c.Until),
	}
	for _, p := range c.Projects {
		invite.Projects = append(invite.Projects, events.ProjectRole(p))
	}
	return invite, nil
}

func buildInviteMembers(ctx context.Context, b *commandBuilder, c inviteMembers) (domain.Command, error) {
	one := inviteMember{ID: c.ID, Role: c.Role, User: c.User, Levels: c.Levels, Until: c.Until, Projects: c.Projects}
	switch {
	case (c.Email == nil) == (c.Emails == nil):
		return nil, errMalformed.because("Name either an email, or several emails.")
	case c.Email != nil:
		one.Email = *c.Email
		return buildInviteMember(ctx, b, one)
	case c.ID != "" || c.User != "":
		return nil, errMalformed.because("An id, or a user, goes with one email alone.")
	}
	all := make([]namedItem, len(c.Emails))
	for i, email := range c.Emails {
		one.Email = email
		all[i] = namedItem{email, bind(buildInviteMember, one)}
	}
	return buildNamed(ctx, b, all)
}

type revokeInvite struct {
	Invite events.InviteID `path:"invite" json:"invite" doc:"The invite." maxLength:"255"`
}

type acceptInvite struct {
	Invite events.InviteID `path:"invite" json:"invite" doc:"The invite." maxLength:"255"`
	User   events.UserID   `json:"user,omitzero" doc:"Who joins; left out: the actor." maxLength:"255"`
	Token  string          `json:"token,omitzero" doc:"The secret of the invite. The system needs none; if it sends one, it must be right." example:"oq3Vb0SgWXJZ4mN1yK7c2uT9rEfLhPdA6iQxB8wCzDM"`
	Login  string          `json:"login,omitzero" doc:"The spelling that people see." example:"Eve"`
	Name   string          `json:"name,omitzero" maxLength:"255" example:"Eve Example"`
}

func buildAcceptInvite(ctx context.Context, b *commandBuilder, c acceptInvite) (domain.Command, error) {
	user := cmp.Or(c.User, requestFrom(ctx).actor)
	d, err := b.personalData(ctx, user, Profile{Name: c.Name, Login: c.Login})
	if err != nil {
		return nil, err
	}
	accept := domain.AcceptInvite{Invite: c.Invite, Member: user, Login: d.Login, Name: d.Name}
	if c.Token != "" {
		accept.Token = events.Sum([]byte(c.Token))
	}
	return accept, nil
}

// InviteState says whether an invite can be accepted now.
type InviteState struct {
	Status domain.InviteStatus `json:"status" enum:"pending,blocked,void,expired" doc:"Whether it can be accepted: pending, now; blocked, once what the reason names has changed; void, not as it is; expired, too late."`
	Reason string              `json:"reason,omitzero" doc:"Why it cannot be accepted now."`
}

func inviteStateOf(org domain.Organization, i domain.Invite) InviteState {
	status, err := org.InviteStatus(i)
	if err != nil {
		return InviteState{status, err.Error()}
	}
	return InviteState{Status: status}
}

// offeredProject is a project that is joined on acceptance.
type offeredProject struct {
	Project   events.ProjectID `json:"project"`
	Name      string           `json:"name,omitzero" doc:"Left out if the project was deleted."`
	Role      events.RoleKey   `json:"role" doc:"On the project."`
	RoleLabel string           `json:"role_label" doc:"What the role is called."`
	Levels    events.Levels    `json:"levels,omitempty" doc:"The person's own on the project."`
	Deleted   bool             `json:"deleted,omitzero" doc:"Whether the project was deleted since; a later one with the same id is another project."`
}

// offeredProjects returns the projects of an invite that are visible, and those that were
// deleted.
func offeredProjects(org domain.Organization, i domain.Invite, visible func(events.ProjectID) bool) []offeredProject {
	var all []offeredProject
	for p := range i.Projects() {
		row := offeredProject{Project: p.Project, Role: p.Role, RoleLabel: projectRoleLabel(org, p.Role), Levels: p.Levels, Deleted: p.Deleted}
		if !p.Deleted {
			if !visible(p.Project) {
				continue
			}
			project, _ := org.Project(p.Project)
			row.Name = project.Name
		}
		all = append(all, row)
	}
	return all
}

// invite is an offer of membership that nobody has accepted and nobody has revoked.
type invite struct {
	ID        events.InviteID  `json:"id"`
	Email     string           `json:"email,omitzero" doc:"Left out: forgotten."`
	User      events.UserID    `json:"user,omitzero" doc:"The user whom it is for, if known."`
	Role      events.RoleKey   `json:"role" doc:"In the organization."`
	RoleLabel string           `json:"role_label" doc:"What the role is called."`
	Levels    events.Levels    `json:"levels,omitempty" doc:"The person's own in the organization."`
	Until     *time.Time       `json:"until,omitzero" doc:"When the membership will end; left out: never."`
	Projects  []offeredProject `json:"projects,omitempty" doc:"Joined on acceptance; those that the actor sees."`
	Expires   *time.Time       `json:"expires_at,omitzero" doc:"When the offer ends, or has ended; left out: never."`
	Sent      Origin           `json:"sent"`
	InviteState
	Actions []events.Action `json:"actions" doc:"What the actor may do about it now."`
}

// inviteOf returns the row of an invite without its address, which is sealed.
func inviteOf(org domain.Organization, id events.InviteID, found domain.Invite, visible func(events.ProjectID) bool) invite {
	return invite{
		ID: id, User: found.Member, Role: found.Role, RoleLabel: organizationRoleLabel(org, found.Role), Levels: found.Levels, Until: orNever(found.Until), Expires: orNever(found.Expires),
		Sent: originOf(org.ID(), found.Sent), InviteState: inviteStateOf(org, found), Projects: offeredProjects(org, found, visible),
		Actions: []events.Action{},
	}
}

type invitesQuery struct {
	InOrganization
	Paging
	AtTime
}

func (s *Server) listInvites(ctx context.Context, in *invitesQuery) (*answer[List[invite]], error) {
	if in.asked() {
		return s.listPastInvites(ctx, in)
	}
	org, known, position, err := s.listing(ctx, in.Org, domain.SeeingInvites, domain.About{})
	if err != nil {
		return nil, err
	}
	m := currentMoment(ctx, org)
	found, err := s.Database.ListInvites(ctx, org, in.page())
	if err != nil {
		return nil, err
	}
	return fromDatabase(org, known, position, rowsOf(found, func(i projections.InviteAddress) invite {
		of, _ := org.Invite(i.ID)
		row := inviteOf(org, i.ID, of, func(id events.ProjectID) bool { return org.SeesProject(m.Actor, id) })
		row.Email = i.Email
		if _, err := (domain.RevokeInvite{Invite: i.ID}).Decide(org, m); err == nil {
			row.Actions = append(row.Actions, domain.RevokingInvite)
		}
		return row
	})), nil
}

func (s *Server) listPastInvites(ctx context.Context, in *invitesQuery) (*answer[List[invite]], error) {
	p, err := s.past(ctx, in.Org, in.At.Time, domain.SeeingInvites, domain.About{})
	if err != nil {
		return nil, err
	}
	var invites []ordered[invite]
	for id, of := range paced(p, p.then.Invites()) {
		row := inviteOf(p.then, id, of, p.seesProject)
		if row.Email, err = s.Keyring.Read(ctx, in.Org, of.Email); err != nil {
			return nil, err
		}
		invites = append(invites, inOrder(row, row.Email, string(id)))
	}
	return pageOfPast(p, invites, in.Paging, func(row invite) invite { return row })
}
