package domain

import (
	"iter"

	"github.com/seed-2026d078/roster/events"
)

// AccessChange is a change in somebody's role: on a project whatever its sources,
// or in the organization where Project is empty.
type AccessChange struct {
	User    events.UserID
	Project events.ProjectID
	// From is the role before, To the role after; empty is none.
	From, To events.RoleKey
}

// AccessChanges compares two states, before and after one event, and yields whose
// roles differ. Its cost grows with the people and projects that the event
// touches, not with the organization.
func AccessChanges(before, after Organization, e events.Event) iter.Seq[AccessChange] {
	return func(yield func(AccessChange) bool) {
		for pair := range touched(before, after, e) {
			change := AccessChange{User: pair.user, Project: pair.project}
			if pair.project == "" {
				change.From, change.To = before.roleOf(pair.user), after.roleOf(pair.user)
			} else {
				change.From, change.To = before.Access(pair.user, pair.project).Role, after.Access(pair.user, pair.project).Role
			}
			if change.From != change.To && !yield(change) {
				return
			}
		}
	}
}

func (o Organization) roleOf(user events.UserID) events.RoleKey {
	if member := o.members.At(user); member != nil {
		return member.Role
	}
	return ""
}

// pair is a person and a project, or the organization where project is empty.
type pair struct {
	user    events.UserID
	project events.ProjectID
}

// touched yields each pair whose role the event can have changed, once.
func touched(before, after Organization, e events.Event) iter.Seq[pair] {
	return func(yield func(pair) bool) {
		switch e := e.(type) {
		case events.MemberJoined:
			yieldPairs(yield, e.Member, after.Reached(e.Member)...)
		case events.RoleChanged:
			if before.scheme.Reach(e.From) == before.scheme.Reach(e.To) {
				yield(pair{e.Member, ""})
				return
			}
			yieldPairs(yield, e.Member, after.everyProject()...)
		case events.MemberRemoved:
			yieldPairs(yield, e.Member, before.Reached(e.Member)...)
		case events.ProjectCreated:
			for user := range after.OnProject(e.Project) {
				if !yield(pair{user, e.Project}) {
					return
				}
			}
		case events.ProjectMemberAdded:
			yield(pair{e.Member, e.Project})
		case events.ProjectRoleChanged:
			yield(pair{e.Member, e.Project})
		case events.ProjectMemberRemoved:
			yield(pair{e.Member, e.Project})
		case events.TeamMemberAdded:
			yieldPairs(yield, e.Member, after.conferred(e.Team)...)
		case events.TeamMemberRemoved:
			yieldPairs(yield, e.Member, before.conferred(e.Team)...)
		case events.TeamAssigned:
			after.yieldHeirs(yield, e.Team, e.Project)
		case events.AssignmentChanged:
			after.yieldHeirs(yield, e.Team, e.Project)
		case events.TeamUnassigned:
			before.yieldHeirs(yield, e.Team, e.Project)
		case events.TeamRemoved:
			before.yieldHeirs(yield, e.Team, before.conferred(e.Team)...)
		case events.TeamMoved:
			before.yieldHeirs(yield, e.Team, union(before.conferred(e.Team), after.conferred(e.Team))...)
		case events.OrganizationDeleted:
			for user := range before.members.All() {
				if !yieldPairs(yield, user, before.Reached(user)...) {
					return
				}
			}
		case events.OrganizationCreated, events.HistoryImported,
			events.MemberInvited, events.InviteAccepted, events.InviteRevoked,
			events.TeamCreated, events.TeamRenamed, events.TeamDescribed, events.TeamRoleChanged:
		}
	}
}

// yieldPairs yields somebody's place in the organization, and on projects.
func yieldPairs(yield func(pair) bool, user events.UserID, projects ...events.ProjectID) bool {
	if !yield(pair{user, ""}) {
		return false
	}
	for _, project := range projects {
		if !yield(pair{user, project}) {
			return false
		}
	}
	return true
}

// yieldHeirs yields everybody in a team, or in one that inherits from it, once.
func (o Organization) yieldHeirs(yield func(pair) bool, id events.TeamID, projects ...events.ProjectID) {
	seen := map[events.UserID]struct{}{}
	for _, team := range o.Heirs(id) {
		for user := range team.members.All() {
			if _, again := seen[user]; again {
				continue
			}
			seen[user] = struct{}{}
			for _, project := range projects {
				if !yield(pair{user, project}) {
					return
				}
			}
		}
	}
}
