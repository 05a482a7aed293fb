package domain

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/champ"
)

// Notice tells one person of what happened. It is derived from the ledger and sent by each channel in its own
// way; the channel of the inbox keeps it as a notification.
type Notice struct {
	// ID is the same whenever the notice is made again from the ledger.
	ID           string
	Kind         events.NoticeKind
	Organization events.OrganizationID
	// User hears of it; empty if it goes to the address of an invite.
	User events.UserID
	// Invite is the one that it is about; empty for none.
	Invite events.InviteID
	// Request is the request for access that it is about; empty for none.
	Request events.AccessRequestID
	// Project is empty where it is about the organization.
	Project events.ProjectID
	// From and To are the roles of a change of role; empty for every other kind.
	From, To events.RoleKey
	// About is whose access a reminder is about; empty for every other kind.
	About events.UserID
	// Until is the end that a reminder is about; the zero value for every other kind.
	Until time.Time
	// When says whether the person hears of it at once, at their next access, or both.
	When events.NoticeTime
	// Email is the sealed address of somebody who is no member; empty for everybody else.
	Email events.Sealed
	// Metadata are those of somebody who is no member any more, from before they left: they say in which language a mail is. Nil for everybody else.
	Metadata events.Metadata
	// SkipsInbox and SkipsMail say that it does not go by this channel.
	SkipsInbox, SkipsMail bool
	// Position is the commit that holds the event.
	Position events.Position
	// Origin names the event; of a reminder, the one that made what ends, with when the reminder became due.
	events.Origin
}

// RoleNotices yields the notices of roles that an entry changes, given the state before it. There is none for
// somebody who joins or leaves. It compares
// the roles before the entry with those after it, both as of the instant of before: if one command
// takes somebody's source of a role and gives another one, there is a notice if the role is
// another, and none if it is the same. A notice names the last event that changed the role.
//
// Its cost grows with the roles that somebody had before the entry and that its events may have
// changed. People and projects that the entry creates cost nothing. If the entry has one
// event, RoleNotices holds none of the notices in memory; otherwise, all roles that change.
func RoleNotices(before Organization, entry *events.Entry, position events.Position) iter.Seq[Notice] {
	return func(yield func(Notice) bool) {
		for after, c := range before.changedRoles(entry) {
			if notice, is := before.notice(after, c.key, c.Origin, position); is && !yield(notice) {
				return
			}
		}
	}
}

// changedRoles yields each role that somebody had before an entry and that its events change, with the state after them, and the last event
// that changed it.
func (o Organization) changedRoles(entry *events.Entry) iter.Seq2[Organization, changedKey] {
	return func(yield func(Organization, changedKey) bool) {
		var changed changedKeys
		var transient *champ.Transient // owns what after need not share with the state before
		after := o
		for r := range entry.Recorded() {
			if !mayChangeRole(o, after, r.Event) {
				if transient == nil {
					transient = new(champ.Transient)
				}
				if len(entry.Events) > 1 {
					after = after.evolve(transient, r)
				}
				continue
			}
			transient = new(champ.Transient) // so that after stays as it is
			next := after.evolve(transient, r)
			for key := range affected(after, next, r.Event) {
				from := o.roleOf(key)
				switch {
				case from == "":
				case len(entry.Events) == 1:
					if next.roleOf(key) != from && !yield(next, changedKey{key: key, Origin: r.Origin}) {
						return
					}
				case after.roleOf(key) != next.roleOf(key):
					changed.add(key, r.Origin)
				}
			}
			after = next
		}
		for _, c := range changed.list {
			if !yield(after, c) {
				return
			}
		}
	}
}

// notice returns the notice of a change of a role between two states, and whether there is
// one: the person has a role in both, and not the same.
func (o Organization) notice(after Organization, key accessKey, by events.Origin, position events.Position) (Notice, bool) {
	from, to := o.roleOf(key), after.roleOf(key)
	if from == "" || to == "" || from == to {
		return Notice{}, false
	}
	return Notice{
		ID: noticeID(after.id, by, key), Kind: events.NoticeOfRoleChange, Organization: after.id, User: key.user, Project: key.project,
		From: from, To: to, When: cmp.Or(after.scheme.RoleNotices.When, events.BothTimes), SkipsInbox: !after.Hears(key.user, events.NoticeOfRoleChange, events.InboxChannel), SkipsMail: !after.Hears(key.user, events.NoticeOfRoleChange, events.MailChannel),
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
		return s.Kind == ThroughRole || s.Kind == ThroughElevation || !changed.At.Before(s.Began) // a change of the role moves where the former began
	})
}

// roleOf returns the role of an active member; empty for none.
func (o Organization) roleOf(k accessKey) events.RoleKey {
	switch {
	case !o.Exists():
		return ""
	case k.project != "":
		return o.roleOn(k.user, k.project)
	}
	if member := o.active(k.user); member != nil {
		return o.heldRole(member)
	}
	return ""
}

// mayChangeRole reports whether an event of an entry may change a role that somebody had
// before the entry. It is given the states before the entry and before the event. It is quick
// for events that create things.
func mayChangeRole(before, now Organization, e events.Event) bool {
	switch e := e.(type) { //nolint:gochecksumtype // the others may change a role, or touch few
	case events.OrganizationArchived, events.OrganizationRestored, events.ProjectArchived, events.ProjectRestored,
		events.MemberLevelsChanged, events.ProjectLevelsChanged, events.OverrideSet, events.OverrideCleared, events.AccessKeeper:
		return false
	case events.RoleRedefined:
		return e.From.Rank != e.To.Rank
	case events.MemberJoined:
		return before.members.At(e.Member) != nil
	case events.ProjectCreated:
		return before.projects.At(e.Project) != nil
	case events.TeamMemberAdded:
		member := before.members.At(e.Member)
		return member != nil && (!member.grants.isEmpty() || len(member.teams) > 0 || before.scheme.RoleOnAllProjects(member.Role) != "")
	case events.ProjectMemberAdded:
		return before.roleOn(e.Member, e.Project) != "" && !now.outranksGrant(e)
	}
	return true
}

// outranksGrant reports whether somebody has a source of access to a project, other than a grant,
// whose role is higher than that of a new grant.
func (o Organization) outranksGrant(e events.ProjectMemberAdded) bool {
	member, project, reason := o.lookup(e.Member, e.Project)
	if reason != "" {
		return false
	}
	for ref := range o.sourceRefs(member, project) {
		if ref.grant == nil && o.scheme.project.rank(ref.role) > o.scheme.project.rank(e.Role) {
			return true
		}
	}
	return false
}

// noticeID hashes what makes the notice of a role unique: ids of people and projects may be too long
// to be joined into one id.
func noticeID(org events.OrganizationID, o events.Origin, k accessKey) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %q %q", o.ID(org), k.user, k.project))
	return hex.EncodeToString(sum[:16])
}
