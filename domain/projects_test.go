package domain_test

import (
	"strings"
	"testing"

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
