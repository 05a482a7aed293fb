package main

import (
	"context"

	"github.com/seed-2026d078/roster/client"
)

// notificationsCmd is about a user's notifications of role changes.
type notificationsCmd struct {
	List  notificationListCmd  `cmd:"" lists:"list_notifications" columns:"ID=id AT=changed.since ORGANIZATION=organization PROJECT=project FROM=from TO=to BY=changed.by ACKNOWLEDGED=acknowledged_at" help:"List a user's notifications."`
	Shown notificationShownCmd `cmd:"" help:"Mark notifications as shown, so that the next access does not show them again."`
	Ack   notificationAckCmd   `cmd:"" help:"Acknowledge a notification."`
}

type notificationListCmd struct {
	User string `arg:"" help:"The user." json:"user"`
}

type notificationShownCmd struct {
	User string   `arg:"" help:"The user."`
	IDs  []string `arg:"" name:"id" help:"The ids of the notifications."`
}

// Run marks the notifications.
func (c *notificationShownCmd) Run(ctx context.Context, sh *shell) error {
	asks, err := sh.client()
	if err != nil {
		return err
	}
	_, err = asks.MarkNotificationsShown(ctx, c.User, client.ShownNotifications{Ids: c.IDs})
	return err
}

type notificationAckCmd struct {
	User string `arg:"" help:"The user."`
	ID   string `arg:"" help:"The notification's id."`
}

// Run acknowledges the notification.
func (c *notificationAckCmd) Run(ctx context.Context, sh *shell) error {
	asks, err := sh.client()
	if err != nil {
		return err
	}
	_, err = asks.AcknowledgeNotification(ctx, c.User, c.ID)
	return err
}
