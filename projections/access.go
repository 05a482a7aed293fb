package projections

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// Access returns what somebody may do on a project as the read models have it.
func (db *Database) Access(ctx context.Context, org events.OrganizationID, user events.UserID, project events.ProjectID) (domain.Access, error) {
	r, err := db.rules(ctx, org)
	if errors.Is(err, ErrNotFound) {
		return domain.Access{Reason: domain.NotMember}, nil
	}
	if err != nil {
		return domain.Access{}, err
	}
	var status *Status
	var invited bool
	var archived *bool
	var found collected
	err = db.pool.QueryRow(ctx, `SELECT
		(SELECT `+statusColumn+` FROM member m WHERE m.org_id = $1 AND m.user_id = $2),
		EXISTS (SELECT FROM invite i WHERE i.org_id = $1 AND i.user_id = $2 AND i.user_id <> '' AND (i.expires_at <= now()) IS NOT TRUE), `+
		standingOf("$2", "$3", true),
		org, user, project).Scan(&status, &invited, &found.sources, &found.overrides, &archived)
	if err != nil {
		return domain.Access{}, fault(err)
	}
	if reason := absence(status, invited); reason != "" {
		return r.without(reason), nil
	}
	if archived == nil {
		return r.without(domain.NoSuchProject), nil
	}
	found.archived = *archived
	on, err := r.resolve(org, project, found)
	return on.Access, err
}

// absence says why somebody is no active member; empty where they are one.
func absence(status *Status, invited bool) domain.Reason {
	switch {
	case status == nil && invited:
		return domain.Invited
	case status == nil:
		return domain.NotMember
	case *status == Deactivated:
		return domain.Deactivated
	case *status == Ended:
		return domain.MembershipEnded
	}
	return ""
}

// without is no access, for a reason.
func (r rules) without(reason domain.Reason) domain.Access {
	access := r.Resolve(nil, nil)
	access.Reason = reason
	return access
}

// MemberProject is a project that somebody has access to.
type MemberProject struct {
	Project
	// Role is the effective role, the highest over the sources.
	Role    events.RoleKey `json:"role"`
	Sources []Source       `json:"sources"`
	// Levels are the effective ones, of every permission.
	Levels    events.Levels `json:"levels,omitempty"`
	Overrides []Override    `json:"overrides,omitempty"`
}

// ProjectsOf lists the projects that somebody has access to by name.
func (db *Database) ProjectsOf(ctx context.Context, org events.OrganizationID, user events.UserID, p Page) (List[MemberProject], error) {
	var name, id string
	if err := p.after(&name, &id); err != nil {
		return List[MemberProject]{}, err
	}
	r, err := db.rules(ctx, org)
	if errors.Is(err, ErrNotFound) {
		return List[MemberProject]{Items: []MemberProject{}}, nil
	}
	if err != nil {
		return List[MemberProject]{}, err
	}
	s := newStatement(org, p.limit()+1, name, id, user)
	s.write(`WITH page AS (
		SELECT * FROM project p WHERE p.org_id = $1 AND (p.sort_name, p.project_id) > ($3, $4)
			AND EXISTS (SELECT FROM access_source a WHERE a.org_id = $1 AND a.user_id = $5 AND a.project_id = p.project_id)
		ORDER BY p.sort_name, p.project_id LIMIT $2)
		SELECT `, projectColumns, `, `, standingOf("$5", "p.project_id", true), ` FROM page p ORDER BY p.sort_name, p.project_id`)
	found, err := query(ctx, db, s, func(row pgx.CollectableRow) (MemberProject, error) {
		var of collected
		p, err := scanProject(org, &of.sources, &of.overrides, &of.archived)(row)
		if err != nil {
			return MemberProject{}, err
		}
		on, err := r.resolve(org, p.ID, of)
		return MemberProject{p, on.Role, on.sources, on.Levels(), on.overrides}, err
	})
	if err != nil {
		return List[MemberProject]{}, err
	}
	return list(found, p, func(m MemberProject) []any { return []any{m.sortName, m.ID} }), nil
}
