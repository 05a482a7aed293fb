package domain

import (
	"slices"
	"time"

	"github.com/seed-2026d078/roster/events"
)

// AllSources lists every source of a member's access to a project, in the order in
// which sources are shown: those that hold, those that have ended, and those of a
// member who is deactivated or whose membership has ended.
func (o Organization) AllSources(user events.UserID, id events.ProjectID) []Source {
	member, project := o.members.At(user), o.projects.At(id)
	if member == nil || project == nil {
		return nil
	}
	var sources []Source
	for ref := range o.At(time.Time{}).sourceRefs(member, project) { // the zero time is before every end
		sources = append(sources, o.source(user, member, ref))
	}
	slices.SortFunc(sources, o.scheme.compareSources)
	return sources
}
