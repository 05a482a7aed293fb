package projections

import (
	"context"
	"iter"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/seed-2026d078/roster/domain"
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

// auditSubjectRow says that an event of the audit log is about something.
type auditSubjectRow struct {
	org     events.OrganizationID
	subject string
	events.Origin
}

// auditSubjects finds the events about a person, project, team or invite. It has the columns
// by which the audit log is ordered.
var auditSubjects = &table[auditSubjectRow]{
	name: "audit_subject",
	columns: []column[auditSubjectRow]{
		text("org_id", func(r *auditSubjectRow) events.OrganizationID { return r.org }),
		text("subject", func(r *auditSubjectRow) string { return r.subject }),
		timestamp("at", func(r *auditSubjectRow) time.Time { return r.At }),
		number("version", func(r *auditSubjectRow) events.Version { return r.Version }),
		small("index", func(r *auditSubjectRow) int { return r.Index }),
	},
}

// auditLog is rows of the audit log that are to be written.
type auditLog struct {
	events   []auditRow
	subjects []auditSubjectRow
}

// add adds an event to the log, given the organization before it.
func (l *auditLog) add(before domain.Organization, position events.Position, r events.Recorded) {
	org := before.ID()
	l.events = append(l.events, auditRow{org, position, r.Event.Type(), events.PrimarySubject(r.Event), r.Origin})
	first := len(l.subjects)
	about := func(id string) {
		if id != "" && !slices.ContainsFunc(l.subjects[first:], func(s auditSubjectRow) bool { return s.subject == id }) {
			l.subjects = append(l.subjects, auditSubjectRow{org, id, r.Origin})
		}
	}
	for _, s := range r.Event.Subjects() {
		about(s.ID)
	}
	for id := range endsWith(before, r.Event) {
		about(id)
	}
}

// addCommits adds the events of commits, given the state before them. It makes the states
// between them only if an event needs the one before it.
func (l *auditLog) addCommits(state domain.Roster, commits []events.Commit) {
	needed := slices.ContainsFunc(commits, endsOthers)
	state = state.Transient()
	for i := range commits {
		for j := range commits[i].Entries {
			entry := &commits[i].Entries[j]
			for recorded := range entry.Recorded() {
				l.add(state.Organization(entry.Organization), commits[i].Position, recorded)
				if needed {
					state = state.Apply(entry.Organization, recorded)
				}
			}
		}
	}
}

// endsOthers reports whether a commit has an event that endsWith knows.
func endsOthers(c events.Commit) bool {
	return slices.ContainsFunc(c.Entries, func(entry events.Entry) bool {
		return slices.ContainsFunc(entry.Events, func(e events.Event) bool {
			switch e.(type) { //nolint:gochecksumtype // as in endsWith
			case events.MemberRemoved, events.TeamRemoved:
				return true
			}
			return false
		})
	})
}

// endsWith yields the ids of what loses or stops giving access because an event ends
// something, given the organization before it: the projects and teams that a removed member
// had, and the projects on which a removed team was. The event does not name them.
func endsWith(before domain.Organization, e events.Event) iter.Seq[string] {
	return func(yield func(string) bool) {
		switch e := e.(type) { //nolint:gochecksumtype // all others end only what they name
		case events.MemberRemoved:
			member, _ := before.Member(e.Member)
			for grant := range member.Grants() {
				if !yield(string(grant.Project)) {
					return
				}
			}
			for team := range member.Teams() {
				if !yield(string(team)) {
					return
				}
			}
		case events.TeamRemoved:
			team, _ := before.Team(e.Team)
			for project := range team.Projects() {
				if !yield(string(project)) {
					return
				}
			}
		}
	}
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
	// Subject is the id of whom or what it is about: of any of the subjects of an event, or of
	// what ended with it.
	Subject string
	// Types are the wire names wanted.
	Types []events.Type
	// Since is the first moment wanted, Until the first no longer wanted.
	Since, Until time.Time
	// FromVersion is the first version of the organization that is wanted.
	FromVersion events.Version
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
	s.write(`SELECT a.version, a.index, a.at, a.actor, a.type, a.subject, a.position FROM audit a`)
	by := "a" // the table that is read in order
	if q.Subject != "" {
		by = "s"
		s.write(` JOIN audit_subject s USING (org_id, at, version, index)`)
	}
	s.write(` WHERE `, by, `.org_id = $1 AND (`, by, `.at, `, by, `.version, `, by, `.index) `, beyond, ` ($2, $3, $4)`)
	s.custom = q.Actor != "" || q.BySystem || q.Subject != "" || len(q.Types) > 0 || !q.Since.IsZero() || !q.Until.IsZero() || q.FromVersion > 1
	if q.Actor != "" || q.BySystem {
		s.write(` AND a.actor = `, s.arg(q.Actor))
	}
	if q.Subject != "" {
		s.write(` AND s.subject = `, s.arg(q.Subject))
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
	if q.FromVersion > 1 {
		s.write(` AND `, by, `.version >= `, s.arg(q.FromVersion))
	}
	s.write(` ORDER BY `, by, `.at `, order, `, `, by, `.version `, order, `, `, by, `.index `, order)
	s.limit(q.limit() + 1)
	found, err := query(ctx, db.tables, s, func(row pgx.CollectableRow) (AuditEvent, error) {
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

// AuditCursor returns the cursor of the last event of an organization before a position, for a
// page of the audit log, oldest first, to come after it; empty if there is none. It takes time
// in proportion to the events after it.
func (db *Database) AuditCursor(ctx context.Context, org events.OrganizationID, before events.Position) (string, error) {
	if before <= 1 {
		return "", nil
	}
	s := newStatement(org, before)
	s.write(`SELECT at, version, index FROM audit WHERE org_id = $1 AND position < $2 ORDER BY at DESC, version DESC, index DESC LIMIT 1`)
	found, err := query(ctx, db.tables, s, func(row pgx.CollectableRow) (string, error) {
		var e AuditEvent
		err := row.Scan(&e.At, &e.Version, &e.Index)
		return cursor(e.At.UTC(), e.Version, e.Index), err
	})
	if err != nil || len(found) == 0 {
		return "", err
	}
	return found[0], nil
}

// EntryPosition is where an entry of an organization is in the ledger.
type EntryPosition struct {
	Version  events.Version
	At       time.Time
	Position events.Position
}

// EntryPositions returns where the entries of an organization are, in order, at most as many as the limit says: those with a
// version higher than after. At is when that one happened; if it is zero, it takes time in proportion to what came before.
func (db *Database) EntryPositions(ctx context.Context, org events.OrganizationID, after events.Version, at time.Time, limit int) ([]EntryPosition, error) {
	s := newStatement(org, at, after)
	s.write(`SELECT version, at, min(position) FROM audit WHERE org_id = $1 AND at >= $2 AND version > $3 GROUP BY at, version ORDER BY at, version`)
	s.limit(limit)
	return query(ctx, db.tables, s, func(row pgx.CollectableRow) (EntryPosition, error) {
		var e EntryPosition
		err := row.Scan(&e.Version, &e.At, &e.Position)
		e.At = e.At.UTC()
		return e, err
	})
}
