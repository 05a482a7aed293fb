package soak

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/nats-io/nats.go"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
	"github.com/seed-2026d078/roster/feed/inbox"
)

// noted is a message as a reader notes it.
type noted struct {
	// Process is another one after each start of the reader.
	Process      int                   `json:"process"`
	Organization events.OrganizationID `json:"organization"`
	Version      events.Version        `json:"version"`
	Index        int                   `json:"index"`
	Count        int                   `json:"count"`
	ID           string                `json:"id"`
	change
}

// change is how somebody's access changed; the zero value is that of another message.
type change struct {
	User    events.UserID    `json:"user,omitzero"`
	Project events.ProjectID `json:"project,omitzero"`
	// From and To are the access before and after; empty for none.
	From string `json:"from,omitzero"`
	To   string `json:"to,omitzero"`
}

func notedOf(m *feed.Message) noted {
	n := noted{Process: os.Getpid(), Organization: m.Organization, Version: m.Version, Index: m.Index, Count: m.Count, ID: m.ID}
	if access, is := m.Event.(feed.AccessMessage); is {
		n.change = change{access.User, access.Project, levelText(access.From), levelText(access.To)}
	}
	return n
}

// levelText writes an access so that two of them can be compared; empty for none.
func levelText(l *feed.AccessLevel) string {
	if l == nil {
		return ""
	}
	return fmt.Sprint(l.Role, " ", l.Levels) // fmt sorts maps
}

func (p *part) options() feed.Options {
	return feed.Options{
		Subscriber: p.Subscriber, Organizations: p.Organizations, Start: feed.Start{Beginning: true},
		Log: slog.New(slog.NewTextHandler(os.Stderr, nil)),
	}
}

// note appends each message to the file.
func (p *part) note(ctx context.Context, nc *nats.Conn) error {
	file, err := os.OpenFile(p.File, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer file.Close()
	return feed.Subscribe(ctx, nc, p.options(), func(ctx context.Context, m *feed.Message) error {
		time.Sleep(time.Duration(p.Pause) * time.Millisecond)
		line, err := json.Marshal(notedOf(m))
		if err != nil {
			return err
		}
		_, err = file.Write(append(line, '\n')) // whole, or not at all, when the process is killed
		return err
	})
}

// tables are those of a reader with an inbox: who has which access, and how often a message was applied.
const tables = `
CREATE TABLE IF NOT EXISTS access (organization text, person text, project text, level text NOT NULL, PRIMARY KEY (organization, person, project));
CREATE TABLE IF NOT EXISTS applied (id text PRIMARY KEY, times int NOT NULL)`

// apply applies each message to tables, in the transaction of an inbox.
func (p *part) apply(ctx context.Context, nc *nats.Conn) error {
	pool, err := pgxpool.New(ctx, p.Database)
	if err != nil {
		return err
	}
	defer pool.Close()
	if _, err := pool.Exec(ctx, tables); err != nil {
		return err
	}
	box, err := inbox.Open(ctx, pool, p.Subscriber)
	if err != nil {
		return err
	}
	return feed.Subscribe(ctx, nc, p.options(), box.Handle(applyMessage))
}

func applyMessage(ctx context.Context, tx pgx.Tx, m *feed.Message) error {
	_, err := tx.Exec(ctx, "INSERT INTO applied AS a (id, times) VALUES ($1, 1) ON CONFLICT (id) DO UPDATE SET times = a.times + 1", m.ID)
	if err != nil {
		return err
	}
	access, is := m.Event.(feed.AccessMessage)
	switch {
	case !is:
		return nil
	case access.To == nil:
		_, err = tx.Exec(ctx, "DELETE FROM access WHERE organization = $1 AND person = $2 AND project = $3", access.Organization, access.User, access.Project)
	default:
		_, err = tx.Exec(ctx, `INSERT INTO access (organization, person, project, level) VALUES ($1, $2, $3, $4)
			ON CONFLICT (organization, person, project) DO UPDATE SET level = excluded.level`,
			access.Organization, access.User, access.Project, levelText(access.To))
	}
	return err
}
