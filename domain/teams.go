package domain

import (
	"iter"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/champ"
	"github.com/seed-2026d078/roster/internal/collation"
)

// Team returns a team, and whether there is one.
func (o Organization) Team(id events.TeamID) (Team, bool) { return o.teams.Get(id) }

// TeamsNamed returns the ids of the teams with a name, without regard to case, in order. There
// is at most one, but for old ledgers. Do not change the slice.
func (o Organization) TeamsNamed(name string) []events.TeamID {
	named, _ := o.teamNames.Get(collation.FoldCase(name))
	return named
}

// Teams yields every team, in no particular order.
func (o Organization) Teams() iter.Seq2[events.TeamID, Team] { return o.teams.All() }

// Ancestors yields a team, then the teams above it whose assignments its members
// inherit, nearest first. Where the scheme has no inheritance it yields the team alone.
func (o Organization) Ancestors(id events.TeamID) iter.Seq2[events.TeamID, Team] {
	return func(yield func(events.TeamID, Team) bool) {
		for id != "" {
			team := o.teams.At(id)
			if team == nil || !o.spend(stepsToLookUp) || !yield(team.id, *team) || !o.scheme.Teams.Inherit {
				return
			}
			id = team.Parent
		}
	}
}

// Descendants yields a team, then the teams below it that inherit its assignments.
// Where the scheme has no inheritance it yields the team alone.
func (o Organization) Descendants(id events.TeamID) iter.Seq2[events.TeamID, Team] {
	return func(yield func(events.TeamID, Team) bool) { o.descendants(id, yield) }
}

func (o Organization) descendants(id events.TeamID, yield func(events.TeamID, Team) bool) bool {
	team := o.teams.At(id)
	if team == nil {
		return true
	}
	if !o.spend(stepsToLookUp) || !yield(team.id, *team) {
		return false
	}
	if o.scheme.Teams.Inherit {
		for child := range team.children.values() {
			if !o.descendants(child, yield) {
				return false
			}
		}
	}
	return true
}

// InheritsFrom reports whether a team is another one, or inherits from it.
func (o Organization) InheritsFrom(id, other events.TeamID) bool {
	if id == other {
		return o.teams.At(id) != nil
	}
	for above := o.ancestorsOf(id); above != nil; above = above.next {
		if above.team == other {
			return true
		}
	}
	return false
}

// TeamsOnProject yields, once each, the teams whose members are on a project by an assignment:
// the teams assigned, and those that inherit from them. Assignments that have ended are included.
func (o Organization) TeamsOnProject(id events.ProjectID) iter.Seq[events.TeamID] {
	project := o.projects.At(id)
	if project == nil {
		return func(func(events.TeamID) bool) {}
	}
	return o.teamsOn(project, func(*Assignment) bool { return true })
}

// teamsOn is TeamsOnProject for the assignments that count.
func (o Organization) teamsOn(project *Project, counts func(*Assignment) bool) iter.Seq[events.TeamID] {
	return func(yield func(events.TeamID) bool) {
		for a := range project.assignments.all() {
			if !counts(a) || o.assignedAbove(project, a.Team, counts) {
				continue // yielded with that one, or not at all
			}
			for team := range o.Descendants(a.Team) {
				if !yield(team) {
					return
				}
			}
		}
	}
}

// assignedAbove reports whether a team from which another one inherits is assigned to a project by
// an assignment that counts.
func (o Organization) assignedAbove(project *Project, team events.TeamID, counts func(*Assignment) bool) bool {
	for above := o.ancestorsOf(team); above != nil; above = above.next {
		if !o.spend(project.assignments.lookupSteps()) {
			return true
		}
		if a := project.findAssignment(above.team); a != nil && counts(a) {
			return true
		}
	}
	return false
}

// isBelow reports whether a team is another one, or is anywhere below it.
func (o Organization) isBelow(id, other events.TeamID) bool {
	for id != "" && id != other && o.spend(stepsToLookUp) {
		id = o.teams.At(id).Parent
	}
	return id == other
}

func (s *state) changeTeam(id events.TeamID, change func(*Team)) {
	teams, team := champ.Update(s.owner, s.teams, id)
	change(team)
	s.teams = teams
}
