package projections

import (
	"context"
	"iter"
	"slices"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"

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
	dirty: func(d *dirtyKeys) set[events.OrganizationID] { return d.organizations },
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

// OrganizationFilter selects organizations.
type OrganizationFilter struct {
	// Of is an active member of them; the system is in all.
	Of events.UserID
	// Inactive adds those in which the membership is deactivated, or is not in effect.
	Inactive bool
	// WithoutOwner selects those in which a role that must be held is not.
	WithoutOwner bool
}

// ListOrganizations lists the ids of organizations that are as a filter wants them at an
// instant. The state says which these are.
func (db *Database) ListOrganizations(ctx context.Context, state domain.Roster, instant time.Time, f OrganizationFilter, p Page) (List[events.OrganizationID], error) {
	keep := func(row named[events.OrganizationID]) bool {
		org := state.Organization(row.id).At(instant)
		_, joined := org.Member(f.Of)
		return (org.Sees(f.Of) || f.Inactive && joined) && (!f.WithoutOwner || org.WithoutOwner())
	}
	return ids(fill(p, keep, func(after nameKey, limit int) ([]named[events.OrganizationID], error) {
		s := newStatement(after.id)
		if f.Of == events.System {
			s.write(`SELECT o.org_id, ''::bytea FROM organization o WHERE o.org_id > $1 ORDER BY o.org_id LIMIT `, strconv.Itoa(limit))
		} else {
			s.write(`SELECT m.org_id, ''::bytea FROM member m WHERE m.org_id > $1 AND m.user_id = `, s.arg(f.Of), ` ORDER BY m.org_id LIMIT `, strconv.Itoa(limit))
		}
		return query(ctx, db.tables, s, scanNamed[events.OrganizationID])
	}))
}
