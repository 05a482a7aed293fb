package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/projections"
)

func (s *Server) notificationRoutes() {
	const all, one, tag = "/v1/users/{user}/notifications", "/v1/users/{user}/notifications/{id}/acknowledge", "Notifications"
	list(s, route{http.MethodGet, all, "list_notifications", tag, "List one's own notifications, newest first"}, s.listNotifications)
	list(s, route{http.MethodPost, one, "acknowledge_notification", tag, "Confirm one of one's own notifications"}, s.acknowledge)
}

// PersonPath is the address of a person, of whatever organization.
type PersonPath struct {
	User events.UserID `path:"user" doc:"The person." maxLength:"255"`
}

// authorize refuses everybody but the person, and the system.
func (p PersonPath) authorize(ctx context.Context) error {
	if actor := requestFrom(ctx).actor; actor != events.System && actor != p.User {
		return errNotYours
	}
	return nil
}

type notificationsQuery struct {
	PersonPath
	Paging
}

// listNotifications leaves out what is about places that the actor does not see any
// more.
func (s *Server) listNotifications(ctx context.Context, in *notificationsQuery) (*answer[List[notification]], error) {
	if err := in.authorize(ctx); err != nil {
		return nil, err
	}
	inbox := s.Database.Inbox()
	if err := requestFrom(ctx).waitFor(ctx, "the notifications", inbox.Wait); err != nil {
		return nil, err
	}
	position := inbox.Position()
	found, err := fill(in.page(), func(page projections.Page) (projections.List[projections.Notification], error) {
		return inbox.List(ctx, in.User, page)
	}, func(n projections.Notification) (notification, bool) {
		return notificationOf(n), s.sees(ctx, n.Organization, n.Project)
	})
	if err != nil {
		return nil, err
	}
	return &answer[List[notification]]{Position: position, Body: found}, nil
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
	err := s.Database.Inbox().Acknowledge(ctx, in.User, in.ID, time.Now())
	if errors.Is(err, projections.ErrNotFound) {
		return nil, errNoNotice
	}
	if err != nil {
		return nil, err
	}
	return &answer[acknowledged]{Position: position, Body: acknowledged{in.ID}}, nil
}
