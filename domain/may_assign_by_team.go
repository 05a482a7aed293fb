package domain

import (
	"iter"
	"slices"

	"github.com/seed-2026d078/roster/events"
)

// mayAssignInTeam refuses an actor who would give or take a role in a team that ranks
// above their own there. It refuses nothing if the scheme allows the actor the action
// without a role in the team.
func (o Organization) mayAssignInTeam(team events.TeamID, actor events.UserID, action events.Action, roles ...events.RoleKey) error {
	own := o.teamRole(actor, team)
	if own == "" || o.allows(actor, action, About{}) {
		return nil
	}
	for _, role := range roles {
		if !o.scheme.team.mayAssign(own, role) {
			return ErrMayNotAssign.Because("With the role %q in the team you may not give or take the role %q.", own, role)
		}
	}
	return nil
}

// mayAssignTeam refuses an actor who would give the members of a team more on a project
// than the actor has there. Where each member gets their default, every role that
// somebody could hold there counts: looking at each member of a large team would be slow,
// and whoever joins later holds one of these roles too.
func (o Organization) mayAssignTeam(actor events.UserID, project events.ProjectID, stated events.RoleKey) error {
	if stated != "" || actor == events.System {
		return o.mayGiveOn(project, actor, stated)
	}
	for _, role := range o.scheme.organization.roles {
		if err := o.mayGiveOn(project, actor, o.scheme.DefaultProjectRole(role.Key)); err != nil {
			return err
		}
	}
	return nil
}

// mayGiveThrough refuses an actor who would give holders of a role of the organization, by
// what teams are assigned to, more on a project than the actor has there. The empty role
// stands for every role. It looks at each assignment of the teams.
func (o Organization) mayGiveThrough(teams iter.Seq2[events.TeamID, Team], actor events.UserID, held events.RoleKey) error {
	if actor == events.System {
		return nil
	}
	for project, a := range o.lastingAssignments(teams) {
		given := a.Role
		if held != "" {
			given = o.scheme.assignmentRole(given, held)
		}
		if err := o.mayAssignTeam(actor, project, given); err != nil {
			return err
		}
	}
	return nil
}

// mayTakeThrough refuses an actor who would take from people, who hold the given roles of
// the organization, what they have by what teams are assigned to. It looks at each
// assignment of the teams.
func (o Organization) mayTakeThrough(teams iter.Seq2[events.TeamID, Team], actor events.UserID, held ...events.RoleKey) error {
	if actor == events.System || len(held) == 0 {
		return nil
	}
	for project, a := range o.lastingAssignments(teams) {
		if err := o.mayTakeOn(project, actor, o.scheme.assignmentRoles(a, held)...); err != nil {
			return err
		}
	}
	return nil
}

// mayChangeDefault refuses an actor who would, by changing somebody's role in the
// organization, give or take on projects of their teams what the actor may not give or
// take there: each member of a team may have the default role of their own. People may
// lose their own. It looks at each assignment of the person's teams.
func (o Organization) mayChangeDefault(actor, user events.UserID, from, to events.RoleKey) error {
	taken, given := o.scheme.DefaultProjectRole(from), o.scheme.DefaultProjectRole(to)
	if actor == events.System || o.scheme.Teams.Confer != events.MembersDefault || taken == given {
		return nil
	}
	for _, team := range o.members.At(user).teams {
		for project, a := range o.lastingAssignments(o.Ancestors(team)) {
			if a.Role != "" {
				continue
			}
			if actor != user {
				if err := o.mayTakeOn(project, actor, taken); err != nil {
					return err
				}
			}
			if err := o.mayGiveOn(project, actor, given); err != nil {
				return err
			}
		}
	}
	return nil
}

// lastingAssignments yields the assignments of teams, except those that have ended.
func (o Organization) lastingAssignments(teams iter.Seq2[events.TeamID, Team]) iter.Seq2[events.ProjectID, Assignment] {
	return func(yield func(events.ProjectID, Assignment) bool) {
		for _, team := range teams {
			for project, a := range team.projects.All() {
				if !o.spend(stepsToVisit) || !a.ended(o.at) && !yield(project, a) {
					return
				}
			}
		}
	}
}

// assignmentRoles returns the roles that an assignment gives to holders of roles of the
// organization.
func (s *Scheme) assignmentRoles(a Assignment, held []events.RoleKey) []events.RoleKey {
	var given []events.RoleKey
	for _, role := range held {
		if role = s.assignmentRole(a.Role, role); !slices.Contains(given, role) {
			given = append(given, role)
		}
	}
	return given
}

// rolesHeldIn lists the roles of the organization that people hold who are in a team, or
// in one that inherits from it, without those of one person. Where what a team gives does
// not depend on them, it lists one; otherwise it looks at each person.
func (o Organization) rolesHeldIn(team events.TeamID, except events.UserID) []events.RoleKey {
	var held []events.RoleKey
	for _, below := range o.Descendants(team) {
		for user := range below.members.Keys() {
			if !o.spend(stepsToLookUp) {
				return held
			}
			if role := o.members.At(user).Role; user != except && !slices.Contains(held, role) {
				held = append(held, role)
			}
			if len(held) > 0 && o.scheme.Teams.Confer != events.MembersDefault {
				return held
			}
		}
	}
	return held
}
