package api_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestAnOrganizationShowsWhatOneMayDoInIt(t *testing.T) {
	t.Parallel()
	h, org, _ := agencyOrganization(t)
	h.as("bea").do("GET "+org, nil).ok().has("role", "agency_owner", "role_label", "Agency owner", "levels.members", "full", "levels.settings", "none",
		"archived", false, "members", 9, "seats.taken", 7, "seats.limit", nil, "seats.free", nil).
		lists("actions", "invite_member", "revoke_invite", "create_project", "create_team", "see_members", "see_invites", "see_teams", "see_reports").
		lists("roles", "agency_owner", "manager", "developer", "client")
	h.as("dev").do("GET "+org, nil).ok().has("members", nil, "seats", nil, "levels.projects", "off").lists("actions").lists("roles")
	h.as("").do("GET "+org, nil).ok().has("levels", nil, "role", nil)

	h.system(step{"PATCH " + org + "/seats", o{"seats": 9}})
	h.as("max").do("GET "+org, nil).ok().has("seats.limit", 9, "seats.taken", 7, "seats.free", 2)
	h.as("ada").do("POST "+org+"/archive", nil).ok()
	h.as("ada").do("GET "+org, nil).ok().has("archived", true, "levels.settings", "view").
		lists("actions", "restore_organization", "delete_organization", "see_members", "see_invites", "see_teams", "see_reports", "see_audit_log")
}

func TestMembersAreShownWithStatusAndActions(t *testing.T) {
	t.Parallel()
	h, org, now := agencyOrganization(t)
	list := h.reads("bea", now, org+"/members").count(9)
	owner, ended, suspended, manager := list.row("ada"), list.row("eli"), list.row("sue"), list.row("max")
	list.has(owner+"status", "active", owner+"projects", 1, owner+"levels.settings", "full").lists(owner+"badges", "protected").
		lists(owner+"actions", "attest_access").lists(owner + "roles")
	list.has(ended+"status", "ended", ended+"until", "2024-02-01T00:00:00Z", ended+"levels", nil).lists(ended+"badges", "ended")
	list.has(suspended+"status", "deactivated", suspended+"projects", 0).lists(suspended+"badges", "deactivated").
		lists(suspended+"actions", "change_member_role", "change_member_end", "reactivate_member", "remove_member", "attest_access")
	list.has(manager+"levels.members", "view", manager+"projects", 1, manager+"badges", nil).
		lists(manager+"actions", "change_member_role", "change_member_end", "deactivate_member", "remove_member", "attest_access").
		lists(manager+"roles", "agency_owner", "developer", "client")
	h.reads("bea", now, org+"/members?status=deactivated").count(1).has("items.0.user", "sue")
	h.reads("bea", now, org+"/members?status=ended").count(1).has("items.0.user", "eli")
	h.reads("bea", now, org+"/members?status=gone").refused(http.StatusBadRequest, "malformed")

	// Managers see the list, and may leave.
	list = h.reads("max", now, org+"/members").count(9)
	list.lists(list.row("dev")+"actions").lists(list.row("max")+"actions", "remove_member")
	h.reads("dev", now, org+"/members").refused(http.StatusNotFound, "no_members")
}

// TestAMemberIsShownAsInTheList reads each from memory, and from the read models.
func TestAMemberIsShownAsInTheList(t *testing.T) {
	t.Parallel()
	h, org, now := agencyOrganization(t)
	list := h.reads("bea", now, org+"/members").count(9)
	for _, user := range []string{"ada", "bea", "max", "dev", "tom", "guy", "cli", "sue", "eli"} {
		place := list.row(user)
		one := h.as("bea").do("GET "+org+"/members/"+user, nil).ok()
		for _, field := range []string{"login", "name", "email", "role", "status", "until", "projects", "levels.members", "joined.event", "given.since", "badges.0", "actions.0", "actions.1", "roles.0"} {
			one.has(field, list.at(place+field))
		}
	}
	h.as("dev").do("GET "+org+"/members/dev", nil).ok().has("status", "active", "email", "dev@example.org", "projects", 1).lists("actions", "remove_member")
	h.as("dev").do("GET "+org+"/members/max", nil).refused(http.StatusNotFound, "no_members")
}

func TestProjectsAreShownWithCountsAndActions(t *testing.T) {
	t.Parallel()
	h, org, now := agencyOrganization(t)
	everything := []string{"rename_project", "describe_project", "archive_project", "delete_project", "add_project_member", "assign_team", "see_project_members"}
	// On it are ada, bea, max, dev, and two through teams; sue is suspended.
	h.reads("bea", now, org+"/projects").count(1).has("items.0.role", "agency_owner", "items.0.people", 6, "items.0.teams", 2, "items.0.archived", false, "items.0.public_link", nil).
		lists("items.0.actions", everything...).lists("items.0.roles", "client", "developer", "manager", "agency_owner")
	// The secret team is not counted for who does not see it.
	h.reads("max", now, org+"/projects").count(1).has("items.0.people", 6, "items.0.teams", 1).
		lists("items.0.actions", "add_project_member", "remove_project_member", "see_project_members").lists("items.0.roles", "client", "developer", "manager")
	h.reads("dev", now, org+"/projects").count(1).has("items.0.role", "developer", "items.0.people", nil, "items.0.teams", nil).
		lists("items.0.actions", "remove_project_member")
	h.reads("cli", now, org+"/projects").count(0)
	h.as("max").do("GET "+org+"/projects/site", nil).ok().has("role", "manager", "role_label", "Manager", "levels.tasks", "full", "levels.settings", "none", "public_link", nil).
		lists("actions", "add_project_member", "remove_project_member", "see_project_members").lists("roles", "client", "developer", "manager")

	now = h.as("bea").do("POST "+org+"/projects/site/archive", nil).ok().position()
	h.reads("bea", now, org+"/projects?archived=true").count(1).has("items.0.archived", true).
		lists("items.0.actions", "restore_project", "delete_project", "see_project_members")
	h.reads("bea", now, org+"/projects?archived=false").count(0)
	h.as("bea").do("GET "+org+"/projects/site", nil).ok().has("archived", true, "levels.settings", "view")
}

// TestWhetherThereIsALinkIsForThoseWhoSeeIt looks at a project in every list.
func TestWhetherThereIsALinkIsForThoseWhoSeeIt(t *testing.T) {
	t.Parallel()
	h, org := linked(t)
	now := h.as("ada").do("POST "+org+"/projects/apollo/public-link", nil).ok().position()
	for _, path := range []string{org + "/projects", org + "/members/bob/projects"} {
		h.reads("ada", now, path).has("items.0.id", "apollo", "items.0.public_link", true)
		h.reads("bob", now, path).has("items.0.id", "apollo", "items.0.public_link", nil)
	}
	h.as("ada").do("GET "+org+"/projects/apollo", nil).ok().has("public_link", true)
	h.as("bob").do("GET "+org+"/projects/apollo", nil).ok().has("public_link", nil)
	h.as("ada").do("GET "+org+"/projects/apollo", nil).ok().
		lists("actions", "rename_project", "describe_project", "archive_project", "delete_project", "rotate_public_link", "turn_off_public_link", "add_project_member", "see_project_members", "see_public_link")
}

func TestPeopleOnAProjectAreShownWithAccessAndBadges(t *testing.T) {
	t.Parallel()
	h, org, now := agencyOrganization(t)
	people := org + "/projects/site/members"
	now = max(now, h.as("bea").do("PATCH "+people+"/dev/overrides/log_time", o{"level": "off"}).ok().position())
	list := h.reads("bea", now, people).count(6).has("counts.people", 6, "counts.direct", 3, "counts.teams", 2)
	for user, access := range map[string]string{
		"ada": "through organization role", "bea": "Creator", "max": "Direct", "dev": "Direct", "tom": "via Design Crew", "guy": "via Ghost Writers",
	} {
		list.has(list.row(user)+"access", access)
	}
	owner, creator, dev, tom := list.row("ada"), list.row("bea"), list.row("dev"), list.row("tom")
	list.lists(owner+"badges", "protected").lists(owner+"actions", "attest_access").
		lists(creator+"badges", "protected", "creator").lists(creator + "actions")
	list.has(dev+"levels.log_time", "off", dev+"levels.work", "on", dev+"overrides.0.permission", "log_time", dev+"overrides.0.instead", "on", dev+"status", "active", dev+"until", nil).
		lists(dev+"actions", "attest_access", "change_project_member_role", "change_project_member_end", "remove_project_member", "set_override", "clear_override").
		lists(dev+"roles", "client", "manager", "agency_owner")
	// Who is there through a team alone is not removed one by one.
	list.lists(tom+"actions", "attest_access", "set_override")

	// Managers change roles, but remove nobody but themselves, and do not hear of the secret team.
	list = h.reads("max", now, people).count(6).has("counts.teams", 1)
	list.lists(list.row("dev")+"actions", "change_project_member_role").lists(list.row("max")+"actions", "change_project_member_role", "remove_project_member")
	list.has(list.row("guy")+"access", "via a team")
	h.reads("max", now, people+"?search=developer").count(3)
	h.reads("max", now, people+"?source=creator").count(1).has("items.0.user", "bea")
	h.reads("max", now, people+"?inactive=true").count(1).has("items.0.user", "sue", "items.0.status", "deactivated", "items.0.badges.0", "deactivated")
	h.reads("dev", now, people).refused(http.StatusNotFound, "no_members")
	h.reads("cli", now, people).refused(http.StatusNotFound, "no_project")
}

func TestTeamsAreShownWithActions(t *testing.T) {
	t.Parallel()
	h, org, now := agencyOrganization(t)
	onProject := org + "/projects/site/teams"
	h.reads("bea", now, onProject).count(2).has("items.0.name", "Design Crew", "items.0.colour", "#ff8800", "items.0.members", 1, "items.0.role", nil).
		lists("items.0.actions", "change_assignment_end", "unassign_team")
	h.reads("max", now, onProject).count(1).has("items.0.team", "crew", "next", nil).lists("items.0.actions")
	h.reads("max", now, onProject+"?search=tailor").count(1).has("items.0.team", "crew")
	h.reads("max", now, onProject+"?search=guy").count(0)
	h.reads("max", now, onProject+"?inactive=true").count(0)
	h.reads("dev", now, onProject).refused(http.StatusNotFound, "no_members")

	all := []string{"rename_team", "describe_team", "colour_team", "remove_team", "add_team_member"}
	h.reads("bea", now, org+"/teams").count(2).has("items.0.id", "crew", "items.0.colour", "#ff8800", "items.0.members", 1).lists("items.0.actions", all...).lists("items.0.roles", "member")
	h.reads("max", now, org+"/teams").count(1).lists("items.0.actions")
	h.as("bea").do("GET "+org+"/teams/crew", nil).ok().has("colour", "#ff8800").lists("actions", all...)
	h.reads("bea", now, org+"/teams/crew/members").count(1).has("items.0.user", "tom", "items.0.status", "active").lists("items.0.actions", "remove_team_member")
	// Who is in the team, but sees neither teams nor members, does not learn who else is.
	h.reads("tom", now, org+"/teams/crew/members").refused(http.StatusNotFound, "no_members")
	h.reads("max", now, org+"/teams/crew/members").count(1).lists("items.0.actions")
}

func TestOneSearchFindsPeopleAndTeams(t *testing.T) {
	t.Parallel()
	h, org, now := agencyOrganization(t)
	search := org + "/projects/site/search?search="
	h.reads("max", now, search+"tom").has("people.items.0.user", "tom", "people.items.1", nil, "people.items.0.access", "via Design Crew",
		"teams.items.0.team", "crew", "teams.items.1", nil, "counts.people", 6, "counts.teams", 1, "counts.direct", 3)
	h.reads("max", now, search+"crew").has("people.items.0", nil, "teams.items.0.team", "crew", "teams.items.0.members", 1)
	h.reads("max", now, search+"dev@example").has("people.items.0.user", "dev", "people.items.1", nil, "teams.items.0", nil)
	h.reads("max", now, search+"Manager&limit=1").has("people.items.0.user", "max", "people.next", nil)
	first := h.reads("max", now, search+"developer&limit=1").has("people.items.1", nil, "teams.items.0.team", "crew")
	next, _ := first.at("people.next").(string)
	h.reads("max", now, org+"/projects/site/members?search=developer&after="+next).count(2)
	// The secret team, and that somebody is in it, stay secret; the person does not.
	assert.NotContains(t, string(h.reads("max", now, search+"guy").has("people.items.0.user", "guy", "teams.items.0", nil).body), "host", "max hears of the secret team")
	h.reads("bea", now, search+"guy").has("teams.items.0.team", "ghosts")
	h.reads("dev", now, search+"guy").refused(http.StatusNotFound, "no_members")
	h.reads("cli", now, search+"guy").refused(http.StatusNotFound, "no_project")
}

func TestCandidatesAreThoseNotOnTheProject(t *testing.T) {
	t.Parallel()
	h, org, now := agencyOrganization(t)
	candidates := org + "/projects/site/candidates"
	h.reads("max", now, candidates).count(1).has("items.0.user", "cli", "items.0.role", "client", "items.0.default_role", "client", "items.0.levels", nil).
		lists("roles", "client", "developer", "manager")
	h.reads("max", now, candidates+"?search=cli").count(1)
	h.reads("max", now, candidates+"?search=tom").count(0)
	now = h.as("bea").do("DELETE "+org+"/projects/site/teams/crew", nil).ok().position()
	h.reads("max", now, candidates).count(2)
	h.reads("bea", now, candidates+"?limit=1").count(1).lists("roles", "client", "developer", "manager", "agency_owner")
	// Where the read models stand still, nobody is offered who is on it meanwhile.
	h.stopProjecting()
	h.as("bea").do("POST "+org+"/projects/site/members", o{"user": "cli"}).ok()
	h.as("bea").do("GET "+candidates, nil).count(1).has("items.0.user", "tom")
	h.as("dev").do("GET "+candidates, nil).refused(http.StatusNotFound, "no_members")
	h.as("cli").do("GET "+candidates, nil).refused(http.StatusNotFound, "no_members")
	h.as("eli").do("GET "+candidates, nil).refused(http.StatusNotFound, "no_organization")
	h.as("bea").do("POST "+org+"/projects/site/archive", nil).ok()
	h.as("bea").do("GET "+candidates, nil).refused(http.StatusConflict, "project_archived")
}

func TestInvitesAreShownWithActions(t *testing.T) {
	t.Parallel()
	h, org, now := agencyOrganization(t)
	h.reads("bea", now, org+"/invites").count(1).has("items.0.id", "i2", "items.0.user", "ivy", "items.0.expired", false).lists("items.0.actions", "revoke_invite")
}
