package domain

import (
	"iter"
	"time"

	"github.com/seed-2026d078/roster/champ"
	"github.com/seed-2026d078/roster/events"
)

// Roster is the state of every organization: a value that is never changed, only
// replaced. The zero value has none.
type Roster struct {
	organizations champ.Map[events.OrganizationID, Organization]
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
	return c.Decide(org, m)
}

// Evolve returns the state after the entries.
func (r Roster) Evolve(entries ...events.Entry) Roster {
	edit := new(champ.Edit)
	defer edit.Done()
	for i := range entries {
		r.organizations = r.organizations.SetIn(edit, entries[i].Organization, r.evolved(edit, &entries[i]))
	}
	return r
}

func (r Roster) evolved(edit *champ.Edit, entry *events.Entry) Organization {
	org := r.Organization(entry.Organization)
	for recorded := range entry.Recorded() {
		org = org.evolve(edit, recorded)
	}
	org.version, org.last = entry.Version, entry.At
	return org
}
