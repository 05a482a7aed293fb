package domain

import (
	"cmp"
	"slices"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/champ"
)

// elevationOn is the order of elevations around the one on a project.
func elevationOn(project events.ProjectID) func(*Elevation) int {
	return func(e *Elevation) int { return cmp.Compare(e.Project, project) }
}

func (s *state) elevate(e events.Elevated, origin events.Origin) {
	roles, project := s.scheme.organization, events.ProjectID("")
	if p := s.projects.At(e.Project); p != nil {
		roles, project = s.scheme.project, p.id
	}
	s.dropElevation(e.Member, project) // a later one takes its place
	one := Elevation{Member: e.Member, Project: project, Role: roles.intern(e.Role), Request: e.Request, Until: e.Until, Origin: origin}
	s.changeMember(e.Member, func(m *Member) {
		m.change(func(a *memberAttributes) { a.elevations = a.elevations.set(one, elevationOn(project)) })
	})
	s.elevated = champ.Set(s.owner, s.elevated, e.Member, struct{}{})
	s.keepRequestOf(&one)
}

// dropElevation ends somebody's elevation on a project, or in the organization if that is empty, if they have one.
func (s *state) dropElevation(user events.UserID, project events.ProjectID) {
	dropped := s.members.At(user).elevation(project)
	if dropped == nil {
		return
	}
	s.changeMember(user, func(m *Member) {
		m.change(func(a *memberAttributes) { a.elevations = a.elevations.without(elevationOn(project)) })
	})
	if !s.members.At(user).isElevated() {
		s.elevated = champ.Delete(s.owner, s.elevated, user)
	}
	s.releaseRequestOf(dropped)
}

// dropElevations ends all elevations of somebody.
func (s *state) dropElevations(user events.UserID) {
	if !s.members.At(user).isElevated() {
		return
	}
	dropped := s.members.At(user).optional.elevations
	s.changeMember(user, func(m *Member) {
		m.change(func(a *memberAttributes) { a.elevations = sortedList[Elevation]{} })
	})
	s.elevated = champ.Delete(s.owner, s.elevated, user)
	for e := range dropped.all() {
		s.releaseRequestOf(e)
	}
}

// dropElevationsOn ends all elevations on a project.
func (s *state) dropElevationsOn(id events.ProjectID) {
	for _, user := range slices.Collect(s.elevated.Keys()) {
		s.dropElevation(user, id)
	}
}
