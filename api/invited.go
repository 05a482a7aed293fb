package api

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/projections"
)

// invitedRoutes are for people who are in no organization yet.
func (s *Server) invitedRoutes() {
	const tag = "Invites"
	read(s, route{http.MethodPost, "/v1/invites/view", "view_invite", tag, "Look at an invite by its token alone, before signing in"}, s.viewInvite)
	defineRoute(s, spec{"accept_invite_by_token", http.MethodPost, "/invites/accept", tag, "Accept an invite by its token alone"},
		func(ctx context.Context, b *commandBuilder, c acceptByToken) (domain.Command, error) {
			return buildAcceptInvite(ctx, b, acceptInvite{b.invite(c.Token), c.User, c.Token, c.VerifiedEmails, c.Login, c.Name, c.Client})
		})
	defineRoute(s, spec{"decline_invite_by_token", http.MethodPost, "/invites/decline", tag, "Decline an invite by its token alone"},
		func(ctx context.Context, b *commandBuilder, c declineByToken) (domain.Command, error) {
			return buildDeclineInvite(ctx, b, declineInvite{b.invite(c.Token), c.User, c.Token, c.VerifiedEmails, c.Client})
		})
	list(s, route{http.MethodGet, "/v1/me/invites", "list_my_invites", tag, "List the invites that name oneself, of all organizations"}, s.listMyInvites)
	list(s, route{http.MethodPost, "/v1/invites/find", "find_invites", tag, "List the invites that somebody may accept, of all organizations, by the addresses that you have verified"}, s.findInvites)
}

type acceptByToken struct {
	Token          string        `json:"token" doc:"The secret of the invite." maxLength:"255" example:"oq3Vb0SgWXJZ4mN1yK7c2uT9rEfLhPdA6iQxB8wCzDM"`
	VerifiedEmails []string      `json:"verified_emails,omitzero" doc:"The email addresses of the person that you have verified. An invite that is bound to its address is accepted with that one alone; an empty list says that there are none." maxItems:"100" example:"eve@example.org"`
	User           events.UserID `json:"user,omitzero" doc:"Who joins; left out: the actor." maxLength:"255"`
	Login          string        `json:"login,omitzero" doc:"The spelling that people see." example:"Eve"`
	Name           string        `json:"name,omitzero" maxLength:"255" example:"Eve Example"`
	Client         string        `json:"client,omitzero" doc:"The network address of whoever follows the link, so that wrong tokens slow down nobody else; left out: yours." maxLength:"255" example:"192.0.2.7"`
}

func (c acceptByToken) secret() (token, client string) { return c.Token, c.Client }

type declineByToken struct {
	Token          string        `json:"token" doc:"The secret of the invite." maxLength:"255" example:"oq3Vb0SgWXJZ4mN1yK7c2uT9rEfLhPdA6iQxB8wCzDM"`
	VerifiedEmails []string      `json:"verified_emails,omitzero" doc:"The email addresses of the person that you have verified." maxItems:"100" example:"eve@example.org"`
	User           events.UserID `json:"user,omitzero" doc:"Who declines; left out: the actor, or whoever has the token." maxLength:"255"`
	Client         string        `json:"client,omitzero" doc:"The network address of whoever follows the link, so that wrong tokens slow down nobody else; left out: yours." maxLength:"255" example:"192.0.2.7"`
}

func (c declineByToken) secret() (token, client string) { return c.Token, c.Client }

// invite returns the invite that a token opens, or opened; empty if there is none any more.
func (b *commandBuilder) invite(token string) events.InviteID {
	found, _ := b.state.InviteBy(events.Sum([]byte(token)))
	return found.Invite
}

type viewInviteQuery struct {
	Body struct {
		Token  string `json:"token" doc:"The secret that was sent." maxLength:"255"`
		Client string `json:"client,omitzero" doc:"The network address of whoever follows the link, so that wrong tokens slow down nobody else; left out: yours." maxLength:"255" example:"192.0.2.7"`
	}
}

// InviteOffer is what somebody may know of an invite who has its token and nothing else.
type InviteOffer struct {
	OrganizationName string            `json:"organization_name"`
	InvitedBy        string            `json:"invited_by,omitzero" doc:"The name of who sent it, or else the spelling that people see; left out: the system."`
	RoleLabel        string            `json:"role_label" doc:"What the role in the organization is called."`
	Projects         []offeredPlace    `json:"projects,omitempty" doc:"Joined on acceptance."`
	Teams            []offeredPlace    `json:"teams,omitempty" doc:"Joined on acceptance."`
	Message          string            `json:"message,omitzero" doc:"What the sender says."`
	Expires          *time.Time        `json:"expires_at,omitzero" doc:"When the offer ends, or has ended; left out: never."`
	From             *time.Time        `json:"from,omitzero" doc:"When the membership will start; left out: when the invite is accepted."`
	Until            *time.Time        `json:"until,omitzero" doc:"When the membership will end; left out: never."`
	Bind             events.InviteBind `json:"bind" doc:"Who can accept it: address, whoever has the address that it was sent to; user, one person; anyone, whoever has the token."`
	InviteState
}

// offeredPlace is a project or a team that is joined on acceptance.
type offeredPlace struct {
	Name      string `json:"name"`
	RoleLabel string `json:"role_label" doc:"What the role there is called."`
}

// viewInvite answers a wrong token with 404. It notes that the invite was opened.
func (s *Server) viewInvite(ctx context.Context, in *viewInviteQuery) (*answer[InviteOffer], error) {
	token := events.Sum([]byte(in.Body.Token))
	found, err := s.tries.inviteBy(s.Desk.View().State, requestFrom(ctx), in.Body.Token, in.Body.Client)
	if err != nil {
		return nil, err
	}
	open := domain.OpenInvite{Invite: found.Invite, Token: token}
	view := s.Desk.View()
	org := view.State.Organization(found.Organization)
	m := events.Moment{At: s.now(), Now: s.now()}
	happened, err := open.Decide(org, m)
	if err != nil {
		return nil, err
	}
	if len(happened) > 0 {
		if _, err := s.Desk.Do(ctx, bus.Request[domain.Command]{Organization: found.Organization, Command: open}); err != nil {
			s.Log.WarnContext(ctx, "it is not noted that an invite was opened", "organization", found.Organization, "invite", found.Invite, "error", err)
		}
	}
	of, _ := org.Invite(found.Invite)
	shown, err := s.offerOf(ctx, org.At(m.Now), of)
	if err != nil {
		return nil, err
	}
	return &answer[InviteOffer]{Position: view.Position, Body: shown}, nil
}

// offerOf says what an invite offers, with the names of things and without their ids.
func (s *Server) offerOf(ctx context.Context, org domain.Organization, of domain.Invite) (InviteOffer, error) {
	shown := InviteOffer{
		OrganizationName: org.Name(), RoleLabel: org.RoleLabel(of.Role), Expires: orNever(of.Expires), From: orNever(of.From), Until: orNever(of.Until), Bind: of.Bind,
	}
	status, err := org.InviteStatus(of)
	shown.InviteState = InviteState{status, plainReason(err)}
	for p := range of.Projects() {
		if project, is := org.Project(p.Project); is && !p.Deleted {
			shown.Projects = append(shown.Projects, offeredPlace{project.Name, org.ProjectRoleLabel(p.Role)})
		}
	}
	for t := range of.Teams() {
		if team, is := org.Team(t.Team); is {
			shown.Teams = append(shown.Teams, offeredPlace{team.Name, org.TeamRoleLabel(t.Role)})
		}
	}
	sender, _ := org.Member(of.Sent.Actor)
	name, err := s.Keyring.Read(ctx, org.ID(), sender.Name)
	if err := ignoreUnreadable(err); err != nil {
		return shown, err
	}
	login, err := s.Keyring.Read(ctx, org.ID(), sender.Login)
	if err := ignoreUnreadable(err); err != nil {
		return shown, err
	}
	if _, erased := org.Erased(of.Sent.Actor); erased {
		name = domain.ErasedName
	}
	shown.InvitedBy = cmp.Or(name, login, string(of.Sent.Actor))
	shown.Message, err = s.Keyring.Read(ctx, org.ID(), of.Message)
	return shown, ignoreUnreadable(err)
}

// plainReason returns what a rule says that refuses something, without the ids of the case; empty for no error.
func plainReason(err error) string {
	refused, is := errors.AsType[*domain.Rejection](err)
	if !is {
		return ""
	}
	for _, rule := range domain.Rejections() {
		if errors.Is(refused, rule) {
			return rule.Detail
		}
	}
	return ""
}

// joinable is an invite that somebody signed in may accept.
type joinable struct {
	Organization events.OrganizationID `json:"organization"`
	Invite       events.InviteID       `json:"invite"`
	Sent         time.Time             `json:"sent_at" doc:"When it was sent last."`
	InviteOffer
}

type myInvitesQuery struct{ Paging }

// listMyInvites lists what names the actor. The addresses of people are known to the product alone: see find_invites.
func (s *Server) listMyInvites(ctx context.Context, in *myInvitesQuery) (*answer[List[joinable]], error) {
	actor := requestFrom(ctx).actor
	if actor == events.System {
		return nil, errNotYours.because("The system is no person: name one in Roster-Actor (--actor), or ask POST /v1/invites/find.")
	}
	return s.joinable(ctx, actor, nil, in.page())
}

type findInvitesQuery struct {
	Paging
	Body struct {
		User           events.UserID `json:"user,omitzero" doc:"Who it is; left out: somebody new." maxLength:"255"`
		VerifiedEmails []string      `json:"verified_emails,omitzero" doc:"The email addresses of the person that you have verified." maxItems:"100" example:"eve@example.org"`
	}
}

func (s *Server) findInvites(ctx context.Context, in *findInvitesQuery) (*answer[List[joinable]], error) {
	if requestFrom(ctx).actor != events.System {
		return nil, errSystemOnly
	}
	var emails []string
	for _, text := range in.Body.VerifiedEmails {
		email, err := readEmail(text)
		if err != nil {
			return nil, err
		}
		emails = append(emails, email)
	}
	return s.joinable(ctx, in.Body.User, emails, in.page())
}

// joinable lists the invites that somebody may accept: those that name them, and those to an address of theirs that name nobody
// else, in organizations where they are no member. A page may be shorter than its limit.
func (s *Server) joinable(ctx context.Context, user events.UserID, emails []string, p projections.Page) (*answer[List[joinable]], error) {
	position, err := s.waitForReadModels(ctx, s.Desk.View().Position)
	if err != nil {
		return nil, err
	}
	found, err := s.Database.FindInvites(ctx, user, emails, p)
	if err != nil {
		return nil, err
	}
	state, now := s.Desk.View().State, s.now()
	page := List[joinable]{Items: []joinable{}, Next: found.Next}
	for _, at := range found.Items {
		org := state.Organization(at.Organization).At(now)
		of, open := org.Invite(at.Invite)
		if _, joined := org.Member(user); !open || joined || of.Member != "" && of.Member != user {
			continue
		}
		row := joinable{Organization: at.Organization, Invite: at.Invite, Sent: of.Sent.At}
		if row.InviteOffer, err = s.offerOf(ctx, org, of); err != nil {
			return nil, err
		}
		if row.Status == domain.InvitePending || row.Status == domain.InviteBlocked {
			page.Items = append(page.Items, row)
		}
	}
	return &answer[List[joinable]]{Position: position, Body: page}, nil
}
