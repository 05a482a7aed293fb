package projections

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/seed-2026d078/roster/events"
)

type auditRow struct {
	org      events.OrganizationID
	position events.Position
	kind     events.Type
	subject  string
	events.Origin
}

// audit has a row for every event; what was said stays in the ledger.
var audit = &table[auditRow]{
	name: "audit",
	columns: append([]column[auditRow]{
		text("org_id", func(r *auditRow) events.OrganizationID { return r.org }),
		number("position", func(r *auditRow) events.Position { return r.position }),
		text("type", func(r *auditRow) events.Type { return r.kind }),
		text("subject", func(r *auditRow) string { return r.subject }),
	}, origin("", func(r *auditRow) events.Origin { return r.Origin })...),
}

func auditOf(org events.OrganizationID, position events.Position, r events.Recorded) auditRow {
	return auditRow{org, position, r.Event.Type(), events.PrimarySubject(r.Event), r.Origin}
}

// AuditEvent is an event of the audit log; the ledger has its content, in the
// commit at Position.
type AuditEvent struct {
	ID   string
	Type events.Type
	At   time.Time
	// Actor is empty for the system.
	Actor events.UserID
	// Subject is the id of the person whom it is about, else of the team, project
	// or invite; empty where it is about the organization.
	Subject  string
	Position events.Position
	Version  events.Version
	// Index is the event's among those of its entry, from 0.
	Index int
}

// AuditFilter narrows the audit log; what is empty does not.
type AuditFilter struct {
	// Actor is who did it. BySystem asks for what the system did instead.
	Actor    events.UserID
	BySystem bool
	// Subject is the id of whom or what it is about.
	Subject string
	// Types are the wire names wanted.
	Types []events.Type
	// Since is the first moment wanted, Until the first no longer wanted.
	Since, Until time.Time
	// OldestFirst turns the order round: newest first is usual.
	OldestFirst bool
	Page
}

// Audit lists what happened in an organization, newest first unless asked
// otherwise.
func (db *Database) Audit(ctx context.Context, org events.OrganizationID, q AuditFilter) (List[AuditEvent], error) {
	at, version, index := endOfTime, int64(0), int32(0)
	order, beyond := "DESC", "<"
	if q.OldestFirst {
		at, order, beyond = time.Time{}, "ASC", ">"
	}
	if err := q.after(&at, &version, &index); err != nil {
		return List[AuditEvent]{}, err
	}
	s := newStatement(org, at, version, index)
	s.write(`SELECT a.version, a.index, a.at, a.actor, a.type, a.subject, a.position FROM audit a
		WHERE a.org_id = $1 AND (a.at, a.version, a.index) `, beyond, ` ($2, $3, $4)`)
	s.custom = q.Actor != "" || q.BySystem || q.Subject != "" || len(q.Types) > 0 || !q.Since.IsZero() || !q.Until.IsZero()
	if q.Actor != "" || q.BySystem {
		s.write(` AND a.actor = `, s.arg(q.Actor))
	}
	if q.Subject != "" {
		s.write(` AND a.subject = `, s.arg(q.Subject))
	}
	if len(q.Types) > 0 {
		s.write(` AND a.type = ANY(`, s.arg(q.Types), `)`)
	}
	if !q.Since.IsZero() {
		s.write(` AND a.at >= `, s.arg(q.Since))
	}
	if !q.Until.IsZero() {
		s.write(` AND a.at < `, s.arg(q.Until))
	}
	s.write(` ORDER BY a.at `, order, `, a.version `, order, `, a.index `, order)
	s.limit(q.limit() + 1)
	found, err := query(ctx, db, s, func(row pgx.CollectableRow) (AuditEvent, error) {
		var e AuditEvent
		err := row.Scan(&e.Version, &e.Index, &e.At, &e.Actor, &e.Type, &e.Subject, &e.Position)
		e.At = e.At.UTC()
		e.ID = events.Origin{Version: e.Version, Index: e.Index}.ID(org)
		return e, err
	})
	if err != nil {
		return List[AuditEvent]{}, err
	}
	return list(found, q.Page, func(e AuditEvent) []any { return []any{e.At, e.Version, e.Index} }), nil
}
