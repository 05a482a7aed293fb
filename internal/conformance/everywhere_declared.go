package conformance

import (
	"github.com/go-json-experiment/json"

	"github.com/seed-2026d078/roster/internal/apirequest"
)

// everybodyInGithub declares the members of the fixture, with more after them.
func everybodyInGithub(more ...o) []o {
	return append([]o{{"user": "ada", "role": "admin"}, {"user": "bob"}, {"user": "cleo"}, {"user": "dan"}}, more...)
}

// changeOn returns what a plan would change for somebody on a project.
func changeOn(plan apirequest.Reply, user, project string) apirequest.Reply {
	for _, change := range plan.Part("changes").Items() {
		if change.At("user") == user && change.At("project") == project {
			return change
		}
	}
	plan.Fail("a change for " + user + " on " + project)
	return plan
}

// declaredState are the promises about organizations that are kept in files.
func declaredState() []Case {
	declared := o{
		"members": everybodyInGithub(o{"user": "fay"}),
		"teams": []o{
			{"name": "Kernel", "previously": []string{"core of the case"}, "members": []o{{"user": "cleo", "role": "maintainer"}, {"user": "fay"}}, "projects": []o{{"project": "web", "role": "maintain"}}},
			{"name": "Sub", "parent": "Kernel"},
		},
	}
	return under(githubFixture(),
		Case{
			Name: "a_plan_shows_who_gains_and_loses_access_and_does_nothing",
			Rule: "A declaration says how an organization is to be. Its plan names the changes that would make it so, and who would gain, lose or change access; nothing happens.",
			Run: func(p *Product) {
				before := p.as("ada").Sees("").At("version")
				plan := p.system().May("PUT /config?dry_run=true", declared).Has("changed", false).Part("dry_run")
				plan.Lists("commands.action", "add_member", "rename_team", "add_team_member", "change_assignment", "remove_team_member", "remove_member")
				for user, effect := range map[string]string{"fay": "gains", "bob": "loses", "dan": "changes", "cleo": "changes"} {
					changeOn(plan, user, "web").Has("effect", effect)
				}
				p.as("ada").Sees("").Has("version", before)
				p.isOn("bob", "web", "write")
			},
		},
		Case{
			Name: "a_declaration_is_applied_in_one_commit_and_repeated_changes_nothing",
			Rule: "Applying a declaration makes the organization so in one commit: all of it or nothing. What a section names is complete; a section that is left out stays. Applied again, it changes nothing.",
			Run: func(p *Product) {
				version, _ := p.as("ada").Sees("").At("version").(float64)
				p.system().May("PUT /config", declared).Has("changed", true, "version", int(version)+1)
				p.isOn("fay", "web", "maintain")
				p.isOn("dan", "web", "maintain")
				p.isOff("bob", "web", "not_on_the_project")
				p.as("ada").SeesNo("/members/eve", "no_member")
				p.as("ada").Sees("/teams/core").Has("name", "Kernel")
				p.as("ada").Sees("/projects").Lists("items.id", "docs", "web")
				p.system().May("PUT /config", declared).Has("changed", false, "version", int(version)+1)
				p.system().MayNot("PUT /config", "unknown_role", o{"name": "Other", "members": everybodyInGithub(o{"user": "fay"}, o{"user": "gus", "role": "king"})})
				p.as("ada").Sees("").Has("version", int(version)+1)
			},
		},
		Case{
			Name: "what_an_organization_declares_of_itself_changes_nothing",
			Rule: "An organization can be read as a declaration. A plan of that is empty.",
			Run: func(p *Product) {
				read := p.as("ada").Sees("/config").Has("scheme", "github", "members.0.user", "ada", "teams.1.parent", "Core of the case")
				var itself o
				if err := json.Unmarshal([]byte(read.Body), &itself); err != nil {
					read.Fail("a declaration")
				}
				p.as("ada").May("PUT /config?dry_run=true", itself).Has("dry_run.counts.events", 0, "dry_run.counts.commands", nil)
				p.as("ada").May("PUT /config", itself).Has("changed", false)
			},
		},
		Case{
			Name: "a_declaration_is_for_those_who_see_all_that_it_is_about",
			Rule: "Who makes a declaration sees all that it is about, and has the right to each of its changes, as if each were a command; otherwise nothing is done.",
			Run: func(p *Product) {
				p.as("bob").MayNot("GET /config", "not_allowed")
				p.as("bob").MayNot("PUT /config", "not_allowed", o{"teams": []o{}})
				p.as("bob").MayNot("PUT /config", "not_allowed", o{"members": everybodyInGithub()})
				p.as("ada").MayNot("PUT /config", "not_allowed", declared) // people join by invitation
				p.as("nobody").MayNot("PUT /config", "no_organization", declared)
				p.as("ada").Sees("/members").Lists("items.user", "ada", "bob", "cleo", "dan", "eve")
			},
		},
		Case{
			Name: "a_declaration_counts_seats_at_its_end",
			Rule: "A declaration can replace people where no seat is free. If seats are too few for all, it is refused, and says how many are free and how many it asks for.",
			Run: func(p *Product) {
				p.given(o{"type": "change_seats", "seats": 5})
				p.system().MayNot("PUT /config", "no_free_seat", o{"members": everybodyInGithub(o{"user": "eve"}, o{"user": "fay"})}).Says("detail", "free: 0", "asks for: 1")
				p.system().May("PUT /config", o{"members": everybodyInGithub(o{"user": "fay"})})
				p.as("ada").Sees("/members").Lists("items.user", "ada", "bob", "cleo", "dan", "fay")
			},
		},
	)
}
