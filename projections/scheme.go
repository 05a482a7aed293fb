package projections

import (
	"context"
	"iter"

	"github.com/go-json-experiment/json"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

type schemeRoleKey struct {
	org  events.OrganizationID
	kind string
	role events.RoleKey
}

type schemeRoleRow struct {
	schemeRoleKey
	rank        int
	allProjects events.RoleKey
	levels      string
}

// schemeRoles are there for those who ask with SQL; for the queries here, package
// domain ranks roles.
var schemeRoles = &model[schemeRoleKey, schemeRoleRow]{
	table: table[schemeRoleRow]{
		name: "scheme_role",
		keys: []column[schemeRoleRow]{
			text("org_id", func(r *schemeRoleRow) events.OrganizationID { return r.org }),
			text("kind", func(r *schemeRoleRow) string { return r.kind }),
			text("role", func(r *schemeRoleRow) events.RoleKey { return r.role }),
		},
		columns: []column[schemeRoleRow]{
			small("rank", func(r *schemeRoleRow) int { return r.rank }),
			text("all_projects", func(r *schemeRoleRow) events.RoleKey { return r.allProjects }),
			document("levels", func(r *schemeRoleRow) string { return r.levels }),
		},
	},
	touched: func(t *touched) set[schemeRoleKey] { return t.schemeRoles },
	find: func(state domain.Roster, key schemeRoleKey) (schemeRoleRow, bool) {
		for row := range rolesOf(state.Organization(key.org)) {
			if row.schemeRoleKey == key {
				return row, true
			}
		}
		return schemeRoleRow{}, false
	},
	rows: rolesOf,
}

func rolesOf(o domain.Organization) iter.Seq[schemeRoleRow] {
	return func(yield func(schemeRoleRow) bool) {
		if !o.Exists() {
			return
		}
		s := o.Scheme().Scheme
		for _, kind := range []struct {
			name  string
			roles []events.Role
		}{{"organization", s.OrganizationRoles}, {"project", s.ProjectRoles}, {"team", s.Teams.Roles}} {
			for _, r := range kind.roles {
				levels := r.Levels
				if levels == nil {
					levels = map[events.PermissionKey]events.Level{}
				}
				if !yield(schemeRoleRow{schemeRoleKey{o.ID(), kind.name, r.Key}, r.Rank, r.AllProjects, encoded(levels)}) {
					return
				}
			}
		}
	}
}

// scheme returns the rules of an organization, ready for look-ups, or
// [ErrNotFound]. What was read once is kept, by its digest.
func (db *Database) scheme(ctx context.Context, org events.OrganizationID) (*domain.Scheme, error) {
	var digest string
	err := db.pool.QueryRow(ctx, `SELECT scheme_digest FROM organization WHERE org_id = $1`, org).Scan(&digest)
	if err != nil {
		return nil, fault(err)
	}
	if known, ok := db.schemes.Load(digest); ok {
		return known.(*domain.Scheme), nil //nolint:forcetypeassert // only schemes are stored below
	}
	var written string
	err = db.pool.QueryRow(ctx, `SELECT scheme::text FROM organization WHERE org_id = $1`, org).Scan(&written)
	if err != nil {
		return nil, fault(err)
	}
	var definition events.Scheme
	if err := json.Unmarshal([]byte(written), &definition); err != nil {
		return nil, fault(err)
	}
	scheme := ruledBy(org, definition).Scheme()
	db.schemes.Store(digest, scheme)
	return scheme, nil
}

// ruledBy returns an organization with nothing but its rules.
func ruledBy(org events.OrganizationID, definition events.Scheme) domain.Organization {
	empty := domain.Roster{}.Organization(org)
	return empty.Evolve(events.Recorded{Event: events.OrganizationCreated{Scheme: definition}})
}
