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
// [RoleNotices], then those of its other events. Nobody hears of what they did themselves, but for a change of role. Who is given
// what they asked for hears that it was approved, and nothing else. What somebody has switched off is left out, as is so before the entry.
func Notices(before Organization, entry *events.Entry, position events.Position) iter.Seq[Notice] {
	return func(yield func(Notice) bool) {
		for n := range RoleNotices(before, entry, position) {
			if !approves(entry, n.User, n.Project) && !yield(n) {
				return
			}
		}
		for r := range entry.Recorded() {
			for _, n := range before.noticesOf(entry, r) {
				if n.User != "" && n.User == r.Actor {
					continue
				}
				n.Organization, n.When, n.Position, n.Origin = entry.Organization, events.AtOnce, position, r.Origin
				n.ID = n.hash()
				n.SkipsInbox = n.SkipsInbox || !before.Hears(n.User, n.Kind, events.InboxChannel)
				n.SkipsMail = n.SkipsMail || !before.Hears(n.User, n.Kind, events.MailChannel)
				if n.SkipsInbox && n.SkipsMail {
					continue
				}
				if !yield(n) {
					return
				}
			}
		}
	}
}

// noticesOf returns the notices of an event other than of roles, but for where and when, given the state before its entry.
func (o Organization) noticesOf(entry *events.Entry, r events.Recorded) []Notice {
	switch e := r.Event.(type) { //nolint:gochecksumtype // nobody hears of the others
	case events.MemberInvited:
		all := []Notice{{Kind: events.NoticeOfInvitation, Invite: e.Invite, SkipsInbox: true}}
		if e.Member != "" {
			all = append(all, Notice{Kind: events.NoticeOfInvitation, Invite: e.Invite, User: e.Member, SkipsMail: true})
		}
		return all
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
			return []Notice{{Kind: events.NoticeOfRemoval, User: e.Member, Email: member.Email}}
		}
	case events.ProjectMemberAdded:
		if o.members.At(e.Member) != nil && o.projects.At(e.Project) != nil && o.roleOn(e.Member, e.Project) == "" && !approves(entry, e.Member, e.Project) {
			return []Notice{{Kind: events.NoticeOfAddition, User: e.Member, Project: e.Project}}
		}
	case events.ProjectMemberRemoved:
		if o.losesProject(e, r) && !removes(entry, e.Member) {
			return []Notice{{Kind: events.NoticeOfRemoval, User: e.Member, Project: e.Project}}
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

// toLoser returns the notice to whoever had a role, or permissions, until an end that has passed; none if they keep all in another way.
func (o Organization) toLoser(user events.UserID, project events.ProjectID, end time.Time) []Notice {
	if _, is := o.lossAt(user, project, end); !is {
		return nil
	}
	return []Notice{{Kind: events.NoticeOfEnd, User: user, Project: project, SkipsMail: true}}
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

// losesProject reports whether somebody who had access to a project has none without a grant.
func (o Organization) losesProject(e events.ProjectMemberRemoved, r events.Recorded) bool {
	return o.Exists() && o.members.At(e.Member) != nil && o.roleOn(e.Member, e.Project) != "" && o.evolve(new(champ.Transient), r).roleOn(e.Member, e.Project) == ""
}

// removes reports whether an entry removes somebody from the organization.
func removes(entry *events.Entry, user events.UserID) bool {
	return slices.ContainsFunc(entry.Events, func(e events.Event) bool {
		removed, is := e.(events.MemberRemoved)
		return is && removed.Member == user
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
