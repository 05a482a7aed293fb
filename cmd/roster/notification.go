package main

import (
	"context"
	"net/http"
)

// notificationsCmd is about the notices of role changes to one user.
type notificationsCmd struct {
	List notificationListCmd `cmd:"" help:"List a user's notifications."`
	Ack  notificationAckCmd  `cmd:"" help:"Acknowledge a notification."`
}

type notificationListCmd struct {
	User string `arg:"" help:"The user."`
}

// Run lists the notifications.
func (c *notificationListCmd) Run(ctx context.Context, sh *shell) error {
	return sh.list(ctx, path("users", c.User, "notifications"), paged(nil),
		"ID=id AT=changed.since ORGANIZATION=organization PROJECT=project FROM=from TO=to BY=changed.by ACKNOWLEDGED=acknowledged_at")
}

type notificationAckCmd struct {
	User string `arg:"" help:"The user."`
	ID   string `arg:"" help:"The notification's id."`
}

// Run acknowledges the notification.
func (c *notificationAckCmd) Run(ctx context.Context, sh *shell) error {
	client, err := sh.client()
	if err != nil {
		return err
	}
	return client.do(ctx, http.MethodPost, path("users", c.User, "notifications", c.ID, "acknowledge"), nil, nil, nil)
}
