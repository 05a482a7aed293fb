package domain

import (
	"slices"

	"github.com/seed-2026d078/roster/events"
)

// TakeOverProject gives its actor the role on a project that must be held and has no active
// holder.
type TakeOverProject struct{ Project events.ProjectID }

// Decide lets those whom the scheme allows take over a project on which nobody who is
// active has such a role. Who has been suspended keeps theirs.
func (c TakeOverProject) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	if err := org.Authorize(m.Actor, TakingOverProject, About{Project: c.Project}); err != nil {
		return nil, err
	}
	role := org.roleWithoutHolder(c.Project)
	switch {
	case role == "":
		return nil, ErrHasHolder
	case m.Actor == events.System:
		return nil, ErrNoMember.Because("The system is no member and takes over nothing; add a member to the project instead.")
	case !org.lasts(org.members.At(m.Actor)):
		return nil, ErrMembershipEnds
	}
	return org.giveForGood(c.Project, m.Actor, role), nil
}

// roleWithoutHolder returns the highest role on a project that must be held and that nobody
// has who is active; empty for none. It looks at people on the project until it finds a holder.
func (o Organization) roleWithoutHolder(id events.ProjectID) events.RoleKey {
	for _, role := range slices.Backward(o.scheme.project.roles) {
		if mustBeHeld(role.Role) && o.projectHolders(id, role.Key, 1) == 0 {
			return role.Key
		}
	}
	return ""
}
