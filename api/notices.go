package api

import (
	"context"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/projections"
)

// notification tells somebody of a change of their own role.
type notification struct {
	ID           string                `json:"id"`
	Organization events.OrganizationID `json:"organization"`
	Project      events.ProjectID      `json:"project,omitzero" doc:"Left out: the role is one of the organization."`
	From         events.RoleKey        `json:"from"`
	To           events.RoleKey        `json:"to"`
	Changed      Origin                `json:"changed"`
	Shown        *time.Time            `json:"shown_at,omitzero" doc:"When it was first handed out."`
	Acknowledged *time.Time            `json:"acknowledged_at,omitzero" doc:"When the person confirmed it."`
}

func notificationOf(n projections.Notification) notification {
	return notification{n.ID, n.Organization, n.Project, n.From, n.To, originOf(n.Organization, n.Changed), n.Shown, n.Acknowledged}
}

// dueNotices hands out what the actor has not seen yet about a project, or about the
// organization where project is empty. Where the read models are out of reach, or
// nobody will read the answer, what is due stays due, and the answer does without.
func (s *Server) dueNotices(ctx context.Context, org domain.Organization, project events.ProjectID) []notification {
	actor := requestFrom(ctx).actor
	if actor == events.System || requestFrom(ctx).head {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, noticeTimeout)
	defer cancel()
	found, err := s.Database.Inbox().Due(ctx, org.ID(), actor, project, time.Now())
	if err != nil {
		s.Log.WarnContext(ctx, "notices stay due", "request", requestFrom(ctx).id, "error", err)
	}
	notices := make([]notification, len(found))
	for i, n := range found {
		notices[i] = notificationOf(n)
	}
	return notices
}
