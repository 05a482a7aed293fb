package projections

import (
	"strings"

	"github.com/seed-2026d078/roster/domain"
)

// branch finds people x who have access to the project $2 in one way.
type branch struct {
	// only is the condition of each kind of source that the branch finds.
	only map[domain.SourceKind]string
	// role is the column of the role that the way confers; where own and it is
	// empty, each person has their default.
	role string
	own  bool
	// ended is the condition on which the way has ended.
	ended string
	// from and to stand before and after the conditions on x.
	from, to string
}

const firstOnes = ` ORDER BY x.sort_name, x.user_id LIMIT $3`

var branches = []branch{
	{
		map[domain.SourceKind]string{domain.Direct: ` AND NOT x.creator`, domain.Creator: ` AND x.creator`},
		"x.role", false, `x.until <= now()`,
		`(SELECT x.sort_name, x.user_id FROM project_member x WHERE x.org_id = $1 AND x.project_id = $2`, firstOnes + `)`,
	},
	{
		map[domain.SourceKind]string{domain.ThroughRole: ""},
		"x.reach", false, `false`,
		`(SELECT x.sort_name, x.user_id FROM member x
			WHERE x.org_id = $1 AND x.reach <> '' AND EXISTS (SELECT FROM project WHERE org_id = $1 AND project_id = $2)`, firstOnes + `)`,
	},
	{
		map[domain.SourceKind]string{domain.ThroughTeam: ""},
		"a.role", true, `a.until <= now()`,
		`(SELECT DISTINCT t.sort_name, t.user_id
			FROM (SELECT DISTINCT a.team_id, a.role, a.until FROM project_team a WHERE a.org_id = $1 AND a.project_id = $2) a
			CROSS JOIN LATERAL (SELECT x.sort_name, x.user_id FROM team_member x
				WHERE x.org_id = $1 AND x.team_id = a.team_id
				AND (a.role <> '' OR (SELECT d.project_role FROM member d WHERE d.org_id = $1 AND d.user_id = x.user_id) <> '')`,
		firstOnes + `) t ORDER BY t.sort_name, t.user_id LIMIT $3)`,
	},
}

// peoplePage finds the first people of each source, which hold the first of all,
// and only then what is known about them. $1 to $5 are the organization, the
// project, how many, and the keys of the last one seen.
func (s *statement) peoplePage(q ProjectMembersQuery, r rules) {
	person := s.whom(q, r)
	var candidates []string
	for _, b := range branches {
		if only, does := b.only[q.Source]; does || q.Source == "" {
			candidates = append(candidates, b.from+only+b.holding(!q.Inactive)+person(b)+` AND (x.sort_name, x.user_id) > ($4, $5)`+b.to)
		}
	}
	s.write(`WITH page AS (SELECT * FROM (`, strings.Join(candidates, " UNION "), `) c ORDER BY c.sort_name, c.user_id LIMIT $3)
		SELECT m.user_id, m.login, m.name, m.email, m.role, `, statusColumn, `, m.until, m.joined_at, p.sort_name, `,
		standingOf("p.user_id", "$2", !q.Inactive), `
		FROM page p JOIN member m ON m.org_id = $1 AND m.user_id = p.user_id ORDER BY p.sort_name, p.user_id`)
}

// holding is the condition that the way gives access now or, if not, that no way does.
func (b branch) holding(hold bool) string {
	// The few who are not active are in an index of their own.
	const suspended = `EXISTS (SELECT FROM member m WHERE m.org_id = $1 AND m.user_id = x.user_id AND ` + inactive + `)`
	if hold {
		return ` AND (` + b.ended + `) IS NOT TRUE AND NOT ` + suspended
	}
	return ` AND (` + b.ended + ` OR ` + suspended + `)
		AND NOT EXISTS (SELECT FROM access_source h WHERE h.org_id = $1 AND h.project_id = $2 AND h.user_id = x.user_id)`
}

// whom returns the conditions on the people of a branch: what they are called, and
// their effective role.
func (s *statement) whom(q ProjectMembersQuery, r rules) func(branch) string {
	called := s.contains("n.search", q.Search)
	var wanted, matching, above string
	if q.Role != "" {
		s.custom = true
		wanted = ` = ` + s.arg(q.Role)
		if higher := r.rolesAbove(q.Role); len(higher) > 0 && !q.Inactive && q.Source == "" {
			above = s.arg(higher)
		}
	}
	if roles := r.rolesLike(q.Search); len(roles) > 0 {
		matching = ` = ANY(` + s.arg(roles) + `)`
	}
	return func(b branch) string {
		var conditions strings.Builder
		switch {
		case wanted == "":
		case q.Inactive || q.Source != "":
			conditions.WriteString(` AND ` + b.held(q, wanted))
		default:
			conditions.WriteString(` AND ` + b.confers(wanted))
			if above != "" {
				conditions.WriteString(` AND NOT EXISTS (SELECT FROM access_source h
					WHERE h.org_id = $1 AND h.project_id = $2 AND h.user_id = x.user_id AND h.role = ANY(` + above + `) OFFSET 0)`)
			}
		}
		if called != everything {
			named := `EXISTS (SELECT FROM member n WHERE n.org_id = $1 AND n.user_id = x.user_id AND ` + called + `)`
			if matching != "" {
				named = `(` + named + ` OR ` + b.held(q, matching) + `)`
			}
			conditions.WriteString(` AND ` + named)
		}
		return conditions.String()
	}
}

// held is the condition that the effective role matches. It is the role of some
// source, which is quickly seen, though not of the kind that is asked for; who has
// access no more is found by any role that they had.
func (b branch) held(q ProjectMembersQuery, matches string) string {
	const effective = `(SELECT e.role FROM effective_access e WHERE e.org_id = $1 AND e.project_id = $2 AND e.user_id = x.user_id)`
	switch {
	case q.Inactive:
		return `EXISTS (SELECT FROM access_reason h WHERE h.org_id = $1 AND h.project_id = $2 AND h.user_id = x.user_id AND h.role` + matches + `)`
	case q.Source != "":
		return effective + matches
	}
	return b.confers(matches) + ` AND ` + effective + matches
}

// confers is the condition that the role of the way itself matches.
func (b branch) confers(matches string) string {
	if !b.own {
		return b.role + matches
	}
	return `(` + b.role + matches + ` OR ` + b.role + ` = '' AND (SELECT d.project_role FROM member d WHERE d.org_id = $1 AND d.user_id = x.user_id)` + matches + `)`
}
