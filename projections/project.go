package projections

import (
	"context"
	"iter"
	"strconv"

	"github.com/jackc/pgx/v5"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/collation"
)

type projectRow struct {
	projectKey
	name     string
	archived bool
	link     bool
	events.Origin
}

var projects = &model[projectKey, projectRow]{
	table: table[projectRow]{
		name: "project",
		keys: []column[projectRow]{
			text("org_id", func(r *projectRow) events.OrganizationID { return r.org }),
			text("project_id", func(r *projectRow) events.ProjectID { return r.project }),
		},
		columns: append([]column[projectRow]{
			text("name", func(r *projectRow) string { return r.name }),
			collated("sort_name", func(r *projectRow) sortKey { return sortKeyOf(r.name) }),
			text("search", func(r *projectRow) string { return searchable(r.name, string(r.project)) }),
			flag("archived", func(r *projectRow) bool { return r.archived }),
			flag("public_link", func(r *projectRow) bool { return r.link }),
		}, origin("", func(r *projectRow) events.Origin { return r.Origin })...),
	},
	dirty: func(d *dirtyKeys) set[projectKey] { return d.projects },
	find: func(state domain.Roster, key projectKey) (projectRow, bool) {
		p, ok := state.Organization(key.org).Project(key.project)
		return projectOf(key, p), ok
	},
	rows: func(o domain.Organization) iter.Seq[projectRow] {
		return func(yield func(projectRow) bool) {
			for id, p := range o.Projects() {
				if !yield(projectOf(projectKey{o.ID(), id}, p)) {
					return
				}
			}
		}
	},
}

func projectOf(key projectKey, p domain.Project) projectRow {
	_, link := p.PublicLink()
	return projectRow{key, p.Name, p.Archived, link, p.Created}
}

// ProjectFilter narrows a list of projects. What is empty, or nil, does not.
type ProjectFilter struct {
	// Search is words, each of which is a part of a name or id, as in [MemberFilter].
	Search string
	// Of asks for the projects that this person has access to.
	Of events.UserID
	// Among asks for some of these projects only. A list of them costs what they are, whoever
	// Of is; nil is all.
	Among []events.ProjectID
	// Archived asks for those that are, or are not.
	Archived *bool
	// Keep leaves out projects for which it returns false.
	Keep func(events.ProjectID) bool
	Page
}

// ListProjects lists the ids of projects by name. The state says what a project is and
// who has access to it, at its instant.
func (db *Database) ListProjects(ctx context.Context, org domain.Organization, q ProjectFilter) (List[events.ProjectID], error) {
	keep := func(row named[events.ProjectID]) bool {
		p, there := org.Project(row.id)
		return there && (q.Archived == nil || p.Archived == *q.Archived) &&
			(q.Of == "" || org.HasAccess(q.Of, row.id)) && (q.Keep == nil || q.Keep(row.id))
	}
	if among := q.among(org); among != nil {
		all := func(named[events.ProjectID]) bool { return true }
		return ids(fill(q.Page, all, inMemory(namedProjects(org, among, q.Search, keep))))
	}
	return ids(fill(q.Page, keep, db.readProjects(ctx, org.ID(), q)))
}

// among returns the projects of which a list has some; nil is all.
func (q ProjectFilter) among(org domain.Organization) []events.ProjectID {
	if q.Among != nil || q.Of == "" {
		return q.Among
	}
	if member, joined := org.Member(q.Of); joined && org.Scheme().RoleOnAllProjects(member.Role) != "" {
		return nil
	}
	return org.ReachableProjects(q.Of)
}

// namedProjects returns those of some projects that a search finds and keep accepts.
func namedProjects(org domain.Organization, among []events.ProjectID, search string, keep func(named[events.ProjectID]) bool) []named[events.ProjectID] {
	var rows []named[events.ProjectID]
	words := searched(search)
	for _, id := range among {
		row := named[events.ProjectID]{id: id}
		p, _ := org.Project(id)
		if keep(row) && (len(words) == 0 || collation.ContainsAll(searchable(p.Name, string(id)), words)) {
			row.sortName = sortKeyOf(p.Name)
			rows = append(rows, row)
		}
	}
	return rows
}

// readProjects reads projects by name.
func (db *Database) readProjects(ctx context.Context, org events.OrganizationID, q ProjectFilter) readRows[named[events.ProjectID]] {
	return func(after nameKey, limit int) ([]named[events.ProjectID], error) {
		s := newStatement(org, after.sortName, after.id)
		s.write(`SELECT p.project_id, p.sort_name FROM project p WHERE p.org_id = $1 AND (p.sort_name, p.project_id) > ($2, $3)`)
		s.search("p.search", q.Search)
		if q.Archived != nil {
			s.write(` AND p.archived = `, s.arg(*q.Archived))
		}
		s.write(` ORDER BY p.sort_name, p.project_id LIMIT `, strconv.Itoa(limit))
		return query(ctx, db.tables, s, scanNamed[events.ProjectID])
	}
}

func scanNamed[ID ~string](row pgx.CollectableRow) (n named[ID], err error) {
	return n, row.Scan(&n.id, &n.sortName)
}
