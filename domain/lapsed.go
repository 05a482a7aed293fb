package domain

import (
	"time"

	"github.com/seed-2026d078/roster/events"
)

// Lapsed returns the access to a project that somebody would have if nothing had ended
// and nobody was suspended. Where they have access now, it is no smaller than that.
func (o Organization) Lapsed(user events.UserID, id events.ProjectID) Access {
	o = o.At(time.Time{})
	member, project := o.members.At(user), o.projects.At(id)
	switch {
	case member == nil:
		return Access{Reason: NotMember}
	case project == nil:
		return Access{Reason: NoSuchProject}
	}
	sources := make([]Source, 0, 4)
	for b := range o.sourceRefs(member, project) {
		sources = append(sources, o.source(user, member, b))
	}
	return o.scheme.Resolve(sources, member.overridesOn(id))
}
