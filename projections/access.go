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
	scheme, err := db.scheme(ctx, org)
	if errors.Is(err, ErrNotFound) {
		return domain.Access{Reason: domain.NotMember}, nil
	}
	if err != nil {
		return domain.Access{}, err
	}
	var joined, exists bool
	var collected []byte
	err = db.pool.QueryRow(ctx, `SELECT
		EXISTS (SELECT FROM member WHERE org_id = $1 AND user_id = $2),
		EXISTS (SELECT FROM project WHERE org_id = $1 AND project_id = $3), `+sourcesOf("$2", "$3"),
		org, user, project).Scan(&joined, &exists, &collected)
	if err != nil {
		return domain.Access{}, fault(err)
	}
	access, _, err := resolve(org, scheme, collected)
	switch {
	case err != nil:
		return domain.Access{}, err
	case !joined:
		access.Reason = domain.NotMember
	case !exists:
		access.Reason = domain.NoSuchProject
	}
	return access, nil
}

// MemberProject is a project that somebody has access to.
type MemberProject struct {
	Project
	// Role is the effective role, the highest over the sources.
	Role    events.RoleKey `json:"role"`
	Sources []Source       `json:"sources"`
}

// ProjectsOf lists the projects that somebody has access to by name.
func (db *Database) ProjectsOf(ctx context.Context, org events.OrganizationID, user events.UserID, p Page) (List[MemberProject], error) {
	var name, id string
	if err := p.after(&name, &id); err != nil {
		return List[MemberProject]{}, err
	}
	scheme, err := db.scheme(ctx, org)
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
		SELECT `, projectColumns, `, `, sourcesOf("$5", "p.project_id"), ` FROM page p ORDER BY p.sort_name, p.project_id`)
	found, err := query(ctx, db, s, func(row pgx.CollectableRow) (MemberProject, error) {
		var m MemberProject
		var created events.Origin
		var collected []byte
		err := row.Scan(&m.ID, &m.Name, &created.Version, &created.Index, &created.At, &created.Actor, &m.sortName, &collected)
		if err != nil {
			return m, err
		}
		m.Created = originOf(org, created)
		access, sources, err := resolve(org, scheme, collected)
		m.Role, m.Sources = access.Role, sources
		return m, err
	})
	if err != nil {
		return List[MemberProject]{}, err
	}
	return list(found, p, func(m MemberProject) []any { return []any{m.sortName, m.ID} }), nil
}
