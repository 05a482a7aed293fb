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
	org    events.OrganizationID
	name   string
	scheme *domain.Scheme
}

var organizations = &model[events.OrganizationID, organizationRow]{
	table: table[organizationRow]{
		name: "organization",
		keys: []column[organizationRow]{text("org_id", func(r *organizationRow) events.OrganizationID { return r.org })},
		columns: []column[organizationRow]{
			text("name", func(r *organizationRow) string { return r.name }),
			text("scheme_digest", func(r *organizationRow) string { return events.Sum([]byte(encoded(r.scheme.Scheme))).String() }),
			document("scheme", func(r *organizationRow) string { return encoded(r.scheme.Scheme) }),
		},
	},
	touched: func(t *touched) set[events.OrganizationID] { return t.organizations },
	find: func(state domain.Roster, id events.OrganizationID) (organizationRow, bool) {
		o := state.Organization(id)
		return organizationRow{id, o.Name(), o.Scheme()}, o.Exists()
	},
	rows: func(o domain.Organization) iter.Seq[organizationRow] {
		return slices.Values([]organizationRow{{o.ID(), o.Name(), o.Scheme()}})
	},
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
	// Role is the role of the member who was asked for; empty without one.
	Role events.RoleKey `json:"role,omitempty"`
}

// Organizations lists the organizations by id: those of a member, or all of them
// where the member is empty.
func (db *Database) Organizations(ctx context.Context, member events.UserID, p Page) (List[Organization], error) {
	var after string
	if err := p.after(&after); err != nil {
		return List[Organization]{}, err
	}
	s := newStatement(after, p.limit()+1)
	if member == "" {
		s.write(`SELECT o.org_id, o.name, o.scheme->>'key', '' FROM organization o
			WHERE o.org_id > $1 ORDER BY o.org_id LIMIT $2`)
	} else {
		s.write(`SELECT o.org_id, o.name, o.scheme->>'key', m.role FROM member m JOIN organization o USING (org_id)
			WHERE m.org_id > $1 AND m.user_id = `, s.arg(member), ` ORDER BY m.org_id LIMIT $2`)
	}
	found, err := query(ctx, db, s, pgx.RowToStructByPos[Organization])
	if err != nil {
		return List[Organization]{}, err
	}
	return list(found, p, func(o Organization) []any { return []any{o.ID} }), nil
}
