package domain

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"iter"
	"time"

	"github.com/seed-2026d078/roster/events"
)

// Reminders yields the notices that memberships and grants on projects will end, and invites expire. Each is due so long before the end as leads say:
// those are yielded that became due after since, up to the organization's instant; of several about one end, the last. There is none of what was given after
// the reminder was due, or shortly before: who gets access for a week knows that it ends in a week. The person hears of the end of their access, and who manages it, see [Organization.manager]; of an invite, whoever it is for.
//
// Its cost grows with the members and invites of the organization.
func (o Organization) Reminders(since time.Time, leads []time.Duration) iter.Seq[Notice] {
	return func(yield func(Notice) bool) {
		var chief *events.UserID
		for of, end := range o.Boundaries() {
			due, is := reminderDue(end, o.at, since, leads)
			if !is || of.Start {
				continue
			}
			for _, n := range o.remindersOf(of, end, &chief) {
				if lead := end.Sub(due); due.Sub(n.At) < lead/10 {
					continue
				}
				n.Organization, n.When, n.SkipsInbox, n.Until, n.At = o.id, events.AtOnce, true, end, due
				sum := sha256.Sum256(fmt.Appendf(nil, "%s %q %q %q %q %q %d %d", n.Kind, o.id, n.User, n.About, n.Project, n.Invite, end.UnixMicro(), due.UnixMicro()))
				n.ID = hex.EncodeToString(sum[:16])
				if o.Hears(n.User, n.Kind, events.MailChannel) && !yield(n) {
					return
				}
			}
		}
	}
}

// reminderDue returns when the last reminder of an end became due that is due at an instant. It reports whether that was after since, and the end has not
// passed.
func reminderDue(end, now, since time.Time, leads []time.Duration) (due time.Time, is bool) {
	if !now.Before(end) {
		return due, false
	}
	for _, lead := range leads {
		if at := end.Add(-lead); !at.After(now) && at.After(due) {
			due = at
		}
	}
	return due, due.After(since)
}

// remindersOf returns the reminders of a boundary, but for when they are due. There is none for somebody who keeps as much in another way that
// does not end, such as by a team, see [Organization.ComingLoss]. Chief is looked up once.
func (o Organization) remindersOf(of Boundary, end time.Time, chief **events.UserID) []Notice {
	if of.Invite != "" {
		invite := o.findInvite(of.Invite)
		return []Notice{{Kind: events.NoticeOfInvitationReminder, Invite: of.Invite, Origin: invite.Issued}}
	}
	member := o.members.At(of.Member)
	if member == nil || of.Team != "" || of.Elevation != "" || o.RoleUnelevated(of.Member, of.Project) == "" {
		return nil
	}
	if _, is := o.ComingLoss(of.Member, of.Project, end); !is {
		return nil
	}
	given := member.Joined
	if grant := member.findGrant(of.Project); grant != nil {
		given = grant.Joined()
	}
	n := Notice{Kind: events.NoticeOfComingEnd, User: of.Member, About: of.Member, Project: of.Project, Origin: given}
	all := []Notice{n}
	if n.User = o.manager(given.Actor, of, chief); n.User != "" && n.User != of.Member {
		all = append(all, n)
	}
	return all
}

// manager returns who hears that somebody's access ends: who gave it, or else the first, by id, of the active members whose role ranks highest, if they may
// put off the end; empty for nobody. Chief keeps the latter.
func (o Organization) manager(giver events.UserID, of Boundary, chief **events.UserID) events.UserID {
	if o.MayPutOff(giver, of.Member, of.Project) {
		return giver
	}
	if *chief == nil {
		*chief = new(events.UserID)
		highest := 0
		for user, member := range o.members.All() {
			rank := o.scheme.organization.rank(member.Role)
			if better := rank > highest || rank == highest && user < **chief; (**chief == "" || better) && o.active(user) != nil {
				**chief, highest = user, rank
			}
		}
	}
	if o.MayPutOff(**chief, of.Member, of.Project) {
		return **chief
	}
	return ""
}

// MayPutOff reports whether a member may have somebody's membership, or their grant on a project, end later.
func (o Organization) MayPutOff(actor, user events.UserID, project events.ProjectID) bool {
	action := ChangingMemberEnd
	if project != "" {
		action = ChangingProjectMemberEnd
	}
	return o.active(actor) != nil && o.Authorize(actor, action, About{Member: user, Project: project}) == nil
}

// EndOf returns when the membership of somebody ends, or their grant on a project; it reports whether there is an end that no event has recorded as passed.
func (o Organization) EndOf(user events.UserID, project events.ProjectID) (time.Time, bool) {
	return o.TimeOf(Boundary{Member: user, Project: project})
}
