package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// pendingInvite tells of an offer of membership that nobody has taken up.
type pendingInvite struct {
	Invite   events.InviteID    `json:"invite"`
	Email    string             `json:"email,omitzero"`
	Role     events.RoleKey     `json:"role" doc:"In the organization."`
	User     events.UserID      `json:"user,omitzero" doc:"Whom it is for, where that is known."`
	Projects []events.ProjectID `json:"projects,omitzero" doc:"Joined on acceptance."`
	Sent     Origin             `json:"sent"`
	Expires  time.Time          `json:"expires_at,omitzero" doc:"Left out: never."`
	Expired  bool               `json:"expired" doc:"Whether it can no longer be accepted."`

	sealed events.Sealed
}

func (r pendingInvite) key() rowKey {
	return rowKey{Number: r.Sent.Since.UnixNano(), First: string(r.Invite)}
}

func (r pendingInvite) cells() []string {
	projects := make([]string, len(r.Projects))
	for i, id := range r.Projects {
		projects[i] = string(id)
	}
	return []string{
		string(r.Invite), r.Email, string(r.Role), string(r.User), strings.Join(projects, "; "),
		cell(r.Sent.Since), string(r.Sent.By), cell(r.Expires), truth(r.Expired),
	}
}

type pendingInvitesQuery struct {
	ReportQuery
	Days int `query:"days" minimum:"0" maximum:"36500" default:"30" doc:"How many days ago they were sent at least."`
}

func (s *Server) inviteReport() {
	tells(s, report[*pendingInvitesQuery, pendingInvite]{
		route:   route{http.MethodGet, reportsPath + "/pending-invites", "report_pending_invites", "Reports", "List which invites have been pending for some days, oldest first"},
		columns: []string{"invite", "email", "role", "user", "projects", "sent_at", "sent_by", "expires_at", "expired"},
		rows: func(ctx context.Context, org domain.Organization, in *pendingInvitesQuery) []pendingInvite {
			return pendingInvites(ctx, org, org.PendingInvites(daysAgo(in.Days)))
		},
		complete: func(ctx context.Context, org domain.Organization, rows []pendingInvite) (err error) {
			for i := range rows {
				if rows[i].Email, err = s.unseal(ctx, org.ID(), rows[i].sealed); err != nil {
					return err
				}
			}
			return nil
		},
	})
}

func pendingInvites(ctx context.Context, org domain.Organization, ids []events.InviteID) []pendingInvite {
	now := time.Now()
	rows := make([]pendingInvite, len(ids))
	for i, id := range ids {
		invite, _ := org.Invite(id)
		rows[i] = pendingInvite{
			Invite: id, Role: invite.Role, User: invite.Member, Sent: originOf(org.ID(), invite.Sent),
			Expires: invite.Expires, Expired: invite.Expired(now), sealed: invite.Email,
		}
		for offer := range invite.Projects() {
			if sees(ctx, org, offer.Project) {
				rows[i].Projects = append(rows[i].Projects, offer.Project)
			}
		}
	}
	return rows
}
