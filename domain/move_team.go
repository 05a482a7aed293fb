package domain

import (
	"iter"

	"github.com/seed-2026d078/roster/events"
)

// MoveTeam puts a team with all below it under another parent.
type MoveTeam struct {
	Team events.TeamID
	// To is the new parent; empty is the top level.
	To events.TeamID
}

// Decide lets those whom the scheme allows move a team to where it does not stand below
// itself, nor deeper than the scheme allows, unless it stood as deep before. What it inherits there
// must be the actor's to give, and what it inherited before the actor's to take.
func (c MoveTeam) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	team, err := org.teamToChange(m.Actor, MovingTeam, About{Team: c.Team})
	if err != nil {
		return nil, err
	}
	if team.Parent == c.To {
		return nil, nil // already so
	}
	if err := org.validateParent(m.Actor, c.To); err != nil {
		return nil, err
	}
	if c.To != "" && org.isBelow(c.To, c.Team) {
		return nil, ErrTeamCycle
	}
	if err := org.requireDepth(org.teamHeight(team), c.To, org.teamDepth(c.Team)); err != nil {
		return nil, err
	}
	if err := org.mayInheritFrom(team, c.To, m.Actor); err != nil {
		return nil, err
	}
	var happened []events.Event
	for _, project := range org.projectsThroughTeam(c.To) {
		happened = append(happened, org.clearOldOverridesInTeam(c.Team, project)...)
	}
	return org.withHoldersKept(m, append(happened, events.TeamMoved{Team: c.Team, From: team.Parent, To: c.To})...)
}

// mayInheritFrom refuses an actor who would, by moving a team below another parent, give its
// people more on projects than the actor may give, or take what the actor may not take.
// What the team inherits before and after counts for neither.
func (o Organization) mayInheritFrom(team *Team, parent events.TeamID, actor events.UserID) error {
	if !o.scheme.Teams.Inherit {
		return nil
	}
	if err := o.mayTakeThrough(o.ancestorsExcept(team.Parent, parent), actor, o.rolesHeldIn(team.id, actor)...); err != nil {
		return err
	}
	return o.mayGiveThrough(o.ancestorsExcept(parent, team.Parent), actor, "")
}

// ancestorsExcept yields a team and those above it, except what is also above another team.
func (o Organization) ancestorsExcept(id, other events.TeamID) iter.Seq2[events.TeamID, Team] {
	return func(yield func(events.TeamID, Team) bool) {
		for above, team := range o.Ancestors(id) {
			if !o.isBelow(other, above) && !yield(above, team) {
				return
			}
		}
	}
}
