package domain

import "github.com/seed-2026d078/roster/events"

// RemoveEmailDomain ends that people join by a domain. Who has joined by it stays, and what was requested stays open.
type RemoveEmailDomain struct{ Domain events.EmailDomain }

// Decide lets those whom the scheme allows remove a domain.
func (c RemoveEmailDomain) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	if err := org.Authorize(m.Actor, RemovingEmailDomain, About{}); err != nil {
		return nil, err
	}
	if org.emailDomains.At(c.Domain) == nil {
		return nil, noEmailDomain(c.Domain)
	}
	return []events.Event{events.EmailDomainRemoved{Domain: c.Domain}}, nil
}
