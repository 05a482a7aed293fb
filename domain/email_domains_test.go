package domain_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// byDomain are events after which people join by example.org.
func byDomain(mode events.JoinMode, role events.RoleKey) []events.Event {
	return given(events.EmailDomainSet{Domain: "example.org", Mode: mode, Role: role}, events.EmailDomainVerified{Domain: "example.org"})
}

func TestSetEmailDomain(t *testing.T) {
	t.Parallel()
	set := func(name events.EmailDomain) domain.SetEmailDomain { return domain.SetEmailDomain{Domain: name} }
	is := then(events.EmailDomainSet{Domain: "example.org", Mode: events.JoinByApproval, Role: "member"})
	full := slices.Clone(staff)
	for i := range 100 {
		full = append(full, events.EmailDomainSet{Domain: events.EmailDomain(fmt.Sprintf("%d.example", i)), Role: "member"})
	}
	checkRules(t, []rule{
		{name: "by approval, with the default role", given: staff, when: set("example.org"), by: "cleo", then: is},
		{name: "again", given: so(staff, is...), when: set("example.org"), by: "cleo"},
		{
			name: "in another way", given: so(staff, is...), when: domain.SetEmailDomain{Domain: "example.org", Mode: events.JoinAtOnce, Role: "helper"}, by: "cleo",
			then: then(events.EmailDomainSet{Domain: "example.org", Mode: events.JoinAtOnce, Role: "helper"}),
		},
		{
			name: "the way alone: the role stays", given: so(staff, byDomain(events.JoinByApproval, "helper")...), when: domain.SetEmailDomain{Domain: "example.org", Mode: events.JoinAtOnce}, by: "cleo",
			then: then(events.EmailDomainSet{Domain: "example.org", Mode: events.JoinAtOnce, Role: "helper"}),
		},
		{
			name: "the role alone: the way stays", given: so(staff, byDomain(events.JoinAtOnce, "helper")...), when: domain.SetEmailDomain{Domain: "example.org", Role: "member"}, by: "cleo",
			then: then(events.EmailDomainSet{Domain: "example.org", Mode: events.JoinAtOnce, Role: "member"}),
		},
		{name: "one below it is another", given: so(staff, is...), when: set("mail.example.org"), by: "cleo", then: then(events.EmailDomainSet{Domain: "mail.example.org", Mode: events.JoinByApproval, Role: "member"})},
		{name: "not with more than one may give", given: staff, when: domain.SetEmailDomain{Domain: "example.org", Role: "chief"}, by: "cleo", err: domain.ErrMayNotAssign},
		{name: "nor in place of more", given: so(staff, byDomain(events.JoinAtOnce, "chief")...), when: set("example.org"), by: "cleo", err: domain.ErrMayNotAssign},
		{name: "not who may not", given: staff, when: set("example.org"), by: "max", err: domain.ErrNotAllowed},
		{name: "not where anybody gets an address", given: staff, when: set("gmail.com"), by: "cleo", err: domain.ErrBadEmailDomain},
		{name: "not a label alone", given: staff, when: set("localhost"), by: "cleo", err: domain.ErrBadEmailDomain},
		{name: "not in large letters", given: staff, when: set("Example.org"), by: "cleo", err: domain.ErrBadEmailDomain},
		{name: "not an address", given: staff, when: set("eve@example.org"), by: "cleo", err: domain.ErrBadEmailDomain},
		{name: "in no other way", given: staff, when: domain.SetEmailDomain{Domain: "example.org", Mode: "never"}, by: "cleo", err: domain.ErrBadJoinMode},
		{name: "100 at most", given: full, when: set("example.org"), by: "cleo", err: domain.ErrTooManyEmailDomains},
	})
}

func TestVerifyAndRemoveEmailDomain(t *testing.T) {
	t.Parallel()
	known := so(staff, events.EmailDomainSet{Domain: "example.org", Role: "member"})
	verify, verified := domain.VerifyEmailDomain{Domain: "example.org", Proven: true}, events.EmailDomainVerified{Domain: "example.org"}
	checkRules(t, []rule{
		{name: "proven", given: known, when: verify, by: "cleo", then: then(verified)},
		{name: "again within a day", given: so(known, verified), when: verify, by: "cleo"},
		{name: "not without the record", given: known, when: domain.VerifyEmailDomain{Domain: "example.org"}, by: "cleo", err: domain.ErrNotProven},
		{name: "not one that nobody has set", given: staff, when: verify, by: "cleo", err: domain.ErrNoEmailDomain},
		{name: "not who may not", given: known, when: verify, by: "max", err: domain.ErrNotAllowed},
		{name: "remove", given: known, when: domain.RemoveEmailDomain{Domain: "example.org"}, by: "cleo", then: then(events.EmailDomainRemoved{Domain: "example.org"})},
		{name: "remove what is not there", given: staff, when: domain.RemoveEmailDomain{Domain: "example.org"}, by: "cleo", err: domain.ErrNoEmailDomain},
		{name: "remove who may not", given: known, when: domain.RemoveEmailDomain{Domain: "example.org"}, by: "max", err: domain.ErrNotAllowed},
	})
}

func TestJoinOrganization(t *testing.T) {
	t.Parallel()
	join := domain.JoinOrganization{Member: "new", Domain: "example.org", Request: "r", PersonalData: domain.PersonalData{Name: "k.n", Address: "x"}}
	in := then(events.MemberJoined{Member: "new", Role: "helper", Name: "k.n", Address: "x"})
	open, asks := so(staff, byDomain(events.JoinAtOnce, "helper")...), so(staff, byDomain(events.JoinByApproval, "helper")...)
	asked := requested("new", "", "helper", func(e *events.AccessRequested) { e.Name, e.Address = "k.n", "x" })
	seats := func(s *events.Scheme) { s.Seats.Limit = 6 }
	noJoining := func(s *events.Scheme) { s.AccessRequests.Join = "" }
	checkRules(t, []rule{
		{name: "at once", given: open, when: join, by: "new", then: in},
		{name: "the system for somebody", given: open, when: join, then: in},
		{name: "not somebody else", given: open, when: join, by: "max", err: domain.ErrNotAllowed},
		{name: "not nobody", given: open, when: domain.JoinOrganization{Domain: "example.org"}, err: domain.ErrNoOrganization},
		{name: "again", given: so(open, in...), when: join, by: "new"},
		{name: "by approval", given: asks, when: join, by: "new", then: then(asked)},
		{name: "by approval, where the organization takes no other requests", given: so(staffed(noJoining), byDomain(events.JoinByApproval, "helper")...), when: join, by: "new", then: then(asked)},
		{name: "by approval once at a time", given: so(asks, asked), when: domain.JoinOrganization{Member: "new", Domain: "example.org", Request: "s"}, by: "new", err: domain.ErrAlreadyRequested},
		{name: "not by another domain", given: open, when: domain.JoinOrganization{Member: "new", Domain: "mail.example.org"}, by: "new", err: domain.ErrNoOrganization},
		{name: "not by none", given: open, when: domain.JoinOrganization{Member: "new"}, by: "new", err: domain.ErrNoOrganization},
		{name: "not by one that is not verified", given: so(staff, events.EmailDomainSet{Domain: "example.org", Mode: events.JoinAtOnce, Role: "member"}), when: join, by: "new", err: domain.ErrNoOrganization},
		{name: "nor one that was removed", given: so(open, events.EmailDomainRemoved{Domain: "example.org"}), when: join, by: "new", err: domain.ErrNoOrganization},
		{name: "nor one that was set anew since", given: so(open, events.EmailDomainRemoved{Domain: "example.org"}, events.EmailDomainSet{Domain: "example.org", Mode: events.JoinAtOnce, Role: "member"}), when: join, by: "new", err: domain.ErrNoOrganization},
		{name: "an organization that is not there answers the same", when: join, by: "new", err: domain.ErrNoOrganization},
		{name: "not while it is archived", given: so(open, events.OrganizationArchived{}), when: join, by: "new", err: domain.ErrOrganizationArchived},
		{name: "not when all seats are taken", given: so(staffed(seats), byDomain(events.JoinAtOnce, "helper")...), when: join, by: "new", err: domain.ErrNoSeat},
		{name: "not when the role is gone", given: so(staff, byDomain(events.JoinAtOnce, "gone")...), when: join, by: "new", err: domain.ErrUnknownRole},
		{name: "not with the address of a member", given: so(open, events.MemberJoined{Member: "eve", Role: "member", Address: "x"}), when: join, by: "new", err: domain.ErrAddressTaken},
		{
			name: "not while an invite to the address waits, which may offer more", given: so(open, events.MemberInvited{Invite: "i", Role: "clerk", Address: "x"}), when: join, by: "new",
			err: domain.ErrAlreadyInvited,
		},
		{name: "nor one that names them", given: so(asks, events.MemberInvited{Invite: "i", Role: "clerk", Address: "y", Member: "new"}), when: join, by: "new", err: domain.ErrAlreadyInvited},
		{
			name: "settles one that has expired", given: so(open, events.MemberInvited{Invite: "i", Role: "clerk", Address: "x", Expires: noon}), when: join, by: "new",
			then: append(then(events.InviteSettled{Invite: "i", Member: "new"}), in...),
		},
		{name: "whom others removed asks, and somebody decides", given: so(open, joined("new", "member"), events.MemberRemoved{Member: "new"}), when: join, by: "new", then: then(asked)},
		{
			name: "which is forgotten with the last domain", when: join, by: "new", then: in,
			given: slices.Concat(open, then(joined("new", "member"), events.MemberRemoved{Member: "new"}, events.EmailDomainRemoved{Domain: "example.org"}), byDomain(events.JoinAtOnce, "helper")),
		},
		{name: "not who is deactivated", given: so(open, joined("new", "member"), events.MemberDeactivated{Member: "new"}), when: join, by: "new", err: domain.ErrHasAccess},
	})
}

// TestWhoLeftJoinsAgain holds that who was not removed by others comes back by a domain at once.
func TestWhoLeftJoinsAgain(t *testing.T) {
	t.Parallel()
	left := events.Recorded{Origin: events.Origin{At: noon, Actor: "new"}, Event: events.MemberRemoved{Member: "new"}}
	org := stateAfter(so(staff, append(byDomain(events.JoinAtOnce, "member"), joined("new", "member"))...)...).Evolve(left)
	happened, err := domain.JoinOrganization{Member: "new", Domain: "example.org", Request: "r"}.Decide(org.At(noon), at("new"))
	require.NoError(t, err)
	assert.Equal(t, then(joined("new", "member")), happened)
}

// TestProofOfADomainGetsOld holds that whoever joins long after the domain was verified needs the record to be there still, and that it is
// then noted.
func TestProofOfADomainGetsOld(t *testing.T) {
	t.Parallel()
	org := stateAfter(so(staff, byDomain(events.JoinAtOnce, "member")...)...)
	m := events.Moment{Actor: "new", At: noon.AddDate(0, 0, 30), Now: noon.AddDate(0, 0, 30)}
	join := domain.JoinOrganization{Member: "new", Domain: "example.org"}
	_, err := join.Decide(org.At(m.At), m)
	require.ErrorIs(t, err, domain.ErrNotProven)
	join.Proven = true
	happened, err := join.Decide(org.At(m.At), m)
	require.NoError(t, err)
	assert.Equal(t, then(events.EmailDomainVerified{Domain: "example.org"}, joined("new", "member")), happened)
	m.At = m.At.Add(-2 * time.Hour)
	join.Proven = false
	_, err = join.Decide(org.At(m.At), m)
	require.NoError(t, err, "within 30 days")
}

// TestNobodyJoinsWithMore holds that a domain gives no more than whoever set it may give at that time.
func TestNobodyJoinsWithMore(t *testing.T) {
	property(t, func(t *rapid.T, s step) {
		set, is := s.command.(domain.SetEmailDomain)
		if !is || s.Actor == events.System {
			return
		}
		setter, _ := s.before.Member(s.Actor)
		known, _ := s.after.EmailDomain(set.Domain)
		assert.True(t, assignable(s.before.Scheme().Scheme.OrganizationRoles, setter.Role, known.Role), "%q, who is %q, lets people join as %q", s.Actor, setter.Role, known.Role)
	})
}
