package domain_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// TestChangeSchemeIsNoWayAround looks at mappings that would change who is above whom,
// or whose rights last.
func TestChangeSchemeIsNoWayAround(t *testing.T) {
	t.Parallel()
	next := into(func(*events.Scheme) {})
	swapped := mapping{"lead": "guest", "guide": "lead"}
	joint := mapping{"guest": "guide"}
	aid := events.Role{Key: "aid", Rank: 15}
	takenIn := into(func(s *events.Scheme) { s.OrganizationRoles = append(s.OrganizationRoles, aid) })
	pen := events.Role{Key: "pen", Rank: 5}
	takenOn := into(func(s *events.Scheme) { s.ProjectRoles = append(s.ProjectRoles, pen) })
	holding := so(staff, events.RoleDefined{Kind: inOrganization, Role: aid}, joined("eve", "aid"))
	writing := so(staff, events.RoleDefined{Kind: onProject, Role: pen}, granted("p", "hal", "pen"))
	owned := given(workspace, joined("ada", "owner"), joined("bob", "member"), created("p"), granted("p", "ada", "owner"))
	ownerless := given(workspace, joined("ada", "owner"), created("p"), granted("p", "ada", "member"))
	demoted := domain.ChangeScheme{Scheme: builtInScheme("owner-member"), ProjectRoles: mapping{"owner": "member"}}
	to := func(s *domain.Scheme, in, on mapping) []events.Event {
		return then(events.SchemeChanged{Scheme: s.Scheme, OrganizationRoles: in, ProjectRoles: on})
	}
	checkRules(t, []rule{
		{name: "the order of roles on projects stays", given: staff, when: domain.ChangeScheme{Scheme: next, ProjectRoles: swapped}, by: "olga", err: domain.ErrSchemeRoles},
		{name: "two roles may become one", given: staff, when: domain.ChangeScheme{Scheme: next, ProjectRoles: joint}, by: "olga", then: to(next, nil, joint)},
		{name: "a project keeps its owners", given: owned, when: demoted, by: "ada", err: domain.ErrLastHolder},
		{name: "the system keeps them, too", given: owned, when: demoted, err: domain.ErrLastHolder},
		{name: "one that has none needs none", given: ownerless, when: demoted, by: "ada", then: to(builtInScheme("owner-member"), nil, demoted.ProjectRoles)},
		{name: "a role of one's own is none of the scheme's", given: holding, when: domain.ChangeScheme{Scheme: takenIn}, by: "olga", err: domain.ErrSchemeRoles},
		{name: "unless one says so", given: holding, when: domain.ChangeScheme{Scheme: takenIn, OrganizationRoles: mapping{"aid": "aid"}}, by: "olga", then: to(takenIn, mapping{"aid": "aid"}, nil)},
		{name: "on projects neither", given: writing, when: domain.ChangeScheme{Scheme: takenOn}, by: "olga", err: domain.ErrSchemeRoles},
		{name: "unless one says so there", given: writing, when: domain.ChangeScheme{Scheme: takenOn, ProjectRoles: mapping{"pen": "pen"}}, by: "olga", then: to(takenOn, nil, mapping{"pen": "pen"})},
		{name: "a role in its own place is no change", given: staff, when: domain.ChangeScheme{Scheme: mustParse(testScheme), OrganizationRoles: mapping{"helper": "helper"}}, by: "olga"},
		{name: "the scheme changes once in a batch", given: staff, when: domain.Batch{domain.ChangeScheme{Scheme: next}, domain.ChangeScheme{Scheme: mustParse(testScheme)}}, by: "olga", err: domain.ErrTooMany},
		{name: "which takes one change", given: staff, when: domain.Batch{domain.ChangeScheme{Scheme: next}, domain.RenameOrganization{To: "Apex"}}, by: "olga", then: so(to(next, nil, nil), events.OrganizationRenamed{From: "Acme", To: "Apex"})},
	})
}

// TestSleepingOverridesDoNotWakeUp raises max on p, and lets his access end by itself.
func TestSleepingOverridesDoNotWakeUp(t *testing.T) {
	t.Parallel()
	raised := so(staff, events.OverrideSet{Project: "p", Member: "max", Permission: "text", Level: "full"})
	asleep := so(raised, events.ProjectMemberEndChanged{Project: "p", Member: "max", To: past}, team("core", ""), team("low", "core"))
	conferring := so(asleep, assigned("core", "p", "guide"))
	cleared := events.OverrideCleared{Project: "p", Member: "max", Permission: "text"}
	remove := domain.RemoveProjectMember{Project: "p", Member: "max"}
	removed := events.ProjectMemberRemoved{Project: "p", Member: "max"}
	assign := domain.AssignTeam{Team: "core", Project: "p", Role: "guide"}
	checkRules(t, []rule{
		{name: "added anew, one begins anew", given: asleep, when: domain.AddProjectMember{Project: "p", Member: "max"}, by: "mia", then: then(cleared, granted("p", "max", "guest"))},
		{name: "by a team that is on the project", given: conferring, when: domain.AddTeamMember{Team: "core", Member: "max"}, by: "mia", then: then(cleared, entered("core", "max", "hand"))},
		{name: "by one that inherits it", given: conferring, when: domain.AddTeamMember{Team: "low", Member: "max"}, by: "mia", then: then(cleared, entered("low", "max", "hand"))},
		{name: "by the team's coming", given: so(asleep, entered("core", "max", "hand")), when: assign, by: "mia", then: then(cleared, assigned("core", "p", "guide"))},
		{name: "by that of one above it", given: so(asleep, entered("low", "max", "hand")), when: assign, by: "mia", then: then(cleared, assigned("core", "p", "guide"))},
		{name: "a team that one is not in wakes nothing", given: asleep, when: assign, by: "mia", then: then(assigned("core", "p", "guide"))},
		{name: "what is awake stays", given: so(raised, team("core", ""), assigned("core", "p", "guide")), when: domain.AddTeamMember{Team: "core", Member: "max"}, by: "mia", then: then(entered("core", "max", "hand"))},
		{name: "removed, it ends", given: raised, when: remove, by: "mia", then: then(removed, cleared)},
		{name: "not while a team is left", given: so(raised, team("core", ""), entered("core", "max", "hand"), assigned("core", "p", "guide")), when: remove, by: "mia", then: then(removed)},
		{
			name: "though one is suspended", given: so(raised, team("core", ""), entered("core", "max", "hand"), assigned("core", "p", "guide"), events.MemberDeactivated{Member: "max"}),
			when: remove, by: "mia", then: then(removed),
		},
	})
}

// TestLinksDieForGood holds that a link ends where it can be neither used nor seen.
func TestLinksDieForGood(t *testing.T) {
	t.Parallel()
	secret := events.Sum([]byte("secret"))
	linked := so(staff, events.PublicLinkTurnedOn{Project: "p", Token: secret, Nonce: "n"})
	closed := events.SchemeChanged{Scheme: into(func(s *events.Scheme) { s.PublicLink = events.PublicLink{} }).Scheme}
	back := events.SchemeChanged{Scheme: mustParse(testScheme).Scheme}
	for _, tc := range []struct {
		name  string
		since []events.Event
		opens bool
	}{
		{"it opens", nil, true},
		{"also under other rules that have links", given(back), true},
		{"not under rules without", given(closed), false},
		{"nor once they have links again", given(closed, back), false},
	} {
		org := stateAfter(so(linked, tc.since...)...)
		project, _ := org.Project("p")
		_, opens := org.ThroughLink("p", secret)
		assert.Equal(t, tc.opens, opens, tc.name)
		_, on := project.PublicLink()
		assert.Equal(t, tc.opens, on, tc.name)
	}
	archived := so(linked, events.ProjectArchived{Project: "p"})
	off := domain.TurnOffPublicLink{Project: "p"}
	checkRules(t, []rule{
		{name: "one turns it off on what is archived", given: archived, when: off, by: "mia", then: then(events.PublicLinkTurnedOff{Project: "p"})},
		{name: "who may not does not there either", given: archived, when: off, by: "max", err: domain.ErrNotAllowed},
		{name: "nor is it turned on there", given: so(staff, events.ProjectArchived{Project: "p"}), when: domain.TurnOnPublicLink{Project: "p", Token: secret, Nonce: "n"}, by: "mia", err: domain.ErrProjectArchived},
	})
}

// TestInvitesGiveWhatIsThere accepts invites to what has changed since.
func TestInvitesGiveWhatIsThere(t *testing.T) {
	t.Parallel()
	token := events.Sum([]byte("secret"))
	sent := events.MemberInvited{
		Invite: "i", Role: "member", Address: "h", Token: token,
		Projects: []events.ProjectRole{{Project: "p", Role: "guest"}, {Project: "q", Role: "guide"}},
	}
	invited := so(staff, created("q"), sent)
	ended := sent
	ended.Until = past
	named := sent
	named.Member = "eve"
	accept := domain.AcceptInvite{Invite: "i", Member: "new"}
	in := then(events.InviteAccepted{Invite: "i", Member: "new"}, events.MemberJoined{Member: "new", Role: "member", Address: "h", Invite: "i"},
		grantedBy("i", "", granted("p", "new", "guest")), grantedBy("i", "", granted("q", "new", "guide")))
	joinedByHand := events.MemberJoined{Member: "new", Role: "member", Address: "h"}
	checkRules(t, []rule{
		{name: "all that is offered", given: invited, when: accept, then: in},
		{name: "nothing while a project of it is archived", given: so(invited, events.ProjectArchived{Project: "q"}), when: accept, err: domain.ErrProjectArchived},
		{name: "all, once the project is restored", given: so(invited, events.ProjectArchived{Project: "q"}, events.ProjectRestored{Project: "q"}), when: accept, then: in},
		{name: "nothing once a project of it is deleted", given: so(invited, events.ProjectDeleted{Project: "q"}), when: accept, err: domain.ErrInviteVoid},
		{name: "not another project with the same id", given: so(invited, events.ProjectDeleted{Project: "q"}, created("q")), when: accept, err: domain.ErrInviteVoid},
		{name: "nor a membership that would be over", given: so(staff, created("q"), ended), when: accept, err: domain.ErrInviteExpired},
		{name: "the system passes on no wrong secret", given: invited, when: domain.AcceptInvite{Invite: "i", Member: "new", Proof: domain.InviteProof{Token: events.Sum([]byte("guess"))}}, err: domain.ErrNoInvite},
		{name: "but the right one", given: invited, when: domain.AcceptInvite{Invite: "i", Member: "new", Proof: domain.InviteProof{Token: token}}, then: in},
		{name: "whom one adds at the address has taken it up", given: invited, when: domain.AddMember{Member: "new", PersonalData: domain.PersonalData{Address: "h"}}, by: "cleo", then: then(events.InviteSettled{Invite: "i", Member: "new"}, joinedByHand)},
		{name: "not what was for somebody else", given: so(staff, created("q"), named), when: domain.AddMember{Member: "new", PersonalData: domain.PersonalData{Address: "h"}}, by: "cleo", then: then(events.InviteRevoked{Invite: "i"}, joinedByHand)},
	})
}

// TestWhoHoldsMoreHoldsAsMuch keeps a guide on each project, and has nobody reach all
// of them.
func TestWhoHoldsMoreHoldsAsMuch(t *testing.T) {
	t.Parallel()
	guided := staffed(func(s *events.Scheme) {
		organizationRole(s, "owner").AllProjects, organizationRole(s, "chief").AllProjects, organizationRole(s, "chief").Bypass = "", "", false
		projectRole(s, "lead").AtLeast, projectRole(s, "guide").AtLeast = 0, 1
	})
	alone := so(guided, created("q"), granted("q", "cleo", "guide"))
	change := func(project events.ProjectID, from, to events.RoleKey) rule {
		return rule{
			when: domain.ChangeProjectMemberRole{Project: project, Member: "cleo", To: to},
			then: then(events.ProjectRoleChanged{Project: project, Member: "cleo", From: from, To: to}),
		}
	}
	row := func(name string, happened []events.Event, r rule, err error) rule {
		r.name, r.given, r.err = name, happened, err
		if err != nil {
			r.then = nil
		}
		return r
	}
	checkRules(t, []rule{
		row("the last guide rises", alone, change("q", "guide", "lead"), nil),
		row("and does not fall", alone, change("q", "guide", "guest"), domain.ErrLastHolder),
		row("nor from above", so(guided, created("q"), granted("q", "cleo", "lead")), change("q", "lead", "guest"), domain.ErrLastHolder),
		row("from there to guide", so(guided, created("q"), granted("q", "cleo", "lead")), change("q", "lead", "guide"), nil),
		row("where another leads", guided, change("p", "guide", "guest"), nil),
	})
}

// TestLimits looks at seats and roles at the limit of what there may be.
func TestLimits(t *testing.T) {
	t.Parallel()
	suspended := so(staff, seat(5), events.MemberDeactivated{Member: "max"})
	reactivate := domain.ReactivateMember{Member: "max"}
	own := slices.Clone(staff)
	for i := range 99 {
		own = append(own, events.RoleDefined{Kind: inOrganization, Role: events.Role{Key: events.RoleKey(fmt.Sprintf("r%d", i)), Rank: 15}})
	}
	full := so(own, events.RoleDefined{Kind: inOrganization, Role: events.Role{Key: "r99", Rank: 15}})
	define := domain.DefineRole{Kind: inOrganization, Role: "aid", Rank: 15}
	defined := then(events.RoleDefined{Kind: inOrganization, Role: events.Role{Key: "aid", Rank: 15}})
	checkRules(t, []rule{
		{name: "who comes back takes a seat", given: suspended, when: reactivate, by: "cleo", err: domain.ErrNoSeat},
		{name: "not once their time is over", given: so(suspended, events.MemberEndChanged{Member: "max", To: past}), when: reactivate, by: "cleo", then: then(events.MemberReactivated{Member: "max"})},
		{name: "the hundredth role", given: own, when: define, by: "cleo", then: defined},
		{name: "not one more", given: full, when: define, by: "cleo", err: domain.ErrTooManyRoles},
		{name: "of another kind", given: full, when: domain.DefineRole{Kind: onProject, Role: "pen", Rank: 5}, by: "olga", then: then(events.RoleDefined{Kind: onProject, Role: events.Role{Key: "pen", Rank: 5}})},
		{name: "in the place of one", given: so(full, events.RoleRetired{Kind: inOrganization, Role: "r7"}), when: define, by: "cleo", then: defined},
	})
}

// TestBatchesOnNothing gives bulk commands about an organization that is not there.
func TestBatchesOnNothing(t *testing.T) {
	t.Parallel()
	var nowhere domain.Organization
	var refused *domain.BatchError
	_, err := domain.Batch{
		domain.AddMember{Member: "new"}, domain.InviteMember{Invite: "i", Address: "h"}, domain.ReactivateMember{Member: "max"}, domain.ChangeScheme{Scheme: builtInScheme("github")},
	}.Decide(nowhere.At(noon), at("ada"))
	require.ErrorAs(t, err, &refused)
	require.Len(t, refused.Items, 4)
	for _, item := range refused.Items {
		assert.ErrorIs(t, item.Err, domain.ErrNoOrganization, "item %d: %v", item.Index, item.Err)
	}
	founding := domain.Batch{
		domain.CreateOrganization{Name: "Acme", Scheme: into(func(s *events.Scheme) { s.Seats.Limit = 2 }), Owner: "olga"}, domain.AddMember{Member: "max"}, domain.AddMember{Member: "mia"},
	}
	_, err = founding.Decide(nowhere.At(noon), at(""))
	require.ErrorAs(t, err, &refused)
	require.Len(t, refused.Items, 1)
	assert.Equal(t, 2, refused.Items[0].Index)
	assert.ErrorIs(t, err, domain.ErrNoSeat)
}

// TestTeamsDoNotTellOfProjects has max, who is not on the project hidden, add hal to a
// team that is.
func TestTeamsDoNotTellOfProjects(t *testing.T) {
	t.Parallel()
	add := domain.AddTeamMember{Team: "core", Member: "hal"}
	core := so(staff, created("hidden"), team("core", ""))
	_, err := add.Decide(stateAfter(so(core, assigned("core", "hidden", "guide"))...).At(noon), at("max"))
	require.ErrorIs(t, err, domain.ErrMayNotAssign, "the refusal names a project that max does not see")
	assert.NotContains(t, err.Error(), "hidden", "the refusal names a project that max does not see")
	_, err = add.Decide(stateAfter(so(core, assigned("core", "p", "guide"))...).At(noon), at("max"))
	require.ErrorIs(t, err, domain.ErrMayNotAssign, "the refusal does not name the project that max is on")
	assert.Contains(t, err.Error(), `project "p"`, "the refusal does not name the project that max is on")
	checkRules(t, []rule{{
		name: "what has ended confers nothing", given: so(core, events.TeamAssigned{Team: "core", Project: "hidden", Role: "lead", Until: past}),
		when: add, by: "max", then: then(entered("core", "hal", "hand")),
	}})
}

// TestForesightOfWhatComesAndGoes has batches in which some come and go while what
// everybody may do changes, and holds the forecast against everybody before and after.
func TestForesightOfWhatComesAndGoes(t *testing.T) {
	t.Parallel()
	before := stateAfter(opened(), joined("ada", "owner"), joined("bob", "chief"), joined("cyd", "clerk"), joined("dan", "member"),
		created("p"), granted("p", "cyd", "guide"), granted("p", "dan", "guest"), created("q"), granted("q", "dan", "lead")).At(noon)
	archive, restore := domain.ArchiveOrganization{}, domain.RestoreOrganization{}
	forth := domain.Batch{
		archive, restore,
		domain.AddMember{Member: "eve"},
		domain.AddProjectMember{Project: "p", Member: "eve"},
		domain.ArchiveProject{Project: "p"},
		domain.RestoreProject{Project: "p"},
		archive, restore,
		domain.RemoveMember{Member: "dan"},
	}
	reaching := into(func(s *events.Scheme) { organizationRole(s, "member").AllProjects = "guest" })
	for name, batch := range map[string]domain.Batch{
		"archived and restored twice":                forth,
		"archived in the end":                        append(slices.Clone(forth), domain.DeleteProject{Project: "q"}, domain.ArchiveProject{Project: "p"}, archive),
		"who comes reaches all under the new scheme": {domain.AddMember{Member: "eve"}, domain.ChangeScheme{Scheme: reaching}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			forecast, err := before.DryRun(batch, at(""), always)
			require.NoError(t, err)
			after := before
			for i, e := range forecast.Events {
				after = after.Evolve(events.Recorded{Event: e, Origin: events.Origin{Version: 99, Index: i, At: noon}})
			}
			want := changesOf(before, after)
			require.NotEmpty(t, want, "nothing changes")
			assert.Empty(t, cmp.Diff(want, allChanges(forecast)), "(-before and after +foreseen)")
		})
	}
}
