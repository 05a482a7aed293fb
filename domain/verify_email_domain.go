package domain

import (
	"time"

	"github.com/seed-2026d078/roster/events"
)

// provenFor is for how long a proof is not recorded again.
const provenFor = 24 * time.Hour

// VerifyEmailDomain records that a domain is the organization's own.
type VerifyEmailDomain struct {
	Domain events.EmailDomain
	// Proven says that the record which proves it was found in the DNS.
	Proven bool
}

// Decide lets those whom the scheme allows have a domain verified. Verified again, the proof holds for longer.
func (c VerifyEmailDomain) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	if err := org.Authorize(m.Actor, VerifyingEmailDomain, About{}); err != nil {
		return nil, err
	}
	known := org.emailDomains.At(c.Domain)
	switch {
	case known == nil:
		return nil, noEmailDomain(c.Domain)
	case !c.Proven:
		return nil, notProven(c.Domain)
	case !known.Verified.IsZero() && m.Instant().Sub(known.Verified) < provenFor:
		return nil, nil // already so
	}
	return []events.Event{events.EmailDomainVerified{Domain: c.Domain}}, nil
}

func noEmailDomain(name events.EmailDomain) error {
	if name == "" { // what was sent is no domain
		return ErrNoEmailDomain
	}
	return ErrNoEmailDomain.Because("Nobody joins by the domain %q here; set it first.", name)
}

func notProven(name events.EmailDomain) error {
	return ErrNotProven.Because("The DNS does not have the record that proves that %q is the organization's: publish the TXT record that the list of domains shows, wait until it is seen, and try again.", name)
}
