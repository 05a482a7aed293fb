package domain

import "github.com/seed-2026d078/roster/events"

// JoinOrganization lets somebody join by the domain of an address of theirs.
type JoinOrganization struct {
	Member events.UserID
	// Domain is that of the address in PersonalData, which the product has verified; empty if the organization has none of
	// their domains.
	Domain events.EmailDomain
	// Proven says that the record which proves that the domain is the organization's was found in the DNS just now.
	Proven bool
	// Request is the request for access that it makes where somebody has to approve.
	Request events.AccessRequestID
	// Reason is for whoever approves.
	Reason events.Sealed
	PersonalData
}

// removedByOthers reports whether others removed somebody while the organization had a domain: somebody decides whether they come back.
func (o Organization) removedByOthers(user events.UserID) bool {
	removed := o.removed.At(user)
	return removed != nil && removed.Actor != user
}

// Decide lets people join themselves, and the system others, with the role of the domain, or asks for it where somebody decides. Whom an
// invite waits for accepts that one, or what it offers would be lost. Whoever has no address of a verified domain
// hears that there is no such organization. Repeated by who has joined, it changes nothing.
func (c JoinOrganization) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	if m.Actor != events.System && m.Actor != c.Member {
		return nil, ErrNotAllowed.Because("People join by themselves; only the system lets others join.")
	}
	if org.Sees(c.Member) && c.Member != events.System {
		return nil, nil // already so
	}
	known := org.emailDomains.At(c.Domain)
	switch {
	case known == nil || known.Verified.IsZero() || c.Member == events.System:
		return nil, ErrNoOrganization
	case org.archived:
		return nil, ErrOrganizationArchived
	case org.members.At(c.Member) != nil:
		return nil, ErrHasAccess.Because("%q is a member whose membership is over or switched off; ask somebody who manages the members to give it back.", c.Member)
	}
	if err := validateID("user", c.Member); err != nil {
		return nil, err
	}
	var happened []events.Event
	if known.NeedsProof(org.at) {
		if !c.Proven {
			return nil, ErrNotProven.Because("It is long ago that the organization proved that %q is its own; ask it to verify the domain again, or for an invite.", c.Domain)
		}
		happened = append(happened, events.EmailDomainVerified{Domain: c.Domain})
	}
	if org.scheme.organization.find(known.Role) == nil {
		return nil, ErrUnknownRole.Because("The role %q, with which people join by the domain %q, is gone; ask whoever manages the members to set another one.", known.Role, c.Domain)
	}
	if err := org.validatePersonalData(m.Actor, c.Member, c.PersonalData); err != nil {
		return nil, err
	}
	if err := org.requireUninvited(c.Member, c.Address); err != nil {
		return nil, err
	}
	if known.Mode == events.JoinByApproval || org.removedByOthers(c.Member) {
		asked, err := RequestAccess{Request: c.Request, Member: c.Member, Role: known.Role, Reason: c.Reason, PersonalData: c.PersonalData}.ask(org, m, nil)
		return append(happened, asked...), err
	}
	happened = append(happened, org.settleOtherInvites(c.Member, c.Address, "")...)
	if err := org.afterEvents(m, happened).requireSeat(); err != nil {
		return nil, err
	}
	return append(happened, c.joined(c.Member, known.Role)), nil
}
