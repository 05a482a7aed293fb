package domain_test

import (
	"testing"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

func TestChangeLocale(t *testing.T) {
	t.Parallel()
	german := events.LocaleChanged{To: "de-CH"}
	checkRules(t, []rule{
		{name: "a clerk does", given: staff, when: domain.ChangeLocale{To: "de-CH"}, by: "cleo", then: then(german)},
		{name: "the same again changes nothing", given: so(staff, german), when: domain.ChangeLocale{To: "de-CH"}, by: "cleo"},
		{name: "to that of the server", given: so(staff, german), when: domain.ChangeLocale{}, by: "cleo", then: then(events.LocaleChanged{From: "de-CH"})},
		{name: "a member does not", given: staff, when: domain.ChangeLocale{To: "de"}, by: "max", err: domain.ErrNotAllowed},
		{name: "not what is no language", given: staff, when: domain.ChangeLocale{To: "d"}, by: "cleo", err: domain.ErrBadLocale},
		{name: "nor a path", given: staff, when: domain.ChangeLocale{To: "../de"}, by: "cleo", err: domain.ErrBadLocale},
		{name: "nor words", given: staff, when: domain.ChangeLocale{To: "de and more"}, by: "cleo", err: domain.ErrBadLocale},
		{name: "not when archived", given: so(staff, events.OrganizationArchived{}), when: domain.ChangeLocale{To: "de"}, by: "cleo", err: domain.ErrOrganizationArchived},
	})
}

func TestRenameOrganization(t *testing.T) {
	t.Parallel()
	checkRules(t, []rule{
		{name: "a clerk does", given: staff, when: domain.RenameOrganization{To: "Apex"}, by: "cleo", then: then(events.OrganizationRenamed{From: "Acme", To: "Apex"})},
		{name: "renaming the organization to its present name changes nothing", given: staff, when: domain.RenameOrganization{To: "Acme"}, by: "cleo"},
		{name: "not without a name", given: staff, when: domain.RenameOrganization{}, by: "cleo", err: domain.ErrBadName},
		{name: "a member does not", given: staff, when: domain.RenameOrganization{To: "Apex"}, by: "max", err: domain.ErrNotAllowed},
		{name: "not when archived", given: so(staff, events.OrganizationArchived{}), when: domain.RenameOrganization{To: "Apex"}, by: "cleo", err: domain.ErrOrganizationArchived},
	})
}

func TestArchiveOrganization(t *testing.T) {
	t.Parallel()
	archived := so(staff, events.OrganizationArchived{})
	checkRules(t, []rule{
		{name: "an owner archives", given: staff, when: domain.ArchiveOrganization{}, by: "olga", then: then(events.OrganizationArchived{})},
		{name: "a clerk does not", given: staff, when: domain.ArchiveOrganization{}, by: "cleo", err: domain.ErrNotAllowed},
		{name: "archiving an archived organization changes nothing", given: archived, when: domain.ArchiveOrganization{}, by: "olga"},
		{name: "who may not hears that", given: archived, when: domain.ArchiveOrganization{}, by: "cleo", err: domain.ErrNotAllowed},
		{name: "an owner restores", given: archived, when: domain.RestoreOrganization{}, by: "olga", then: then(events.OrganizationRestored{})},
		{name: "a clerk restores nothing", given: archived, when: domain.RestoreOrganization{}, by: "cleo", err: domain.ErrNotAllowed},
		{name: "what is not archived stays", given: staff, when: domain.RestoreOrganization{}, by: "olga"},
		{name: "what is archived can be deleted", given: archived, when: domain.DeleteOrganization{}, by: "olga", then: then(events.OrganizationDeleted{})},
		{name: "nobody joins meanwhile", given: archived, when: domain.AddMember{Member: "new"}, err: domain.ErrOrganizationArchived},
		{name: "nor by an invite", given: so(staff, events.MemberInvited{Invite: "i", Role: "member", Address: "h"}, events.OrganizationArchived{}), when: domain.AcceptInvite{Invite: "i", Member: "new"}, err: domain.ErrOrganizationArchived},
		{name: "projects stay as they are", given: archived, when: domain.ArchiveProject{Project: "p"}, by: "mia", err: domain.ErrOrganizationArchived},
		{name: "and none is deleted", given: archived, when: domain.DeleteProject{Project: "p"}, by: "mia", err: domain.ErrOrganizationArchived},
		{name: "nor restored", given: so(staff, events.ProjectArchived{Project: "p"}, events.OrganizationArchived{}), when: domain.RestoreProject{Project: "p"}, by: "mia", err: domain.ErrOrganizationArchived},
	})
}

func TestTransferOwnership(t *testing.T) {
	t.Parallel()
	changed := func(user events.UserID, from, to events.RoleKey) events.Event {
		return events.RoleChanged{Member: user, From: from, To: to}
	}
	ending := func(e *events.Scheme) { e.ProjectRoles[0].AtLeast = 0 }
	plain := staffed(func(s *events.Scheme) { organizationRole(s, "chief").Bypass = false })
	open := func(s *events.Scheme) { organizationRole(s, "owner").Protected = false }
	checkRules(t, []rule{
		{name: "the owner changes places", given: staff, when: domain.TransferOwnership{To: "max"}, by: "olga", then: then(changed("max", "member", "owner"), changed("olga", "owner", "member"))},
		{name: "and says what to become", given: staff, when: domain.TransferOwnership{To: "max", Role: "clerk"}, by: "olga", then: then(changed("max", "member", "owner"), changed("olga", "owner", "clerk"))},
		{name: "nobody else passes it on", given: staff, when: domain.TransferOwnership{To: "max"}, by: "chip", err: domain.ErrNotAllowed},
		{name: "not even the system", given: staff, when: domain.TransferOwnership{To: "max"}, err: domain.ErrNotAllowed},
		{name: "to a member", given: staff, when: domain.TransferOwnership{To: "eve"}, by: "olga", err: domain.ErrNoMember},
		{name: "to an active one", given: so(staff, events.MemberDeactivated{Member: "max"}), when: domain.TransferOwnership{To: "max"}, by: "olga", err: domain.ErrNoMember},
		{name: "to one who stays", given: so(staff, events.MemberEndChanged{Member: "max", To: soon}), when: domain.TransferOwnership{To: "max"}, by: "olga", err: domain.ErrMembershipEnds},
		{name: "to oneself it is nothing", given: staff, when: domain.TransferOwnership{To: "olga"}, by: "olga"},
		{name: "to an owner it is nothing", given: so(staff, joined("otto", "owner")), when: domain.TransferOwnership{To: "otto"}, by: "olga"},
		{name: "to become what there is", given: staff, when: domain.TransferOwnership{To: "max", Role: "king"}, by: "olga", err: domain.ErrUnknownRole},
		{name: "there is one protected owner", given: staff, when: domain.TransferOwnership{To: "max", Role: "owner"}, by: "olga", err: domain.ErrProtected},
		{name: "several where they are not protected", given: staffed(open), when: domain.TransferOwnership{To: "max", Role: "owner"}, by: "olga", then: then(changed("max", "member", "owner"))},
		{name: "the last chief is not taken away", given: staff, when: domain.TransferOwnership{To: "chip", Role: "member"}, by: "olga", err: domain.ErrLastHolder},
		{name: "nor followed by one who ends", given: so(plain, joined("otto", "owner"), events.MemberEndChanged{Member: "olga", To: soon}), when: domain.TransferOwnership{To: "chip"}, by: "olga", err: domain.ErrLastHolder},
		{name: "nobody becomes more than they were", given: staff, when: domain.TransferOwnership{To: "chip"}, by: "olga", err: domain.ErrMayNotAssign},
		{name: "but replaced", given: plain, when: domain.TransferOwnership{To: "chip"}, by: "olga", then: then(changed("chip", "chief", "owner"), changed("olga", "owner", "chief"))},
		{
			name: "a project keeps its leads", given: so(staff, created("q")), when: domain.TransferOwnership{To: "max", Role: "member"}, by: "olga",
			then: then(changed("max", "member", "owner"), changed("olga", "owner", "member")),
		},
		{name: "not when archived", given: so(staffed(ending), events.OrganizationArchived{}), when: domain.TransferOwnership{To: "max"}, by: "olga", err: domain.ErrOrganizationArchived},
	})
}

func TestChangeSeats(t *testing.T) {
	t.Parallel()
	pending := events.MemberInvited{Invite: "j", Role: "member", Address: "j"}
	checkRules(t, []rule{
		{name: "who has money does", given: staff, when: domain.ChangeSeats{To: 9}, by: "olga", then: then(events.SeatsChanged{To: 9})},
		{name: "as many as are in use", given: so(staff, seat(9)), when: domain.ChangeSeats{To: 6}, by: "olga", then: then(events.SeatsChanged{From: 9, To: 6})},
		{name: "fewer than are in use are refused", given: so(staff, seat(9)), when: domain.ChangeSeats{To: 5}, by: "olga", err: domain.ErrSeatsInUse},
		{name: "also for the system", given: so(staff, seat(9)), when: domain.ChangeSeats{To: 5}, err: domain.ErrSeatsInUse},
		{name: "where an invite holds one", given: so(staff, seat(9), pending), when: domain.ChangeSeats{To: 6}, by: "olga", err: domain.ErrSeatsInUse},
		{name: "unless new ones are blocked", given: so(staff, seat(9)), when: domain.ChangeSeats{To: 1, BlockNew: true}, by: "olga", then: then(events.SeatsChanged{From: 9, To: 1})},
		{name: "raising is not refused while too few", given: so(staff, seat(1)), when: domain.ChangeSeats{To: 4}, by: "olga", then: then(events.SeatsChanged{From: 1, To: 4})},
		{name: "nor is lowering further accepted", given: so(staff, seat(4)), when: domain.ChangeSeats{To: 3}, by: "olga", err: domain.ErrSeatsInUse},
		{name: "those who are away hold none", given: so(staff, seat(9), events.MemberDeactivated{Member: "max"}), when: domain.ChangeSeats{To: 5}, by: "olga", then: then(events.SeatsChanged{From: 9, To: 5})},
		{name: "the scheme's are too few", given: so(staffed(func(s *events.Scheme) { s.Seats.Limit = 3 }), seat(9)), when: domain.ChangeSeats{}, by: "olga", err: domain.ErrSeatsInUse},
		{name: "a history states what happened", given: so(staff, seat(9)), when: domain.ImportHistory{Source: "s", Through: 1, Commands: domain.Batch{domain.ChangeSeats{To: 5}}}, then: then(events.SeatsChanged{From: 9, To: 5}, events.HistoryImported{Source: "s", Through: 1})},
		{name: "back to the scheme's", given: so(staff, events.SeatsChanged{To: 9}), when: domain.ChangeSeats{}, by: "olga", then: then(events.SeatsChanged{From: 9})},
		{name: "setting the number of seats it already has changes nothing", given: so(staff, events.SeatsChanged{To: 9}), when: domain.ChangeSeats{To: 9}, by: "olga"},
		{name: "not less than none", given: staff, when: domain.ChangeSeats{To: -1}, by: "olga", err: domain.ErrBadSeats},
		{name: "the most there are", given: staff, when: domain.ChangeSeats{To: 1_000_000_000}, by: "olga", then: then(events.SeatsChanged{To: 1_000_000_000})},
		{name: "not more", given: staff, when: domain.ChangeSeats{To: 1_000_000_001}, by: "olga", err: domain.ErrBadSeats},
		{name: "a clerk does not", given: staff, when: domain.ChangeSeats{To: 9}, by: "cleo", err: domain.ErrNotAllowed},
	})
}
