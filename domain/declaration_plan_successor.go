package domain

import (
	"maps"
	"slices"

	"github.com/seed-2026d078/roster/events"
)

// successor returns who takes over the projects that somebody created who is removed: one
// who has the creator's role on each of them already, so that nobody gets what is not
// declared. Empty is who makes the declaration. It fails if people are declared on one of
// the projects, and nobody is as that asks.
//
// It looks at the grants on one project that the person created. No other person created it.
func (p *declarationPlan) successor(id events.UserID) (events.UserID, error) {
	created := p.org.createdBy(p.org.members.At(id))
	maps.DeleteFunc(created, func(project events.ProjectID, _ events.RoleKey) bool { return p.deletes(project) })
	takesOver := func(user events.UserID) bool {
		member := p.org.active(user)
		return user != id && !p.leaving[user] && member != nil && p.org.lasts(member) && p.holdsGrants(member, created)
	}
	if len(created) == 0 || takesOver(p.m.Actor) {
		return "", nil
	}
	projects := slices.Sorted(maps.Keys(created))
	for _, user := range slices.Sorted(p.org.projects.At(projects[0]).Granted()) {
		if takesOver(user) {
			return user, nil
		}
	}
	for _, project := range projects {
		if p.staffed[project] {
			return "", ErrLastHolder.Because(
				"%q created project %q; declare a member there, and on each other project that they created, who takes over, as %q without an end, or remove them before and name in transfer_to who takes over.",
				id, project, created[project])
		}
	}
	return "", nil
}

// refuseTransfer fails if, without somebody, a project would have too few holders of a role, and
// if nobody may take over: people are declared there, or who makes the declaration cannot.
func (p *declarationPlan) refuseTransfer(id, to events.UserID) error {
	t := transfer{p.org, p.m, id, to}
	highest, lowest := t.rolesLeftBehind(events.MemberRemoved{Member: id})
	for _, project := range slices.Sorted(maps.Keys(highest)) {
		takesOver := to != "" || id != p.m.Actor && t.canTakeOver(p.m.Actor) && !p.org.holdsForGood(p.m.Actor, project, lowest[project])
		if p.staffed[project] || !takesOver {
			return ErrLastHolder.Because("Without %q project %q would have too few holders of the role %q; declare somebody else there with it, without an end, also if the project is archived.",
				id, project, highest[project])
		}
	}
	return nil
}

// holdsGrants reports whether a member has grants of some roles, or of higher ones, without
// an end.
func (p *declarationPlan) holdsGrants(member *Member, roles map[events.ProjectID]events.RoleKey) bool {
	for project, role := range roles {
		grant := member.findGrant(project)
		if grant == nil || !p.org.onlyLasting().counts(&grant.term) || p.org.scheme.project.rank(grant.Role) < p.org.scheme.project.rank(role) {
			return false
		}
	}
	return true
}
