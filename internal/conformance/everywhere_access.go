package conformance

import (
	"slices"

	"github.com/seed-2026d078/roster/internal/apirequest"
)

// effectiveAccess is the one definition of who may do what on a project, and why.
func effectiveAccess() []Case {
	return slices.Concat(
		under(agencyFixture(),
			Case{
				Name: "no_access_has_a_reason",
				Rule: "Not an active member of the organization: no access, and the reason says which: not a member, deactivated, invitation pending, membership expired.",
				Run: func(p *Product) {
					p.daysAgo(9, o{"type": "change_member_end", "user": "cleo", "until": p.ago(3)})
					p.given(
						o{"type": "deactivate_member", "user": "dan"},
						o{"type": "invite_member", "id": "i1", "email": "new@example.org", "user": "new", "role": "client"},
					)
					p.isOff("zoe", "site", "not_a_member")
					p.isOff("dan", "site", "deactivated")
					p.isOff("new", "site", "invited")
					p.isOff("cleo", "site", "membership_ended")
					p.isOff("dora", "site", "not_on_the_project")
					p.access("dora", "none").Has("reason", "no_such_project")
					for _, user := range []string{"dan", "new", "cleo", "zoe"} {
						p.as(user).SeesNo("/projects/site", "no_organization")
					}
				},
			},
			Case{
				Name: "every_source_that_holds_is_told_the_direct_one_first",
				Rule: "Every source that holds is kept and reported; with a direct and a team source, the direct one is shown first (\"Direct\"), else \"via TEAM\".",
				Run: func(p *Product) {
					p.given(assignment("crew", "site", ""), projectMember("site", "dora", "client"))
					p.given(team("ads", "dora")...)
					p.given(assignment("ads", "site", ""))
					p.access("dora", "site").Has(
						"sources.0.kind", "direct", "sources.0.role", "client",
						"sources.1.kind", "team", "sources.1.team", "ads", "sources.1.role", "developer",
						"sources.2.kind", "team", "sources.2.team", "crew", "sources.3", nil)
					people := p.as("mia").Sees("/projects/site/members")
					people.Item("user", "dora").Has("access", "Direct")
					people.Item("user", "carl").Has("access", "via Crew of the case")
				},
			},
			Case{
				Name: "the_highest_role_over_the_sources_counts",
				Rule: "The role is the highest ranked over the sources; per permission, the highest level over the sources' roles.",
				Run: func(p *Product) {
					p.given(assignment("crew", "site", ""), projectMember("site", "dora", "manager"), projectMember("site", "carl", "developer"))
					p.isOn("dora", "site", "manager")
					p.holds("dora", "site", levels{"tasks": "full", "manage_sprints": "on"})
					p.as("ann").May("PATCH /projects/site/members/dora", o{"role": "client"})
					p.isOn("dora", "site", "developer")
					p.holds("dora", "site", levels{"tasks": "view", "manage_sprints": "off", "log_time": "on"})
					p.isOn("carl", "site", "developer")
				},
			},
			Case{
				Name: "an_override_replaces_the_level_of_the_role_and_is_told",
				Rule: "Overrides of a user on a project replace levels; the answer carries those that changed something.",
				Run: func(p *Product) {
					p.as("ann").May("PATCH /projects/site/members/dan/overrides/data", o{"level": "none"})
					p.as("ann").May("PATCH /projects/site/members/dan/overrides/tasks", o{"level": "full"})
					p.as("ann").May("PATCH /projects/site/members/dan/overrides/work", o{"level": "on"}) // as the role has it
					p.isOn("dan", "site", "developer")
					p.holds("dan", "site", levels{"data": "none", "tasks": "full", "work": "on"})
					overrides := p.access("dan", "site").Part("overrides").Lists("permission", "data", "tasks")
					overrides.Item("permission", "data").Has("level", "none", "instead", "view", "by", "ann").Text("event")
					p.as("mia").Sees("/projects/site/members").Item("user", "dan").Part("overrides").Item("permission", "data").Has("level", "none")
					p.isOn("dan", "site", "developer")
					p.holds("cleo", "site", levels{"data": "none", "tasks": "none"})
				},
			},
			Case{
				Name: "an_override_ends_with_the_access_it_was_for",
				Rule: "An override gives no access by itself, and ends with the removal from the project.",
				Run: func(p *Product) {
					p.as("ann").May("PATCH /projects/site/members/dan/overrides/data", o{"level": "full"})
					p.as("ann").May("DELETE /projects/site/members/dan")
					p.isOff("dan", "site", "not_on_the_project")
					p.as("ann").May("POST /projects/site/members", o{"user": "dan"})
					p.holds("dan", "site", levels{"data": "view"})
					p.access("dan", "site").Has("overrides", nil)
				},
			},
			Case{
				Name: "a_source_whose_end_has_passed_does_not_count",
				Rule: "A source whose end time has passed does not count, whether or not anything has swept it.",
				Run: func(p *Product) {
					p.daysAgo(20,
						o{"type": "add_project_member", "project": "shop", "user": "dan", "role": "developer", "until": p.ago(10)},
						o{"type": "assign_team", "project": "shop", "team": "crew", "until": p.ago(10)},
						o{"type": "add_project_member", "project": "shop", "user": "carl", "role": "client", "until": p.ago(5)},
					)
					p.isOff("dan", "shop", "not_on_the_project")
					p.isOff("dora", "shop", "not_on_the_project")
					p.isOff("carl", "shop", "not_on_the_project")
					for _, user := range []string{"dan", "dora", "carl"} {
						p.as(user).SeesNo("/projects/shop", "no_project")
						p.as(user).Sees("/members/" + user + "/projects?limit=10")
					}
					p.system().Sees("/projects/shop/access/dora?at="+p.ago(15)).Has("role", "developer")
					p.system().Sees("/projects/shop/access/carl?at="+p.ago(15)).Has("sources.1.kind", "team")
					p.system().Sees("/projects/shop/access/carl?at="+p.ago(7)).Has("role", "client", "sources.1", nil)
					p.system().Sees("/projects/shop/members?inactive=true").Lists("items.user", "dan", "dora", "carl")
				},
			},
			Case{
				Name: "a_source_counts_until_its_end",
				Rule: "A grant, an assignment or a membership can have an end in the future, which is told with it.",
				Run: func(p *Product) {
					p.as("ann").MayNot("PATCH /projects/site/members/dan/end", "bad_end", o{"until": p.ago(1)})
					p.as("ann").May("PATCH /projects/site/members/dan/end", o{"until": p.ago(-30)})
					p.isOn("dan", "site", "developer")
					p.access("dan", "site").Has("sources.0.until", p.ago(-30))
					p.as("ann").May("POST /projects/site/teams", o{"team": "crew", "until": p.ago(-10)})
					p.isOn("dora", "site", "developer")
					p.as("mia").Sees("/projects/site/teams").Item("team", "crew").Has("until", p.ago(-10))
					p.as("ann").May("PATCH /members/cleo/end", o{"until": p.ago(-20)})
					p.isOn("cleo", "site", "client")
					p.as("mia").Sees("/members").Item("user", "cleo").Has("until", p.ago(-20), "status", "active")
					p.as("ann").May("PATCH /members/cleo/end", o{})
					p.as("mia").Sees("/members").Item("user", "cleo").Has("until", nil)
				},
			},
			Case{
				Name: "every_source_names_the_event_that_caused_it",
				Rule: "The answer carries the role, every permission's level, the sources, the overrides, and for each the event that caused it.",
				Run: func(p *Product) {
					p.as("ann").May("POST /projects/site/teams", o{"team": "crew"})
					access := p.access("dora", "site").Has("sources.0.by", "ann", "sources.0.kind", "team")
					log := p.as("olga").Sees("/events?limit=200")
					log.Item("id", access.Text("sources.0.event")).Has("type", "assignment.added.v1")
					log.Item("id", access.Text("sources.0.entered.event")).Has("type", "team_membership.added.v1")
					access.Says("explanation", "dora is developer on site", "via team Crew of the case")
				},
			},
			Case{
				Name: "a_yes_and_a_no_say_what_gives_or_would_give_it",
				Rule: "Explaining a permission tells in words what gives it, or what would.",
				Run: func(p *Product) {
					ask := func(user, permission string) apirequest.Reply {
						return p.as("mia").Sees("/projects/site/access/" + user + "?explain&permission=" + permission)
					}
					ask("dan", "log_time").Has("allowed", true).Says("explanation", "direct (developer)")
					ask("dan", "manage_sprints").Has("allowed", false).Says("explanation", "manager")
					ask("dan", "data&level=view").Has("allowed", true)
					ask("dan", "data&level=full").Has("allowed", false)
					ask("dora", "log_time").Has("allowed", false, "reason", "not_on_the_project").Says("explanation", "add them to the project")
				},
			},
		),
		under(campaignFixture(),
			Case{
				Name: "commands_checks_and_lists_give_the_same_answer_as_the_past",
				Rule: "The same function serves commands, checks, lists, and the past.",
				Run: func(p *Product) {
					p.daysAgo(30, o{"type": "change_project_member_role", "project": "autumn", "user": "vic", "role": "admin"})
					p.daysAgo(20, o{"type": "change_project_member_role", "project": "autumn", "user": "vic", "role": "viewer"})
					p.isOn("vic", "autumn", "viewer")
					p.as("vic").MayNot("PATCH /projects/autumn", "not_allowed", o{"name": "Mine"})
					p.as("pam").Sees("/projects/autumn/access/vic?at="+p.ago(25)).Has("role", "admin", "permissions.settings", "full")
					p.as("pam").Sees("/projects/autumn/access/vic?at="+p.ago(15)).Has("role", "viewer", "permissions.settings", "none")
					p.system().Sees("/projects/autumn/access/vic?at="+p.ago(100)).Has("role", "viewer")
				},
			},
			Case{
				Name: "a_refusal_tells_nothing_that_the_asker_may_not_see",
				Rule: "Refusals never reveal what the asker may not see.",
				Run: func(p *Product) {
					for _, id := range []string{"winter", "nowhere"} {
						question := o{"questions": []o{{"organization": p.org, "user": "pam", "project": id, "permission": "run", "level": "on"}}}
						p.as("vic").MayNot("POST /v1/access:check", "no_project", question)
						p.as("vic").SeesNo("/projects/"+id, "no_project")
						p.as("vic").MayNot("PATCH /projects/"+id+"/members/pam", "no_project", o{"role": "admin"})
					}
					own := o{"questions": []o{{"organization": p.org, "user": "vic", "project": "winter", "permission": "run", "level": "on"}}}
					p.as("vic").May("POST /v1/access:check", own).Has("answers.0.allowed", false)
					p.as("zoe").SeesNo("/members", "no_organization")
					p.as("zoe").MayNot("POST /v1/access:check", "no_organization", o{"questions": []o{{"organization": p.org, "user": "vic", "project": "autumn", "permission": "run", "level": "on"}}})
				},
			},
			Case{
				Name: "an_archived_project_is_read_only",
				Rule: "What is archived is read only until it is restored: whoever sees it still sees it.",
				Run: func(p *Product) {
					p.as("vic").MayNot("POST /projects/autumn/archive", "not_allowed")
					p.as("pam").May("POST /projects/autumn/archive")
					p.holdsAll("pam", "autumn", levels{"build": "off", "run": "off", "outcomes": "view", "analytics": "view", "settings": "view", "members": "view"})
					p.access("pam", "autumn").Has("role", "admin", "read_only", true)
					p.as("pam").MayNot("POST /projects/autumn/members", "project_archived", o{"user": "nan"})
					p.as("vic").Sees("/projects/autumn").Has("archived", true)
					p.as("ada").Sees("/projects?archived=true").Lists("items.id", "autumn")
					p.as("ada").Sees("/projects?archived=false").Lists("items.id", "winter")
					p.as("pam").May("POST /projects/autumn/restore")
					p.holds("pam", "autumn", levels{"build": "on", "outcomes": "full", "settings": "full"})
				},
			},
		),
	)
}
