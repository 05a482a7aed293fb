package projections

import (
	"context"
	"iter"
	"slices"
	"strconv"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/collation"
)

type grantRow struct {
	grantKey
	role    events.RoleKey
	levels  string
	from    time.Time
	until   time.Time
	creator bool
	events.Origin
}

// grants are roles given to people on projects directly.
var grants = &model[grantKey, grantRow]{
	table: table[grantRow]{
		name: "project_member",
		keys: []column[grantRow]{
			text("org_id", func(r *grantRow) events.OrganizationID { return r.org }),
			text("project_id", func(r *grantRow) events.ProjectID { return r.project }),
			text("user_id", func(r *grantRow) events.UserID { return r.user }),
		},
		columns: append([]column[grantRow]{
			text("role", func(r *grantRow) events.RoleKey { return r.role }),
			document("levels", func(r *grantRow) string { return r.levels }),
			timestamp("start", func(r *grantRow) time.Time { return r.from }),
			timestamp("until", func(r *grantRow) time.Time { return r.until }),
			flag("creator", func(r *grantRow) bool { return r.creator }),
		}, origin("", func(r *grantRow) events.Origin { return r.Origin })...),
		member: func(r *grantRow) memberKey { return memberKey{r.org, r.user} },
	},
	dirty: func(d *dirtyKeys) set[grantKey] { return d.grants },
	find: func(state domain.Roster, key grantKey) (grantRow, bool) {
		m, _ := state.Organization(key.org).Member(key.user)
		g, ok := m.Grant(key.project)
		return grantOf(key, g), ok
	},
	rows: func(o domain.Organization) iter.Seq[grantRow] {
		return func(yield func(grantRow) bool) {
			for user, m := range o.Members() {
				for g := range m.Grants() {
					if !yield(grantOf(grantKey{o.ID(), g.Project, user}, g)) {
						return
					}
				}
			}
		}
	},
}

func grantOf(key grantKey, g domain.Grant) grantRow {
	return grantRow{key, g.Role, levels(g.Levels()), g.From(), g.Until(), g.Creator(), g.Origin}
}

// ProjectMemberFilter narrows the list of people on a project.
type ProjectMemberFilter struct {
	// Search is words, as in [MemberFilter], or words of which each is a part of the key or the
	// label of the effective role.
	Search string
	// Role is the effective role on the project; empty is any.
	Role events.RoleKey
	// Source asks for people who have access in this way, whatever other ways
	// they have besides; empty is any.
	Source domain.SourceKind
	// Inactive asks for those instead who would be on the project, were their access in effect:
	// it has not started, or has ended, or they are deactivated.
	Inactive bool
	Page
}

// few is how many people are looked up one by one. More are read in the order of names.
const few = 1000

// ListProjectMembers lists the people on a project by name. The state says who has
// access, by which role and source, at its instant.
func (db *Database) ListProjectMembers(ctx context.Context, org domain.Organization, project events.ProjectID, q ProjectMemberFilter) (List[Person], error) {
	return db.listProjectMembers(ctx, org, project, q, few, mergedTeams)
}

func (db *Database) listProjectMembers(ctx context.Context, org domain.Organization, project events.ProjectID, q ProjectMemberFilter, few, merged int) (List[Person], error) {
	on := NewProjectMatcher(org, project, q)
	if on.everybody() {
		return fill(q.Page, func(p Person) bool { return on.Includes(p.User) }, db.readOnProject(ctx, org, project, merged))
	}
	found := on.find(few)
	switch {
	case len(found.included) <= few:
		filter := peopleFilter{search: q.Search, or: found.searched, among: found.included}
		return fill(q.Page, func(Person) bool { return true }, db.readPeople(ctx, org.ID(), filter))
	case len(on.words) > 0 && len(found.searched) <= few:
		filter := peopleFilter{search: q.Search, or: found.searched}
		return fill(q.Page, func(p Person) bool { return on.Includes(p.User) }, db.readPeople(ctx, org.ID(), filter))
	}
	keep := func(p Person) bool {
		return on.Includes(p.User) && (p.contains(on.words) || on.HasSearchedRole(p.User))
	}
	return fill(q.Page, keep, db.readOnProject(ctx, org, project, merged))
}

// ProjectMatcher decides, by the state in memory, who is in a list of people on a project.
type ProjectMatcher struct {
	org     domain.Organization
	project events.ProjectID
	ProjectMemberFilter
	// words are searched for; roles are those on projects that are called so.
	words []string
	roles []events.RoleKey
}

// NewProjectMatcher returns what matches a filter in an organization, at its instant.
func NewProjectMatcher(org domain.Organization, project events.ProjectID, q ProjectMemberFilter) ProjectMatcher {
	f := ProjectMatcher{org, project, q, searched(q.Search), nil}
	if len(f.words) == 0 || org.Scheme() == nil {
		return f
	}
	for _, role := range org.Scheme().Scheme.ProjectRoles {
		if collation.ContainsAll(searchable(string(role.Key), role.Label), f.words) {
			f.roles = append(f.roles, role.Key)
		}
	}
	return f
}

// everybody reports whether the list is that of everybody with access.
func (f *ProjectMatcher) everybody() bool {
	return len(f.words) == 0 && f.Role == "" && f.Source == "" && !f.Inactive
}

// Includes reports whether somebody is in the list, whatever they are called.
func (f *ProjectMatcher) Includes(user events.UserID) bool {
	if !f.Inactive && f.Role == "" && f.Source == "" {
		return f.org.HasAccess(user, f.project)
	}
	access := f.org.Access(user, f.project)
	sources := access.Sources
	byRole := access.Role == f.Role
	if f.Inactive {
		sources = f.org.AllSources(user, f.project)
		byRole = slices.ContainsFunc(sources, func(s domain.Source) bool { return s.Role == f.Role })
	}
	return len(sources) > 0 && (access.Role == "") == f.Inactive && (f.Role == "" || byRole) &&
		(f.Source == "" || slices.ContainsFunc(sources, func(s domain.Source) bool { return s.Kind == f.Source }))
}

// HasSearchedRole reports whether somebody has a role that is called as what is searched for.
func (f *ProjectMatcher) HasSearchedRole(user events.UserID) bool {
	if len(f.roles) == 0 {
		return false
	}
	if !f.Inactive {
		return slices.Contains(f.roles, f.org.Access(user, f.project).Role)
	}
	return slices.ContainsFunc(f.org.AllSources(user, f.project), func(s domain.Source) bool { return slices.Contains(f.roles, s.Role) })
}

// foundInMemory are people on a project. Of more than few it holds the first ones only.
type foundInMemory struct{ included, searched []events.UserID }

// find looks for people until there are more than few of each.
func (f *ProjectMatcher) find(few int) foundInMemory {
	found := foundInMemory{included: []events.UserID{}}
	for user := range f.org.PeopleOnProject(f.project) {
		if !f.Includes(user) {
			continue
		}
		if len(found.included) <= few {
			found.included = append(found.included, user)
		}
		if len(found.searched) <= few && f.HasSearchedRole(user) {
			found.searched = append(found.searched, user)
		}
		if len(found.included) > few && (len(found.searched) > few || len(f.roles) == 0) {
			break
		}
	}
	return found
}

// mergedTeams is the largest number of teams that each have a part of their own in a
// statement. More share a part, whose rows Postgres has to sort.
const mergedTeams = 16

// readOnProject reads everybody with a source of access to a project, whether or not it
// holds. Each part of the statement reads one kind of source, or one team, by name, and
// Postgres merges the parts, so it reads no more of each than the page needs. If there are
// more teams than merged, it reads the first people of each team, and sorts them.
func (db *Database) readOnProject(ctx context.Context, org domain.Organization, id events.ProjectID, merged int) readRows[Person] {
	teams := slices.AppendSeq([]events.TeamID{}, org.TeamsOnProject(id))
	return func(after nameKey, limit int) ([]Person, error) {
		s := newStatement(org.ID(), id, after.sortName, after.id)
		first := ` AND (x.sort_name, x.user_id) > ($3, $4) ORDER BY x.sort_name, x.user_id LIMIT ` + strconv.Itoa(limit)
		s.write(`SELECT `, personColumns, ` FROM (SELECT DISTINCT ON (c.sort_name, c.user_id) c.sort_name, c.user_id FROM (
			(SELECT x.sort_name, x.user_id FROM project_member x WHERE x.org_id = $1 AND x.project_id = $2`, first, `)
			UNION ALL (SELECT x.sort_name, x.user_id FROM member x WHERE x.org_id = $1 AND x.reach <> ''`, first, `)
			UNION ALL (SELECT x.sort_name, x.user_id FROM member x WHERE x.org_id = $1 AND x.user_id IN (
				SELECT e.user_id FROM elevation e WHERE e.org_id = $1 AND e.reach <> '')`, first, `)`)
		if len(teams) <= merged {
			for _, team := range teams {
				s.write(` UNION ALL (SELECT x.sort_name, x.user_id FROM team_member x WHERE x.org_id = $1 AND x.team_id = `, s.arg(team), first, `)`)
			}
		} else {
			s.write(` UNION ALL SELECT t.sort_name, t.user_id FROM unnest(`, s.arg(teams), `::text[]) a (team_id) CROSS JOIN LATERAL (
				SELECT x.sort_name, x.user_id FROM team_member x WHERE x.org_id = $1 AND x.team_id = a.team_id`, first, `) t`)
		}
		s.write(`) c ORDER BY c.sort_name, c.user_id LIMIT `, strconv.Itoa(limit), ` OFFSET 0) p
			JOIN member m ON m.org_id = $1 AND m.user_id = p.user_id ORDER BY p.sort_name, p.user_id`)
		return query(ctx, db.tables, s, scanPerson)
	}
}

// CandidateFilter narrows a list of people who could be added to a project.
type CandidateFilter struct {
	// Search is as in [MemberFilter].
	Search string
	// Actor is who would add them.
	Actor events.UserID
	// Keep leaves out people for whom it returns false; nil leaves out nobody.
	Keep func(events.UserID) bool
	Page
}

// ListCandidates lists who can be added to a project, by name. The state says who that is at
// its instant.
func (db *Database) ListCandidates(ctx context.Context, org domain.Organization, project events.ProjectID, q CandidateFilter) (List[Person], error) {
	keep := func(p Person) bool {
		return (q.Keep == nil || q.Keep(p.User)) && org.CanBeAdded(q.Actor, p.User, project)
	}
	return fill(q.Page, keep, db.readPeople(ctx, org.ID(), peopleFilter{search: q.Search}))
}
