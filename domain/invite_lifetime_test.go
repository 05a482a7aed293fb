package domain_test

import (
	"cmp"
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// inviteLifetimes follows every invite of a random history. An offer is known by when it was sent, or sent again, or changed:
// another one may have its id later.
type inviteLifetimes struct {
	addresses map[events.Origin]events.AddressHash
	open      map[events.InviteID]events.Origin
	// over are those that can never be accepted again, and why.
	over map[events.Origin]string
}

// TestInvitesEndOnce holds that of the invites to one address, or to one person, one stands at most, and that an invite
// which was accepted or revoked, or has expired, or whose sender was away, never can be accepted again.
func TestInvitesEndOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l := inviteLifetimes{map[events.Origin]events.AddressHash{}, map[events.InviteID]events.Origin{}, map[events.Origin]string{}}
		playWith(t, commandGenerator.onInvites, func(s step) {
			l.end(s.before)
			l.record(t, s)
			l.end(s.after)
			l.check(t, s)
		})
	})
}

// onInvites draws commands about invites, and about the membership of those who send them, more often
// than others.
func (c commandGenerator) onInvites() domain.Command {
	if !c.org.Exists() {
		return c.command()
	}
	switch below(c.T, 10) {
	case 0, 1, 2:
		return domain.InviteMember{
			Invite: one(c.T, anyInvite...), Address: events.AddressHash(one(c.T, someone...)), Member: one[events.UserID](c.T, "", "", "dan", "eve"),
			Role: c.role(), Until: c.end(),
		}
	case 3:
		id := c.inviteID()
		invite, _ := c.org.Invite(id)
		return domain.AcceptInvite{Invite: id, Member: cmp.Or(invite.Member, c.user())}
	case 4:
		return one[domain.Command](c.T, domain.RevokeInvite{Invite: c.inviteID()}, domain.DeclineInvite{Invite: c.inviteID(), Member: "dan"},
			domain.ResendInvite{Invite: c.inviteID(), Token: c.secret()}, domain.ChangeInvite{Invite: c.inviteID(), Role: new(c.role()), Until: new(c.end())})
	case 5:
		return domain.DeactivateMember{Member: c.user()}
	case 6:
		return domain.ReactivateMember{Member: c.user()}
	case 7:
		return one[domain.Command](c.T, domain.RemoveMember{Member: c.user()}, domain.AddMember{Member: c.user(), Role: c.role()})
	case 8:
		return domain.ChangeMemberEnd{Member: c.user(), Until: c.end()}
	}
	return c.command()
}

// record follows the events of one command.
func (l inviteLifetimes) record(t *rapid.T, s step) {
	closed := func(id events.InviteID, how string) {
		sent, open := l.open[id]
		assert.True(t, open, "%#v: the invite %q is %s, and is not open", s.command, id, how)
		l.over[sent] = how
		delete(l.open, id)
	}
	for i, event := range s.entry.Events {
		offered := events.Origin{Version: s.entry.Version, Index: i, At: s.entry.At, Actor: s.entry.Actor}
		again := func(id events.InviteID) {
			before, open := l.open[id]
			assert.True(t, open, "%#v: the invite %q is not open", s.command, id)
			l.open[id], l.addresses[offered] = offered, l.addresses[before]
		}
		switch e := event.(type) { //nolint:gochecksumtype // the others begin and end no invite
		case events.MemberInvited:
			_, open := l.open[e.Invite]
			assert.False(t, open, "%#v: the invite %q is there already", s.command, e.Invite)
			l.open[e.Invite], l.addresses[offered] = offered, e.Address
		case events.InviteResent:
			again(e.Invite)
		case events.InviteChanged:
			again(e.Invite)
		case events.InviteAccepted:
			closed(e.Invite, "accepted")
		case events.InviteSettled:
			closed(e.Invite, "settled")
		case events.InviteDeclined:
			closed(e.Invite, "declined")
		case events.InviteRevoked:
			closed(e.Invite, "revoked")
		case events.OrganizationDeleted:
			clear(l.open)
		}
	}
}

// end notes which invites have expired, and whose sender is away.
func (l inviteLifetimes) end(org domain.Organization) {
	if !org.Exists() {
		return
	}
	for _, invite := range org.Invites() {
		if status, _ := org.InviteStatus(invite); status == domain.InviteExpired {
			l.over[invite.Sent] = "expired"
		}
		if sender := invite.Sent.Actor; sender != events.System && !org.Sees(sender) {
			l.over[invite.Sent] = "void"
		}
	}
}

func (l inviteLifetimes) check(t *rapid.T, s step) {
	if !s.after.Exists() {
		return
	}
	addresses, people := map[events.AddressHash]bool{}, map[events.UserID]bool{}
	for id, invite := range s.after.Invites() {
		assert.Equal(t, l.open[id], invite.Sent, "%#v: the invite %q", s.command, id)
		status, _ := s.after.InviteStatus(invite)
		if status != domain.InvitePending && status != domain.InviteBlocked {
			continue
		}
		assert.Empty(t, l.over[invite.Sent], "%#v: the invite %q is %s again", s.command, id, status)
		address := l.addresses[invite.Sent]
		assert.False(t, addresses[address], "%#v: two invites to %q stand", s.command, address)
		assert.False(t, people[invite.Member], "%#v: two invites to %q stand", s.command, invite.Member)
		addresses[address] = true
		if invite.Member != "" {
			people[invite.Member] = true
		}
	}
}
