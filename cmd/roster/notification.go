package main

import "context"

// notificationsCmd is about a user's notifications of role changes.
type notificationsCmd struct {
	List notificationListCmd `cmd:"" lists:"list_notifications" columns:"ID=id AT=changed.since ORGANIZATION=organization PROJECT=project FROM=from TO=to BY=changed.by ACKNOWLEDGED=acknowledged_at" help:"List a user's notifications."`
	Ack  notificationAckCmd  `cmd:"" help:"Acknowledge a notification."`
}

type notificationListCmd struct {
	User string `arg:"" help:"The user." json:"user"`
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
