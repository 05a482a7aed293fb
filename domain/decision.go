package domain

import (
	"github.com/seed-2026d078/roster/events"
)

// decision is what deciding a command has led to. A batch builds the state after its events while it decides; where the events are recorded just so,
// that state is handed over, and the events are not applied again.
type decision struct {
	before *state
	moment events.Moment
	built
}

// built is a state that a decision has built. The zero value is none.
type built struct {
	events []events.Event
	after  *state
}

// leadsTo reports whether an entry that follows a state records the decision: then the state after it is the one that was built. Everything on which a
// state depends is compared: the state before, the events themselves, and what is recorded with them.
func (d *decision) leadsTo(before *state, e *events.Entry) bool {
	return d.after != nil && d.before == before && sameEvents(d.events, e.Events) &&
		e.Version == before.version+1 && e.At.Equal(d.moment.At) && e.Actor == d.moment.Actor
}

// sameEvents reports whether two lists are the same one in memory.
func sameEvents(a, b []events.Event) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}

// takeOver is [Roster.Evolve] for an entry of which the decision has built the state. It returns false if it has not.
func (r Roster) takeOver(e *events.Entry) (Roster, bool) {
	before := r.Organization(e.Organization).state
	if r.decided == nil || !r.decided.leadsTo(before, e) {
		return r, false
	}
	after := *r.decided.after
	if before.scheme == nil || after.scheme == nil || before.created != after.created {
		return r, false // organizations are counted event by event
	}
	for _, event := range e.Events {
		switch event := event.(type) { //nolint:gochecksumtype // the others make no secret of an invite
		case events.MemberInvited:
			r = r.replaceSecret(e.Organization, event.Invite, before, &after)
		case events.InviteResent:
			r = r.replaceSecret(e.Organization, event.Invite, before, &after)
		}
	}
	after.owner, after.version, after.last = r.transient, e.Version, e.At
	r.organizations = r.organizations.SetTransient(r.transient, e.Organization, Organization{state: &after})
	return r, true
}

// replaceSecret lets the secret of an invite be found that it has after an entry, and not the one from before.
func (r Roster) replaceSecret(id events.OrganizationID, invite events.InviteID, before, after *state) Roster {
	if token, is := before.secretOf(invite); is {
		r.invites = r.invites.DeleteTransient(r.transient, token)
	}
	if token, is := after.secretOf(invite); is {
		r.invites = r.invites.SetTransient(r.transient, token, InviteOf{id, invite})
	}
	return r
}

// secretOf returns the hash of the secret of an invite, open or closed.
func (s *state) secretOf(id events.InviteID) (secretHash, bool) {
	if invite := s.findInvite(id); invite != nil {
		return secretHash(invite.token[:]), true
	}
	if closed := s.closed.At(id); closed != nil {
		return secretHash(closed.token[:]), true
	}
	return "", false
}
