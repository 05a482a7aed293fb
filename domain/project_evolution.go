package domain

import (
	"slices"

	"github.com/seed-2026d078/roster/events"
)

// deleteProject removes a project with its grants, assignments, overrides and invites.
func (s *state) deleteProject(id events.ProjectID) {
	project, _ := s.projects.Get(id)
	// A loop over what is changed in place ends before the change.
	for _, user := range slices.Collect(project.granted.Keys()) {
		s.removeGrant(id, user)
	}
	for a := range project.Assignments() {
		s.unassign(id, a.Team)
	}
	for _, user := range project.overridden {
		for _, override := range s.members.At(user).overridesOn(id) {
			s.clearOverride(id, user, override.Permission)
		}
	}
	for _, invite := range slices.Collect(s.invites.Keys()) {
		if s.invites.At(invite).includesProject(id) {
			s.loseInvitedProject(invite, id)
		}
	}
	s.projects = s.projects.DeleteTransient(s.owner, id)
}

func (s *state) linkProject(id events.ProjectID, link *PublicLink) {
	s.changeProject(id, func(p *Project) { p.link = link })
}
