package domain

import (
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/champ"
)

// ancestor is a team from which another one inherits, with those above it. Teams with the same
// parent share it. The value is never changed: a team that moves gets others, and so do all
// below it.
type ancestor struct {
	team events.TeamID
	// next is above the team; nil if none is.
	next *ancestor
}

// ancestorsOf returns the teams from which a team inherits, nearest first; nil if there are
// none, or the scheme has no inheritance.
func (s *state) ancestorsOf(id events.TeamID) *ancestor {
	if s.ancestors.Len() == 0 {
		return nil
	}
	if above := s.ancestors.At(id); above != nil {
		return *above
	}
	return nil
}

// setAncestors says from which teams a team inherits, and all that are below it. It visits each
// of them once, whatever they are assigned to.
func (s *state) setAncestors(id events.TeamID, above *ancestor) {
	if above != nil {
		s.ancestors = champ.Set(s.owner, s.ancestors, id, above)
	} else {
		s.ancestors = champ.Delete(s.owner, s.ancestors, id)
	}
	if team := s.teams.At(id); !team.children.isEmpty() {
		below := &ancestor{team.id, above}
		for child := range team.children.values() {
			s.setAncestors(child, below)
		}
	}
}

// ancestorsBelow returns what [state.ancestorsOf] returns for a team below a parent.
func (s *state) ancestorsBelow(parent events.TeamID) *ancestor {
	team := s.teams.At(parent)
	if team == nil || !s.scheme.Teams.Inherit {
		return nil
	}
	return &ancestor{team.id, s.ancestorsOf(parent)}
}

// findAncestors says of all teams from which they inherit, by the scheme in force.
func (s *state) findAncestors() {
	s.ancestors = champ.Map[events.TeamID, *ancestor]{}
	if !s.scheme.Teams.Inherit {
		return
	}
	for id, team := range s.teams.All() {
		if s.teams.At(team.Parent) == nil {
			s.setAncestors(id, nil)
		}
	}
}
