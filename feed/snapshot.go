package feed

import (
	"github.com/seed-2026d078/roster/events"
)

// SnapshotStart is the first line of a snapshot of an organization's access. Whoever reads the feed behind its
// position goes on from it.
type SnapshotStart struct {
	Organization events.OrganizationID `json:"organization"`
	Position     events.Position       `json:"position" doc:"Of the newest commit in the snapshot: the feed goes on behind it."`
	Version      events.Version        `json:"version" doc:"Of the organization."`
}

// SnapshotLine is a line of a snapshot: somebody's access to a project. As in the feed, a source that has
// ended counts until its end is recorded.
type SnapshotLine struct {
	User    events.UserID    `json:"user"`
	Project events.ProjectID `json:"project"`
	AccessLevel
	Sources []AccessSource `json:"sources"`
}

// SnapshotEnd is the last line of a snapshot. Without it, lines are missing.
type SnapshotEnd struct {
	Lines int `json:"lines" doc:"How many there are between the first and this one."`
}
