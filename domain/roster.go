package domain

import (
	"iter"
	"time"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/champ"
)

// Roster is the state of every organization. It is a value: a change returns another
// Roster, and the one from before stays as it was. The zero value has no organization.
type Roster struct {
	organizations champ.Map[events.OrganizationID, Organization]
	// created is how many of the organizations that exist an actor has created; the system is
	// left out.
	created champ.Map[events.UserID, int]
	// invites find an invite by the hash of its secret, also one that is closed and kept.
	invites champ.Map[secretHash, InviteOf]
	// transient owns what Evolve may change in place; nil while the state is persistent.
	transient *champ.Transient
	// decided is the last decision on a transient state, until the next Evolve; nil while the state is persistent.
	decided *decision
}

// Organization returns the state of an organization. If there never was one with that
// id, its Exists method returns false.
func (r Roster) Organization(id events.OrganizationID) Organization {
	if org := r.organizations.At(id); org != nil {
		return *org
	}
	return Organization{state: &state{id: id}}
}

// Organizations yields every organization that exists, in no particular order.
func (r Roster) Organizations() iter.Seq2[events.OrganizationID, Organization] {
	return func(yield func(events.OrganizationID, Organization) bool) {
		for id, org := range r.organizations.All() {
			if org.Exists() && !yield(id, org) {
				return
			}
		}
	}
}

// secretHash is the hash of a secret, in the form of a key.
type secretHash string

// InviteOf names an invite of an organization.
type InviteOf struct {
	Organization events.OrganizationID
	Invite       events.InviteID
}

// InviteBy finds an invite by the hash of its secret, and returns whether there is one: open, or closed.
func (r Roster) InviteBy(token events.Hash) (InviteOf, bool) {
	return r.invites.Get(secretHash(token[:]))
}

// Imported returns, for each organization, the last line that was imported from a
// source of history. It includes organizations that were deleted later.
func (r Roster) Imported(source string) map[events.OrganizationID]uint64 {
	lines := map[events.OrganizationID]uint64{}
	for id, org := range r.organizations.All() {
		if line := org.Imported(source); line > 0 {
			lines[id] = line
		}
	}
	return lines
}

// Last returns the version and the time of an organization's last entry; zero values
// if it has none.
func (r Roster) Last(id events.OrganizationID) (events.Version, time.Time) {
	if org := r.organizations.At(id); org != nil {
		return org.version, org.last
	}
	return 0, time.Time{}
}

// Decide returns the events that a command leads to: none if it would change nothing,
// or a *[Rejection] if a rule forbids it. It changes nothing and needs no lock. A transient state keeps
// what it has led to for the Evolve that may follow, so only the goroutine that evolves it calls Decide.
//
// The organization's state at [events.Moment.Instant] decides. Recorded time never goes backwards
// within an organization, and only the system may state another time than now.
//
// It costs [MaxSteps] at most, and otherwise fails with [ErrOverBudget], unless the command only
// takes access away, or changes the scheme. It calls proceed, which may be nil, now and then, and
// fails with [ErrAbandoned] once that returns false.
func (r Roster) Decide(id events.OrganizationID, c Command, m events.Moment, proceed func() bool) ([]events.Event, error) {
	decided, err := r.DecideAhead(id, c, m, proceed)
	if r.decided != nil {
		*r.decided = decided.decision
	}
	return decided.happened, err
}

// at returns an organization as of the instant of a command. It fails if the command
// may not state that instant.
func (r Roster) at(id events.OrganizationID, m events.Moment) (Organization, error) {
	if !id.Valid() {
		return Organization{}, ErrBadID
	}
	org := r.Organization(id)
	stated := !m.At.Equal(m.Now) && !m.At.Equal(org.last)
	switch {
	case stated && m.Actor != events.System:
		return Organization{}, ErrOccurredAt
	case stated && m.At.After(m.Now):
		return Organization{}, ErrBadTime
	case m.At.Before(org.last):
		return Organization{}, ErrHistoryOrder.Because("This happened at %s, before the organization's last event at %s; history is written forwards.",
			m.At.Format(time.RFC3339), org.last.Format(time.RFC3339))
	}
	return org.At(m.Instant()), nil
}

// Transient returns a state with the same content that Evolve may change in place,
// which makes a long run of changes faster. After each Evolve, use only the state
// that it returned. The state that Transient was called on never changes.
func (r Roster) Transient() Roster {
	r.transient, r.decided = new(champ.Transient), new(decision)
	return r
}

// Persistent ends the run of changes that Transient began. The state that it returns
// never changes again, so any number of goroutines may read it.
func (r Roster) Persistent() Roster {
	if r.transient != nil {
		r.transient.Persist()
	}
	r.transient, r.decided = nil, nil
	return r
}

// Evolve returns the state after the entries. It applies them and checks no rule.
func (r Roster) Evolve(entries ...events.Entry) Roster {
	if r.transient == nil {
		return r.Transient().Evolve(entries...).Persistent()
	}
	for i := range entries {
		entry := &entries[i]
		handed, done := r.takeOver(entry)
		*r.decided = decision{}
		if done {
			r = handed
			continue
		}
		for recorded := range entry.Recorded() {
			r = r.Apply(entry.Organization, recorded)
		}
		org := r.Organization(entry.Organization).editable(r.transient)
		org.version, org.last = entry.Version, entry.At
		r.organizations = champ.Set(r.transient, r.organizations, entry.Organization, org)
	}
	return r
}

// Apply returns the state after one event of an entry. It leaves the organization's
// version and time as they were: Evolve is Apply for each event of an entry, then the
// entry's version and time.
func (r Roster) Apply(id events.OrganizationID, recorded events.Recorded) Roster {
	switch e := recorded.Event.(type) { //nolint:gochecksumtype // all others create and delete no organization, and no secret of an invite
	case events.OrganizationCreated:
		r = r.countCreated(recorded.Actor, 1)
	case events.OrganizationDeleted:
		org := r.Organization(id)
		r = r.countCreated(org.Created().Actor, -1)
		for _, invite := range org.invites.All() {
			r.invites = champ.Delete(r.transient, r.invites, secretHash(invite.token[:]))
		}
		for _, invite := range org.closed.All() {
			r.invites = champ.Delete(r.transient, r.invites, secretHash(invite.token[:]))
		}
	case events.MemberInvited:
		if closed := r.Organization(id).closed.At(e.Invite); closed != nil {
			r.invites = champ.Delete(r.transient, r.invites, secretHash(closed.token[:]))
		}
		r.invites = champ.Set(r.transient, r.invites, secretHash(e.Token[:]), InviteOf{id, e.Invite})
	case events.InviteResent:
		if invite := r.Organization(id).findInvite(e.Invite); invite != nil {
			r.invites = champ.Delete(r.transient, r.invites, secretHash(invite.token[:]))
			r.invites = champ.Set(r.transient, r.invites, secretHash(e.Token[:]), InviteOf{id, e.Invite})
		}
	}
	org := r.Organization(id)
	evolved := org.evolve(r.transient, recorded)
	for _, invite := range evolved.forgottenInvites {
		r.invites = champ.Delete(r.transient, r.invites, secretHash(invite.token[:]))
	}
	if evolved.state != org.state { // otherwise it was changed in place
		r.organizations = champ.Set(r.transient, r.organizations, id, evolved)
	}
	return r
}
