package domain

import (
	"slices"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/champ"
)

// deleteProject removes a project with its grants, assignments, overrides and invites.
func (o Organization) deleteProject(transient *champ.Transient, id events.ProjectID) Organization {
	project, _ := o.projects.Get(id)
	// A loop over what is changed in place ends before the change.
	for _, user := range slices.Collect(project.granted.Keys()) {
		o = o.removeGrant(transient, id, user)
	}
	for a := range project.Assignments() {
		o = o.unassign(transient, id, a.Team)
	}
	for _, user := range project.overridden {
		for _, override := range o.members.At(user).overridesOn(id) {
			o = o.clearOverride(transient, id, user, override.Permission)
		}
	}
	for _, invite := range slices.Collect(o.invites.Keys()) {
		if o.invites.At(invite).includesProject(id) {
			o = o.removeInvitedProject(transient, invite, id)
		}
	}
	o.projects = o.projects.DeleteTransient(transient, id)
	return o
}

func (o Organization) linkProject(transient *champ.Transient, id events.ProjectID, link *PublicLink) Organization {
	return o.changeProject(transient, id, func(p *Project) { p.link = link })
}
