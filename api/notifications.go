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

// notificationTag is the tag of the operations about notifications.
const notificationTag = "Notifications"

func (s *Server) notificationRoutes() {
	const all, tag = "/v1/users/{user}/notifications", notificationTag
	s.notificationStreamRoute(route{http.MethodGet, all, "list_notifications", tag, "List one's own notifications, newest first; as text/event-stream, follow them live"})
	list(s, route{http.MethodGet, all + "/unread", "count_unread_notifications", tag, "Count one's own notifications that were not marked as shown"}, s.countUnread)
	list(s, route{http.MethodPost, all + "/shown-all", "mark_all_notifications_shown", tag, "Mark one's own notifications as shown, all of the list"}, s.markAllShown)
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

// notification is a notice in the inbox of the person who hears of it.
type notification struct {
	ID           string                 `json:"id"`
	Kind         events.NoticeKind      `json:"kind" doc:"What it is about: role_changed; added, start_changed, removed or access_ended, of the organization or the project; invitation, an invite that names the person; invite_accepted or invite_declined, one that the person sent; access_requested, a request on which the person may decide; access_approved, access_denied or access_request_expired, one that the person made. Others may come."`
	Organization events.OrganizationID  `json:"organization"`
	Invite       events.InviteID        `json:"invite,omitzero" doc:"The invite that it is about."`
	Email        string                 `json:"email,omitzero" doc:"Of an invite that the person sent and that was accepted or declined: whom it was for. Only in lists and streams."`
	Request      events.AccessRequestID `json:"request,omitzero" doc:"The request for access that it is about."`
	Project      events.ProjectID       `json:"project,omitzero" doc:"Left out: it is about the organization."`
	From         events.RoleKey         `json:"from,omitzero" doc:"The role before, of a change of role."`
	FromLabel    string                 `json:"from_label,omitzero" doc:"What the role is called."`
	To           events.RoleKey         `json:"to,omitzero" doc:"The role after a change of role."`
	ToLabel      string                 `json:"to_label,omitzero" doc:"What the role is called."`
	Changed      Origin                 `json:"changed"`
	Shown        *time.Time             `json:"shown_at,omitzero" doc:"When it was first marked as shown."`
	Acknowledged *time.Time             `json:"acknowledged_at,omitzero" doc:"When the person confirmed it."`
}

func notificationOf(org domain.Organization, n projections.Notification) notification {
	label := domain.Organization.ProjectRoleLabel
	if n.Project == "" {
		label = domain.Organization.RoleLabel
	}
	return notification{
		n.ID, n.Kind, n.Organization, n.Invite, "", n.Request, n.Project, n.From, label(org, n.From), n.To, label(org, n.To), originOf(n.Organization, n.Changed), n.Shown, n.Acknowledged,
	}
}

// readNotification is notificationOf with what is sealed, but for what was forgotten.
func (s *Server) readNotification(ctx context.Context, n projections.Notification) (notification, error) {
	org := s.Desk.View().State.Organization(n.Organization)
	shown := notificationOf(org, n)
	if n.Kind != events.NoticeOfAcceptance && n.Kind != events.NoticeOfRefusal || !org.Exists() {
		return shown, nil
	}
	var err error
	if closed, is := org.ClosedInvite(n.Invite); is && closed.Closed.ID(org.ID()) == n.Changed.ID(org.ID()) { // else another one has the id
		shown.Email, err = s.Keyring.Read(ctx, org.ID(), closed.Email)
	}
	return shown, ignoreUnreadable(err)
}

type notificationsQuery struct {
	PersonPath
	Paging
}

// listNotifications leaves out notifications about organizations and projects that the
// actor does not see any more, but for those that say so.
func (s *Server) listNotifications(ctx context.Context, in *notificationsQuery) (*answer[List[notification]], error) {
	if err := in.authorize(ctx); err != nil {
		return nil, err
	}
	inbox := s.Database.Inbox()
	if err := requestFrom(ctx).waitFor(ctx, "the notifications", inbox.Wait); err != nil {
		return nil, err
	}
	s.waitBriefly(ctx, s.Desk.View().Position, inbox) // a notification may be of any organization
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
			case !s.listsNotification(ctx, n):
				continue
			case len(full.Items) == limit:
				full.Next = last
				return full, nil
			}
			shown, err := s.readNotification(ctx, n)
			if err != nil {
				return full, err
			}
			full.Items, last = append(full.Items, shown), n.Cursor()
		}
		if page.After = found.Next; page.After == "" {
			return full, nil
		}
	}
}

// unreadCount is how many notifications were not marked as shown.
type unreadCount struct {
	Unread int  `json:"unread" doc:"How many of the list were not marked as shown."`
	More   bool `json:"more,omitzero" doc:"There are more: not all are counted."`
}

// countUnread counts what listNotifications lists, up to a limit.
func (s *Server) countUnread(ctx context.Context, in *PersonPath) (*answer[unreadCount], error) {
	if err := in.authorize(ctx); err != nil {
		return nil, err
	}
	inbox := s.Database.Inbox()
	if err := requestFrom(ctx).waitFor(ctx, "the notifications", inbox.Wait); err != nil {
		return nil, err
	}
	s.waitBriefly(ctx, s.Desk.View().Position, inbox)
	position := inbox.Position()
	found, err := s.unread(ctx, in.User)
	return &answer[unreadCount]{Position: position, Body: found}, err
}

// unread counts what is not marked.
func (s *Server) unread(ctx context.Context, user events.UserID) (unreadCount, error) {
	unread, err := s.Database.Inbox().Unread(ctx, user)
	found := unreadCount{More: len(unread) == projections.MaxUnread}
	for _, n := range unread {
		if s.listsNotification(ctx, n) {
			found.Unread++
		}
	}
	return found, err
}

// listsNotification reports whether a notification is in the list of somebody: it is for outsiders, or they see what it is about.
func (s *Server) listsNotification(ctx context.Context, n projections.Notification) bool {
	return domain.ForOutsiders(n.Kind) || s.sees(ctx, n.Organization, n.Project)
}

type shownAllQuery struct {
	PersonPath
	Body struct {
		Through string `json:"through,omitzero" doc:"The newest one that the person has seen: none that came after it is marked. Left out: all." maxLength:"255"`
	}
}

// shownAll is how many notifications were marked.
type shownAll struct {
	Marked int64 `json:"marked" doc:"How many were marked now."`
}

// markAllShown marks what the list has, of which some may be about what the person does not see any more.
func (s *Server) markAllShown(ctx context.Context, in *shownAllQuery) (*answer[shownAll], error) {
	if err := in.authorize(ctx); err != nil {
		return nil, err
	}
	inbox := s.Database.Inbox()
	position := inbox.Position()
	marked, err := inbox.MarkAllShown(ctx, in.User, in.Body.Through, s.now())
	if errors.Is(err, projections.ErrNotFound) {
		return nil, errNoNotification
	}
	if err != nil {
		return nil, err
	}
	return &answer[shownAll]{Position: position, Body: shownAll{marked}}, nil
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
		s.waitBriefly(limited, s.Desk.NewestPosition(org.ID()), inbox)
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
