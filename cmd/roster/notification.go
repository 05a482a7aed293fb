package main

import (
	"context"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/seed-2026d078/roster/client"
	"github.com/seed-2026d078/roster/internal/phrase"
)

// notificationsCmd is about a user's notifications.
type notificationsCmd struct {
	List     notificationListCmd     `cmd:"" lists:"list_notifications" columns:"ID=id KIND=kind AT=changed.since ORGANIZATION=organization PROJECT=project FROM=from TO=to REQUEST=request EMAIL=email BY=changed.by ACKNOWLEDGED=acknowledged_at" help:"List a user's notifications."`
	Watch    notificationWatchCmd    `cmd:"" help:"Print a user's notifications as they come, and how many are unread, until Ctrl-C."`
	Shown    notificationShownCmd    `cmd:"" help:"Mark notifications as shown, so that the next access does not show them again."`
	Unread   notificationListCmd     `cmd:"" shows:"count_unread_notifications" help:"Count a user's notifications that were not marked as shown."`
	ShownAll notificationShownAllCmd `cmd:"" name:"shown-all" help:"Mark all of a user's list as shown."`
	Ack      notificationAckCmd      `cmd:"" help:"Acknowledge a notification."`

	Preferences           noticePreferencesCmd `cmd:"" lists:"list_notice_preferences" whole:"" columns:"KIND=kind CHANNEL=channel ON=on OWN=own DEFAULT=default FIXED=fixed" help:"List of what a member hears, and by which channels."`
	Switch                noticeSwitchCmd      `cmd:"" does:"change_notice_preferences" help:"Choose of what a member hears, and by which channels."`
	PreferencesEverywhere notificationListCmd  `cmd:"" name:"preferences-everywhere" lists:"list_notice_preferences_everywhere" whole:"" columns:"ORGANIZATION=organization KIND=kind CHANNEL=channel ON=on OWN=own DEFAULT=default" help:"List what a user has chosen to hear of, in all organizations that they are in."`
	SwitchEverywhere      noticeEverywhereCmd  `cmd:"" name:"switch-everywhere" help:"The same in all organizations that a user is in."`
}

type notificationListCmd struct {
	User string `arg:"" help:"The user." json:"user"`
}

type notificationWatchCmd struct {
	User string `arg:"" help:"The user."`
}

// Run prints them until the context ends.
func (c *notificationWatchCmd) Run(ctx context.Context, sh *shell) error {
	asks, err := sh.client()
	if err != nil {
		return err
	}
	for u, err := range asks.FollowNotifications(ctx, c.User) {
		switch {
		case err != nil && ctx.Err() != nil:
			return nil
		case err != nil:
			return err
		}
		if err := sh.printNotification(u); err != nil {
			return err
		}
	}
	return nil
}

// printNotification writes an update as one line.
func (sh *shell) printNotification(u client.NotificationUpdate) error {
	if sh.Output == "json" {
		text, err := json.Marshal(u)
		if err == nil {
			_, err = fmt.Fprintf(sh.out, "%s\n", text)
		}
		return err
	}
	unread := fmt.Sprintf("%d unread", u.Unread)
	if n := u.Notification; n != nil {
		where := n.Organization
		if n.Project != "" {
			where = n.Organization + "/" + n.Project
		}
		_, err := fmt.Fprintf(sh.out, "%s  %s  %s  %s\n", n.Changed.Since.Format(time.RFC3339), n.Kind, where, unread)
		return err
	}
	_, err := fmt.Fprintln(sh.out, unread)
	return err
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
	done, err := asks.MarkNotificationsShown(ctx, c.User, client.ShownNotifications{Ids: c.IDs})
	if err != nil {
		return err
	}
	return sh.say(done, "Marked: %s.", phrase.Count(len(done.Ids), "notification", "notifications"))
}

type notificationShownAllCmd struct {
	User    string `arg:"" help:"The user."`
	Through string `placeholder:"ID" help:"The newest notification that the user has seen: none that came after it is marked."`
}

// Run marks them.
func (c *notificationShownAllCmd) Run(ctx context.Context, sh *shell) error {
	asks, err := sh.client()
	if err != nil {
		return err
	}
	done, err := asks.MarkAllNotificationsShown(ctx, c.User, client.ShownAllQueryBody{Through: c.Through})
	if err != nil {
		return err
	}
	return sh.say(done, "Marked: %s.", phrase.Count(int(done.Marked), "notification", "notifications"))
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
	done, err := asks.AcknowledgeNotification(ctx, c.User, c.ID)
	if err != nil {
		return err
	}
	return sh.say(done, "Acknowledged: %s.", done.ID)
}
