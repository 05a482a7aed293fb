package domain

import (
	"cmp"
	"slices"
	"time"

	"github.com/seed-2026d078/roster/events"
)

// SourceKind says how somebody came to a role on a project.
type SourceKind string

// The kinds of source.
const (
	// Direct is a grant to the person.
	Direct SourceKind = "direct"
	// Creator is the grant that came with creating the project.
	Creator SourceKind = "creator"
	// ThroughRole is a role of the organization that reaches every project.
	ThroughRole SourceKind = "organization"
	// ThroughElevation is a higher role for a time, on the project or in the organization, for which somebody's request was
	// approved.
	ThroughElevation SourceKind = "elevation"
	// ThroughTeam is the assignment of a team that the person is in, or of one above it.
	ThroughTeam SourceKind = "team"
)

// SourceKinds lists every kind, in the order in which sources are shown.
func SourceKinds() []SourceKind {
	return []SourceKind{Direct, Creator, ThroughRole, ThroughElevation, ThroughTeam}
}

// Source is one reason for somebody's access to a project.
type Source struct {
	Kind SourceKind
	// Role is the project role that this source gives.
	Role events.RoleKey
	// Levels are the person's own; nil for none.
	Levels events.Levels
	// Bypass grants everything, whatever levels and overrides say.
	Bypass bool
	// Began is when the source began to give access, or will begin. A change of the role that it gives does
	// not move it, except for the kind ThroughRole.
	Began time.Time
	// From is when the source starts, or has started later than somebody gave it; the zero value means that it
	// started at once.
	From time.Time
	// Until is when the source ends; the zero value means never.
	Until time.Time
	// Team is the team assigned; empty unless the kind is ThroughTeam.
	Team events.TeamID
	// Via is the team that the person is in: Team, or one below it.
	Via events.TeamID
	// Elevation is what the kind ThroughElevation is about; the zero value for every other kind.
	Elevation Elevation
	// Origin is the event behind it: the grant, the assignment, the elevation, or what gave the
	// role of the organization.
	events.Origin
	// Entered is the event that put the person into Via.
	Entered events.Origin
}

// compareSources orders sources as they are shown: direct ones first, then by rank.
func (s *Scheme) compareSources(a, b Source) int {
	return cmp.Or(
		cmp.Compare(sourceOrder(a.Kind), sourceOrder(b.Kind)),
		cmp.Compare(s.project.rank(b.Role), s.project.rank(a.Role)),
		cmp.Compare(a.Team, b.Team), cmp.Compare(a.Via, b.Via), cmp.Compare(a.Elevation.Project, b.Elevation.Project),
	)
}

func sourceOrder(kind SourceKind) int { return slices.Index(SourceKinds(), kind) }
