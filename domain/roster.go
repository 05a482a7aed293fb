package domain

import (
	"iter"
	"time"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/champ"
)

// Roster is the state of every organization: a value that is never changed, only
// replaced. The zero value has none.
type Roster struct {
	organizations champ.Map[events.OrganizationID, Organization]
	// transient owns what Evolve may change in place; nil while the state is persistent.
	transient *champ.Transient
}

// Organization returns the state of an organization; one that does not exist where
// there never was one.
func (r Roster) Organization(id events.OrganizationID) Organization {
	org, _ := r.organizations.Get(id)
	org.id = id
	return org
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

// Imported returns how far a history was taken in, by organization, those deleted
// since included.
func (r Roster) Imported(source string) map[events.OrganizationID]uint64 {
	lines := map[events.OrganizationID]uint64{}
	for id, org := range r.organizations.All() {
		if line := org.Imported(source); line > 0 {
			lines[id] = line
		}
	}
	return lines
}

// Last returns the version and the time of an organization's last entry.
func (r Roster) Last(id events.OrganizationID) (events.Version, time.Time) {
	if org := r.organizations.At(id); org != nil {
		return org.version, org.last
	}
	return 0, time.Time{}
}

// Decide judges a command for an organization. Time runs forwards in each; only
// the system states another time than now.
func (r Roster) Decide(id events.OrganizationID, c Command, m events.Moment) ([]events.Event, error) {
	if !id.Valid() {
		return nil, ErrBadID
	}
	org := r.Organization(id)
	stated := !m.At.Equal(m.Now) && !m.At.Equal(org.last)
	switch {
	case stated && m.Actor != events.System:
		return nil, ErrOccurredAt
	case stated && m.At.After(m.Now):
		return nil, ErrBadTime
	case m.At.Before(org.last):
		return nil, ErrHistoryOrder.because("This happened at %s, before the organization's last event at %s; history is written forwards.",
			m.At.Format(time.RFC3339), org.last.Format(time.RFC3339))
	}
	return c.Decide(org.At(m.At), m)
}

// Transient returns a state with the same content that Evolve may change in place,
// which makes a long run of changes faster. After each Evolve, use only the state
// that it returned. The state that Transient was called on never changes.
func (r Roster) Transient() Roster {
	r.transient = new(champ.Transient)
	return r
}

// Persistent ends the run of changes that Transient began. The state that it returns
// never changes again, so any number of goroutines may read it.
func (r Roster) Persistent() Roster {
	if r.transient != nil {
		r.transient.Persist()
	}
	r.transient = nil
	return r
}

// Evolve returns the state after the entries.
func (r Roster) Evolve(entries ...events.Entry) Roster {
	if r.transient == nil {
		return r.Transient().Evolve(entries...).Persistent()
	}
	for i := range entries {
		entry := &entries[i]
		for recorded := range entry.Recorded() {
			r = r.Apply(entry.Organization, recorded)
		}
		organizations, org := r.organizations.UpdateTransient(r.transient, entry.Organization)
		org.id, org.version, org.last = entry.Organization, entry.Version, entry.At
		r.organizations = organizations
	}
	return r
}

// Apply returns the state after one event of an entry; Evolve is Apply for each,
// and the entry's version and time at the end.
func (r Roster) Apply(id events.OrganizationID, recorded events.Recorded) Roster {
	r.organizations = r.organizations.SetTransient(r.transient, id, r.Organization(id).evolve(r.transient, recorded))
	return r
}
