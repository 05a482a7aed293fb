package projections

import (
	"context"
	"errors"
	"iter"

	"github.com/jackc/pgx/v5"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

type projectKey struct {
	org     events.OrganizationID
	project events.ProjectID
}

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
			text("sort_name", func(r *projectRow) string { return sortable(r.name) }),
			flag("archived", func(r *projectRow) bool { return r.archived }),
			flag("public_link", func(r *projectRow) bool { return r.link }),
		}, origin("", func(r *projectRow) events.Origin { return r.Origin })...),
	},
	dirty: func(t *dirtyKeys) set[projectKey] { return t.projects },
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

// Project is a project of an organization.
type Project struct {
	ID   events.ProjectID `json:"id"`
	Name string           `json:"name"`
	// Archived projects are read only.
	Archived bool `json:"archived,omitempty"`
	// PublicLink tells whether the link is on; nil hides it.
	PublicLink *bool  `json:"public_link,omitempty"`
	Created    Origin `json:"created"`

	sortName string
}

// Cursor names the project, for a page to come after it.
func (p Project) Cursor() string { return cursor(p.sortName, p.ID) }

// ProjectsQuery narrows a list of projects.
type ProjectsQuery struct {
	// Search is a part of a name, in any case.
	Search string
	// VisibleTo leaves out what this person may not know of; empty is the system,
	// which sees all.
	VisibleTo events.UserID
	// Archived asks for those that are, or are not; nil is both.
	Archived *bool
	Page
}

const projectColumns = `p.project_id, p.name, p.archived, p.public_link, p.version, p.index, p.at, p.actor, p.sort_name`

// scanProject reads projectColumns, and more that comes after them.
func scanProject(org events.OrganizationID, more ...any) pgx.RowToFunc[Project] {
	return func(row pgx.CollectableRow) (Project, error) {
		var p Project
		var created events.Origin
		err := row.Scan(append([]any{
			&p.ID, &p.Name, &p.Archived, &p.PublicLink, &created.Version, &created.Index, &created.At, &created.Actor, &p.sortName,
		}, more...)...)
		p.Created = originOf(org, created)
		return p, err
	}
}

// Projects lists the projects of an organization by name.
func (db *Database) Projects(ctx context.Context, org events.OrganizationID, q ProjectsQuery) (List[Project], error) {
	var name, id string
	if err := q.after(&name, &id); err != nil {
		return List[Project]{}, err
	}
	s := newStatement(org, q.limit()+1, name, id)
	s.write(`SELECT ` + projectColumns + ` FROM project p WHERE p.org_id = $1 AND (p.sort_name, p.project_id) > ($3, $4)`)
	s.search("p.sort_name", q.Search)
	if q.Archived != nil {
		s.write(` AND p.archived = `, s.arg(*q.Archived))
	}
	if q.VisibleTo != events.System {
		viewer, err := db.viewer(ctx, org, q.VisibleTo)
		switch {
		case errors.Is(err, ErrNotFound):
			return List[Project]{Items: []Project{}}, nil // who is not in the organization sees nothing
		case err != nil:
			return List[Project]{}, err
		case viewer.Scheme().ProjectsVisibleTo != events.ToOrganization:
			s.write(` AND EXISTS (SELECT FROM access_source a
				WHERE a.org_id = $1 AND a.project_id = p.project_id AND a.user_id = `, s.arg(q.VisibleTo), `)`)
		}
	}
	s.write(` ORDER BY p.sort_name, p.project_id LIMIT $2`)
	found, err := query(ctx, db, s, scanProject(org))
	if err != nil {
		return List[Project]{}, err
	}
	return list(found, q.Page, func(p Project) []any { return []any{p.sortName, p.ID} }), nil
}
