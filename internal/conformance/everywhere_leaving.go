package conformance

import "strings"

// leaving are the promises about leaving, removal and deactivation. Ada owns the organization; Bob writes
// on the project web, and is in the team core.
func leaving() []Case {
	return under(githubFixture(),
		Case{
			Name: "what_a_member_holds_is_named_before_and_after_they_leave",
			Rule: "Before a removal, a dry run names all that the member holds: role, levels, projects, teams and overrides. Afterwards a question to the past names the same.",
			Run: func(p *Product) {
				p.daysAgo(9, projectMember("docs", "bob", "write"))
				p.as("ada").May("DELETE /members/bob?dry_run=true").Has("dry_run.held.role", "member", "dry_run.held.projects.0.project", "docs", "dry_run.held.teams.0.team", "core")
				p.as("ada").May("DELETE /members/bob")
				p.as("ada").SeesNo("/members/bob/holdings", "no_member")
				p.as("ada").Sees("/members/bob/holdings?at="+p.ago(1)).Has("role", "member", "projects.0.project", "docs", "projects.0.role", "write", "teams.0.team", "core")
			},
		},
		Case{
			Name: "deactivation_keeps_what_a_member_holds",
			Rule: "A member who is deactivated has access to nothing, keeps all that they hold, and has the same access when they are reactivated.",
			Run: func(p *Product) {
				p.given(projectMember("docs", "bob", "triage"))
				before := p.as("ada").Sees("/members/bob/holdings").Body
				p.as("ada").May("POST /members/bob/deactivate")
				p.as("ada").Sees("/members/bob/holdings").Has("projects.0.project", "docs")
				p.isOff("bob", "docs", "deactivated")
				p.as("ada").May("POST /members/bob/reactivate")
				if after := p.as("ada").Sees("/members/bob/holdings"); after.Body != before {
					after.Fail("it is as before: " + before)
				}
				p.isOn("bob", "docs", "triage")
				p.isOn("bob", "web", "write")
			},
		},
		Case{
			Name: "one_leaves_all_organizations_or_none",
			Rule: "A person leaves all their organizations in one step, or none: where one refuses, as a last owner's does, each that does so is named beforehand, with what must happen first.",
			Run: func(p *Product) {
				pat := "pat-of-" + p.org // of no other case
				p.given(member(pat, "admin"), o{"type": "change_member_role", "user": "ada", "role": "member"})
				everything := "POST /v1/users/" + pat + "/leave"
				p.as(pat).May(everything+"?dry_run=true", o{}).Has("organizations.0.id", p.org, "organizations.0.refusal.code", "last_holder")
				p.as(pat).MayNot(everything, "cannot_leave", o{}).Has("errors.0.about", p.org, "errors.0.code", "last_holder")
				p.as(pat).Sees("").Has("role", "admin")
				p.as(pat).May("PATCH /members/ada", o{"role": "admin"})
				p.as(pat).May("POST /v1/me/leave", o{}).Lists("organizations.id", p.org)
				p.as(pat).SeesNo("", "no_organization")
			},
		},
		Case{
			Name: "an_erased_person_is_forgotten_everywhere",
			Rule: "Before a person is erased, a dry run names what stands in the way, and nothing is erased while it does. Erasing ends the membership; no name, login or address of the person is shown any more, and the history says that they were erased.",
			Run: func(p *Product) {
				pat, named := "erased-of-"+p.org, o{"name": "Patience Quill", "login": "pquill"}
				p.given(member(pat, "admin"), o{"type": "change_member_role", "user": "ada", "role": "member"})
				p.as(pat).May("PATCH /members/"+pat+"/profile", named)
				erase, system := "POST /v1/users/"+pat+"/erase", p.system()
				system.May(erase+"?dry_run=true", o{}).Has("organizations.0.refusal.code", "last_holder")
				system.MayNot(erase, "cannot_erase", o{}).Has("errors.0.about", p.org, "errors.0.code", "last_holder")
				p.as(pat).Sees("/members/"+pat).Has("name", "Patience Quill")
				p.as(pat).May("PATCH /members/ada", o{"role": "admin"})
				system.May(erase, o{}).Has("organizations.0.id", p.org)
				p.as("ada").SeesNo("/members/"+pat, "no_member")
				history := p.as("ada").Sees("/events?type=person.erased.v1").Count(1)
				history.Has("items.0.erased.0", pat)
				if all := p.as("ada").Sees("/events?subject=" + pat); strings.Contains(all.Body, "Quill") || strings.Contains(all.Body, "pquill") {
					all.Fail("no name of theirs is in the history")
				}
			},
		},
	)
}
