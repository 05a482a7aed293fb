package domain_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

const (
	inOrganization = events.OrganizationRoleKind
	onProject      = events.ProjectRoleKind
)

func TestDefineRole(t *testing.T) {
	t.Parallel()
	closed := func(s *events.Scheme) { s.CustomRoles.Project.Allowed = false }
	defined := func(kind events.RoleKind, role events.Role) []events.Event {
		return then(events.RoleDefined{Kind: kind, Role: role})
	}
	own := events.Levels{"people": "full"}
	guiding := func(s *events.Scheme) { organizationRole(s, "clerk").AllProjects = "guide" }
	checkRules(t, []rule{
		{name: "a clerk defines what is less", given: staff, when: domain.DefineRole{Kind: inOrganization, Role: "aid", Label: "Aid", Rank: 15, Levels: own}, by: "cleo", then: defined(inOrganization, events.Role{Key: "aid", Label: "Aid", Rank: 15, Levels: own})},
		{name: "as high as they are", given: staff, when: domain.DefineRole{Kind: inOrganization, Role: "aid", Rank: 30}, by: "cleo", then: defined(inOrganization, events.Role{Key: "aid", Rank: 30})},
		{name: "not more than they have", given: staff, when: domain.DefineRole{Kind: inOrganization, Role: "aid", Rank: 1, Levels: events.Levels{"money": "full"}}, by: "cleo", err: domain.ErrMayNotAssign},
		{name: "not above the bound", given: staff, when: domain.DefineRole{Kind: inOrganization, Role: "aid", Rank: 31}, by: "olga", err: domain.ErrMayNotAssign},
		{name: "not more than the bound has", given: staff, when: domain.DefineRole{Kind: inOrganization, Role: "aid", Rank: 1, Levels: events.Levels{"money": "full"}}, by: "olga", err: domain.ErrMayNotAssign},
		{name: "not by the system either", given: staff, when: domain.DefineRole{Kind: inOrganization, Role: "aid", Rank: 31}, err: domain.ErrMayNotAssign},
		{name: "never as high as the highest", given: staff, when: domain.DefineRole{Kind: inOrganization, Role: "aid", Rank: 50}, err: domain.ErrBadRank},
		{name: "not below nothing", given: staff, when: domain.DefineRole{Kind: inOrganization, Role: "aid", Rank: -1}, err: domain.ErrBadRank},
		{name: "not beyond all ranks", given: staff, when: domain.DefineRole{Kind: inOrganization, Role: "aid", Rank: 1_000_001}, err: domain.ErrBadRank},
		{name: "of permissions that there are", given: staff, when: domain.DefineRole{Kind: inOrganization, Role: "aid", Levels: events.Levels{"text": "view"}}, by: "cleo", err: domain.ErrUnknownPermission},
		{name: "and levels that there are", given: staff, when: domain.DefineRole{Kind: inOrganization, Role: "aid", Levels: events.Levels{"seal": "full"}}, by: "cleo", err: domain.ErrUnknownPermission},
		{name: "a key is used once", given: staff, when: domain.DefineRole{Kind: inOrganization, Role: "clerk"}, by: "cleo", err: domain.ErrRoleExists},
		{name: "a key in another case is the same", given: staff, when: domain.DefineRole{Kind: inOrganization, Role: "Clerk"}, by: "cleo", err: domain.ErrRoleExists},
		{name: "a label is used once, and a role without one has its key", given: staff, when: domain.DefineRole{Kind: inOrganization, Role: "aid", Label: "CLERK"}, by: "cleo", err: domain.ErrRoleNameTaken},
		{name: "with another diacritic it is another", given: staff, when: domain.DefineRole{Kind: inOrganization, Role: "aid", Label: "Clérk", Rank: 30}, by: "cleo", then: defined(inOrganization, events.Role{Key: "aid", Label: "Clérk", Rank: 30})},
		{name: "with a key", given: staff, when: domain.DefineRole{Kind: inOrganization}, by: "cleo", err: domain.ErrBadID},
		{name: "with a label that can be shown", given: staff, when: domain.DefineRole{Kind: inOrganization, Role: "aid", Label: "\n"}, by: "cleo", err: domain.ErrBadName},
		{name: "a member does not", given: staff, when: domain.DefineRole{Kind: inOrganization, Role: "aid"}, by: "max", err: domain.ErrNotAllowed},
		{name: "of a kind that there is", given: staff, when: domain.DefineRole{Kind: "team", Role: "aid"}, by: "cleo", err: domain.ErrUnknownRole},
		{name: "who reaches every project defines project roles", given: staff, when: domain.DefineRole{Kind: onProject, Role: "pen", Rank: 29, Levels: events.Levels{"text": "full"}}, by: "olga", then: defined(onProject, events.Role{Key: "pen", Rank: 29, Levels: events.Levels{"text": "full"}})},
		{name: "so does who bypasses all", given: staff, when: domain.DefineRole{Kind: onProject, Role: "pen", Rank: 29}, by: "chip", then: defined(onProject, events.Role{Key: "pen", Rank: 29})},
		{name: "who does not reach them defines none", given: staff, when: domain.DefineRole{Kind: onProject, Role: "pen", Rank: 1}, by: "cleo", err: domain.ErrMayNotAssign},
		{name: "who reaches them as less defines less", given: staffed(guiding), when: domain.DefineRole{Kind: onProject, Role: "pen", Rank: 25}, by: "cleo", err: domain.ErrMayNotAssign},
		{name: "of levels, too", given: staffed(guiding), when: domain.DefineRole{Kind: onProject, Role: "pen", Rank: 1, Levels: events.Levels{"text": "full"}}, by: "cleo", err: domain.ErrMayNotAssign},
		{name: "no two project roles rank alike", given: staff, when: domain.DefineRole{Kind: onProject, Role: "pen", Rank: 30}, by: "olga", err: domain.ErrBadRank},
		{name: "bounded there, too", given: staff, when: domain.DefineRole{Kind: onProject, Role: "pen", Rank: 1, Levels: events.Levels{"people": "view"}}, by: "olga", err: domain.ErrMayNotAssign},
		{name: "where the scheme leaves it to them", given: staffed(closed), when: domain.DefineRole{Kind: onProject, Role: "pen"}, by: "olga", err: domain.ErrCustomRolesOff},
	})
}

func TestRedefineRole(t *testing.T) {
	t.Parallel()
	aid := events.Role{Key: "aid", Label: "Aid", Rank: 15, Levels: events.Levels{"people": "view"}}
	with := so(staff, events.RoleDefined{Kind: inOrganization, Role: aid})
	kept := aid
	kept.Custom = true
	ranked, bare := kept, kept
	ranked.Rank, bare.Levels = 16, nil
	higher := kept
	higher.Rank, higher.Levels = 16, events.Levels{"people": "full"}
	high := so(staff, events.RoleDefined{Kind: inOrganization, Role: events.Role{Key: "aid", Rank: 25, Levels: events.Levels{"money": "view"}}})
	weak := so(high, events.MemberRemoved{Member: "hal"}, events.MemberJoined{Member: "hal", Role: "helper", Levels: events.Levels{"people": "full"}})
	checkRules(t, []rule{
		{name: "a clerk does", given: with, when: domain.RedefineRole{Kind: inOrganization, Role: "aid", Rank: new(16), Levels: &events.Levels{"people": "full"}}, by: "cleo", then: then(events.RoleRedefined{Kind: inOrganization, From: kept, To: higher})},
		{name: "redefining a role as it already is changes nothing", given: with, when: domain.RedefineRole{Kind: inOrganization, Role: "aid", Rank: new(15), Levels: &events.Levels{"people": "view"}}, by: "cleo"},
		{name: "what is not named stays: levels", given: with, when: domain.RedefineRole{Kind: inOrganization, Role: "aid", Rank: new(16)}, by: "cleo", then: then(events.RoleRedefined{Kind: inOrganization, From: kept, To: ranked})},
		{name: "and rank", given: with, when: domain.RedefineRole{Kind: inOrganization, Role: "aid", Levels: new(events.Levels)}, by: "cleo", then: then(events.RoleRedefined{Kind: inOrganization, From: kept, To: bare})},
		{name: "and all", given: with, when: domain.RedefineRole{Kind: inOrganization, Role: "aid"}, by: "cleo"},
		{name: "not to more than they have", given: with, when: domain.RedefineRole{Kind: inOrganization, Role: "aid", Rank: new(15), Levels: &events.Levels{"seal": "on"}}, by: "cleo", err: domain.ErrMayNotAssign},
		{name: "not from more than they have", given: weak, when: domain.RedefineRole{Kind: inOrganization, Role: "aid", Rank: new(1)}, by: "hal", err: domain.ErrMayNotAssign},
		{name: "not what comes with the scheme", given: with, when: domain.RedefineRole{Kind: inOrganization, Role: "clerk", Rank: new(1)}, by: "olga", err: domain.ErrBuiltInRole},
		{name: "not what there is not", given: with, when: domain.RedefineRole{Kind: inOrganization, Role: "king", Rank: new(1)}, by: "olga", err: domain.ErrUnknownRole},
		{name: "a member does not", given: with, when: domain.RedefineRole{Kind: inOrganization, Role: "aid", Rank: new(1)}, by: "max", err: domain.ErrNotAllowed},
		{name: "of a kind that there is", given: with, when: domain.RedefineRole{Kind: "team", Role: "aid"}, by: "cleo", err: domain.ErrUnknownRole},
		{
			name: "a project role keeps its own rank", given: so(staff, events.RoleDefined{Kind: onProject, Role: events.Role{Key: "pen", Rank: 5}}),
			when: domain.RedefineRole{Kind: onProject, Role: "pen", Rank: new(5), Levels: &events.Levels{"text": "view"}}, by: "olga",
			then: then(events.RoleRedefined{Kind: onProject, From: events.Role{Key: "pen", Rank: 5, Custom: true}, To: events.Role{Key: "pen", Rank: 5, Levels: events.Levels{"text": "view"}, Custom: true}}),
		},
	})
}

// TestDefiningRolesWithinABudget defines a project role by somebody with an override, with every limit that does not suffice.
func TestDefiningRolesWithinABudget(t *testing.T) {
	t.Parallel()
	given := so(staff, created("p"), events.OverrideSet{Project: "p", Member: "olga", Permission: "text", Level: "view"})
	org, define := stateAfter(given...).At(noon), domain.DefineRole{Kind: onProject, Role: "pen", Rank: 1}
	happened, steps, err := domain.CountSteps(org, define, at("olga"))
	require.NoError(t, err)
	require.NotEmpty(t, happened)
	require.Greater(t, steps, 1)
	for limit := 1; limit < steps; limit++ {
		_, err = domain.DecideWithin(limit, org, define, at("olga"))
		require.ErrorIs(t, err, domain.ErrOverBudget, "%d of %d steps", limit, steps)
	}
}

func TestRenameRole(t *testing.T) {
	t.Parallel()
	checkRules(t, []rule{
		{name: "a label changes, also of what comes with the scheme", given: staff, when: domain.RenameRole{Kind: inOrganization, Role: "clerk", To: "Scribe"}, by: "cleo", then: then(events.RoleRenamed{Kind: inOrganization, Role: "clerk", From: "Clerk", To: "Scribe"})},
		{name: "on projects", given: staff, when: domain.RenameRole{Kind: onProject, Role: "lead", To: "Head"}, by: "cleo", then: then(events.RoleRenamed{Kind: onProject, Role: "lead", To: "Head"})},
		{name: "giving a role the label it already has changes nothing", given: staff, when: domain.RenameRole{Kind: inOrganization, Role: "clerk", To: "Clerk"}, by: "cleo"},
		{name: "to something", given: staff, when: domain.RenameRole{Kind: inOrganization, Role: "clerk"}, by: "cleo", err: domain.ErrBadName},
		{name: "of a role that there is", given: staff, when: domain.RenameRole{Kind: inOrganization, Role: "lead", To: "x"}, by: "cleo", err: domain.ErrUnknownRole},
		{name: "of a kind that there is", given: staff, when: domain.RenameRole{Kind: "team", Role: "hand", To: "x"}, by: "cleo", err: domain.ErrUnknownRole},
		{name: "a member does not", given: staff, when: domain.RenameRole{Kind: inOrganization, Role: "clerk", To: "x"}, by: "max", err: domain.ErrNotAllowed},
	})
}

func TestRetireRole(t *testing.T) {
	t.Parallel()
	with := so(staff, events.RoleDefined{Kind: inOrganization, Role: events.Role{Key: "aid", Rank: 15}}, events.RoleDefined{Kind: onProject, Role: events.Role{Key: "pen", Rank: 5}}, team("core", ""))
	retire := domain.RetireRole{Kind: inOrganization, Role: "aid"}
	pen := domain.RetireRole{Kind: onProject, Role: "pen"}
	strong := so(staff, events.RoleDefined{Kind: inOrganization, Role: events.Role{Key: "aid", Rank: 25}}, events.MemberLevelsChanged{Member: "hal", To: events.Levels{"people": "full"}})
	checkRules(t, []rule{
		{name: "what nobody holds goes", given: with, when: retire, by: "cleo", then: then(events.RoleRetired{Kind: inOrganization, Role: "aid"})},
		{name: "what somebody holds stays", given: so(with, joined("eve", "aid")), when: retire, by: "cleo", err: domain.ErrRoleHeld},
		{name: "what is offered stays", given: so(with, events.MemberInvited{Invite: "i", Role: "aid", Address: "h"}), when: retire, by: "cleo", err: domain.ErrRoleHeld},
		{name: "not what comes with the scheme", given: with, when: domain.RetireRole{Kind: inOrganization, Role: "helper"}, by: "cleo", err: domain.ErrBuiltInRole},
		{name: "not more than one has", given: strong, when: retire, by: "hal", err: domain.ErrMayNotAssign},
		{name: "a member does not", given: with, when: retire, by: "max", err: domain.ErrNotAllowed},
		{name: "on projects", given: with, when: pen, by: "olga", then: then(events.RoleRetired{Kind: onProject, Role: "pen"})},
		{name: "not what a grant gives", given: so(with, granted("p", "hal", "pen")), when: pen, by: "olga", err: domain.ErrRoleHeld},
		{name: "nor what a team confers", given: so(with, assigned("core", "p", "pen")), when: pen, by: "olga", err: domain.ErrRoleHeld},
		{name: "nor what an invite offers", given: so(with, events.MemberInvited{Invite: "i", Role: "member", Address: "h", Projects: []events.ProjectRole{{Project: "p", Role: "pen"}}}), when: pen, by: "olga", err: domain.ErrRoleHeld},
	})
}
