package domain

import "github.com/seed-2026d078/roster/events"

// requireDepth fails if a team with all below it, which is height levels high, would stand below
// a parent deeper than the scheme allows, and deeper than it stands now; present is 0 if the team
// does not exist yet. Imports state facts, and a declaration counts by itself.
func (o Organization) requireDepth(height int, parent events.TeamID, present int) error {
	if o.importing || o.declaring || parent == "" {
		return nil
	}
	return o.requireLevels(o.teamDepth(parent)+1, height, present)
}

// requireLevels is requireDepth for a team that will be at a level. It holds in imports and
// declarations, too.
func (o Organization) requireLevels(level, height, present int) error {
	lowest, limit := level+height-1, o.scheme.Teams.Depth()
	if lowest <= limit || present > 0 && level <= present {
		return nil
	}
	return ErrTeamTooDeep.Because("This would make %d levels of teams; the organization's scheme allows %d (teams.max_depth). Choose a parent further up.", lowest, limit)
}

// teamDepth returns the level at which a team stands: 1 for one without a parent, 0 for none.
func (o Organization) teamDepth(id events.TeamID) int {
	depth := 0
	for team := o.teams.At(id); team != nil && o.spend(stepsToLookUp); team = o.teams.At(team.Parent) {
		depth++
	}
	return depth
}

// teamHeight returns how many levels a team and those below it have.
func (o Organization) teamHeight(team *Team) int {
	below := 0
	for child := range team.children.values() {
		if !o.spend(stepsToLookUp) {
			break
		}
		below = max(below, o.teamHeight(o.teams.At(child)))
	}
	return 1 + below
}
