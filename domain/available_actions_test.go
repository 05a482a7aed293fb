package domain_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// TestOffers has an offer of each kind in full.
func TestOffers(t *testing.T) {
	t.Parallel()
	org := stateAfter(so(staff, team("core", ""), entered("core", "max", "hand"), assigned("core", "p", "guide"),
		events.OverrideSet{Project: "p", Member: "max", Permission: "text", Level: "none"}, events.PublicLinkTurnedOn{Project: "p"})...).At(noon)
	beside := org.Evolve(events.Recorded{Event: team("docs", "")})
	below := org.Evolve(events.Recorded{Event: team("docs", "core")})
	archived := org.Evolve(events.Recorded{Event: events.OrganizationArchived{}})
	project := org.Evolve(events.Recorded{Event: events.ProjectArchived{Project: "p"}})
	for _, tc := range []struct {
		name  string
		offer domain.AvailableActions
		want  domain.AvailableActions
	}{
		{"on a member", org.ActionsOnMember(at("cleo"), "hal"), domain.AvailableActions{
			Actions: []events.Action{"change_profile", "change_member_levels", "change_member_end", "deactivate_member", "remove_member", "attest_access", "change_member_role"},
			Roles:   []events.RoleKey{"member", "clerk"},
		}},
		{"on somebody suspended", org.Evolve(events.Recorded{Event: events.MemberDeactivated{Member: "max"}}).ActionsOnMember(at("cleo"), "max"), domain.AvailableActions{
			Actions: []events.Action{"change_profile", "change_member_end", "reactivate_member", "remove_member", "attest_access", "change_member_role"},
			Roles:   []events.RoleKey{"helper", "clerk"},
		}},
		{"on oneself", org.ActionsOnMember(at("max"), "max"), domain.AvailableActions{Actions: []events.Action{"change_profile", "remove_member"}}},
		{"on who is above", org.ActionsOnMember(at("cleo"), "chip"), domain.AvailableActions{Actions: []events.Action{"attest_access"}}},
		{"on who is protected", org.ActionsOnMember(at("chip"), "olga"), domain.AvailableActions{Actions: []events.Action{"attest_access"}}},
		{"on an heir", org.ActionsOnMember(at("olga"), "hal"), domain.AvailableActions{
			Actions: []events.Action{"transfer_ownership", "change_profile", "change_member_levels", "change_member_end", "deactivate_member", "remove_member", "attest_access", "change_member_role"},
			Roles:   []events.RoleKey{"member", "clerk"},
		}},
		{"on the only chief, as long as another is", org.ActionsOnMember(at("olga"), "chip"), domain.AvailableActions{
			Actions: []events.Action{"change_profile", "change_member_end", "deactivate_member", "remove_member", "attest_access"},
		}},
		{"on a project member", org.ActionsOnProjectMember(at("cleo"), "p", "max"), domain.AvailableActions{
			Actions: []events.Action{"change_project_member_levels", "change_project_member_end", "remove_project_member", "set_override", "clear_override", "attest_access", "change_project_member_role"},
			Roles:   []events.RoleKey{"guide"},
		}},
		{"on the creator", org.ActionsOnProjectMember(at("olga"), "p", "mia"), domain.AvailableActions{Actions: []events.Action{"attest_access"}}},
		{"on an archived project", project.ActionsOnProjectMember(at("cleo"), "p", "max"), domain.AvailableActions{}},
		{"on an assignment", org.ActionsOnAssignment(at("cleo"), "p", "core"), domain.AvailableActions{
			Actions: []events.Action{"change_assignment_end", "unassign_team", "change_assignment"},
			Roles:   []events.RoleKey{"guest"},
		}},
		{"on a team member", org.ActionsOnTeamMember(at("mia"), "core", "max"), domain.AvailableActions{Actions: []events.Action{"remove_team_member"}}},
		{"on the organization", org.ActionsOnOrganization(at("olga")), domain.AvailableActions{
			Actions: []events.Action{
				"rename_organization", "archive_organization", "delete_organization", "transfer_ownership", "define_role", "change_scheme", "change_seats", "change_access_requests", "set_email_domain",
				"rename_role", "add_member", "invite_member", "create_project", "create_team", "see_teams",
			},
			Roles: []events.RoleKey{"member", "helper", "clerk"},
		}},
		{"on an archived one", archived.ActionsOnOrganization(at("olga")), domain.AvailableActions{
			Actions: []events.Action{"restore_organization", "delete_organization", "see_teams"},
			Roles:   []events.RoleKey{"member", "helper", "clerk"},
		}},
		{"to strangers nothing", org.ActionsOnOrganization(at("eve")), domain.AvailableActions{}},
		{"on a project", org.ActionsOnProject(at("mia"), "p"), domain.AvailableActions{
			Actions: []events.Action{"rename_project", "describe_project", "archive_project", "delete_project", "rotate_public_link", "turn_off_public_link", "add_project_member", "assign_team"},
			Roles:   []events.RoleKey{"guest", "guide", "maker", "lead"},
		}},
		{"on one that one can leave", org.ActionsOnProject(at("max"), "p"), domain.AvailableActions{
			Actions: []events.Action{"archive_project", "delete_project", "remove_project_member", "add_project_member", "assign_team"},
			Roles:   []events.RoleKey{"guest"},
		}},
		{"on one that is archived", project.ActionsOnProject(at("mia"), "p"), domain.AvailableActions{
			Actions: []events.Action{"restore_project", "delete_project", "turn_off_public_link"},
			Roles:   []events.RoleKey{"guest", "guide", "maker", "lead"},
		}},
		{"on a team", org.ActionsOnTeam(at("max"), "core"), domain.AvailableActions{
			Actions: []events.Action{"colour_team", "remove_team"}, // it gives more on p than max may give
			Roles:   []events.RoleKey{"hand"},
		}},
		{"on a team beside which another stands", beside.ActionsOnTeam(at("max"), "core"), domain.AvailableActions{
			Actions: []events.Action{"colour_team", "remove_team", "move_team"},
			Roles:   []events.RoleKey{"hand"},
		}},
		{"on a team with all others below it", below.ActionsOnTeam(at("max"), "core"), domain.AvailableActions{
			Actions: []events.Action{"colour_team"},
			Roles:   []events.RoleKey{"hand"},
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			assert.Empty(t, cmp.Diff(tc.want, tc.offer))
		})
	}
	offer := stateAfter(hub, joined("ada", "admin"), team("s", "")).ActionsOnTeam(at("ada"), "s")
	assert.Contains(t, offer.Actions, domain.RenamingTeam, "an administrator of github")
	assert.Contains(t, offer.Actions, domain.DescribingTeam, "an administrator of github")
}

// TestWhatNeedsOneselfIsOffered has things that people may do with themselves alone, or
// with teams of theirs.
func TestWhatNeedsOneselfIsOffered(t *testing.T) {
	t.Parallel()
	org := stateAfter(so(staffed(func(s *events.Scheme) {
		s.ProjectsVisibleTo = events.ToOrganization
		s.Allow[domain.AddingProjectMember] = events.Allowance{Self: true}
		s.Allow[domain.AssigningTeam] = events.Allowance{TeamRoles: []events.RoleKey{"hand"}}
		s.Allow[domain.AddingTeamMember] = events.Allowance{Self: true}
		s.Allow[domain.SeeingProjectMembers] = events.Allowance{Self: true}
	}), team("core", ""), entered("core", "max", "hand"))...).At(noon)
	for _, tc := range []struct {
		user    events.UserID
		project []events.Action
		team    []events.Action
	}{
		{"max", []events.Action{"remove_project_member", "assign_team"}, []events.Action{"colour_team", "remove_team"}},
		{"hal", nil, []events.Action{"remove_team", "add_team_member"}},
	} {
		assert.Empty(t, cmp.Diff(tc.project, org.ActionsOnProject(at(tc.user), "p").Actions), "%s on the project", tc.user)
		assert.Empty(t, cmp.Diff(tc.team, org.ActionsOnTeam(at(tc.user), "core").Actions), "%s on the team", tc.user)
	}
}
