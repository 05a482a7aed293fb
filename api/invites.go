package api

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/mailbox"
	"github.com/seed-2026d078/roster/projections"
)

func (s *Server) inviteRoutes() {
	const all, one, tag = "/invites", "/invites/{invite}", "Invites"
	defineWith(s, spec{"invite_member", http.MethodPost, all, tag, "Invite an address"}, buildInviteMember)
	defineWith(s, spec{"change_invite", http.MethodPatch, one, tag, "Change what a pending invite offers"}, buildChangeInvite)
	defineWith(s, spec{"resend_invite", http.MethodPost, one + "/resend", tag, "Send a pending invite again, with a new secret; the one before opens it no more"}, buildResendInvite)
	define(s, spec{"revoke_invite", http.MethodDelete, one, tag, "Revoke a pending invite"},
		func(c revokeInvite) (domain.Command, error) { return domain.RevokeInvite{Invite: c.Invite}, nil })
	defineWith(s, spec{"accept_invite", http.MethodPost, one + "/accept", tag, "Accept an invite"}, buildAcceptInvite)
	defineWith(s, spec{"decline_invite", http.MethodPost, one + "/decline", tag, "Decline an invite"}, buildDeclineInvite)
	list(s, route{http.MethodGet, organizationPath + "/invites", "list_invites", tag, "List invites, those sent last first"}, s.listInvites)
	s.inviteListRoute()
	s.invitedRoutes()
}

// InviteState says whether an invite can be accepted now.
type InviteState struct {
	Status domain.InviteStatus `json:"status" enum:"pending,blocked,void,expired,accepted,settled,declined,revoked" doc:"Whether it can be accepted: pending, now; blocked, once what the reason names has changed; void, not as it is; expired, too late. The others, and those that expired before another one took their place, are closed; settled: whoever it was for is a member in another way, and got nothing by it."`
	Reason string              `json:"reason,omitzero" doc:"Why it cannot be accepted now."`
}

// inviteStateOf returns the state of an invite for somebody who sees invites.
func inviteStateOf(org domain.Organization, actor events.UserID, i domain.Invite) InviteState {
	status, _ := org.InviteStatus(i) // the reason says why
	return InviteState{status, org.InviteReason(actor, i)}
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
		row := offeredProject{Project: p.Project, Role: p.Role, RoleLabel: org.ProjectRoleLabel(p.Role), Levels: p.Levels, Deleted: p.Deleted}
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

// offeredTeam is a team that is joined on acceptance.
type offeredTeam struct {
	Team      events.TeamID  `json:"team"`
	Name      string         `json:"name,omitzero" doc:"Left out if the team was removed."`
	Role      events.RoleKey `json:"role" doc:"In the team."`
	RoleLabel string         `json:"role_label" doc:"What the role is called."`
}

// offeredTeams returns the teams of an invite that are visible.
func offeredTeams(org domain.Organization, i domain.Invite, visible func(events.TeamID) bool) (all []offeredTeam) {
	for t := range i.Teams() {
		team, is := org.Team(t.Team)
		if is && !visible(t.Team) {
			continue
		}
		all = append(all, offeredTeam{t.Team, team.Name, t.Role, org.TeamRoleLabel(t.Role)})
	}
	return all
}

// closing is how an invite ended.
type closing struct {
	At time.Time     `json:"at"`
	By events.UserID `json:"by,omitzero" doc:"Who accepted, declined or revoked it, or did what settled it; left out: the system, or somebody who did not sign in."`
}

// invite is an offer of membership.
type invite struct {
	ID        events.InviteID   `json:"id"`
	Email     string            `json:"email,omitzero" doc:"Left out: forgotten."`
	User      events.UserID     `json:"user,omitzero" doc:"The user whom it is for, if known."`
	Role      events.RoleKey    `json:"role" doc:"In the organization."`
	RoleLabel string            `json:"role_label" doc:"What the role is called."`
	Levels    events.Levels     `json:"levels,omitempty" doc:"The person's own in the organization."`
	From      *time.Time        `json:"from,omitzero" doc:"When the membership will start; left out: when the invite is accepted."`
	Until     *time.Time        `json:"until,omitzero" doc:"When the membership will end; left out: never."`
	Projects  []offeredProject  `json:"projects,omitempty" doc:"Joined on acceptance; those that the actor sees."`
	Teams     []offeredTeam     `json:"teams,omitempty" doc:"Joined on acceptance; those that the actor sees."`
	Message   string            `json:"message,omitzero" doc:"What the sender says."`
	Bind      events.InviteBind `json:"bind,omitzero" doc:"Who can accept it; left out: it is closed."`
	Expires   *time.Time        `json:"expires_at,omitzero" doc:"When the offer ends, or has ended; left out: never."`
	Sent      Origin            `json:"sent" doc:"When it was sent last, or changed, and by whom: the offer rests on them."`
	First     time.Time         `json:"first_sent_at" doc:"When it was sent first."`
	Opened    *time.Time        `json:"opened_at,omitzero" doc:"When somebody with the token looked at it first; left out: not since it was sent last."`
	Closed    *closing          `json:"closed,omitzero" doc:"How it ended; left out: it is open."`
	InviteState
	Actions []events.Action `json:"actions" doc:"What the actor may do about it now."`
}

// inviteOf returns the row of an open invite without its address, which is sealed.
func inviteOf(org domain.Organization, actor events.UserID, id events.InviteID, found domain.Invite, seesProject func(events.ProjectID) bool, seesTeam func(events.TeamID) bool) invite {
	return invite{
		ID: id, User: found.Member, Role: found.Role, RoleLabel: org.RoleLabel(found.Role), Levels: found.Levels, From: orNever(found.From), Until: orNever(found.Until), Expires: orNever(found.Expires),
		Sent: originOf(org.ID(), found.Sent), InviteState: inviteStateOf(org, actor, found), Projects: offeredProjects(org, found, seesProject), Teams: offeredTeams(org, found, seesTeam),
		Bind: found.Bind, First: found.First.At, Opened: orNever(found.Opened), Actions: []events.Action{},
	}
}

// closedInviteOf returns the row of an invite that is not open any more.
func closedInviteOf(org domain.Organization, id events.InviteID, found domain.ClosedInvite) invite {
	return invite{
		ID: id, User: found.Member, Role: found.Role, RoleLabel: org.RoleLabel(found.Role),
		Sent: originOf(org.ID(), found.Sent), First: found.First.At, InviteState: InviteState{Status: found.Status},
		Closed: &closing{found.Closed.At, found.Closed.Actor}, Actions: []events.Action{},
	}
}

type invitesQuery struct {
	InOrganization
	Paging
	AtTime
	Status string `query:"status" enum:"open,pending,blocked,void,expired,accepted,settled,declined,revoked,all" default:"open" doc:"Which invites; open are those that are neither accepted, settled, declined nor revoked. The page may be shorter than its limit."`
	Search string `query:"search" maxLength:"320" doc:"A part of the address."`
}

// filter returns what of the status the read models know.
func (in *invitesQuery) filter() projections.InviteFilter {
	f := projections.InviteFilter{Search: in.Search}
	switch status := domain.InviteStatus(in.Status); status { //nolint:exhaustive // the others are those of open invites
	case "all", domain.InviteExpired:
		f.All = true
	case domain.InviteAccepted, domain.InviteSettled, domain.InviteDeclined, domain.InviteRevoked:
		f.Closed = []domain.InviteStatus{status}
	}
	return f
}

// has reports whether an invite has the status.
func (in *invitesQuery) has(row invite) bool {
	return in.Status == "" || in.Status == "open" || in.Status == "all" || in.Status == string(row.Status)
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
	found, err := s.Database.ListInvites(ctx, org, in.filter(), in.page())
	if err != nil {
		return nil, err
	}
	seesTeam := visibleTeams(org, m.Actor)
	seesProject := func(id events.ProjectID) bool { return org.SeesProject(m.Actor, id) }
	var failed error
	rows := rowsOf(found, func(i projections.InviteAddress) invite {
		of, open := org.Invite(i.ID)
		if !open {
			closed, _ := org.ClosedInvite(i.ID)
			row := closedInviteOf(org, i.ID, closed)
			row.Email = i.Email
			return row
		}
		row := inviteOf(org, m.Actor, i.ID, of, seesProject, seesTeam)
		row.Email = i.Email
		message, err := s.Keyring.Read(ctx, in.Org, of.Message)
		failed = cmp.Or(failed, ignoreUnreadable(err))
		row.Message = message
		row.Actions = availableActions(org.ActionsOnInvite(m, i.ID)).Actions
		return row
	})
	rows.Items = slices.DeleteFunc(rows.Items, func(row invite) bool { return !in.has(row) })
	return fromDatabase(org, known, position, rows), failed
}

// ignoreUnreadable returns an error unless it says that a text cannot be read.
func ignoreUnreadable(err error) error {
	if errors.Is(err, events.ErrUnreadable) {
		return nil
	}
	return err
}

func (s *Server) listPastInvites(ctx context.Context, in *invitesQuery) (*answer[List[invite]], error) {
	p, err := s.past(ctx, in.Org, in.At.Time, domain.SeeingInvites, domain.About{})
	if err != nil {
		return nil, err
	}
	var invites []ordered[invite]
	add := func(row invite, email events.Sealed) (err error) {
		if row.Email, err = s.Keyring.Read(ctx, in.Org, email); err == nil && in.has(row) && strings.Contains(mailbox.Key(row.Email), mailbox.Key(in.Search)) {
			invites = append(invites, inOrder(row, row.Email, string(row.ID)))
		}
		return err
	}
	seesTeam := visibleFormerTeams(p.now, p.then, p.actor)
	for id, of := range paced(p, p.then.Invites()) {
		if err := add(inviteOf(p.then, p.actor, id, of, p.seesProject, seesTeam), of.Email); err != nil {
			return nil, err
		}
	}
	if f := in.filter(); f.All || len(f.Closed) > 0 {
		for id, of := range paced(p, p.then.ClosedInvites()) {
			if err := add(closedInviteOf(p.then, id, of), of.Email); err != nil {
				return nil, err
			}
		}
	}
	return pageOfPast(p, invites, in.Paging, func(row invite) invite { return row })
}
