package domain_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

func TestCreateProject(t *testing.T) {
	t.Parallel()
	people := given(workspace, joined("ada", "owner"), joined("bob", "member"))
	checkRules(t, []rule{
		{name: "who creates it owns it", given: people, when: domain.CreateProject{Project: "p", Name: "p"}, by: "bob", then: then(created("p"), creator("p", "bob", "owner"))},
		{name: "the system owns nothing", given: people, when: domain.CreateProject{Project: "p", Name: "p"}, then: then(created("p"))},
		{name: "an id is used once", given: append(people, created("p")), when: domain.CreateProject{Project: "p", Name: "x"}, by: "bob", err: domain.ErrProjectExists},
		{name: "not without a name", given: people, when: domain.CreateProject{Project: "p"}, by: "bob", err: domain.ErrBadName},
		{
			name: "described from the start", given: people, when: domain.CreateProject{Project: "p", Name: "p", Description: "A rocket"},
			then: then(events.ProjectCreated{Project: "p", Name: "p", Description: "A rocket"}),
		},
		{
			name: "not with a description of more than 10,000 bytes", given: people,
			when: domain.CreateProject{Project: "p", Name: "p", Description: strings.Repeat("a", 10_001)}, by: "bob", err: domain.ErrBadName,
		},
		{name: "in github administrators do", given: given(hub, joined("bob", "member")), when: domain.CreateProject{Project: "p", Name: "p"}, by: "bob", err: domain.ErrNotAllowed},
	})
}

func TestAddProjectMember(t *testing.T) {
	t.Parallel()
	people := given(workspace, joined("ada", "owner"), joined("bob", "member"), joined("cyd", "member"), joined("dan", "member"),
		created("p"), granted("p", "bob", "owner"), granted("p", "cyd", "member"))
	private := given(hub, joined("ada", "admin"), joined("bob", "member"), created("p"))
	checkRules(t, []rule{
		{name: "an owner adds as member by default", given: people, when: domain.AddProjectMember{Project: "p", Member: "dan"}, by: "bob", then: then(granted("p", "dan", "member"))},
		{name: "an owner makes owners", given: people, when: domain.AddProjectMember{Project: "p", Member: "dan", Role: "owner"}, by: "bob", then: then(granted("p", "dan", "owner"))},
		{name: "a member adds nobody", given: people, when: domain.AddProjectMember{Project: "p", Member: "dan"}, by: "cyd", err: domain.ErrNotAllowed},
		{name: "an owner of the organization does not reach the project", given: people, when: domain.AddProjectMember{Project: "p", Member: "dan"}, by: "ada", err: domain.ErrNotAllowed},
		{name: "organization first", given: people, when: domain.AddProjectMember{Project: "p", Member: "eve"}, by: "bob", err: domain.ErrNotInOrganization},
		{name: "organization first for the system too", given: people, when: domain.AddProjectMember{Project: "p", Member: "eve"}, err: domain.ErrNotInOrganization},
		{name: "adding a project member who is on it with the same role changes nothing", given: people, when: domain.AddProjectMember{Project: "p", Member: "cyd"}, by: "bob"},
		{name: "adding is no change of role", given: people, when: domain.AddProjectMember{Project: "p", Member: "cyd", Role: "owner"}, by: "bob", err: domain.ErrAlreadyOnProject},
		{name: "no such project", given: people, when: domain.AddProjectMember{Project: "x", Member: "cyd"}, by: "bob", err: domain.ErrNoProject},
		{name: "what one is not on is not there", given: private, when: domain.AddProjectMember{Project: "p", Member: "bob"}, by: "bob", err: domain.ErrNoProject},
		{name: "an administrator reaches every project", given: private, when: domain.AddProjectMember{Project: "p", Member: "bob", Role: "admin"}, by: "ada", then: then(granted("p", "bob", "admin"))},
		{
			name:  "nobody gives more than they have",
			given: append(private, joined("cyd", "member"), granted("p", "bob", "maintain")),
			when:  domain.AddProjectMember{Project: "p", Member: "cyd", Role: "admin"}, by: "bob", err: domain.ErrNotAllowed,
		},
	})
}

func TestChangeProjectRole(t *testing.T) {
	t.Parallel()
	people := given(workspace, joined("ada", "owner"), joined("bob", "member"), joined("cyd", "member"),
		created("p"), granted("p", "bob", "owner"), granted("p", "cyd", "member"))
	checkRules(t, []rule{
		{
			name: "only owners make owners", given: people, when: domain.ChangeProjectMemberRole{Project: "p", Member: "cyd", To: "owner"}, by: "bob",
			then: then(events.ProjectRoleChanged{Project: "p", Member: "cyd", From: "member", To: "owner"}),
		},
		{name: "a member makes none", given: people, when: domain.ChangeProjectMemberRole{Project: "p", Member: "cyd", To: "owner"}, by: "cyd", err: domain.ErrNotAllowed},
		{name: "the last owner stays", given: people, when: domain.ChangeProjectMemberRole{Project: "p", Member: "bob", To: "member"}, by: "bob", err: domain.ErrLastHolder},
		{
			name: "owners demote owners", given: append(people, joined("dan", "member"), granted("p", "dan", "owner")), by: "bob",
			when: domain.ChangeProjectMemberRole{Project: "p", Member: "dan", To: "member"},
			then: then(events.ProjectRoleChanged{Project: "p", Member: "dan", From: "owner", To: "member"}),
		},
		{name: "changing to the project role already held changes nothing", given: people, when: domain.ChangeProjectMemberRole{Project: "p", Member: "cyd", To: "member"}, by: "bob"},
		{name: "not on the project", given: people, when: domain.ChangeProjectMemberRole{Project: "p", Member: "ada", To: "member"}, by: "bob", err: domain.ErrNotOnProject},
		{name: "unknown role", given: people, when: domain.ChangeProjectMemberRole{Project: "p", Member: "cyd", To: "king"}, by: "bob", err: domain.ErrUnknownRole},
		{name: "no role", given: people, when: domain.ChangeProjectMemberRole{Project: "p", Member: "cyd"}, by: "bob", err: domain.ErrUnknownRole},
	})
}

// TestChangeRoleBesideTeams has bob on p through a team alone, as writer.
func TestChangeRoleBesideTeams(t *testing.T) {
	t.Parallel()
	through := given(hub, joined("ada", "admin"), joined("bob", "member"), joined("cyd", "member"), created("p"), team("core", ""),
		entered("core", "bob", "member"), assigned("core", "p", "write"), granted("p", "cyd", "admin"))
	change := func(to events.RoleKey) domain.Command {
		return domain.ChangeProjectMemberRole{Project: "p", Member: "bob", To: to}
	}
	checkRules(t, []rule{
		{name: "above the team's role", given: through, when: change("maintain"), by: "cyd", then: then(granted("p", "bob", "maintain"))},
		{name: "below the team's role, for when the team goes", given: through, when: change("read"), by: "cyd", then: then(granted("p", "bob", "read"))},
		{name: "the team's role, which then stays without the team", given: through, when: change("write"), by: "cyd", then: then(granted("p", "bob", "write"))},
		{name: "not by who only sees the members", given: so(through, events.AssignmentChanged{Team: "core", Project: "p", From: "write", To: "maintain"}), when: change("read"), by: "bob", err: domain.ErrNotAllowed},
		{name: "unknown role", given: through, when: change("king"), by: "cyd", err: domain.ErrUnknownRole},
		{
			name: "a grant that has ended is no grant", when: change("maintain"), by: "cyd", then: then(granted("p", "bob", "maintain")),
			given: so(through, events.ProjectMemberAdded{Project: "p", Member: "bob", Role: "read", Until: noon.Add(-1)}),
		},
		{name: "not once the assignment has ended", given: so(through, events.AssignmentEndChanged{Team: "core", Project: "p", To: noon.Add(-1)}), when: change("read"), by: "cyd", err: domain.ErrNotOnProject},
		{name: "not while suspended", given: so(through, events.MemberDeactivated{Member: "bob"}), when: change("read"), by: "cyd", err: domain.ErrNotOnProject},
		{name: "not of who is there through a role in the organization", given: through, when: domain.ChangeProjectMemberRole{Project: "p", Member: "ada", To: "read"}, by: "cyd", err: domain.ErrNotOnProject},
	})
	agency := given(events.OrganizationCreated{Name: "W", Scheme: builtInScheme("agency").Scheme}, joined("olga", "owner"), joined("ann", "agency_owner"), joined("mia", "manager"),
		created("p"), team("core", ""), entered("core", "ann", "member"), entered("core", "olga", "member"), events.TeamAssigned{Team: "core", Project: "p"}, granted("p", "mia", "manager"))
	checkRules(t, []rule{
		{name: "not of who ranks above", given: agency, when: domain.ChangeProjectMemberRole{Project: "p", Member: "ann", To: "client"}, by: "mia", err: domain.ErrMayNotAssign},
		{name: "not of who is protected", given: agency, when: domain.ChangeProjectMemberRole{Project: "p", Member: "olga", To: "client"}, by: "mia", err: domain.ErrProtected},
	})
}

// TestARoleChangeKeepsWhenSomebodyJoined changes every role that bob has on p.
func TestARoleChangeKeepsWhenSomebodyJoined(t *testing.T) {
	t.Parallel()
	day := func(n int) time.Time { return noon.AddDate(0, 0, n) }
	var org domain.Organization
	for i, e := range given(hub, joined("ada", "admin"), joined("bob", "member"), created("p"), team("core", ""), entered("core", "bob", "member"),
		assigned("core", "p", "read"), granted("p", "bob", "read"), events.ProjectRoleChanged{Project: "p", Member: "bob", From: "read", To: "write"},
		events.AssignmentChanged{Team: "core", Project: "p", From: "read", To: "write"}, events.TeamRoleChanged{Team: "core", Member: "bob", From: "member", To: "maintainer"},
		events.ProjectRoleChanged{Project: "p", Member: "bob", From: "write", To: "triage"}) {
		org = org.Evolve(events.Recorded{Event: e, Origin: events.Origin{Version: events.Version(i + 1), At: day(i)}})
	}
	sources := org.At(day(20)).Access("bob", "p").Sources
	require.Len(t, sources, 2)
	assert.Equal(t, day(7), sources[0].Began, "the grant")
	assert.Equal(t, day(11), sources[0].At, "the grant's present role")
	assert.Equal(t, day(6), sources[1].Began, "the team")
	assert.Equal(t, day(9), sources[1].At, "the assignment's present role")
	assert.Equal(t, day(5), sources[1].Entered.At, "the team's member")
	assert.Equal(t, day(6), org.At(day(20)).Access("bob", "p").Since())
}

func TestRemoveProjectMember(t *testing.T) {
	t.Parallel()
	people := given(workspace, joined("ada", "owner"), joined("bob", "member"), joined("cyd", "member"),
		created("p"), granted("p", "bob", "owner"), granted("p", "cyd", "member"))
	withTeam := given(hub, joined("ada", "admin"), joined("bob", "member"), created("p"), team("core", ""),
		entered("core", "bob", "member"), assigned("core", "p", "write"))
	checkRules(t, []rule{
		{name: "an owner removes", given: people, when: domain.RemoveProjectMember{Project: "p", Member: "cyd"}, by: "bob", then: then(events.ProjectMemberRemoved{Project: "p", Member: "cyd"})},
		{name: "people leave", given: people, when: domain.RemoveProjectMember{Project: "p", Member: "cyd"}, by: "cyd", then: then(events.ProjectMemberRemoved{Project: "p", Member: "cyd"})},
		{name: "the last owner does not", given: people, when: domain.RemoveProjectMember{Project: "p", Member: "bob"}, by: "bob", err: domain.ErrLastHolder},
		{name: "a member removes nobody else", given: people, when: domain.RemoveProjectMember{Project: "p", Member: "bob"}, by: "cyd", err: domain.ErrNotAllowed},
		{name: "not on the project", given: people, when: domain.RemoveProjectMember{Project: "p", Member: "ada"}, by: "bob", err: domain.ErrNotOnProject},
		{name: "through a team alone", given: withTeam, when: domain.RemoveProjectMember{Project: "p", Member: "bob"}, by: "ada", err: domain.ErrOnlyThroughTeam},
		{
			name: "through a team that the actor does not see", given: append(withTeam, joined("cyd", "member"), granted("p", "cyd", "admin"), events.TeamDescribed{Team: "core", Privacy: events.Secret}),
			when: domain.RemoveProjectMember{Project: "p", Member: "bob"}, by: "cyd", err: domain.ErrOnlyThroughTeam,
		},
		{
			name: "with both the grant alone ends", given: append(withTeam, granted("p", "bob", "admin")),
			when: domain.RemoveProjectMember{Project: "p", Member: "bob"}, by: "ada", then: then(events.ProjectMemberRemoved{Project: "p", Member: "bob"}),
		},
	})
}

// TestSecretTeamsAreNotNamed holds that a refusal names a team to those alone who
// see it.
func TestSecretTeamsAreNotNamed(t *testing.T) {
	t.Parallel()
	org := stateAfter(hub, joined("ada", "admin"), joined("bob", "member"), joined("cyd", "member"), created("p"), granted("p", "cyd", "admin"),
		events.TeamCreated{Team: "t", Name: "mayhem", Privacy: events.Secret}, entered("t", "bob", "member"), assigned("t", "p", "write"))
	for actor, named := range map[events.UserID]bool{"ada": true, "cyd": false} {
		_, err := domain.RemoveProjectMember{Project: "p", Member: "bob"}.Decide(org, at(actor))
		require.Error(t, err, "%s removes bob", actor)
		assert.Equal(t, named, strings.Contains(err.Error(), "mayhem"), "does the refusal name the secret team to %s?", actor)
	}
}
