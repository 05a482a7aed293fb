package projections

import (
	"context"
	"iter"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/collation"
)

type assignmentRow struct {
	assignmentKey
	role  events.RoleKey // empty: each member's default
	from  time.Time
	until time.Time
	events.Origin
}

// assignments are those of the teams assigned. What others inherit follows from [teamAncestors].
var assignments = &model[assignmentKey, assignmentRow]{
	table: table[assignmentRow]{
		name: "project_team",
		keys: []column[assignmentRow]{
			text("org_id", func(r *assignmentRow) events.OrganizationID { return r.org }),
			text("project_id", func(r *assignmentRow) events.ProjectID { return r.project }),
			text("team_id", func(r *assignmentRow) events.TeamID { return r.team }),
		},
		columns: append([]column[assignmentRow]{
			text("role", func(r *assignmentRow) events.RoleKey { return r.role }),
			timestamp("start", func(r *assignmentRow) time.Time { return r.from }),
			timestamp("until", func(r *assignmentRow) time.Time { return r.until }),
		}, origin("", func(r *assignmentRow) events.Origin { return r.Origin })...),
	},
	dirty: func(d *dirtyKeys) set[assignmentKey] { return d.assignments },
	find: func(state domain.Roster, key assignmentKey) (assignmentRow, bool) {
		o := state.Organization(key.org)
		p, _ := o.Project(key.project)
		a, ok := p.Assignment(key.team)
		return assignmentRow{key, a.Role, a.From(), a.Until(), a.Origin}, ok
	},
	rows: func(o domain.Organization) iter.Seq[assignmentRow] {
		return func(yield func(assignmentRow) bool) {
			for id, p := range o.Projects() {
				for a := range p.Assignments() {
					if !yield(assignmentRow{assignmentKey{o.ID(), id, a.Team}, a.Role, a.From(), a.Until(), a.Origin}) {
						return
					}
				}
			}
		}
	},
}

// ProjectTeamFilter narrows a list of the teams that are assigned to a project. What is
// empty, or nil, does not.
type ProjectTeamFilter struct {
	// Search is words, each of which is a part of the team's name or id, or all of which find
	// somebody whom the assignment reaches, as in [ProjectMemberFilter].
	Search string
	// Inactive asks for those instead whose assignment has not started, or has ended.
	Inactive bool
	// Keep leaves out teams for which it returns false.
	Keep func(events.TeamID) bool
	Page
}

// ListProjectTeams lists the ids of the teams that are assigned to a project by name,
// without those that inherit from them. The state says which these are, at its instant.
func (db *Database) ListProjectTeams(ctx context.Context, org domain.Organization, id events.ProjectID, q ProjectTeamFilter) (List[events.TeamID], error) {
	project, _ := org.Project(id)
	teams := map[events.TeamID]domain.Assignment{}
	for a := range project.Assignments() {
		if org.InEffect(a) != q.Inactive && (q.Keep == nil || q.Keep(a.Team)) {
			teams[a.Team] = a
		}
	}
	found, err := db.searchTeams(ctx, org, id, teams, q.Search)
	if err != nil {
		return List[events.TeamID]{}, err
	}
	return ids(fill(q.Page, func(named[events.TeamID]) bool { return true }, inMemory(found)))
}

// searchTeams returns those of the teams on a project that a search finds, by their
// names or by the people whom their assignments reach.
func (db *Database) searchTeams(ctx context.Context, org domain.Organization, id events.ProjectID, teams map[events.TeamID]domain.Assignment, search string) ([]named[events.TeamID], error) {
	var found []named[events.TeamID]
	words := searched(search)
	reaching := map[events.TeamID][]events.TeamID{} // by the team that the people are in
	for assigned := range teams {
		team, _ := org.Team(assigned)
		if len(words) == 0 || collation.ContainsAll(searchable(team.Name, string(assigned)), words) {
			found = append(found, named[events.TeamID]{assigned, sortKeyOf(team.Name)})
			continue
		}
		for via := range org.Descendants(assigned) {
			reaching[via] = append(reaching[via], assigned)
		}
	}
	withFound, err := db.teamsWith(ctx, org, reaching, search)
	if err != nil {
		return nil, err
	}
	f := NewProjectMatcher(org, id, ProjectMemberFilter{Search: search})
	seen := map[events.TeamID]bool{}
	for via, assigned := range reaching {
		if !withFound[via] && !hasSearched(org, via, &f) {
			continue
		}
		for _, team := range assigned {
			if !seen[team] {
				seen[team] = true
				of, _ := org.Team(team)
				found = append(found, named[events.TeamID]{team, sortKeyOf(of.Name)})
			}
		}
	}
	return found, nil
}

// hasSearched reports whether somebody in a team has a role that is searched for.
func hasSearched(org domain.Organization, id events.TeamID, f *ProjectMatcher) bool {
	if len(f.roles) == 0 {
		return false
	}
	team, _ := org.Team(id)
	for user := range team.Members() {
		if f.HasSearchedRole(user) {
			return true
		}
	}
	return false
}

// teamsWith tells which of the teams have an active member whom a search finds.
func (db *Database) teamsWith(ctx context.Context, org domain.Organization, teams map[events.TeamID][]events.TeamID, search string) (map[events.TeamID]bool, error) {
	with := map[events.TeamID]bool{}
	if len(teams) == 0 {
		return with, nil
	}
	keys := make([]events.TeamID, 0, len(teams))
	for team := range teams {
		keys = append(keys, team)
	}
	s := newStatement(org.ID(), keys, org.Instant())
	s.write(`SELECT DISTINCT t.team_id, ''::bytea FROM team_member t JOIN member m USING (org_id, user_id)
		WHERE t.org_id = $1 AND t.team_id = ANY($2) AND (m.deactivated OR m.start > $3 OR m.until <= $3) IS NOT TRUE`)
	s.search("m.search", search)
	found, err := query(ctx, db.tables, s, scanNamed[events.TeamID])
	for _, row := range found {
		with[row.id] = true
	}
	return with, err
}
