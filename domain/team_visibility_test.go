package domain_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// TestWhoSeesTeams has core on p, above sub; docs on q; lone on no project; dark, which is
// secret, on p. The scheme lets owners alone see teams in the organization.
func TestWhoSeesTeams(t *testing.T) {
	t.Parallel()
	org := stateAfter(so(staffed(func(s *events.Scheme) {
		s.ProjectsVisibleTo = events.ToMembers
		s.Allow[domain.SeeingTeams] = events.Allowance{OrganizationRoles: []events.RoleKey{"owner"}}
		s.Allow[domain.SeeingSecretTeams] = events.Allowance{OrganizationRoles: []events.RoleKey{"owner"}}
		s.Allow[domain.SeeingMembers] = events.Allowance{OrganizationRoles: []events.RoleKey{"owner"}}
		s.Allow[domain.SeeingProjectMembers] = events.Allowance{ProjectRoles: []events.RoleKey{"guide", "lead"}}
		s.Allow[domain.AssigningTeam] = events.Allowance{ProjectRoles: []events.RoleKey{"lead"}}
		s.Allow[domain.AddingTeamMember] = events.Allowance{TeamRoles: []events.RoleKey{"head"}}
	}),
		joined("lea", "member"), joined("gus", "member"), joined("vic", "member"), joined("tim", "member"), joined("hed", "member"),
		granted("p", "lea", "lead"), granted("p", "gus", "guide"), granted("p", "vic", "guest"),
		team("core", ""), team("sub", "core"), team("docs", ""), team("lone", ""),
		events.TeamCreated{Team: "dark", Name: "dark", Privacy: events.Secret},
		assigned("core", "p", "guest"), assigned("docs", "q", "guest"), assigned("dark", "p", "guest"),
		entered("docs", "tim", "hand"), entered("docs", "hed", "head"))...).At(noon)
	all := []events.TeamID{"core", "sub", "docs", "lone", "dark"}
	for _, tc := range []struct {
		name   string
		actor  events.UserID
		teams  []events.TeamID
		people []events.TeamID // of which they see who is in them
	}{
		{"the scheme allows it", "olga", all, all},
		{"who sees the members of a project, also teams that inherit", "gus", []events.TeamID{"core", "sub"}, []events.TeamID{"core", "sub"}},
		{"who assigns teams chooses from all that are not secret", "lea", []events.TeamID{"core", "sub", "docs", "lone"}, []events.TeamID{"core", "sub"}},
		{"not by any role on the project", "vic", nil, nil},
		{"a member sees the team, not who is in it", "tim", []events.TeamID{"docs"}, nil},
		{"who manages the team sees who is in it", "hed", []events.TeamID{"docs"}, []events.TeamID{"docs"}},
		{"nobody else", "nobody", nil, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			visible := org.VisibleTeams(tc.actor)
			for _, team := range all {
				assert.Equal(t, slices.Contains(tc.teams, team), org.SeesTeam(tc.actor, team), team)
				assert.Equal(t, slices.Contains(tc.teams, team), visible(team), "%s, among many", team)
				if slices.Contains(tc.teams, team) {
					assert.Equal(t, slices.Contains(tc.people, team), org.SeesTeamMembers(tc.actor, team), "the people of %s", team)
				}
			}
		})
	}
	ended := org.Evolve(events.Recorded{Event: events.AssignmentEndChanged{Team: "core", Project: "p", To: noon.Add(-1)}})
	assert.True(t, ended.SeesTeam("gus", "core"), "a list of what has ended shows the team")
	assert.False(t, org.Evolve(events.Recorded{Event: events.MemberDeactivated{Member: "lea"}}).SeesTeam("lea", "core"), "somebody suspended")
}
