package projections

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/seed-2026d078/roster/events"
)

// ProjectCounts counts who is on a project now.
type ProjectCounts struct {
	// People have access, whatever the source; Direct are those with a grant.
	People int `json:"people"`
	Direct int `json:"direct"`
	// Teams are assigned, those that inherit from them not counted.
	Teams int `json:"teams"`
}

// CountProjects counts who is on each of several projects, in one query. What is no
// project is left out.
func (db *Database) CountProjects(ctx context.Context, org events.OrganizationID, projects []events.ProjectID) (map[events.ProjectID]ProjectCounts, error) {
	s := newStatement(org, projects)
	s.custom = true // how many there are of each decides on the plan
	s.write(countStatement)
	counts := make(map[events.ProjectID]ProjectCounts, len(projects))
	_, err := query(ctx, db, s, func(row pgx.CollectableRow) (id events.ProjectID, err error) {
		var c ProjectCounts
		err = row.Scan(&id, &c.People, &c.Direct, &c.Teams)
		counts[id] = c
		return id, err
	})
	return counts, err
}

// countStatement counts those who reach every project once for all projects; the
// grants of a project need no sorting out unless people come with teams, too.
const countStatement = `WITH everywhere AS MATERIALIZED (SELECT x.user_id FROM member x WHERE x.org_id = $1 AND x.reach <> '' AND ` + notSuspended + `)
	SELECT p.project_id, (SELECT count(*) FROM everywhere) + CASE assigned.teams WHEN 0 THEN granted.others ELSE (
			SELECT count(*) FROM (
				SELECT g.user_id FROM project_member g WHERE g.org_id = $1 AND g.project_id = p.project_id AND (g.until <= now()) IS NOT TRUE
				UNION SELECT t.user_id FROM (
					SELECT DISTINCT a.team_id, a.role = '' AS own FROM project_team a
					WHERE a.org_id = $1 AND a.project_id = p.project_id AND (a.until <= now()) IS NOT TRUE) a
					JOIN team_member t ON t.org_id = $1 AND t.team_id = a.team_id
					WHERE NOT a.own OR (SELECT d.project_role FROM member d WHERE d.org_id = $1 AND d.user_id = t.user_id) <> '') x
			WHERE ` + notEverywhere + ` AND ` + notSuspended + `) END, granted.people, assigned.teams
	FROM project p
	CROSS JOIN LATERAL (SELECT count(*) AS people, count(*) FILTER (WHERE ` + notEverywhere + `) AS others FROM project_member x
		WHERE x.org_id = $1 AND x.project_id = p.project_id AND (x.until <= now()) IS NOT TRUE AND ` + notSuspended + `) granted
	CROSS JOIN LATERAL (SELECT count(*) AS teams FROM project_team a
		WHERE a.org_id = $1 AND a.project_id = p.project_id AND a.team_id = a.assigned_team AND (a.until <= now()) IS NOT TRUE) assigned
	WHERE p.org_id = $1 AND p.project_id = ANY($2)`

// notSuspended is the condition that x is active: who is not stands in a small index.
const notSuspended = `x.user_id NOT IN (SELECT m.user_id FROM member m WHERE m.org_id = $1 AND ` + inactive + `)`

// notEverywhere is the condition that x does not reach every project.
const notEverywhere = `x.user_id NOT IN (SELECT e.user_id FROM everywhere e)`

func (db *Database) countProject(ctx context.Context, org events.OrganizationID, project events.ProjectID) (*ProjectCounts, error) {
	counts, err := db.CountProjects(ctx, org, []events.ProjectID{project})
	of := counts[project]
	return &of, err
}
