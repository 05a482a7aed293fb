package domain

import (
	"cmp"
	"slices"

	"github.com/seed-2026d078/roster/events"
)

// SourceKind says how somebody came to a role on a project.
type SourceKind string

// The kinds of source, in the order in which they are shown.
const (
	// Direct is a grant to the person.
	Direct SourceKind = "direct"
	// ThroughRole is a role of the organization that reaches every project.
	ThroughRole SourceKind = "organization"
	// ThroughTeam is the assignment of a team that the person is in, or of one above it.
	ThroughTeam SourceKind = "team"
)

// Source is one reason for somebody's access to a project.
type Source struct {
	Kind SourceKind
	// Role is the project role that this source confers.
	Role events.RoleKey
	// Team is the team assigned; empty unless the kind is ThroughTeam.
	Team events.TeamID
	// Via is the team that the person is in: Team, or one below it.
	Via events.TeamID
	// Origin is the event behind it: the grant, the assignment, or what gave the
	// role of the organization.
	events.Origin
	// Entered is the event that put the person into Via.
	Entered events.Origin
}

// Reason says why there is no access; the zero value is that there is.
type Reason string

// The reasons for no access.
const (
	NotMember     Reason = "not_a_member"
	NotOnProject  Reason = "not_on_the_project"
	NoSuchProject Reason = "no_such_project"
)

// Access is what somebody may do on a project, and why. The zero value is nothing.
type Access struct {
	// Role is the highest over the sources; empty where there are none.
	Role    events.RoleKey
	Sources []Source
	Reason  Reason

	scheme  *Scheme
	degrees []degree
}

// Access returns what somebody may do on a project.
func (o Organization) Access(user events.UserID, id events.ProjectID) Access {
	member, project, reason := o.meet(user, id)
	if reason != "" {
		return Access{Reason: reason, scheme: o.scheme}
	}
	sources := make([]Source, 0, few/2)
	for b := range o.bases(member, project) {
		source := Source{Kind: b.kind, Role: b.role, Origin: *b.origin}
		if b.kind == ThroughTeam {
			source.Team, source.Via = b.team, b.via
			source.Entered = o.teams.At(b.via).members.At(user).Origin
		}
		sources = append(sources, source)
	}
	return o.scheme.Resolve(sources)
}

// Resolve is the one definition of effective access: the highest role over the
// sources and, for each permission, the highest level. It sorts the sources as
// they are shown.
func (s *Scheme) Resolve(sources []Source) Access {
	if len(sources) == 0 {
		return Access{Reason: NotOnProject, scheme: s}
	}
	slices.SortFunc(sources, func(a, b Source) int {
		return cmp.Or(
			cmp.Compare(shown(a.Kind), shown(b.Kind)),
			cmp.Compare(s.project.rank(b.Role), s.project.rank(a.Role)),
			cmp.Compare(a.Team, b.Team), cmp.Compare(a.Via, b.Via),
		)
	})
	access := Access{Role: sources[0].Role, Sources: sources, scheme: s, degrees: make([]degree, len(s.project.catalogue))}
	for _, source := range sources {
		if s.project.rank(source.Role) > s.project.rank(access.Role) {
			access.Role = source.Role
		}
		for i, d := range s.project.find(source.Role).degrees {
			access.degrees[i] = max(access.degrees[i], d)
		}
	}
	return access
}

func shown(kind SourceKind) int {
	return slices.Index([]SourceKind{Direct, ThroughRole, ThroughTeam}, kind)
}

// Level returns the level of a permission; the lowest for one that there is not.
func (a Access) Level(permission events.PermissionKey) events.Level {
	if a.scheme == nil {
		return ""
	}
	i := a.scheme.project.index(permission)
	if i < 0 {
		return ""
	}
	var d degree
	if a.degrees != nil {
		d = a.degrees[i]
	}
	return levelOf(a.scheme.project.catalogue[i].Kind, d)
}

// Levels returns the level of every permission of the scheme.
func (a Access) Levels() map[events.PermissionKey]events.Level {
	levels := map[events.PermissionKey]events.Level{}
	if a.scheme != nil {
		for _, permission := range a.scheme.project.catalogue {
			levels[permission.Key] = a.Level(permission.Key)
		}
	}
	return levels
}
