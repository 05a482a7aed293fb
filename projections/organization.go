package projections

import (
	"context"
	"iter"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/jackc/pgx/v5"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

type organizationRow struct {
	org      events.OrganizationID
	name     string
	archived bool
	seats    int
	scheme   *domain.Scheme
}

var organizations = &model[events.OrganizationID, organizationRow]{
	table: table[organizationRow]{
		name: "organization",
		keys: []column[organizationRow]{text("org_id", func(r *organizationRow) events.OrganizationID { return r.org })},
		columns: []column[organizationRow]{
			text("name", func(r *organizationRow) string { return r.name }),
			flag("archived", func(r *organizationRow) bool { return r.archived }),
			small("seats", func(r *organizationRow) int { return r.seats }),
			text("overrides", func(r *organizationRow) events.OverrideDirection { return direction(r.scheme) }),
			text("scheme_digest", func(r *organizationRow) string { return events.Sum([]byte(encoded(r.scheme.Scheme))).String() }),
			document("scheme", func(r *organizationRow) string { return encoded(r.scheme.Scheme) }),
		},
	},
	dirty: func(t *dirtyKeys) set[events.OrganizationID] { return t.organizations },
	find: func(state domain.Roster, id events.OrganizationID) (organizationRow, bool) {
		o := state.Organization(id)
		if !o.Exists() {
			return organizationRow{}, false
		}
		return organizationOf(o), true
	},
	rows: func(o domain.Organization) iter.Seq[organizationRow] {
		return slices.Values([]organizationRow{organizationOf(o)})
	},
}

func organizationOf(o domain.Organization) organizationRow {
	seats, _ := o.Seats()
	return organizationRow{o.ID(), o.Name(), o.Archived(), seats, o.Scheme()}
}

// direction is what overrides may do; empty is nothing, there are none.
func direction(s *domain.Scheme) events.OverrideDirection {
	switch overrides := s.Overrides; {
	case !overrides.On:
		return ""
	case overrides.May == "":
		return events.RaiseAndLower
	default:
		return overrides.May
	}
}

// levels writes somebody's own levels; none is an empty document.
func levels(own events.Levels) string {
	if len(own) == 0 {
		return "{}"
	}
	return encoded(own)
}

// encoded writes what a column of documents holds.
func encoded(content any) string {
	written, err := json.Marshal(content, json.Deterministic(true))
	if err != nil {
		panic(err) // it came out of the ledger, which holds JSON
	}
	return string(written)
}

// Organization is an organization, or somebody's membership in it.
type Organization struct {
	ID   events.OrganizationID `json:"id"`
	Name string                `json:"name"`
	// Scheme is the key of the organization's scheme.
	Scheme string `json:"scheme"`
	// Archived organizations are read only.
	Archived bool `json:"archived,omitempty"`
	// Role is the role of the member who was asked for; empty without one.
	Role events.RoleKey `json:"role,omitempty"`
}

// Cursor names the organization, for a page to come after it.
func (o Organization) Cursor() string { return cursor(o.ID) }

// Organizations lists the organizations by id: those that somebody is an active
// member of, or all of them where the member is empty.
func (db *Database) Organizations(ctx context.Context, member events.UserID, p Page) (List[Organization], error) {
	var after string
	if err := p.after(&after); err != nil {
		return List[Organization]{}, err
	}
	s := newStatement(after, p.limit()+1)
	if member == "" {
		s.write(`SELECT o.org_id, o.name, o.scheme->>'key', o.archived, '' FROM organization o
			WHERE o.org_id > $1 ORDER BY o.org_id LIMIT $2`)
	} else {
		s.write(`SELECT o.org_id, o.name, o.scheme->>'key', o.archived, m.role FROM member m JOIN organization o USING (org_id)
			WHERE m.org_id > $1 AND m.user_id = `, s.arg(member), ` AND `, active, ` ORDER BY m.org_id LIMIT $2`)
	}
	found, err := query(ctx, db, s, pgx.RowToStructByPos[Organization])
	if err != nil {
		return List[Organization]{}, err
	}
	return list(found, p, func(o Organization) []any { return []any{o.ID} }), nil
}
