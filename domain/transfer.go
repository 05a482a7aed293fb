package domain

import (
	"fmt"
	"maps"
	"slices"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/phrase"
)

// transfer passes projects on from a member whose membership ends.
type transfer struct {
	org Organization
	m   events.Moment
	// from is the member, to is who takes over, as the command names them; empty is its actor.
	from, to events.UserID
}

// unlessLast is before for a member who is not the last holder of a role of the organization. It fails with all that is in the way.
func (t transfer) unlessLast(end events.Event, created map[events.ProjectID]events.RoleKey) ([]events.Event, error) {
	happened, err := t.before(end, created)
	switch last := t.org.checkLastHolderBelow(t.m.Actor, t.from); {
	case last == nil:
		return happened, err
	case err == nil:
		return nil, last
	default:
		return nil, ErrLastHolder.Because("%s %s", last, err)
	}
}

// before returns the event that ends the membership, after those that pass projects on:
// each on which a role that must be held would otherwise have too few holders, and each of
// those created, with the role of the creator. Who takes over gets that role without an
// end, and no more. An import that names nobody passes nothing on.
//
// It looks at the projects that the person reaches, and on each of them at people until it
// has found enough holders.
func (t transfer) before(end events.Event, created map[events.ProjectID]events.RoleKey) ([]events.Event, error) {
	if t.org.importing && t.to == "" {
		return []events.Event{end}, nil // the history says who got what
	}
	if err := t.validate(); err != nil {
		return nil, err
	}
	roles, lowest := t.rolesLeftBehind(end)
	for project, role := range created {
		if t.org.scheme.project.rank(role) > t.org.scheme.project.rank(roles[project]) {
			roles[project] = role
		}
	}
	var happened []events.Event
	var without []string // a successor
	for _, project := range slices.Sorted(maps.Keys(roles)) {
		_, handsOver := created[project]
		role := roles[project]
		to, named := t.to, t.to != ""
		if !named {
			to = t.m.Actor
		}
		holds := t.org.holdsForGood(to, project, role)
		addsNobody := lowest[project] != "" && t.org.holdsForGood(to, project, lowest[project])
		switch {
		case !named && (t.m.Actor == t.from || !t.canTakeOver(to) || addsNobody):
			without = append(without, fmt.Sprintf("project %q without a successor as %q", project, role))
		case handsOver:
			happened = append(happened, t.org.giveForGood(project, to, role)...)
			happened = append(happened, events.ProjectHandedOver{Project: project, From: t.from, To: to})
		case !holds:
			happened = append(happened, t.org.giveForGood(project, to, role)...)
		}
	}
	if more := len(without) - maxNamedProjects; more > 0 {
		without = append(without[:maxNamedProjects], fmt.Sprintf("%d more projects", more))
	}
	if len(without) > 0 {
		return nil, ErrLastHolder.Because("This would leave %s; name in transfer_to who takes over: another member, who is active and whose membership has no end.",
			phrase.Join(without, " and "))
	}
	return append(happened, end), nil
}

// maxNamedProjects is how many projects a refusal names.
const maxNamedProjects = 10

// validate fails if the one who is named cannot take over. Who leaves learns nothing by it
// about members whom they do not see.
func (t transfer) validate() error {
	if t.to == "" {
		return nil
	}
	hidden := t.m.Actor == t.from && !t.org.knows(t.m.Actor, t.to)
	switch {
	case t.org.active(t.to) == nil || hidden || t.to == t.from:
		return ErrNoMember.Because("%q cannot take over; name another member, who is active and whose membership has no end.", t.to)
	case !t.canTakeOver(t.to):
		return ErrMembershipEnds
	}
	return nil
}

// knows reports whether an actor sees a member, in the organization or on one of their projects.
func (o Organization) knows(actor, user events.UserID) bool {
	return o.Authorize(actor, SeeingMembers, About{Member: user}) == nil ||
		slices.ContainsFunc(o.projectsReachedWith(actor, 0), func(id events.ProjectID) bool {
			return o.roleOn(user, id) != "" && o.Authorize(actor, SeeingProjectMembers, About{Project: id}) == nil
		})
}

// canTakeOver reports whether somebody is an active member without an end.
func (t transfer) canTakeOver(user events.UserID) bool {
	member := t.org.active(user)
	return member != nil && t.org.lasts(member)
}

// rolesLeftBehind returns the highest and the lowest role, for each project, of those of which
// it would have too few holders. It counts the person as a holder also if they are deactivated.
func (t transfer) rolesLeftBehind(end events.Event) (highest, lowest map[events.ProjectID]events.RoleKey) {
	highest, lowest = map[events.ProjectID]events.RoleKey{}, map[events.ProjectID]events.RoleKey{}
	changed, changes := end.(events.MemberEndChanged)
	if changes && changed.To.IsZero() || !slices.ContainsFunc(t.org.scheme.Scheme.ProjectRoles, mustBeHeld) {
		return highest, lowest
	}
	before, after := t.org.onlyLasting(), t.org.afterEvents(t.m, []events.Event{end}).onlyLasting()
	for _, project := range before.projectsReachedWith(t.from, t.org.scheme.lowestToHold()) {
		had := before.roleIfActive(t.from, project)
		for _, role := range t.org.scheme.project.roles { // the lowest first
			if mustBeHeld(role.Role) && had != "" && t.org.scheme.project.rank(had) >= role.Rank &&
				after.projectHolders(project, role.Key, role.AtLeast) < role.AtLeast {
				highest[project] = role.Key
				if lowest[project] == "" {
					lowest[project] = role.Key
				}
			}
		}
	}
	return highest, lowest
}

// createdBy returns the roles that a member has as the protected creator of projects.
func (o Organization) createdBy(member *Member) map[events.ProjectID]events.RoleKey {
	created := map[events.ProjectID]events.RoleKey{}
	for grant := range member.grants.all() {
		if !o.spend(stepsToSort) {
			break
		}
		if o.scheme.CreatorProtected && grant.Creator() && !grant.ended(o.at) {
			created[grant.Project] = grant.Role
		}
	}
	return created
}

// holdsForGood reports whether somebody has a project role, or a higher one, without an end.
func (o Organization) holdsForGood(user events.UserID, id events.ProjectID, role events.RoleKey) bool {
	held := o.onlyLasting().roleOn(user, id)
	return held != "" && o.scheme.project.rank(held) >= o.scheme.project.rank(role)
}

// giveForGood returns the events after which somebody has a grant of a role, or of the
// higher one that they have, without an end.
func (o Organization) giveForGood(id events.ProjectID, user events.UserID, role events.RoleKey) []events.Event {
	grant := o.members.At(user).findGrant(id)
	if grant == nil || grant.ended(o.at) {
		return append(o.clearOldOverrides(id, user), events.ProjectMemberAdded{Project: id, Member: user, Role: role})
	}
	var happened []events.Event
	if o.scheme.project.rank(grant.Role) < o.scheme.project.rank(role) {
		change, _ := o.scheme.changeProjectRole(user, *grant, role)
		happened = append(happened, change)
	}
	if !grant.started(o.at) {
		happened = append(happened, events.ProjectMemberStartChanged{Project: id, Member: user, From: grant.From()})
	}
	if !grant.Until().IsZero() {
		happened = append(happened, events.ProjectMemberEndChanged{Project: id, Member: user, From: grant.Until()})
	}
	return happened
}
