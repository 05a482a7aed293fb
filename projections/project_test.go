package projections

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

func TestProjectsByNameAndPerson(t *testing.T) {
	t.Parallel()
	f := acme(t)
	f.give("open",
		domain.CreateOrganization{Name: "Open", Scheme: builtInScheme(t, "owner-member"), Owner: "ada"},
		domain.AddMember{Member: "dan"},
		domain.CreateProject{Project: "p", Name: "P"},
	)
	for _, tc := range []struct {
		name      string
		org       events.OrganizationID
		filter    ProjectFilter
		visibleTo events.UserID
		want      []events.ProjectID
	}{
		{"all, by name, whatever the case", "acme", ProjectFilter{}, "", []events.ProjectID{"p2", "p1"}},
		{"two characters, though a pattern would match", "acme", ProjectFilter{Search: "0%"}, "", []events.ProjectID{"p2"}},
		{"three characters", "acme", ProjectFilter{Search: "zèt"}, "", []events.ProjectID{"p1"}},
		{"words in another order", "acme", ProjectFilter{Search: "100% alpha"}, "", []events.ProjectID{"p2"}},
		{"the id", "acme", ProjectFilter{Search: "P1"}, "", []events.ProjectID{"p1"}},
		{"the id, among those of somebody", "acme", ProjectFilter{Search: "P1", Of: "bob"}, "", []events.ProjectID{"p1"}},
		{"visible to an owner", "acme", ProjectFilter{}, "ada", []events.ProjectID{"p2", "p1"}},
		{"visible to somebody with access to one", "acme", ProjectFilter{}, "cyd", []events.ProjectID{"p1"}},
		{"visible to a member with no access", "acme", ProjectFilter{}, "dan", []events.ProjectID{}},
		{"visible to a stranger", "acme", ProjectFilter{}, "nobody", []events.ProjectID{}},
		{"visible to every member by the scheme", "open", ProjectFilter{}, "dan", []events.ProjectID{"p"}},
		{"visible to every member, but to no stranger", "open", ProjectFilter{}, "bob", []events.ProjectID{}},
		{"in no such organization", "none", ProjectFilter{}, "bob", []events.ProjectID{}},
		{"of somebody with a grant and a team", "acme", ProjectFilter{Of: "bob"}, "", []events.ProjectID{"p1"}},
		{"of an owner, who reaches all", "acme", ProjectFilter{Of: "ada"}, "", []events.ProjectID{"p2", "p1"}},
		{"of somebody with no access", "acme", ProjectFilter{Of: "dan"}, "", []events.ProjectID{}},
		{"of an owner, among those that somebody sees", "acme", ProjectFilter{Of: "ada", Among: f.org("acme").ProjectsOfVisibleAccess("cyd")}, "", []events.ProjectID{"p1"}},
		{"of an owner, among none", "acme", ProjectFilter{Of: "ada", Among: []events.ProjectID{}}, "", []events.ProjectID{}},
	} {
		org := f.org(tc.org).At(time.Now())
		tc.filter.Keep = func(id events.ProjectID) bool { return org.SeesProject(tc.visibleTo, id) }
		found, err := f.ListProjects(t.Context(), org, tc.filter)
		require.NoError(t, err)
		assert.Equal(t, tc.want, found.Items, tc.name)
	}
}

// TestProjectsAmongSomeCostWhatTheseAre asks without a database: an owner's projects are not
// read to find the few that somebody sees.
func TestProjectsAmongSomeCostWhatTheseAre(t *testing.T) {
	t.Parallel()
	org := acme(t).org("acme").At(time.Now())
	var none *Database
	for user, want := range map[events.UserID][]events.ProjectID{"ada": {"p1"}, "nobody": {}} {
		found, err := none.ListProjects(t.Context(), org, ProjectFilter{Of: user, Among: org.ProjectsOfVisibleAccess("cyd"), Page: Page{Limit: 1}})
		require.NoError(t, err)
		assert.Equal(t, want, found.Items, user)
		assert.Empty(t, found.Next)
	}
}

func TestProjectsThatAreArchived(t *testing.T) {
	t.Parallel()
	f := acme(t)
	f.give("acme", domain.ArchiveProject{Project: "p1"})
	for archived, want := range map[bool][]events.ProjectID{true: {"p1"}, false: {"p2"}} {
		found, err := f.ListProjects(t.Context(), f.org("acme"), ProjectFilter{Archived: &archived})
		require.NoError(t, err)
		assert.Equal(t, want, found.Items, "archived %v", archived)
	}
}

// roles are those of people on a project: the effective ones or, where nothing holds, the
// first that did.
func rolesOnProject(org domain.Organization, project events.ProjectID, people []Person) []string {
	return each(people, func(p Person) string {
		role := org.Access(p.User, project).Role
		if sources := org.AllSources(p.User, project); role == "" && len(sources) > 0 {
			role = sources[0].Role
		}
		return string(p.User) + ":" + string(role)
	})
}

func TestProjectMembers(t *testing.T) {
	t.Parallel()
	f := acme(t)
	org := f.org("acme").At(time.Now())
	for _, tc := range []struct {
		name   string
		filter ProjectMemberFilter
		want   []string
	}{
		{"everybody, by name", ProjectMemberFilter{}, []string{"ada:admin", "cyd:write", "bob:write"}},
		{"with a grant, whatever else", ProjectMemberFilter{Source: domain.Direct}, []string{"bob:write"}},
		{"through a team", ProjectMemberFilter{Source: domain.ThroughTeam}, []string{"cyd:write", "bob:write"}},
		{"through a role", ProjectMemberFilter{Source: domain.ThroughRole}, []string{"ada:admin"}},
		{"with an effective role", ProjectMemberFilter{Role: "write"}, []string{"cyd:write", "bob:write"}},
		{"a role that another source outranks", ProjectMemberFilter{Role: "read"}, []string{}},
		{"by name, from three letters", ProjectMemberFilter{Search: "BYTE"}, []string{"bob:write"}},
		{"by name, one letter", ProjectMemberFilter{Search: "á"}, []string{"ada:admin", "cyd:write", "bob:write"}},
		{"by name, words in another order", ProjectMemberFilter{Search: "cyd alva"}, []string{"cyd:write"}},
		{"by address", ProjectMemberFilter{Search: "example.org"}, []string{"bob:write"}},
		{"by login", ProjectMemberFilter{Search: "cyd"}, []string{"cyd:write"}},
		{"nobody, though a pattern would match", ProjectMemberFilter{Search: "b%b"}, []string{}},
		{"search with source and role", ProjectMemberFilter{Search: "bob", Source: domain.ThroughTeam, Role: "write"}, []string{"bob:write"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			found, err := f.ListProjectMembers(t.Context(), org, "p1", tc.filter)
			require.NoError(t, err)
			assert.Equal(t, tc.want, rolesOnProject(org, "p1", found.Items))
		})
	}
}

func TestPeopleAndTeamsOnAProject(t *testing.T) {
	t.Parallel()
	f := studio(t)
	org := f.org("studio").At(time.Now())
	for _, tc := range []struct {
		name, search string
		people       []string
		teams        []events.TeamID
	}{
		{"all", "", []string{"ada:agency_owner", "bob:manager", "dan:developer"}, []events.TeamID{"t"}},
		{"a name", "byte", []string{"bob:manager"}, []events.TeamID{}},
		{"a role that came directly", "MANAGER", []string{"bob:manager"}, []events.TeamID{}},
		{"a role of somebody in a team", "develop", []string{"dan:developer"}, []events.TeamID{"t"}},
		{"a name of somebody in a team", "dan", []string{"dan:developer"}, []events.TeamID{"t"}},
		{"a name of a team", "maker", []string{}, []events.TeamID{"t"}},
		{"a suspended member", "cyd", []string{}, []events.TeamID{}},
		{"a label of a role", "agency owner", []string{"ada:agency_owner"}, []events.TeamID{}},
	} {
		people, err := f.ListProjectMembers(t.Context(), org, "p", ProjectMemberFilter{Search: tc.search})
		require.NoError(t, err)
		assert.Equal(t, tc.people, rolesOnProject(org, "p", people.Items), "people by %s", tc.name)
		teams, err := f.ListProjectTeams(t.Context(), org, "p", ProjectTeamFilter{Search: tc.search})
		require.NoError(t, err)
		assert.Equal(t, tc.teams, teams.Items, "teams by %s", tc.name)
	}
}

func TestPeopleAndTeamsNoLongerOnAProject(t *testing.T) {
	t.Parallel()
	f := studio(t)
	org := f.org("studio").At(time.Now())
	people, err := f.ListProjectMembers(t.Context(), org, "p", ProjectMemberFilter{Inactive: true})
	require.NoError(t, err)
	assert.Equal(t, []string{"cyd:developer", "eve:client", "fay:developer"}, rolesOnProject(org, "p", people.Items))
	teams, err := f.ListProjectTeams(t.Context(), org, "p", ProjectTeamFilter{Inactive: true})
	require.NoError(t, err)
	assert.Equal(t, []events.TeamID{"u"}, teams.Items)
	could, err := f.ListCandidates(t.Context(), org, "p", CandidateFilter{Search: "f"})
	require.NoError(t, err)
	assert.Equal(t, []events.UserID{"fay"}, each(could.Items, userOf))
}
