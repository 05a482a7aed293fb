package domain_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// askedFor is a request to be elevated for an hour, r by name.
func askedFor(member events.UserID, project events.ProjectID, role events.RoleKey, changes ...func(*events.AccessRequested)) events.Event {
	return requested(member, project, role, append([]func(*events.AccessRequested){func(e *events.AccessRequested) { e.Elevation, e.Minutes = true, 60 }}, changes...)...)
}

// elevatedUntil is what a request for it led to.
func elevatedUntil(member events.UserID, project events.ProjectID, role events.RoleKey, until time.Time) []events.Event {
	return []events.Event{
		askedFor(member, project, role),
		events.AccessApproved{Request: "r", Member: member, Project: project, Role: role, Elevation: true, Until: until},
		events.Elevated{Request: "r", Member: member, Project: project, Role: role, Until: until},
	}
}

// unelevated is the state in which all elevations of somebody have ended.
func unelevated(org domain.Organization, user events.UserID) domain.Organization {
	member, _ := org.Member(user)
	for e := range member.Elevations() {
		org = org.Evolve(events.Recorded{Event: events.ElevationEnded{Request: e.Request, Member: user, Project: e.Project, Role: e.Role}})
	}
	return org
}

func TestRequestElevation(t *testing.T) {
	t.Parallel()
	toChief := domain.RequestElevation{Request: "r", Member: "hal", Role: "chief", For: time.Hour}
	with := func(c domain.RequestElevation, change func(*domain.RequestElevation)) domain.RequestElevation {
		change(&c)
		return c
	}
	onP := domain.RequestElevation{Request: "r", Member: "max", Project: "p", Role: "maker", For: time.Hour}
	hour := noon.Add(time.Hour)
	checkRules(t, []rule{
		{name: "in the organization", given: staff, when: toChief, by: "hal", then: then(askedFor("hal", "", "chief"))},
		{name: "on a project", given: staff, when: onP, by: "max", then: then(askedFor("max", "p", "maker"))},
		{name: "the system asks for somebody", given: staff, when: onP, then: then(askedFor("max", "p", "maker"))},
		{name: "nobody else does", given: staff, when: onP, by: "cleo", err: domain.ErrNotAllowed},
		{
			name: "until a time", given: staff, when: with(toChief, func(c *domain.RequestElevation) { c.For, c.Until = 0, hour }), by: "hal",
			then: then(askedFor("hal", "", "chief", func(e *events.AccessRequested) { e.Minutes, e.Until = 0, hour })),
		},
		{name: "not for ever", given: staff, when: with(toChief, func(c *domain.RequestElevation) { c.For = 0 }), by: "hal", err: domain.ErrBadEnd},
		{name: "not both ways", given: staff, when: with(toChief, func(c *domain.RequestElevation) { c.Until = hour }), by: "hal", err: domain.ErrBadEnd},
		{name: "not for seconds", given: staff, when: with(toChief, func(c *domain.RequestElevation) { c.For = time.Second }), by: "hal", err: domain.ErrBadEnd},
		{name: "not for longer than the scheme allows", given: staff, when: with(toChief, func(c *domain.RequestElevation) { c.For = 8*time.Hour + time.Minute }), by: "hal", err: domain.ErrElevationTooLong},
		{name: "nor until later", given: staff, when: with(toChief, func(c *domain.RequestElevation) { c.For, c.Until = 0, soon }), by: "hal", err: domain.ErrElevationTooLong},
		{name: "not to a role from which the scheme allows none", given: staff, when: domain.RequestElevation{Request: "r", Member: "hal", Role: "clerk", Reason: "k.why", For: time.Hour}, by: "hal", err: domain.ErrNoElevation},
		{name: "not without the reason that the scheme wants", given: staff, when: domain.RequestElevation{Request: "r", Member: "max", Role: "clerk", For: time.Hour}, by: "max", err: domain.ErrReasonRequired},
		{name: "not to a role that nobody can ask for", given: staff, when: with(toChief, func(c *domain.RequestElevation) { c.Role = "owner" }), by: "hal", err: domain.ErrNoElevation},
		{name: "nor to one that is not there", given: staff, when: with(toChief, func(c *domain.RequestElevation) { c.Role = "king" }), by: "hal", err: domain.ErrUnknownRole},
		{name: "not to a role that is no higher", given: staff, when: with(toChief, func(c *domain.RequestElevation) { c.Member = "olga" }), by: "olga", err: domain.ErrHasAccess},
		{name: "not where the scheme knows none", given: staffed(func(s *events.Scheme) { s.Elevation = events.Elevation{} }), when: toChief, by: "hal", err: domain.ErrNoElevation},
		{name: "not on a project where one is not", given: so(staff, created("q")), when: with(onP, func(c *domain.RequestElevation) { c.Project = "q" }), by: "max", err: domain.ErrNoProject},
		{name: "not on a project that is seen only", given: so(staffed(func(s *events.Scheme) { s.ProjectsVisibleTo = events.ToOrganization }), created("q")), when: with(onP, func(c *domain.RequestElevation) { c.Project = "q" }), by: "max", err: domain.ErrNotOnProject},
		{name: "not on one that is archived", given: so(staff, events.ProjectArchived{Project: "p"}), when: onP, by: "max", err: domain.ErrProjectArchived},
		{name: "not who is no member", given: staff, when: with(toChief, func(c *domain.RequestElevation) { c.Member = "new" }), by: "new", err: domain.ErrNoOrganization},
		{name: "nor for whom the system asks", given: staff, when: with(toChief, func(c *domain.RequestElevation) { c.Member = "new" }), err: domain.ErrNoMember},
		{name: "not who is deactivated", given: so(staff, events.MemberDeactivated{Member: "hal"}), when: toChief, by: "hal", err: domain.ErrNoOrganization},
		{name: "nor for whom the system asks then", given: so(staff, events.MemberDeactivated{Member: "hal"}), when: toChief, err: domain.ErrNotInOrganization},
		{name: "not again before somebody decides", given: so(staff, askedFor("hal", "", "chief", func(e *events.AccessRequested) { e.Request = "s" })), when: toChief, by: "hal", err: domain.ErrAlreadyRequested},
		{name: "nobody extends their own", given: so(staff, elevatedUntil("hal", "", "chief", soon)...), when: with(toChief, func(c *domain.RequestElevation) { c.Request = "s" }), by: "hal", err: domain.ErrAlreadyElevated},
		{
			name: "again after it has ended, whether or not that is recorded", given: so(staff, elevatedUntil("hal", "", "chief", past)...), when: with(toChief, func(c *domain.RequestElevation) { c.Request = "s" }), by: "hal",
			then: then(askedFor("hal", "", "chief", func(e *events.AccessRequested) { e.Request = "s" })),
		},
	})
}

func TestApproveElevation(t *testing.T) {
	t.Parallel()
	hour := noon.Add(time.Hour)
	approve := domain.ApproveAccessRequest{Request: "r"}
	approved := func(member events.UserID, project events.ProjectID, role events.RoleKey, until time.Time) []events.Event {
		return elevatedUntil(member, project, role, until)[1:]
	}
	chief, lead := so(staff, askedFor("hal", "", "chief")), so(staff, askedFor("cleo", "p", "lead"))
	maker := so(staff, askedFor("max", "p", "maker"))
	checkRules(t, []rule{
		{name: "who has the role", given: chief, when: approve, by: "chip", then: approved("hal", "", "chief", hour)},
		{name: "not who could not give it", given: chief, when: approve, by: "cleo", err: domain.ErrNoAccessRequest},
		{name: "not who asked", given: so(staff, askedFor("hal", "", "chief")), when: approve, by: "hal", err: domain.ErrOwnAccessRequest},
		{name: "the system", given: chief, when: approve, then: approved("hal", "", "chief", hour)},
		{name: "earlier", given: chief, when: domain.ApproveAccessRequest{Request: "r", Until: noon.Add(time.Minute)}, by: "chip", then: approved("hal", "", "chief", noon.Add(time.Minute))},
		{name: "not later", given: chief, when: domain.ApproveAccessRequest{Request: "r", Until: soon}, by: "chip", err: domain.ErrMoreThanRequested},
		{name: "not a higher role", given: maker, when: domain.ApproveAccessRequest{Request: "r", Role: "lead"}, by: "mia", err: domain.ErrMoreThanRequested},
		{name: "not a role that is no elevation", given: maker, when: domain.ApproveAccessRequest{Request: "r", Role: "guide"}, by: "mia", err: domain.ErrNoElevation},
		{name: "on a project, who may give the role there", given: maker, when: approve, by: "mia", then: approved("max", "p", "maker", hour)},
		{name: "nobody by an elevation of their own", given: so(so(staff, elevatedUntil("cleo", "p", "lead", soon)...), askedFor("max", "p", "maker", func(e *events.AccessRequested) { e.Request = "s" })), when: domain.ApproveAccessRequest{Request: "s"}, by: "cleo", err: domain.ErrNoAccessRequest},
		{name: "an approver of the scheme", given: lead, when: approve, by: "chip", then: approved("cleo", "p", "lead", hour)},
		{name: "not who may change roles, where the scheme names others", given: lead, when: approve, by: "mia", err: domain.ErrNoAccessRequest},
		{name: "not who has left the project meanwhile", given: so(maker, events.ProjectMemberRemoved{Project: "p", Member: "max"}), when: approve, by: "mia", err: domain.ErrNoProject},
		{name: "not who has the role meanwhile", given: so(maker, events.ProjectRoleChanged{Project: "p", Member: "max", From: "guest", To: "maker"}), when: approve, by: "mia", err: domain.ErrHasAccess},
		{name: "not while the project is archived", given: so(maker, events.ProjectArchived{Project: "p"}), when: approve, by: "mia", err: domain.ErrProjectArchived},
		{name: "not while deactivated", given: so(chief, events.MemberDeactivated{Member: "hal"}), when: approve, by: "chip", err: domain.ErrNotInOrganization},
		{
			name: "records that the former has ended", given: so(so(staff, elevatedUntil("hal", "", "chief", past)...), askedFor("hal", "", "chief", func(e *events.AccessRequested) { e.Request = "s" })),
			when: domain.ApproveAccessRequest{Request: "s"}, by: "chip", then: then(
				events.AccessApproved{Request: "s", Member: "hal", Role: "chief", Elevation: true, Until: hour},
				events.ElevationEnded{Request: "r", Member: "hal", Role: "chief", Until: past},
				events.Elevated{Request: "s", Member: "hal", Role: "chief", Until: hour},
			),
		},
	})
}

func TestEndElevation(t *testing.T) {
	t.Parallel()
	until := func(end time.Time) []events.Event { return so(staff, elevatedUntil("hal", "", "chief", end)...) }
	end := domain.EndElevation{Request: "r"}
	ended := events.ElevationEnded{Request: "r", Member: "hal", Role: "chief"}
	checkRules(t, []rule{
		{name: "one's own", given: until(soon), when: end, by: "hal", then: then(ended)},
		{name: "who could approve it", given: until(soon), when: end, by: "chip", then: then(ended)},
		{name: "the system", given: until(soon), when: end, then: then(ended)},
		{name: "nobody else", given: until(soon), when: end, by: "cleo", err: domain.ErrNoAccessRequest},
		{name: "again", given: so(until(soon), ended), when: end, by: "hal"},
		{name: "not after it has ended", given: until(past), when: end, by: "hal"},
		{name: "not what is not approved", given: so(staff, askedFor("hal", "", "chief")), when: end, by: "hal", err: domain.ErrNoAccessRequest},
		{name: "not what is no elevation", given: so(staff, requested("new", "", "member")), when: end, err: domain.ErrNoAccessRequest},
		{name: "its end is recorded", given: until(past), when: domain.RecordPassed{Of: []domain.Boundary{{Member: "hal", Elevation: "r"}}}, then: then(events.ElevationEnded{Request: "r", Member: "hal", Role: "chief", Until: past})},
		{name: "not before", given: until(soon), when: domain.RecordPassed{Of: []domain.Boundary{{Member: "hal", Elevation: "r"}}}},
	})
}

// TestElevationEndsWith has what ends an elevation, in the organization or on a project, beside its own end.
func TestElevationEndsWith(t *testing.T) {
	t.Parallel()
	both := so(so(staff, elevatedUntil("max", "", "chief", soon)...), events.Elevated{Request: "s", Member: "max", Project: "p", Role: "maker", Until: soon})
	lapsed := events.MemberEndChanged{Member: "max", To: past}
	for _, tc := range []struct {
		name                  string
		happened              []events.Event
		inOrganization, there bool
	}{
		{"nothing", nil, true, true},
		{"another role in the organization", then(events.RoleChanged{Member: "max", From: "member", To: "helper"}), false, true},
		{"another role on the project", then(events.ProjectRoleChanged{Project: "p", Member: "max", From: "guest", To: "guide"}), true, false},
		{"removal from the project", then(events.ProjectMemberRemoved{Project: "p", Member: "max"}), true, false},
		{"removal and return to the project", then(events.ProjectMemberRemoved{Project: "p", Member: "max"}, granted("p", "max", "guest")), true, false},
		{"deactivation", then(events.MemberDeactivated{Member: "max"}, events.MemberReactivated{Member: "max"}), false, false},
		{"removal", then(events.MemberRemoved{Member: "max"}, joined("max", "member"), granted("p", "max", "guest")), false, false},
		{"the end of the membership", then(lapsed, events.MembershipEnded{Member: "max", Until: past}, events.MemberEndChanged{Member: "max", From: past}), false, false},
		{"the end of the grant", then(events.ProjectMemberEndChanged{Project: "p", Member: "max", To: past}, events.ProjectMembershipEnded{Project: "p", Member: "max", Until: past}, events.ProjectMemberEndChanged{Project: "p", Member: "max", From: past}), true, false},
		{"an end to come does not", then(events.MemberEndChanged{Member: "max", To: soon}), true, true},
		{"the scheme", then(events.SchemeChanged{Scheme: opened().(events.OrganizationCreated).Scheme}), false, false},
		{"deletion of the project", then(events.ProjectDeleted{Project: "p"}, created("p"), granted("p", "max", "guest")), true, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := stateAfter(so(both, tc.happened...)...).At(noon)
			_, is := org.Elevation("max", "")
			assert.Equal(t, tc.inOrganization, is, "in the organization")
			_, is = org.Elevation("max", "p")
			assert.Equal(t, tc.there, is, "on the project")
		})
	}
}

// TestElevatedMembersDecide has what somebody who is elevated does, and does about themselves.
func TestElevatedMembersDecide(t *testing.T) {
	t.Parallel()
	core := so(staff, team("core", ""), entered("core", "max", "hand"))
	elevated := so(core, elevatedUntil("max", "", "chief", soon)...)
	for _, tc := range []struct {
		name string
		when domain.Command
		err  error
	}{
		{"give others a role", domain.ChangeMemberRole{Member: "hal", To: "clerk"}, nil},
		{"put others on a project", domain.AddProjectMember{Project: "p", Member: "hal", Role: "lead"}, nil},
		{"not themselves", domain.ChangeProjectMemberRole{Project: "p", Member: "max", To: "lead"}, domain.ErrOnlyElevated},
		{"not a higher role for themselves", domain.ChangeMemberRole{Member: "max", To: "clerk"}, domain.ErrOnlyElevated},
		{"not a project to a team of theirs", domain.AssignTeam{Team: "core", Project: "p", Role: "lead"}, domain.ErrOnlyElevated},
		{"not both in one", domain.Batch{domain.ChangeMemberRole{Member: "hal", To: "clerk"}, domain.ChangeMemberRole{Member: "max", To: "clerk"}}, domain.ErrOnlyElevated},
		{"not a domain by which they could come back", domain.SetEmailDomain{Domain: "acme.example", Mode: events.JoinAtOnce, Role: "clerk"}, domain.ErrOnlyElevated},
		{"leave, as anybody may", domain.RemoveMember{Member: "max"}, nil},
		{"end the elevation", domain.EndElevation{Request: "r"}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, _, err := domain.CountSteps(stateAfter(elevated...).At(noon), tc.when, at("max"))
			if tc.err != nil {
				require.ErrorIs(t, err, tc.err)
				return
			}
			require.NoError(t, err)
			_, _, err = domain.CountSteps(stateAfter(elevated...).At(soon), tc.when, events.Moment{Actor: "max", At: soon, Now: soon})
			if _, ends := tc.when.(domain.EndElevation); ends || tc.name == "leave, as anybody may" {
				require.NoError(t, err)
				return
			}
			require.Error(t, err, "after its end")
		})
	}
}

// TestElevationsOfOthersCount has somebody who is elevated do something about themselves that depends on the elevation of another.
func TestElevationsOfOthersCount(t *testing.T) {
	t.Parallel()
	org := stateAfter(so(so(staff, elevatedUntil("max", "", "chief", soon)...), events.Elevated{Request: "s", Member: "hal", Role: "chief", Until: soon})...)
	org = org.Evolve(events.Recorded{
		Event:  events.MemberInvited{Invite: "i", Role: "member", Address: "a", Token: events.Sum([]byte("s"))},
		Origin: events.Origin{At: noon.Add(-time.Minute), Actor: "hal", Version: org.Version() + 1},
	}).At(noon)
	invite, _ := org.Invite("i")
	status, err := org.InviteStatus(invite)
	require.NoError(t, err)
	require.Equal(t, domain.InvitePending, status)
	_, _, err = domain.CountSteps(org, domain.ChangeProfile{Member: "max", Fields: []events.ProfileField{events.EmailField}, PersonalData: domain.PersonalData{Email: "k.a", Address: "a"}}, at("max"))
	require.ErrorIs(t, err, domain.ErrOnlyElevated, "the invite of another stands")
	require.ErrorContains(t, err, "invited at this address")
}

// TestTheHigherOfTwoRolesIsHeld has the rank of a custom role rise above that of the role to which its holder is elevated.
func TestTheHigherOfTwoRolesIsHeld(t *testing.T) {
	t.Parallel()
	aid := func(rank int) events.Role { return events.Role{Key: "aid", Rank: rank, Custom: true} }
	above := func(s *events.Scheme) { s.CustomRoles.Organization.UpTo = "chief" }
	elevated := so(staffed(above), events.RoleDefined{Kind: events.OrganizationRoleKind, Role: aid(5)}, joined("ann", "aid"), events.Elevated{Request: "r", Member: "ann", Role: "clerk", Until: soon})
	assert.EqualValues(t, "clerk", stateAfter(elevated...).At(noon).InOrganization("ann").Role)
	risen := stateAfter(so(elevated, events.RoleRedefined{Kind: events.OrganizationRoleKind, From: aid(5), To: aid(35)})...).At(noon)
	assert.EqualValues(t, "aid", risen.InOrganization("ann").Role)
}

// TestFeedHearsOfElevationsThatAreDropped puts off the end of a membership that has passed, and is not recorded, which ends the elevation.
func TestFeedHearsOfElevationsThatAreDropped(t *testing.T) {
	t.Parallel()
	given := so(so(staff, created("q"), events.MemberEndChanged{Member: "max", To: noon}), elevatedUntil("max", "", "chief", soon)...)
	before := stateAfter(given...).At(time.Unix(0, 0)) // at which nothing has ended, as the feed compares
	entry := events.Entry{Organization: "acme", Version: before.Version() + 1, At: noon.Add(time.Minute), Events: events.Facts{events.MemberEndChanged{Member: "max", From: noon}}}
	changes, all := domain.EffectiveChangesOf(before, &entry, 100, func() bool { return true })
	require.True(t, all)
	require.NotEmpty(t, before.Access("max", "q").Role)
	require.Empty(t, changes.After().Access("max", "q").Role)
	told := map[events.ProjectID]bool{}
	for i := range changes.Len() {
		told[changes.At(i).Project] = true
	}
	assert.True(t, told["q"], "the project that only the elevation reached")
}

// TestElevatedHoldersDoNotCount holds that whoever has a role for a time is not one of those who must hold it.
func TestElevatedHoldersDoNotCount(t *testing.T) {
	t.Parallel()
	chiefs := so(staff, elevatedUntil("hal", "", "chief", soon)...)
	leads := so(so(staff, events.MemberRemoved{Member: "chip"}, events.MemberRemoved{Member: "olga"}), events.Elevated{Request: "r", Member: "max", Project: "p", Role: "lead", Until: soon})
	checkRules(t, []rule{
		{name: "in the organization", given: chiefs, when: domain.ChangeMemberRole{Member: "chip", To: "clerk"}, err: domain.ErrLastHolder},
		{name: "on a project", given: leads, when: domain.ChangeProjectMemberRole{Project: "p", Member: "mia", To: "guest"}, err: domain.ErrLastHolder},
	})
}

// TestAnElevationAddsAndEnds holds that an elevation adds a source to those that somebody has without it, that they never do less by it, and that nothing of it
// is left from its end on.
func TestAnElevationAddsAndEnds(t *testing.T) {
	property(t, func(t *rapid.T, s step) {
		for user, member := range s.after.Members() {
			last := s.At
			for e := range member.Elevations() {
				last = later(last, e.Until)
			}
			if last.Equal(s.At) {
				continue
			}
			without := unelevated(s.after, user)
			for _, project := range everywhere {
				base, now := without.Access(user, project), s.after.Access(user, project)
				assert.Equal(t, base.Sources, slices.DeleteFunc(slices.Clone(now.Sources), func(s domain.Source) bool { return s.Kind == domain.ThroughElevation }), "%q on %q", user, project)
				assert.GreaterOrEqual(t, s.after.Scheme().Rank(now.Role), s.after.Scheme().Rank(base.Role), "%q on %q", user, project)
				assert.Equal(t, viewed(without.At(last).Access(user, project)), viewed(s.after.At(last).Access(user, project)), "%q on %q after the end", user, project)
			}
			assert.Equal(t, viewed(without.At(last).InOrganization(user)), viewed(s.after.At(last).InOrganization(user)), "%q after the end", user)
		}
	})
}

// TestNobodyKeepsWhatAnElevationGave holds that whoever is elevated changes what they have without it only as they could without it.
func TestNobodyKeepsWhatAnElevationGave(t *testing.T) {
	property(t, func(t *rapid.T, s step) {
		before, is := s.before.Member(s.Actor)
		if s.Actor == events.System || !is || s.entry.Events[0].Type() == (events.OrganizationDeleted{}).Type() {
			return
		}
		if len(slices.Collect(before.Elevations())) == 0 {
			return
		}
		if _, _, err := domain.CountSteps(unelevated(s.before, s.Actor), s.command, s.Moment); err == nil {
			return // anyway
		}
		after, is := s.after.Member(s.Actor)
		if !is {
			return
		}
		assert.Equal(t, before.Role, after.Role)
		assert.Equal(t, before.Levels(), after.Levels())
		assert.Equal(t, before.Until(), after.Until())
		assert.Equal(t, slices.Collect(before.Teams()), slices.Collect(after.Teams()))
		for g := range after.Grants() {
			had, _ := before.Grant(g.Project)
			assert.Equal(t, had, g)
		}
	})
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
