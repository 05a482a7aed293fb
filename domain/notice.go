package domain

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"iter"
	"slices"

	"github.com/seed-2026d078/roster/events"
)

// RoleNotice tells one person that their role changed: in the organization, or on a
// project by any source. It is derived from the ledger and sent by each channel in its own
// way; the channel of the inbox keeps it as a notification. There is none for somebody who
// joins or leaves.
type RoleNotice struct {
	// ID is the same whenever the notice is made again from the ledger.
	ID           string
	Organization events.OrganizationID
	User         events.UserID
	// Project is empty where the role is one of the organization.
	Project  events.ProjectID
	From, To events.RoleKey
	// When says whether the person hears of it at once, at their next access, or both.
	When events.NoticeTime
	// SkipsInbox says that the scheme's channels do not include the inbox.
	SkipsInbox bool
	// Position is the commit that holds the event.
	Position events.Position
	// Origin names the event that changed the role.
	events.Origin
}

// inbox is the channel of the notifications in the product.
const inbox = "inbox"

// RoleNotices yields the notices that an entry causes, given the state before it. It compares
// the roles before the entry with those after it, both as of its instant: if one command
// takes somebody's source of a role and gives another one, there is a notice if the role is
// another, and none if it is the same. A notice names the last event that changed the role.
//
// If the entry has one event, it holds none of the notices; otherwise, all roles that change.
func RoleNotices(before Organization, entry *events.Entry, position events.Position) iter.Seq[RoleNotice] {
	return func(yield func(RoleNotice) bool) {
		before := before.At(entry.At)
		var changed changedRoles
		after := before
		for r := range entry.Recorded() {
			if changed.list == nil && !mayChangeRole(after, r) {
				if len(entry.Events) > 1 {
					after = after.Evolve(r)
				}
				continue
			}
			next := after.Evolve(r)
			for key := range affected(after, next, r.Event) {
				if len(entry.Events) == 1 {
					if notice, is := roleNotice(before, next, key, r.Origin, position); is && !yield(notice) {
						return
					}
				} else if after.accessOf(key).Role != next.accessOf(key).Role {
					changed.add(key, r.Origin)
				}
			}
			after = next
		}
		for _, c := range changed.list {
			if notice, is := roleNotice(before, after, c.key, c.Origin, position); is && !yield(notice) {
				return
			}
		}
	}
}

// changedRoles are roles that changed, each with the last event that changed it.
type changedRoles struct {
	list []changedRole
	// at are the indexes in the list.
	at map[accessKey]int
}

type changedRole struct {
	key accessKey
	events.Origin
}

func (c *changedRoles) add(key accessKey, by events.Origin) {
	if i, again := c.at[key]; again {
		c.list[i].Origin = by
		return
	}
	if c.at == nil {
		c.at = map[accessKey]int{}
	}
	c.at[key] = len(c.list)
	c.list = append(c.list, changedRole{key, by})
}

// roleNotice returns the notice of a change of a role, and whether it is one.
func roleNotice(before, after Organization, key accessKey, by events.Origin, position events.Position) (RoleNotice, bool) {
	change := before.roleChange(after, key)
	if change.From == "" || change.To == "" || change.From == change.To {
		return RoleNotice{}, false
	}
	rules := after.scheme.RoleNotices
	return RoleNotice{
		ID: noticeID(after.id, by, change), Organization: after.id, User: change.User, Project: change.Project,
		From: change.From, To: change.To, When: cmp.Or(rules.When, events.BothTimes), SkipsInbox: len(rules.Channels) > 0 && !slices.Contains(rules.Channels, inbox),
		Position: position, Origin: by,
	}, true
}

// Outdated reports whether a notice is of a time before the person came to the organization, or
// to the project if it names one, as they are there now: who was removed and came back hears
// nothing of a role that they lost.
func (o Organization) Outdated(user events.UserID, id events.ProjectID, changed events.Origin) bool {
	member := o.members.At(user)
	if member == nil || changed.Version < member.Joined.Version {
		return true
	}
	access, _ := o.accessBeforeArchiving(user, id)
	return id != "" && !slices.ContainsFunc(access.Sources, func(s Source) bool {
		return s.Kind == ThroughRole || !changed.At.Before(s.Began) // a change of the role moves where the former began
	})
}

// roleChange compares somebody's role in two states. The result has no levels. Both roles
// are empty if there was none before.
func (o Organization) roleChange(after Organization, k accessKey) AccessChange {
	change := AccessChange{User: k.user, Project: k.project}
	if k.project == "" || o.HasAccess(k.user, k.project) {
		change.From, change.To = o.accessOf(k).Role, after.accessOf(k).Role
	}
	return change
}

// mayChangeRole reports whether an event may change a role that somebody has in the state
// before it. It is quick for what creates things.
func mayChangeRole(before Organization, r events.Recorded) bool {
	switch e := r.Event.(type) { //nolint:gochecksumtype // the others may change a role, or touch few
	case events.OrganizationArchived, events.OrganizationRestored, events.ProjectArchived, events.ProjectRestored:
		return false
	case events.RoleRedefined:
		return e.From.Rank != e.To.Rank
	case events.OrganizationCreated, events.MemberJoined, events.ProjectCreated, events.TeamCreated:
		return false // nobody has a role there yet
	case events.TeamMemberAdded:
		member := before.members.At(e.Member)
		return member != nil && (len(member.grants)+len(member.teams) > 0 || before.scheme.RoleOnAllProjects(member.Role) != "")
	case events.ProjectMemberAdded:
		return before.grantMayChangeRole(e)
	}
	return true
}

// grantMayChangeRole reports whether somebody has a role on a project that a new grant may
// change: there are sources, and none that stays has a higher role.
func (o Organization) grantMayChangeRole(e events.ProjectMemberAdded) (may bool) {
	member, project, reason := o.lookup(e.Member, e.Project)
	if reason != "" {
		return false
	}
	for ref := range o.sourceRefs(member, project) {
		if ref.grant == nil && o.scheme.project.rank(ref.role) > o.scheme.project.rank(e.Role) {
			return false
		}
		may = true
	}
	return may
}

// noticeID hashes what makes a notice unique: ids of people and projects may be too long
// to be joined into one id.
func noticeID(org events.OrganizationID, o events.Origin, c AccessChange) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %q %q", o.ID(org), c.User, c.Project))
	return hex.EncodeToString(sum[:16])
}
