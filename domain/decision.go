package domain

import (
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/champ"
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

// Decided is a command that was decided. [Roster.Decide] decides it the same without deciding again, as long as the organization is the same and the moment is. Otherwise
// it decides the command. The zero value was not decided.
type Decided struct {
	Command

	happened []events.Event
	decision decision
}

// DecideAhead is [Roster.Decide], and keeps what it has decided.
func (r Roster) DecideAhead(id events.OrganizationID, c Command, m events.Moment, proceed func() bool) (Decided, error) {
	org, err := r.at(id, m)
	if err != nil {
		return Decided{}, err
	}
	if decided, is := c.(Decided); is {
		if decided.decision.madeOn(org.state, m) {
			return decided, nil
		}
		c = decided.Command
	}
	if err := r.mayCreate(org, c, m); err != nil {
		return Decided{}, err
	}
	b := newBudget(c, m, MaxSteps, proceed)
	happened, err := org.decide(c, m, b)
	return Decided{c, happened, decision{org.state, m, b.built}}, err
}

// As returns the decision as that of another command, which must lead to the same events on the same state.
func (d Decided) As(c Command) Decided {
	d.Command = c
	return d
}

// madeOn reports whether the decision was made on a state at a moment. That of an organization that does not exist rests on others, too.
func (d *decision) madeOn(before *state, m events.Moment) bool {
	return d.before == before && before.scheme != nil && d.moment.Actor == m.Actor && d.moment.At.Equal(m.At) && d.moment.Now.Equal(m.Now)
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
	r = r.forgetSecrets(before, &after)
	after.owner, after.version, after.last = r.transient, e.Version, e.At
	r.organizations = champ.Set(r.transient, r.organizations, e.Organization, Organization{state: &after})
	return r, true
}

// replaceSecret lets the secret of an invite be found that it has after an entry, and not the one from before.
func (r Roster) replaceSecret(id events.OrganizationID, invite events.InviteID, before, after *state) Roster {
	if token, is := before.secretOf(invite); is {
		r.invites = champ.Delete(r.transient, r.invites, token)
	}
	if token, is := after.secretOf(invite); is {
		r.invites = champ.Set(r.transient, r.invites, token, InviteOf{id, invite})
	}
	return r
}

// forgetSecrets lets the invites not be found that an entry let the state forget: of those that ended first.
func (r Roster) forgetSecrets(before, after *state) Roster {
	for e := range before.endedInvites.ids.all() {
		if number := after.endedInvites.numbers.At(e.id); number != nil && *number == e.number {
			break // so is all that ended later
		}
		if _, known := after.secretOf(e.id); known {
			continue
		}
		if token, was := before.secretOf(e.id); was {
			r.invites = champ.Delete(r.transient, r.invites, token)
		}
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
