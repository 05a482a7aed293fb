package domain

import (
	"slices"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/champ"
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
	for user := range project.overridden.values() {
		for _, override := range s.members.At(user).overridesOn(id) {
			s.clearOverride(id, user, override.Permission)
		}
	}
	if inviting := s.inviting.At(id); inviting != nil {
		for invite := range inviting.Keys() {
			s.loseInvitedProject(invite, id)
		}
		s.inviting = champ.Delete(s.owner, s.inviting, id)
	}
	s.projects = champ.Delete(s.owner, s.projects, id)
}

func (s *state) linkProject(id events.ProjectID, link *PublicLink) {
	s.changeProject(id, func(p *Project) { p.link = link })
}
