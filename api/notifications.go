package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/projections"
)

func (s *Server) notificationRoutes() {
	const all, tag = "/v1/users/{user}/notifications", "Notifications"
	list(s, route{http.MethodGet, all, "list_notifications", tag, "List one's own notifications, newest first"}, s.listNotifications)
	list(s, route{http.MethodPost, all + "/shown", "mark_notifications_shown", tag, "Mark some of one's own notifications as shown"}, s.markShown)
	list(s, route{http.MethodPost, all + "/{id}/acknowledge", "acknowledge_notification", tag, "Confirm one of one's own notifications"}, s.acknowledge)
}

// PersonPath is the address of a person, of whatever organization.
type PersonPath struct {
	User events.UserID `path:"user" doc:"The person." maxLength:"255"`
}

// authorize fails unless the actor is the person or the system.
func (p PersonPath) authorize(ctx context.Context) error {
	if actor := requestFrom(ctx).actor; actor != events.System && actor != p.User {
		return errNotYours
	}
	return nil
}

// notification is a notice of a role change in the inbox of the person whose role changed.
type notification struct {
	ID           string                `json:"id"`
	Organization events.OrganizationID `json:"organization"`
	Project      events.ProjectID      `json:"project,omitzero" doc:"Left out: the role is one of the organization."`
	From         events.RoleKey        `json:"from"`
	FromLabel    string                `json:"from_label" doc:"What the role is called."`
	To           events.RoleKey        `json:"to"`
	ToLabel      string                `json:"to_label" doc:"What the role is called."`
	Changed      Origin                `json:"changed"`
	Shown        *time.Time            `json:"shown_at,omitzero" doc:"When it was first marked as shown."`
	Acknowledged *time.Time            `json:"acknowledged_at,omitzero" doc:"When the person confirmed it."`
}

func notificationOf(org domain.Organization, n projections.Notification) notification {
	label := projectRoleLabel
	if n.Project == "" {
		label = organizationRoleLabel
	}
	return notification{
		n.ID, n.Organization, n.Project, n.From, label(org, n.From), n.To, label(org, n.To), originOf(n.Organization, n.Changed), n.Shown, n.Acknowledged,
	}
}

type notificationsQuery struct {
	PersonPath
	Paging
}

// listNotifications leaves out notifications about organizations and projects that the
// actor does not see any more.
func (s *Server) listNotifications(ctx context.Context, in *notificationsQuery) (*answer[List[notification]], error) {
	if err := in.authorize(ctx); err != nil {
		return nil, err
	}
	inbox := s.Database.Inbox()
	if err := requestFrom(ctx).waitFor(ctx, "the notifications", inbox.Wait); err != nil {
		return nil, err
	}
	waitBriefly(ctx, s.Desk.View().Position, inbox) // a notification may be of any organization
	position := inbox.Position()
	found, err := s.visibleNotifications(ctx, in.User, in.page())
	if err != nil {
		return nil, err
	}
	return &answer[List[notification]]{Position: position, Body: found}, nil
}

// visibleNotifications reads pages until one page is full of what the actor may see. Its
// cursor names no notification that was left out, and is empty if there are no more.
func (s *Server) visibleNotifications(ctx context.Context, user events.UserID, page projections.Page) (List[notification], error) {
	limit := page.Limit
	page.Limit++ // one more says whether this page is the last
	full := List[notification]{Items: make([]notification, 0, limit)}
	var last string
	for {
		found, err := s.Database.Inbox().List(ctx, user, page)
		if err != nil {
			return full, err
		}
		for _, n := range found.Items {
			switch {
			case !s.sees(ctx, n.Organization, n.Project):
				continue
			case len(full.Items) == limit:
				full.Next = last
				return full, nil
			}
			full.Items, last = append(full.Items, notificationOf(s.Desk.View().State.Organization(n.Organization), n)), n.Cursor()
		}
		if page.After = found.Next; page.After == "" {
			return full, nil
		}
	}
}

// shownNotifications names notifications that were shown to their person.
type shownNotifications struct {
	IDs []string `json:"ids" doc:"Their ids, as notices and lists carry them." minItems:"1" maxItems:"200"`
}

type shownQuery struct {
	PersonPath
	Body shownNotifications
}

// markShown marks all that are named, or none if one is not the person's.
func (s *Server) markShown(ctx context.Context, in *shownQuery) (*answer[shownNotifications], error) {
	if err := in.authorize(ctx); err != nil {
		return nil, err
	}
	inbox := s.Database.Inbox()
	position := inbox.Position()
	err := inbox.MarkShown(ctx, in.User, in.Body.IDs, s.now())
	if errors.Is(err, projections.ErrNotFound) {
		return nil, errNoNotification
	}
	if err != nil {
		return nil, err
	}
	return &answer[shownNotifications]{Position: position, Body: in.Body}, nil
}

// acknowledged is the answer to a confirmation.
type acknowledged struct {
	ID string `json:"id"`
}

type acknowledgement struct {
	PersonPath
	ID string `path:"id" doc:"The notification." maxLength:"255"`
}

func (s *Server) acknowledge(ctx context.Context, in *acknowledgement) (*answer[acknowledged], error) {
	if err := in.authorize(ctx); err != nil {
		return nil, err
	}
	position := s.Database.Inbox().Position()
	err := s.Database.Inbox().Acknowledge(ctx, in.User, in.ID, s.now())
	if errors.Is(err, projections.ErrNotFound) {
		return nil, errNoNotification
	}
	if err != nil {
		return nil, err
	}
	return &answer[acknowledged]{Position: position, Body: acknowledged{in.ID}}, nil
}

// notices returns what is to be shown to the actor about a project, or about the
// organization if project is empty. They stay until [Server.markShown] marks them, or the
// actor is removed.
//
// If the client says which position it has seen, all notices up to there are among them, or
// it fails with errBehind. If the database is slow or out of reach, it returns none: what
// else the answer says comes from memory.
func (s *Server) notices(ctx context.Context, org domain.Organization, project events.ProjectID) ([]notification, error) {
	q, inbox := requestFrom(ctx), s.Database.Inbox()
	if q.actor == events.System {
		return nil, nil
	}
	until := time.Now().Add(noticeTimeout)
	if q.minPosition > 0 {
		until = q.waitUntil
	}
	limited, cancel := context.WithDeadline(ctx, until)
	defer cancel()
	err := q.waitFor(ctx, "the notifications", inbox.Wait)
	if behind, is := errors.AsType[*refusal](err); is {
		return nil, behind
	}
	var found []projections.Notification
	if err == nil {
		waitBriefly(limited, s.Desk.NewestPosition(org.ID()), inbox)
		found, err = inbox.Unshown(limited, org.ID(), q.actor, project)
	}
	if err != nil {
		s.Log.WarnContext(ctx, "an answer does without notices", "request", q.id, "error", err)
	}
	unshown := make([]notification, 0, len(found))
	for _, n := range found {
		if !org.Outdated(q.actor, project, n.Changed) {
			unshown = append(unshown, notificationOf(org, n))
		}
	}
	return unshown, nil
}
