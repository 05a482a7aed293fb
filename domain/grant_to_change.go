package domain

import (
	"fmt"

	"github.com/seed-2026d078/roster/events"
)

// grantToChange authorizes a change to somebody's direct grant and returns the grant.
// It fails if the person is protected or ranks above the actor.
func (o Organization) grantToChange(actor events.UserID, action events.Action, id events.ProjectID, user events.UserID) (Grant, error) {
	if err := o.Authorize(actor, action, About{Project: id, Member: user}); err != nil {
		return Grant{}, err
	}
	if err := o.requireUnprotectedOn(id, actor, user); err != nil {
		return Grant{}, err
	}
	grant, err := o.directGrant(actor, action, id, user)
	if err != nil || actor == user && action == RemovingProjectMember {
		return grant, err // everybody may leave, whatever their rank
	}
	return grant, o.mayTakeGrant(id, actor, user, grant.Role)
}

// directGrant returns somebody's grant on a project. It fails for somebody who is there
// only through a team, and names the team if the actor sees it.
func (o Organization) directGrant(actor events.UserID, action events.Action, id events.ProjectID, user events.UserID) (Grant, error) {
	if member := o.members.At(user); member != nil {
		if grant := member.findGrant(id); grant != nil {
			return *grant, nil
		}
	}
	for _, source := range o.Access(user, id).Sources {
		if source.Kind != ThroughTeam {
			continue
		}
		team, suggestion := "a team", "take them out of the team, or the team off the project"
		if o.SeesTeam(actor, source.Via) {
			team = fmt.Sprintf("team %q", o.teamName(source.Via))
		}
		if action != RemovingProjectMember {
			suggestion = "add them to the project with a role of their own"
		}
		return Grant{}, ErrOnlyThroughTeam.Because("%q is on the project through %s alone; %s.", user, team, suggestion)
	}
	return Grant{}, notOnProject(user)
}
