package api_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestAnOrganizationShowsWhatOneMayDoInIt(t *testing.T) {
	t.Parallel()
	h, org := agencyOrganization(t)
	h.As("bea").Sees(org).Has("role", "agency_owner", "role_label", "Agency owner", "levels.members", "full", "levels.settings", "none",
		"archived", false, "members", 9, "seats.taken", 7, "seats.limit", nil, "seats.free", nil).
		Lists("actions", "invite_member", "revoke_invite", "create_project", "create_team", "see_members", "see_invites", "see_teams", "see_reports").
		Lists("roles", "agency_owner", "manager", "developer", "client")
	h.As("dev").Sees(org).Has("members", nil, "seats", nil, "levels.projects", "off").Lists("actions").Lists("roles")
	h.As("").Sees(org).Has("levels", nil, "role", nil)

	h.As("").May("PATCH "+org+"/seats", o{"seats": 9})
	h.As("max").Sees(org).Has("seats.limit", 9, "seats.taken", 7, "seats.free", 2)
	h.As("ada").May("POST " + org + "/archive")
	h.As("ada").Sees(org).Has("archived", true, "levels.settings", "view").
		Lists("actions", "restore_organization", "delete_organization", "see_members", "see_invites", "see_teams", "see_reports", "see_audit_log")
}

func TestMembersAreShownWithStatusAndActions(t *testing.T) {
	t.Parallel()
	h, org := agencyOrganization(t)
	list := h.As("bea").Sees(org + "/members").Count(9)
	list.Item("user", "ada").Has("status", "active", "projects", 1, "levels.settings", "full").
		Lists("badges", "protected", "workspace_owner").Lists("actions", "attest_access").Lists("roles")
	list.Item("user", "eli").Has("status", "ended", "until", "2024-02-01T00:00:00Z", "levels", nil).Lists("badges", "ended")
	list.Item("user", "sue").Has("status", "deactivated", "projects", 0).Lists("badges", "deactivated").
		Lists("actions", "change_profile", "change_member_role", "change_member_end", "reactivate_member", "remove_member", "attest_access")
	list.Item("user", "max").Has("levels.members", "view", "projects", 1, "badges", nil).
		Lists("actions", "change_profile", "change_member_role", "change_member_end", "deactivate_member", "remove_member", "attest_access").
		Lists("roles", "agency_owner", "developer", "client")
	h.As("bea").Sees(org+"/members?status=deactivated").Count(1).Has("items.0.user", "sue")
	h.As("bea").Sees(org+"/members?status=ended").Count(1).Has("items.0.user", "eli")
	h.As("bea").Ask("GET "+org+"/members?status=gone").Refused(http.StatusBadRequest, "malformed")

	// Managers see the list, and may leave.
	list = h.As("max").Sees(org + "/members").Count(9)
	list.Item("user", "dev").Lists("actions")
	list.Item("user", "max").Lists("actions", "change_profile", "remove_member")
	h.As("dev").SeesNo(org+"/members", "no_members")
}

// TestAMemberIsShownAsInTheList reads each from memory, and from the read models.
func TestAMemberIsShownAsInTheList(t *testing.T) {
	t.Parallel()
	h, org := agencyOrganization(t)
	list := h.As("bea").Sees(org + "/members").Count(9)
	for _, user := range []string{"ada", "bea", "max", "dev", "tom", "guy", "cli", "sue", "eli"} {
		row := list.Item("user", user)
		one := h.As("bea").Sees(org + "/members/" + user)
		for _, field := range []string{"login", "name", "email", "role", "status", "until", "projects", "levels.members", "joined.event", "given.since", "badges.0", "actions.0", "actions.1", "roles.0"} {
			one.Has(field, row.At(field))
		}
	}
	h.As("dev").Sees(org+"/members/dev").Has("status", "active", "email", "dev@example.org", "projects", 1).Lists("actions", "change_profile", "remove_member")
	h.As("dev").SeesNo(org+"/members/max", "no_members")
}

func TestProjectsAreShownWithCountsAndActions(t *testing.T) {
	t.Parallel()
	h, org := agencyOrganization(t)
	everything := []string{"rename_project", "describe_project", "archive_project", "delete_project", "add_project_member", "assign_team", "see_project_members"}
	// On it are ada, bea, max, dev, and two through teams; sue is suspended.
	h.As("bea").Sees(org+"/projects").Count(1).Has("items.0.role", "agency_owner", "items.0.people", 6, "items.0.teams", 2, "items.0.archived", false, "items.0.public_link", nil).
		Lists("items.0.actions", everything...).Lists("items.0.roles", "client", "developer", "manager", "agency_owner")
	// The secret team is not counted for who does not see it.
	h.As("max").Sees(org+"/projects").Count(1).Has("items.0.people", 6, "items.0.teams", 1).
		Lists("items.0.actions", "add_project_member", "remove_project_member", "see_project_members").Lists("items.0.roles", "client", "developer", "manager")
	h.As("dev").Sees(org+"/projects").Count(1).Has("items.0.role", "developer", "items.0.people", nil, "items.0.teams", nil).
		Lists("items.0.actions", "remove_project_member")
	h.As("cli").Sees(org + "/projects").Count(0)
	h.As("max").Sees(org+"/projects/site").Has("role", "manager", "role_label", "Manager", "levels.tasks", "full", "levels.settings", "none", "public_link", nil).
		Lists("actions", "add_project_member", "remove_project_member", "see_project_members").Lists("roles", "client", "developer", "manager")

	h.As("bea").May("POST " + org + "/projects/site/archive")
	h.As("bea").Sees(org+"/projects?archived=true").Count(1).Has("items.0.archived", true).
		Lists("items.0.actions", "restore_project", "delete_project", "see_project_members")
	h.As("bea").Sees(org + "/projects?archived=false").Count(0)
	h.As("bea").Sees(org+"/projects/site").Has("archived", true, "levels.settings", "view")
}

// TestWhetherThereIsALinkIsForThoseWhoSeeIt looks at a project in every list.
func TestWhetherThereIsALinkIsForThoseWhoSeeIt(t *testing.T) {
	t.Parallel()
	h, org := linked(t)
	h.As("ada").May("POST " + org + "/projects/apollo/public-link")
	for _, path := range []string{org + "/projects", org + "/members/bob/projects"} {
		h.As("ada").Sees(path).Has("items.0.id", "apollo", "items.0.public_link", true)
		h.As("bob").Sees(path).Has("items.0.id", "apollo", "items.0.public_link", nil)
	}
	h.As("ada").Sees(org+"/projects/apollo").Has("public_link", true)
	h.As("bob").Sees(org+"/projects/apollo").Has("public_link", nil)
	h.As("ada").Sees(org+"/projects/apollo").
		Lists("actions", "rename_project", "describe_project", "archive_project", "delete_project", "rotate_public_link", "turn_off_public_link", "add_project_member", "see_project_members", "see_public_link")
}

func TestPeopleOnAProjectAreShownWithAccessAndBadges(t *testing.T) {
	t.Parallel()
	h, org := agencyOrganization(t)
	people := org + "/projects/site/members"
	h.As("bea").May("PATCH "+people+"/dev/overrides/log_time", o{"level": "off"})
	list := h.As("bea").Sees(people).Count(6).Has("counts.people", 6, "counts.direct", 3, "counts.teams", 2)
	for user, access := range map[string]string{
		"ada": "through organization role", "bea": "Creator", "max": "Direct", "dev": "Direct", "tom": "via Design Crew", "guy": "via Ghost Writers",
	} {
		list.Item("user", user).Has("access", access)
	}
	list.Item("user", "ada").Lists("badges", "protected", "workspace_owner").Lists("actions", "attest_access")
	list.Item("user", "bea").Lists("badges", "protected", "creator").Lists("actions")
	list.Item("user", "dev").
		Has("levels.log_time", "off", "levels.work", "on", "overrides.0.permission", "log_time", "overrides.0.instead", "on", "status", "active", "until", nil).
		Lists("actions", "attest_access", "change_project_member_role", "change_project_member_end", "remove_project_member", "set_override", "clear_override").
		Lists("roles", "client", "manager", "agency_owner")
	// Who is there through a team alone is not removed one by one; a role beside it can be given.
	list.Item("user", "tom").Lists("actions", "attest_access", "change_project_member_role", "set_override").
		Lists("roles", "client", "developer", "manager", "agency_owner")

	// Managers change roles, but remove nobody but themselves, and do not hear of the secret team.
	list = h.As("max").Sees(people).Count(6).Has("counts.teams", 1)
	list.Item("user", "dev").Lists("actions", "change_project_member_role")
	list.Item("user", "max").Lists("actions", "change_project_member_role", "remove_project_member")
	list.Item("user", "guy").Has("access", "via a team")
	h.As("max").Sees(people + "?search=developer").Count(3)
	h.As("max").Sees(people+"?source=creator").Count(1).Has("items.0.user", "bea")
	h.As("max").Sees(people+"?inactive=true").Count(1).Has("items.0.user", "sue", "items.0.status", "deactivated", "items.0.badges.0", "deactivated")
	h.As("dev").SeesNo(people, "no_members")
	h.As("cli").SeesNo(people, "no_project")
}

func TestTeamsAreShownWithActions(t *testing.T) {
	t.Parallel()
	h, org := agencyOrganization(t)
	onProject := org + "/projects/site/teams"
	h.As("bea").Sees(onProject).Count(2).Has("items.0.name", "Design Crew", "items.0.colour", "#ff8800", "items.0.members", 1, "items.0.role", nil).
		Lists("items.0.actions", "change_assignment_end", "unassign_team")
	h.As("max").Sees(onProject).Count(1).Has("items.0.team", "crew", "next", nil).Lists("items.0.actions")
	h.As("max").Sees(onProject+"?search=tailor").Count(1).Has("items.0.team", "crew")
	h.As("max").Sees(onProject + "?search=guy").Count(0)
	h.As("max").Sees(onProject + "?inactive=true").Count(0)
	h.As("dev").SeesNo(onProject, "no_members")

	all := []string{"rename_team", "describe_team", "colour_team", "remove_team", "add_team_member"}
	h.As("bea").Sees(org+"/teams").Count(2).Has("items.0.id", "crew", "items.0.colour", "#ff8800", "items.0.members", 1).Lists("items.0.actions", all...).Lists("items.0.roles", "member")
	h.As("max").Sees(org + "/teams").Count(1).Lists("items.0.actions")
	h.As("bea").Sees(org+"/teams/crew").Has("colour", "#ff8800").Lists("actions", all...)
	h.As("bea").Sees(org+"/teams/crew/members").Count(1).Has("items.0.user", "tom", "items.0.status", "active").Lists("items.0.actions", "remove_team_member")
	// Who is in the team, but sees neither teams nor members, does not learn who else is.
	h.As("tom").SeesNo(org+"/teams/crew/members", "no_members")
	h.As("max").Sees(org + "/teams/crew/members").Count(1).Lists("items.0.actions")
}

func TestOneSearchFindsPeopleAndTeams(t *testing.T) {
	t.Parallel()
	h, org := agencyOrganization(t)
	search := org + "/projects/site/search?search="
	h.As("max").Sees(search+"tom").Has("people.items.0.user", "tom", "people.items.1", nil, "people.items.0.access", "via Design Crew",
		"teams.items.0.team", "crew", "teams.items.1", nil, "counts.people", 6, "counts.teams", 1, "counts.direct", 3)
	h.As("max").Sees(search+"crew").Has("people.items.0", nil, "teams.items.0.team", "crew", "teams.items.0.members", 1)
	h.As("max").Sees(search+"dev@example").Has("people.items.0.user", "dev", "people.items.1", nil, "teams.items.0", nil)
	h.As("max").Sees(search+"Manager&limit=1").Has("people.items.0.user", "max", "people.next", nil)
	first := h.As("max").Sees(search+"developer&limit=1").Has("people.items.1", nil, "teams.items.0.team", "crew")
	next := first.Text("people.next")
	h.As("max").Sees(org + "/projects/site/members?search=developer&after=" + next).Count(2)
	// The secret team, and that somebody is in it, stay secret; the person does not.
	assert.NotContains(t, h.As("max").Sees(search+"guy").Has("people.items.0.user", "guy", "teams.items.0", nil).Body, "host", "max hears of the secret team")
	h.As("bea").Sees(search+"guy").Has("teams.items.0.team", "ghosts")
	h.As("dev").SeesNo(search+"guy", "no_members")
	h.As("cli").SeesNo(search+"guy", "no_project")
}

func TestCandidatesAreThoseWithoutARoleOfTheirOwn(t *testing.T) {
	t.Parallel()
	h, org := agencyOrganization(t)
	candidates := org + "/projects/site/candidates"
	list := h.As("max").Sees(candidates).Count(3).Lists("roles", "client", "developer", "manager")
	list.Item("user", "cli").Has("role", "client", "default_role", "client", "levels", nil, "access", nil)
	list.Item("user", "tom").Has("access", "via Design Crew")
	list.Item("user", "guy").Has("access", "via a team") // it is secret
	h.As("max").Sees(candidates + "?search=cli").Count(1)
	h.As("max").Sees(candidates + "?search=tom").Count(1)
	h.As("bea").May("DELETE " + org + "/projects/site/teams/crew")
	h.As("max").Sees(candidates).Count(3).Item("user", "tom").Has("access", nil)
	h.As("bea").Sees(candidates+"?limit=1").Count(1).Lists("roles", "client", "developer", "manager", "agency_owner")
	// Where the read models stand still, nobody is offered who is on it meanwhile.
	h.StopProjecting()
	h.As("bea").May("POST "+org+"/projects/site/members", o{"user": "cli"})
	h.As("bea").Sees(candidates).Lists("items.user", "guy", "tom")
	h.As("dev").SeesNo(candidates, "no_members")
	h.As("cli").SeesNo(candidates, "no_members")
	h.As("eli").SeesNo(candidates, "no_organization")
	h.As("bea").May("POST " + org + "/projects/site/archive")
	h.As("bea").Ask("GET "+candidates).Refused(http.StatusConflict, "project_archived")
}

func TestInvitesAreShownWithActions(t *testing.T) {
	t.Parallel()
	h, org := agencyOrganization(t)
	h.As("bea").Sees(org+"/invites").Count(1).Has("items.0.id", "i2", "items.0.user", "ivy", "items.0.status", "pending").Lists("items.0.actions", "revoke_invite", "change_invite", "resend_invite")
}
