package domain

import (
	"slices"

	"github.com/seed-2026d078/roster/events"
)

// AllSources lists every source of a member's access to a project, in the order in
// which sources are shown: those that hold, those that have ended or have not started, and those of a
// member who is deactivated, or whose membership is not in effect.
func (o Organization) AllSources(user events.UserID, id events.ProjectID) []Source {
	member, project := o.members.At(user), o.projects.At(id)
	if member == nil || project == nil {
		return nil
	}
	var sources []Source
	o.counting = anytime
	for ref := range o.sourceRefs(member, project) {
		sources = append(sources, o.source(user, member, ref))
	}
	slices.SortFunc(sources, o.scheme.compareSources)
	return sources
}
