package conformance

import "time"

// elevation are the promises about higher roles for a time, in the organization of [githubFixture].
func elevation() []Case {
	const ask = "POST /access-requests/elevations"
	toAdmin := o{"id": "r", "role": "admin", "minutes": 60, "reason": "The on-call shift."}
	return under(githubFixture(),
		Case{
			Name: "a_higher_role_counts_beside_the_own_one_until_its_end",
			Rule: "Somebody asks for a higher role for a time, and who could give it for good approves. It counts beside what they have, from its approval until its end, and their own role stays.",
			Run: func(p *Product) {
				p.as("eve").May(ask, toAdmin)
				p.as("bob").MayNot("POST /access-requests/r/approve", "no_access_request", o{})
				p.isOff("eve", "web", "not_on_the_project")
				p.as("ada").May("POST /access-requests/r/approve", o{})
				p.isOn("eve", "web", "admin")
				p.access("eve", "web").Has("sources.0.kind", "elevation", "sources.0.by", "ada", "sources.0.request", "r", "sources.0.organization_role", "admin")
				p.as("eve").Sees("").Has("role", "admin")
				p.as("ada").Sees("/members/eve").Has("role", "member", "elevation.role", "admin", "elevation.request", "r", "elevation.approved.by", "ada")
				p.as("eve").May("POST /access-requests/r/end")
				p.isOff("eve", "web", "not_on_the_project")
				p.as("eve").Sees("").Has("role", "member")
			},
		},
		Case{
			Name: "an_elevation_on_a_project_rests_on_access_there",
			Rule: "On a project an elevation raises what somebody has there; who is not on it asks for access instead, and with the access it ends.",
			Run: func(p *Product) {
				p.as("eve").MayNot(ask, "no_project", o{"id": "e", "project": "web", "role": "maintain", "minutes": 60, "reason": "A release."})
				p.as("bob").May(ask, o{"id": "b", "project": "web", "role": "maintain", "minutes": 60, "reason": "A release."})
				p.as("ada").May("POST /access-requests/b/approve", o{})
				p.isOn("bob", "web", "maintain")
				p.isOn("cleo", "web", "write")
				p.given(o{"type": "remove_team_member", "team": "core", "user": "bob"})
				p.isOff("bob", "web", "not_on_the_project")
			},
		},
		Case{
			Name: "nobody_gets_by_an_elevation_what_outlasts_it",
			Rule: "Who is elevated gives others what the higher role may give, and it stays; but changes what they have themselves only as far as they may without it, and neither asks again meanwhile nor approves the elevation of others by it.",
			Run: func(p *Product) {
				p.as("eve").May(ask, toAdmin)
				p.as("ada").May("POST /access-requests/r/approve", o{})
				p.as("eve").MayNot("PATCH /members/eve", "only_elevated", o{"role": "admin"})
				p.as("eve").MayNot("POST /projects/docs/members", "only_elevated", o{"user": "eve", "role": "admin"})
				p.as("eve").MayNot(ask, "already_elevated", o{"role": "admin", "minutes": 60, "reason": "Longer."})
				p.as("bob").May(ask, o{"id": "b", "role": "admin", "minutes": 60, "reason": "Me, too."})
				p.as("eve").MayNot("POST /access-requests/b/approve", "no_access_request", o{})
				p.as("eve").May("POST /projects/docs/members", o{"user": "dan", "role": "read"})
				p.as("eve").May("POST /access-requests/r/end")
				p.isOn("dan", "docs", "read")
			},
		},
		Case{
			Name: "a_scheme_says_which_roles_can_be_asked_for",
			Rule: "Which roles can be asked for, from which, for how long, and whether a reason is needed, is the scheme's to say; anything else is refused, and the answer names the rule.",
			Run: func(p *Product) {
				p.as("eve").MayNot(ask, "reason_required", o{"role": "admin", "minutes": 60})
				p.as("eve").MayNot(ask, "elevation_too_long", o{"role": "admin", "minutes": 8*60 + 1, "reason": "A long day."}).Says("detail", "at most 8 hours")
				p.as("eve").MayNot(ask, "elevation_too_long", o{"role": "admin", "until": time.Now().Add(48 * time.Hour).Format(time.RFC3339), "reason": "Two days."})
				p.as("ada").MayNot(ask, "has_access", toAdmin)
				p.as("bob").MayNot(ask, "no_elevation", o{"project": "web", "role": "triage", "minutes": 60}).Says("detail", "the organization's scheme allows it for maintain and admin")
			},
		},
		Case{
			Name: "a_change_of_the_role_ends_the_elevation",
			Rule: "A change of the role that an elevation is above ends it, and so do a deactivation and a removal; a return does not bring it back. An elevated holder is none of those who must stay.",
			Run: func(p *Product) {
				p.as("eve").May(ask, toAdmin)
				p.as("ada").May("POST /access-requests/r/approve", o{})
				p.as("eve").MayNot("PATCH /members/ada", "last_holder", o{"role": "member"})
				p.as("ada").May("POST /members/eve/deactivate")
				p.as("ada").May("POST /members/eve/reactivate")
				p.isOff("eve", "web", "not_on_the_project")
				p.as("ada").Sees("/members/eve").Has("elevation", nil)
			},
		},
	)
}
