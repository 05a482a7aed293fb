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

type accessRequestRow struct {
	accessRequestKey
	closed  domain.AccessRequestStatus // empty: it is open
	user    events.UserID
	project events.ProjectID // empty: it asks to join
	role    events.RoleKey
	// elevation says that it asks for a higher role for a time, for minutes if until does not say when that ends.
	elevation bool
	minutes   int
	until     time.Time
	expires   time.Time
	ended     time.Time
	events.Origin
}

// accessRequests are those that are open, and those that are closed as far as the state keeps them. What people say in them stays in the state.
var accessRequests = &model[accessRequestKey, accessRequestRow]{
	table: table[accessRequestRow]{
		name: "access_request",
		keys: []column[accessRequestRow]{
			text("org_id", func(r *accessRequestRow) events.OrganizationID { return r.org }),
			text("request_id", func(r *accessRequestRow) events.AccessRequestID { return r.request }),
		},
		columns: append([]column[accessRequestRow]{
			text("closed", func(r *accessRequestRow) domain.AccessRequestStatus { return r.closed }),
			text("user_id", func(r *accessRequestRow) events.UserID { return r.user }),
			text("project_id", func(r *accessRequestRow) events.ProjectID { return r.project }),
			text("role", func(r *accessRequestRow) events.RoleKey { return r.role }),
			flag("elevation", func(r *accessRequestRow) bool { return r.elevation }),
			small("minutes", func(r *accessRequestRow) int { return r.minutes }),
			timestamp("until", func(r *accessRequestRow) time.Time { return r.until }),
			timestamp("expires_at", func(r *accessRequestRow) time.Time { return r.expires }),
			timestamp("closed_at", func(r *accessRequestRow) time.Time { return r.ended }),
		}, origin("", func(r *accessRequestRow) events.Origin { return r.Origin })...),
	},
	dirty: func(d *dirtyKeys) set[accessRequestKey] { return d.accessRequests },
	find: func(state domain.Roster, key accessRequestKey) (accessRequestRow, bool) {
		r, is := state.Organization(key.org).AccessRequest(key.request)
		return accessRequestOf(key, r), is
	},
	rows: func(o domain.Organization) iter.Seq[accessRequestRow] {
		return func(yield func(accessRequestRow) bool) {
			for id, r := range o.AccessRequests() {
				if !yield(accessRequestOf(accessRequestKey{o.ID(), id}, r)) {
					return
				}
			}
		}
	},
}

func accessRequestOf(key accessRequestKey, r domain.AccessRequest) accessRequestRow {
	row := accessRequestRow{
		accessRequestKey: key, user: r.Member, project: r.Project, role: r.Role, elevation: r.Elevation, minutes: int(r.For / time.Minute), until: r.Until, expires: r.Expires, Origin: r.Asked,
	}
	if r.Closed != nil {
		row.closed, row.ended = r.Closed.Status, r.Closed.At
	}
	return row
}

// AccessRequestOf names a request for access, with its organization.
type AccessRequestOf struct {
	Organization events.OrganizationID
	Request      events.AccessRequestID

	asked time.Time
}

// AccessRequestFilter says which requests for access a list has; the zero value is those that are open.
type AccessRequestFilter struct {
	// Closed are the ways in which requests of the list ended; none: those that are open.
	Closed []domain.AccessRequestStatus
	// All lists every request, whatever Closed says.
	All bool
	// User is who made them; empty: anybody.
	User events.UserID
	// Project is what they are for; empty: anything.
	Project events.ProjectID
}

// ListAccessRequests lists requests for access, those that were made last first: of one organization, or of all if that is empty.
func (db *Database) ListAccessRequests(ctx context.Context, of events.OrganizationID, f AccessRequestFilter, p Page) (List[AccessRequestOf], error) {
	at, org, id := endOfTime, "", ""
	if err := p.after(&at, &org, &id); err != nil {
		return List[AccessRequestOf]{}, err
	}
	s := newStatement(at, org, id)
	s.write(`SELECT r.org_id, r.request_id, r.at FROM access_request r
		WHERE (r.at < $1 OR r.at = $1 AND (r.org_id, r.request_id) > ($2, $3))`)
	if of != "" {
		s.write(" AND r.org_id = " + s.arg(of))
	}
	if f.User != "" {
		s.write(" AND r.user_id = " + s.arg(f.User))
	}
	if f.Project != "" {
		s.write(" AND r.project_id = " + s.arg(f.Project))
	}
	if !f.All {
		closed := f.Closed
		if len(closed) == 0 {
			closed = []domain.AccessRequestStatus{""}
		}
		s.write(" AND r.closed = ANY(" + s.arg(closed) + ")")
	}
	s.write(" ORDER BY r.at DESC, r.org_id, r.request_id")
	s.limit(p.limit() + 1)
	found, err := query(ctx, db.tables, s, func(row pgx.CollectableRow) (r AccessRequestOf, err error) {
		return r, row.Scan(&r.Organization, &r.Request, &r.asked)
	})
	if err != nil {
		return List[AccessRequestOf]{}, err
	}
	return list(found, p, func(r AccessRequestOf) []any { return []any{r.asked, r.Organization, r.Request} }), nil
}

// Has reports whether a request is in the list as the state is now.
func (f AccessRequestFilter) Has(status domain.AccessRequestStatus) bool {
	open := status == domain.AccessPending || status == domain.AccessExpired
	return f.All || open && len(f.Closed) == 0 || slices.Contains(f.Closed, status)
}
