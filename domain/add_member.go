package domain

import (
	"maps"
	"time"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/phrase"
)

// AddMember makes somebody a member at once, without an invite.
type AddMember struct {
	Member events.UserID
	// Role in the organization; empty takes the default.
	Role events.RoleKey
	// PersonalData is what is known about the person.
	PersonalData
	// Levels are the member's own in the organization.
	Levels events.Levels
	// From is when the membership starts; the zero value, or a time that has passed, means at once.
	From time.Time
	// Until is when the membership ends; the zero value means never.
	Until time.Time
	// UpdateProfile changes the profile of somebody who is a member already, and nothing else:
	// a membership that has ended stays so.
	UpdateProfile bool
}

// Decide lets those whom the scheme allows add members, with no more than they may
// give. That closes the invites to them. Somebody who is a member already must be as the
// command says, unless it updates the profile. A membership that has ended begins again.
func (c AddMember) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	if err := org.Authorize(m.Actor, AddingMember, About{}); err != nil {
		return nil, err
	}
	if err := validateID("user", c.Member); err != nil {
		return nil, err
	}
	role, err := org.validateMembership(m, c.Role, c.Levels, c.From, c.Until)
	if err != nil {
		return nil, err
	}
	if member := org.members.At(c.Member); member != nil {
		return c.decideAgain(org, m, member, role)
	}
	if err := org.validatePersonalData(m.Actor, c.Member, c.PersonalData); err != nil {
		return nil, err
	}
	happened := org.settleOtherInvites(c.Member, c.Address, "")
	if err := org.afterEvents(m, happened).requireSeat(); err != nil {
		return nil, err
	}
	joins := c.joined(c.Member, role)
	joins.Levels, joins.From, joins.Until = c.Levels, startOf(c.From, m), c.Until
	return append(happened, joins), nil
}

// decideAgain decides about somebody who is a member already. It never drops what the
// command says: it fails and names what differs, or updates the profile.
func (c AddMember) decideAgain(org Organization, m events.Moment, member *Member, role events.RoleKey) ([]events.Event, error) {
	var differs []string
	if member.Role != role && (!c.UpdateProfile || c.Role != "") {
		differs = append(differs, "role")
	}
	if !maps.Equal(member.Levels(), c.Levels) && (!c.UpdateProfile || c.Levels != nil) {
		differs = append(differs, "levels")
	}
	if from := startOf(c.From, m); !member.pendingStart(org.at).Equal(from) && !member.ended(org.at) && (!c.UpdateProfile || !from.IsZero()) {
		differs = append(differs, "start")
	}
	if !member.Until().Equal(c.Until) && (!c.UpdateProfile || !c.Until.IsZero()) {
		differs = append(differs, "end")
	}
	profile := c.differsFrom(member)
	_, deactivated := member.Deactivated()
	switch {
	case deactivated && !c.UpdateProfile:
		return nil, org.alreadyMember(m.Actor, c.Member, "change the role instead")
	case member.ended(org.at) && !c.UpdateProfile && len(profile) == 0:
		return c.reopen(org, m, member)
	case len(differs) > 0:
		return nil, ErrAlreadyMember.Because("%q is a member already, as %q, with another %s; change that instead, each by its own command.",
			c.Member, member.Role, phrase.Join(append(differs, profile...), " and "))
	case len(profile) == 0:
		return nil, nil // already so
	case !c.UpdateProfile:
		return nil, ErrAlreadyMember.Because("%q is a member already, with another %s; change the profile instead, or add with on_conflict=update.",
			c.Member, phrase.Join(profile, " and "))
	}
	return ChangeProfile{Member: c.Member, Fields: c.Fields(), PersonalData: c.PersonalData}.Decide(org, m)
}

// reopen lets a membership that has ended begin again, with the projects and teams that it
// had. The role and the levels stay, unless the command names others.
func (c AddMember) reopen(org Organization, m events.Moment, member *Member) ([]events.Event, error) {
	if err := org.requireSeat(); err != nil {
		return nil, err
	}
	var changes []Command
	if c.Role != "" {
		changes = append(changes, ChangeMemberRole{c.Member, c.Role})
	}
	if c.Levels != nil {
		changes = append(changes, ChangeMemberLevels{Member: c.Member, To: c.Levels})
	}
	var all []events.Event
	for _, change := range changes {
		happened, err := change.Decide(org.afterEvents(m, all), m)
		if err != nil {
			return nil, err
		}
		all = append(all, happened...)
	}
	changed := org.afterEvents(m, all).members.At(c.Member)
	if err := org.mayGive(m.Actor, changed.Role, changed.Levels()); err != nil {
		return nil, err
	}
	if from := startOf(c.From, m); !from.IsZero() {
		all = append(all, events.MemberStartChanged{Member: c.Member, From: member.From(), To: from})
	}
	return append(all, events.MemberEndChanged{Member: c.Member, From: member.Until(), To: c.Until}), nil
}

// validateMembership returns the role of a new membership: the given one, or the default. It
// fails if the levels do not fit the role, if the actor may not give this much, or if the
// end has passed, or is not after the start.
func (o Organization) validateMembership(m events.Moment, key events.RoleKey, own events.Levels, from, until time.Time) (events.RoleKey, error) {
	role, err := o.scheme.organization.orDefault(key)
	if err != nil {
		return "", err
	}
	if err := o.scheme.organization.validateOwnLevels(role, own); err != nil {
		return "", err
	}
	if err := o.mayGive(m.Actor, role, own); err != nil {
		return "", err
	}
	return role, validateTerm(from, until, m)
}
