package conformance

// agencyTeamAccess is about what teams give to people beside direct grants.
func agencyTeamAccess() []Case {
	return []Case{
		{
			Name: "removing_a_team_ends_the_access_of_those_who_had_it_only_through_it",
			Rule: "Removing a team ends the access of those who had it only through that team.",
			Run: func(p *Product) {
				p.given(assignment("crew", "site", ""))
				p.given(team("ads", "carl")...)
				p.given(assignment("ads", "site", ""))
				p.as("ann").May("DELETE /projects/site/teams/crew")
				p.isOff("dora", "site", "not_on_the_project")
				p.as("dora").SeesNo("/projects/site", "no_project")
				p.isOn("carl", "site", "client") // through the other team still
				p.as("ann").May("DELETE /teams/ads")
				p.isOff("carl", "site", "not_on_the_project")
			},
		},
		{
			Name: "a_direct_grant_stays_when_the_team_goes",
			Rule: "When a team is removed, a direct grant stays.",
			Run: func(p *Product) {
				p.given(assignment("crew", "site", ""), projectMember("site", "dora", "client"))
				p.isOn("dora", "site", "developer")
				p.as("ann").May("DELETE /projects/site/teams/crew")
				p.isOn("dora", "site", "client")
				p.access("dora", "site").Has("sources.0.kind", "direct", "sources.1", nil)
				p.isOff("carl", "site", "not_on_the_project")
			},
		},
		{
			Name: "somebody_who_is_there_only_through_a_team_is_not_removed_alone",
			Rule: "Someone who is on the project only through a team cannot be removed one by one: the error names the team.",
			Run: func(p *Product) {
				p.given(assignment("crew", "site", ""))
				p.as("ann").MayNot("DELETE /projects/site/members/dora", "only_through_team").Says("detail", "Crew of the case")
				p.as("ann").MayNot("PATCH /projects/site/members/dora/end", "only_through_team", o{"until": p.ago(-9)}).Says("detail", "Crew of the case")
				p.isOn("dora", "site", "developer")
				p.as("ann").May("DELETE /teams/crew/members/dora")
				p.isOff("dora", "site", "not_on_the_project")
				p.isOn("carl", "site", "client")
			},
		},
		{
			Name: "the_role_of_somebody_who_is_there_only_through_a_team_can_be_changed",
			Rule: "The role on the project of someone who is there only through a team can be changed, which makes a direct grant beside the team; without it, the team's role counts again.",
			Run: func(p *Product) {
				p.given(assignment("crew", "site", ""))
				p.as("mia").Sees("/projects/site/members").Item("user", "dora").Lists("actions", "change_project_member_role")
				p.as("mia").Sees("/projects/site/members").Item("user", "dora").Has("roles", []string{"client", "developer", "manager"})
				p.as("mia").MayNot("PATCH /projects/site/members/dora", "may_not_assign", o{"role": "agency_owner"})
				p.as("mia").May("PATCH /projects/site/members/dora", o{"role": "manager"})
				p.isOn("dora", "site", "manager")
				p.access("dora", "site").Has("sources.0.kind", "direct", "sources.0.role", "manager", "sources.1.kind", "team", "sources.1.role", "developer", "sources.2", nil)
				p.as("mia").Sees("/projects/site/members").Item("user", "dora").Has("access", "Direct")
				p.as("ann").May("DELETE /projects/site/members/dora")
				p.isOn("dora", "site", "developer")
				p.as("mia").Sees("/projects/site/members").Item("user", "dora").Has("access", "via Crew of the case")
				p.as("mia").May("PATCH /projects/site/members/dora", o{"role": "manager"})
				p.as("ann").May("DELETE /projects/site/teams/crew")
				p.isOn("dora", "site", "manager")
			},
		},
		{
			Name: "a_direct_role_below_that_of_the_team_counts_when_the_team_goes",
			Rule: "A direct role below that of the team does not lower what the team gives; it counts when the team goes.",
			Run: func(p *Product) {
				p.given(assignment("crew", "site", ""))
				p.as("ann").May("PATCH /projects/site/members/dora", o{"role": "client"})
				p.isOn("dora", "site", "developer")
				p.as("ann").May("DELETE /projects/site/teams/crew")
				p.isOn("dora", "site", "client")
			},
		},
		{
			Name: "who_is_there_only_through_a_team_is_found_to_be_added",
			Rule: "Candidates to add: members of the workspace who are not on the project, or are there only through a team.",
			Run: func(p *Product) {
				p.given(assignment("crew", "site", ""), member("eve", "client"))
				found := p.as("mia").Sees("/projects/site/candidates").Lists("items.user", "dora", "carl", "eve")
				found.Item("user", "dora").Has("access", "via Crew of the case")
				found.Item("user", "eve").Has("access", nil)
				p.as("mia").Sees("/projects/site/candidates?search=dora").Lists("items.user", "dora")
				p.as("mia").May("POST /projects/site/members", o{"user": "dora", "role": "manager"})
				p.isOn("dora", "site", "manager")
				p.as("mia").Sees("/projects/site/candidates").Lists("items.user", "carl", "eve")
			},
		},
		{
			Name: "somebody_with_both_is_out_only_when_both_are_gone",
			Rule: "Someone with a direct grant and a team is out only when both are gone.",
			Run: func(p *Product) {
				p.given(assignment("crew", "site", ""), projectMember("site", "dora", "client"))
				p.as("ann").May("DELETE /projects/site/members/dora")
				p.isOn("dora", "site", "developer")
				p.access("dora", "site").Has("sources.0.kind", "team", "sources.1", nil)
				p.as("ann").May("DELETE /projects/site/teams/crew")
				p.isOff("dora", "site", "not_on_the_project")
			},
		},
		{
			Name: "a_role_in_the_workspace_gives_nothing_through_teams_that_one_may_not_give",
			Rule: "Nobody gives, by a change of role in the workspace, what they could not give on the projects of a person's teams.",
			Run: func(p *Product) {
				p.given(assignment("crew", "shop", ""))
				p.isOn("dora", "shop", "developer")
				p.as("ann").MayNot("PATCH /members/dora", "may_not_assign", o{"role": "agency_owner"})
				p.as("ann").MayNot("PATCH /members/dora", "may_not_assign", o{"role": "client"})
				p.isOn("dora", "shop", "developer")
				p.as("olga").May("PATCH /members/dora", o{"role": "agency_owner"})
				p.isOn("dora", "shop", "agency_owner")
			},
		},
		{
			Name: "nobody_takes_through_teams_what_they_may_not_take",
			Rule: "Who is not on a project takes nobody's access to it away, neither by removing a team nor by taking people out of it; they may remove members from the workspace.",
			Run: func(p *Product) {
				p.given(assignment("crew", "shop", ""))
				p.as("ann").MayNot("DELETE /teams/crew", "may_not_assign")
				p.as("ann").MayNot("DELETE /teams/crew/members/dora", "may_not_assign")
				p.isOn("dora", "shop", "developer")
				p.as("dora").May("DELETE /teams/crew/members/dora")
				p.isOff("dora", "shop", "not_on_the_project")
				p.as("ann").May("DELETE /members/carl")
				p.as("olga").May("DELETE /teams/crew")
			},
		},
	}
}
