package domain

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/champ"
)

// Notices yields the notices that an entry causes, given the state before it: those of roles that it changes, see
// [RoleNotices], or takes away on projects, then those of its other events. Nobody hears of what they did themselves, but for a change of role. Who is given
// what they asked for hears that it was approved, and nothing else. What somebody has switched off is left out, as is so before the entry.
func Notices(before Organization, entry *events.Entry, position events.Position) iter.Seq[Notice] {
	return func(yield func(Notice) bool) {
		tell := func(n Notice, by events.Origin) (more bool) {
			if n.User != "" && n.User == by.Actor {
				return true
			}
			n.Organization, n.When, n.Position, n.Origin = entry.Organization, events.AtOnce, position, by
			n.ID = n.hash()
			n.SkipsInbox = n.SkipsInbox || !before.Hears(n.User, n.Kind, events.InboxChannel)
			n.SkipsMail = n.SkipsMail || !before.Hears(n.User, n.Kind, events.MailChannel)
			return n.SkipsInbox && n.SkipsMail || yield(n)
		}
		for after, c := range before.changedRoles(entry) {
			if n, is := before.notice(after, c.key, c.Origin, position); is && !approves(entry, n.User, n.Project) && !yield(n) {
				return
			}
			if n, is := after.removal(c.key, entry.Events[c.Index]); is && !tell(n, c.Origin) {
				return
			}
		}
		for r := range entry.Recorded() {
			for n := range before.noticesOf(entry, r) {
				if !tell(n, r.Origin) {
					return
				}
			}
		}
	}
}

// removal returns the notice of a role on a project that an event has taken from somebody who has none there after it. It reports whether there
// is one: others removed them from the project, or took away a team by which they had it. Of teams there is no mail, since they take away many roles at once.
// There is none if they are no active member any more, or if the project is gone.
func (o Organization) removal(of accessKey, by events.Event) (Notice, bool) {
	if of.project == "" || !o.Exists() || o.active(of.user) == nil || o.projects.At(of.project) == nil || o.roleOf(of) != "" {
		return Notice{}, false
	}
	n := Notice{Kind: events.NoticeOfRemoval, User: of.user, Project: of.project}
	switch by.(type) { //nolint:gochecksumtype // of the others people hear in another way, or not: docs/mail.md
	case events.ProjectMemberRemoved:
		return n, true
	case events.TeamMemberRemoved, events.TeamUnassigned, events.TeamRemoved, events.TeamMoved:
		n.SkipsMail = true
		return n, true
	}
	return Notice{}, false
}

// noticesOf yields the notices of an event other than of roles, but for where and when, given the state before its entry.
func (o Organization) noticesOf(entry *events.Entry, r events.Recorded) iter.Seq[Notice] {
	if ended, is := r.Event.(events.AssignmentEnded); is {
		return o.toTeam(ended)
	}
	return slices.Values(o.fewNoticesOf(entry, r))
}

// fewNoticesOf is noticesOf but for events that many may hear of.
func (o Organization) fewNoticesOf(entry *events.Entry, r events.Recorded) []Notice {
	switch e := r.Event.(type) { //nolint:gochecksumtype // nobody hears of the others
	case events.MemberInvited:
		return toInvited(e.Invite, e.Member)
	case events.InviteChanged:
		if invite := o.findInvite(e.Invite); invite != nil && !resends(entry, e.Invite) {
			return toInvited(e.Invite, invite.Member)
		}
	case events.InviteResent:
		return []Notice{{Kind: events.NoticeOfInvitation, Invite: e.Invite, SkipsInbox: true}}
	case events.InviteAccepted:
		return o.toSender(events.NoticeOfAcceptance, e.Invite)
	case events.InviteDeclined:
		return o.toSender(events.NoticeOfRefusal, e.Invite)
	case events.MemberJoined:
		if e.Invite == "" && o.Exists() && !approves(entry, e.Member, "") { // who creates an organization knows
			return []Notice{{Kind: events.NoticeOfAddition, User: e.Member}}
		}
	case events.MemberRemoved:
		if member := o.members.At(e.Member); member != nil {
			return []Notice{{Kind: events.NoticeOfRemoval, User: e.Member, Email: member.Email, Metadata: member.Metadata}}
		}
	case events.ProjectMemberAdded:
		if o.members.At(e.Member) != nil && o.projects.At(e.Project) != nil && o.roleOn(e.Member, e.Project) == "" && !approves(entry, e.Member, e.Project) {
			return []Notice{{Kind: events.NoticeOfAddition, User: e.Member, Project: e.Project}}
		}
	case events.RoleChanged:
		return o.toChanged(r, e.Member, "")
	case events.ProjectRoleChanged:
		return o.toChanged(r, e.Member, e.Project)
	case events.MemberStartChanged:
		return o.toAwaiting(events.NoticeOfStartChange, e.Member, "")
	case events.ProjectMemberStartChanged:
		return o.toAwaiting(events.NoticeOfStartChange, e.Member, e.Project)
	case events.ProjectMemberRemoved:
		after, _ := o.evolve(new(champ.Transient), r).RoleToCome(e.Member, e.Project)
		if after == "" && !removes(entry, e.Member) {
			return o.toAwaiting(events.NoticeOfRemoval, e.Member, e.Project)
		}
	case events.MembershipEnded:
		return o.withoutElevationsOf(e.Member).toLoser(e.Member, "", e.Until)
	case events.ProjectMembershipEnded:
		return o.withoutElevationsOf(e.Member).toLoser(e.Member, e.Project, e.Until)
	case events.ElevationEnded:
		if !e.Until.IsZero() { // who ends it early changes a role, of which there is a notice
			return o.toLoser(e.Member, e.Project, e.Until)
		}
	case events.AccessRequested:
		return o.toApprovers(e, r.Origin)
	case events.AccessApproved:
		return o.toAsker(events.NoticeOfApproval, e.Request)
	case events.AccessDenied:
		return o.toAsker(events.NoticeOfDenial, e.Request)
	case events.AccessRequestExpired:
		return o.toAsker(events.NoticeOfExpiry, e.Request)
	}
	return nil
}

// toInvited returns the notices of what an invite offers: to its address, and to the user whom it names.
func toInvited(id events.InviteID, user events.UserID) []Notice {
	all := []Notice{{Kind: events.NoticeOfInvitation, Invite: id, SkipsInbox: true}}
	if user != "" {
		all = append(all, Notice{Kind: events.NoticeOfInvitation, Invite: id, User: user, SkipsMail: true})
	}
	return all
}

// resends reports whether an entry sends an invite again.
func resends(entry *events.Entry, id events.InviteID) bool {
	return slices.ContainsFunc(entry.Events, func(e events.Event) bool {
		resent, is := e.(events.InviteResent)
		return is && resent.Invite == id
	})
}

// toAwaiting returns the notice to somebody whose access to a project, or to the organization if project is empty, starts later, as they were told.
func (o Organization) toAwaiting(kind events.NoticeKind, user events.UserID, project events.ProjectID) []Notice {
	if role, _ := o.RoleToCome(user, project); role == "" {
		return nil
	}
	return []Notice{{Kind: kind, User: user, Project: project}}
}

// toChanged returns the notice to somebody who was told which role they will have, of an event by which it is another one.
func (o Organization) toChanged(r events.Recorded, user events.UserID, project events.ProjectID) []Notice {
	from, _ := o.RoleToCome(user, project)
	if from == "" {
		return nil
	}
	to, _ := o.evolve(new(champ.Transient), r).RoleToCome(user, project)
	if to == "" || to == from {
		return nil
	}
	return []Notice{{Kind: events.NoticeOfRoleChange, User: user, Project: project, From: from, To: to}}
}

// removes reports whether an entry removes somebody from the organization.
func removes(entry *events.Entry, user events.UserID) bool {
	return slices.ContainsFunc(entry.Events, func(e events.Event) bool {
		removed, is := e.(events.MemberRemoved)
		return is && removed.Member == user
	})
}

// toLoser returns the notice to whoever had a role, or permissions, until an end that has passed; none if they keep all in another way.
func (o Organization) toLoser(user events.UserID, project events.ProjectID, end time.Time) []Notice {
	if _, is := o.lossAt(user, project, end); !is {
		return nil
	}
	return []Notice{{Kind: events.NoticeOfEnd, User: user, Project: project, SkipsMail: true}}
}

// toTeam yields the notices to everybody who had a role, or permissions, through the assignment of a team until its end, which has passed. Who loses
// several sources on the project at that instant hears of the first alone, if one entry records them.
func (o Organization) toTeam(e events.AssignmentEnded) iter.Seq[Notice] {
	return func(yield func(Notice) bool) {
		o.yieldDescendants(func(k accessKey) bool {
			of := o.withoutElevationsOf(k.user)
			if of.firstToEnd(k, e.Until) != e.Team {
				return true
			}
			for _, n := range of.toLoser(k.user, k.project, e.Until) {
				if !yield(n) {
					return false
				}
			}
			return true
		}, e.Team, e.Project)
	}
}

// firstToEnd returns the team whose assignment is the first of somebody's sources on a project that ends at an instant; empty if that is their own grant,
// or if none does.
func (o Organization) firstToEnd(of accessKey, end time.Time) events.TeamID {
	o = o.At(end.Add(-time.Microsecond))
	member, project, reason := o.lookup(of.user, of.project)
	if reason != "" {
		return ""
	}
	for ref := range o.sourceRefs(member, project) {
		switch {
		case ref.until() != instantOf(end):
		case ref.assignment != nil:
			return ref.assignment.Team
		default:
			return ""
		}
	}
	return ""
}

// toSender returns the notice to whoever sent an invite last; none if it was the system, or if the invite is not open.
func (o Organization) toSender(kind events.NoticeKind, id events.InviteID) []Notice {
	invite := o.findInvite(id)
	if invite == nil || invite.Sent.Actor == events.System {
		return nil
	}
	return []Notice{{Kind: kind, User: invite.Sent.Actor, Invite: id}}
}

// toApprovers returns the notices of a request for access to those who may decide on it, see [Organization.Approvers].
func (o Organization) toApprovers(e events.AccessRequested, origin events.Origin) (all []Notice) {
	for _, user := range o.Approvers(accessRequestOf(e, origin)) {
		all = append(all, Notice{Kind: events.NoticeOfRequest, User: user, Request: e.Request, Project: e.Project})
	}
	return all
}

// toAsker returns the notice to whoever made a request for access that is open. Who asks to join has the address of the request.
func (o Organization) toAsker(kind events.NoticeKind, id events.AccessRequestID) []Notice {
	r := o.accessRequests.At(id)
	if r == nil || r.Closed != nil {
		return nil
	}
	n := Notice{Kind: kind, User: r.Member, Request: id, Project: r.Project}
	if o.members.At(r.Member) == nil && kind != events.NoticeOfApproval {
		n.Email = r.Email
	}
	return []Notice{n}
}

// approves reports whether an entry gives somebody what they have asked for: on a project, or in the organization, with what that brings on every project.
func approves(entry *events.Entry, user events.UserID, project events.ProjectID) bool {
	return slices.ContainsFunc(entry.Events, func(e events.Event) bool {
		approved, is := e.(events.AccessApproved)
		return is && approved.Member == user && (approved.Project == "" || approved.Project == project)
	})
}

// hash returns the id of a notice: of what makes it unique.
func (n *Notice) hash() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %s %q %q %q %q", n.Origin.ID(n.Organization), n.Kind, n.User, n.Invite, n.Request, n.Project))
	return hex.EncodeToString(sum[:16])
}

// RoleAt returns the role of an active member on a project, or in the organization if project is empty; empty for none. It is the one to which
// they are elevated, if they are.
func (o Organization) RoleAt(user events.UserID, project events.ProjectID) events.RoleKey {
	return o.roleOf(accessKey{user, project})
}

// RoleUnelevated is RoleAt without an elevation, which ends by itself.
func (o Organization) RoleUnelevated(user events.UserID, project events.ProjectID) events.RoleKey {
	return o.withoutElevationsOf(user).RoleAt(user, project)
}

// RoleToCome returns the role that somebody will have on a project, or in the organization if project is empty, who has none yet since their membership, or
// their grant there, starts later, and from when; empty, and the zero time, if that is not so.
func (o Organization) RoleToCome(user events.UserID, project events.ProjectID) (role events.RoleKey, from time.Time) {
	member := o.members.At(user)
	if member == nil || o.RoleAt(user, project) != "" {
		return "", time.Time{}
	}
	from = member.pendingStart(o.at)
	if grant := member.findGrant(project); grant != nil {
		from = later(from, grant.pendingStart(o.at))
	}
	if from.IsZero() {
		return "", time.Time{}
	}
	if role = o.At(from).RoleAt(user, project); role == "" {
		return "", time.Time{}
	}
	return role, from
}
