package domain

import (
	"cmp"
	"iter"
	"slices"
	"unique"

	"github.com/seed-2026d078/roster/events"
)

// teamSet is a set of teams, in the order of their ids. It is a value: a change returns another set, and the one
// before stays as it was. Two sets that are equal by == have the same teams. The zero value is empty.
type teamSet struct {
	// few are the teams as long as they are not more, which is so for most members. They lie in the member itself,
	// so that a check need not wait for other memory. Free places come last.
	few [2]teamHandle
	// many are the teams if they are more; otherwise nil.
	many *[]teamHandle
}

// teamHandle is a team's id in 8 bytes.
type teamHandle = unique.Handle[events.TeamID]

func newTeamSet(handles []teamHandle) (s teamSet) {
	if len(handles) > len(s.few) {
		return teamSet{many: &handles}
	}
	copy(s.few[:], handles)
	return s
}

// handles returns the teams. Only read them.
func (s *teamSet) handles() []teamHandle {
	if s.many != nil {
		return *s.many
	}
	n := 0
	for n < len(s.few) && s.few[n] != (teamHandle{}) {
		n++
	}
	return s.few[:n]
}

func (s *teamSet) len() int { return len(s.handles()) }

// all yields the teams, in order.
func (s teamSet) all() iter.Seq[events.TeamID] {
	return func(yield func(events.TeamID) bool) {
		for _, team := range s.handles() {
			if !yield(team.Value()) {
				return
			}
		}
	}
}

func (s *teamSet) contains(id events.TeamID) bool {
	return s.containsFunc(func(team events.TeamID) bool { return team == id })
}

// containsFunc reports whether a function is true of any of the teams.
func (s *teamSet) containsFunc(is func(events.TeamID) bool) bool {
	for _, team := range s.handles() {
		if is(team.Value()) {
			return true
		}
	}
	return false
}

// with returns the set with a team.
func (s teamSet) with(id events.TeamID) teamSet {
	i, found := s.index(id)
	if found {
		return s
	}
	return newTeamSet(inserted(s.handles(), i, unique.Make(id)))
}

// without returns the set without a team.
func (s teamSet) without(id events.TeamID) teamSet {
	i, found := s.index(id)
	if !found {
		return s
	}
	handles := s.handles()
	return newTeamSet(slices.Concat(handles[:i], handles[i+1:]))
}

// index returns where a team is, or belongs.
func (s *teamSet) index(id events.TeamID) (int, bool) {
	return slices.BinarySearchFunc(s.handles(), id, func(team teamHandle, id events.TeamID) int { return cmp.Compare(team.Value(), id) })
}
