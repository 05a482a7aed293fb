package domain

import (
	"cmp"
	"time"

	"github.com/seed-2026d078/roster/events"
)

// SetEmailDomain lets people join whose verified address is of a domain, once the organization has proved that it is its own. It is also
// the way to change how they join.
type SetEmailDomain struct {
	Domain events.EmailDomain
	// Mode is how they join; empty: as before, by approval with a new domain.
	Mode events.JoinMode
	// Role is what they join with; empty: the one before, the default with a new domain.
	Role events.RoleKey
}

// Decide lets those whom the scheme allows set a domain, with a role that they may give. Several organizations may set one: each
// proves for itself that it may. A proof stays when the way of joining changes.
func (c SetEmailDomain) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	if err := org.Authorize(m.Actor, SettingEmailDomain, About{}); err != nil {
		return nil, err
	}
	if err := validateEmailDomain(c.Domain); err != nil {
		return nil, err
	}
	known := org.emailDomains.At(c.Domain)
	before := EmailDomain{Mode: events.JoinByApproval}
	if known != nil {
		before = *known
	}
	mode := cmp.Or(c.Mode, before.Mode)
	if mode != events.JoinAtOnce && mode != events.JoinByApproval {
		return nil, ErrBadJoinMode.Because("People join at once (automatic) or after somebody has approved it (approval), not %q.", mode)
	}
	if known != nil && org.scheme.organization.find(known.Role) != nil { // a role that is gone has no rank
		if err := org.mayTake(m.Actor, known.Role); err != nil {
			return nil, err
		}
	}
	role, err := org.validateMembership(m, cmp.Or(c.Role, before.Role), nil, time.Time{}, time.Time{})
	if err != nil {
		return nil, err
	}
	switch {
	case known != nil && known.Mode == mode && known.Role == role:
		return nil, nil // already so
	case known == nil && org.emailDomains.Len() >= maxEmailDomains:
		return nil, ErrTooManyEmailDomains
	}
	return []events.Event{events.EmailDomainSet{Domain: c.Domain, Mode: mode, Role: role}}, nil
}
