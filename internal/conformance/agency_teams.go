package conformance

import "slices"

// agencyTeams are about the list of the teams on a project.
func agencyTeams() []Case {
	return []Case{
		{
			Name: "a_manager_neither_adds_nor_removes_teams",
			Rule: "Managers neither add nor remove teams.",
			Run: func(p *Product) {
				p.as("mia").MayNot("POST /projects/site/teams", "not_allowed", o{"team": "crew"})
				p.isOff("dora", "site", "not_on_the_project")
				p.as("ann").May("POST /projects/site/teams", o{"team": "crew"})
				p.as("mia").Sees("/projects/site/teams").Lists("items.team", "crew")
				p.as("mia").MayNot("DELETE /projects/site/teams/crew", "not_allowed")
				p.isOn("dora", "site", "developer")
			},
		},
		{
			Name: "teams_and_people_are_added_in_one_go",
			Rule: "Teams and people are added in one go, several at a time.",
			Run: func(p *Product) {
				p.given(team("ads")...)
				p.given(team("web")...)
				p.as("olga").May("POST /projects/shop/members", o{"members": []o{{"user": "mia"}}, "teams": []o{{"team": "crew"}, {"team": "ads"}}})
				p.isOn("mia", "shop", "manager")
				p.isOn("dora", "shop", "developer")
				p.as("olga").Sees("/projects/shop/teams").Lists("items.team", "ads", "crew")
				p.as("ann").May("POST /projects/site/teams", o{"teams": []o{{"team": "ads"}, {"team": "web"}}})
				p.as("mia").Sees("/projects/site/teams").Lists("items.team", "ads", "web")
				p.as("mia").MayNot("POST /projects/site/members", "not_allowed", o{"members": []o{{"user": "dora"}}, "teams": []o{{"team": "crew"}}})
				p.isOff("dora", "site", "not_on_the_project")
			},
		},
		{
			Name: "a_team_confers_on_each_of_its_people_their_default_role",
			Rule: "A team on a project gives each of its people the default role of their own.",
			Run: func(p *Product) {
				p.as("ann").May("POST /projects/site/teams", o{"team": "crew"})
				p.isOn("dora", "site", "developer")
				p.isOn("carl", "site", "client")
				p.as("ann").MayNot("POST /projects/site/teams", "default_roles", o{"team": "crew", "role": "manager"})
				p.as("ann").May("PATCH /members/dora", o{"role": "manager"})
				p.isOn("dora", "site", "manager")
			},
		},
		{
			Name: "the_list_of_teams_shows_name_colour_people_and_date",
			Rule: "A team in the list: name, icon colour, number of members, when it was assigned.",
			Run: func(p *Product) {
				p.as("ann").May("PATCH /teams/crew/colour", o{"colour": "#1a2b3c"})
				p.as("mia").MayNot("PATCH /teams/crew/colour", "not_allowed", o{"colour": "#ffffff"})
				p.as("ann").May("POST /projects/site/teams", o{"team": "crew"})
				row := p.as("mia").Sees("/projects/site/teams").Item("team", "crew")
				row.Has("name", "Crew of the case", "colour", "#1a2b3c", "members", 2, "assigned.by", "ann").Text("assigned.since")
				p.as("ann").May("DELETE /teams/crew/members/carl")
				p.as("mia").Sees("/projects/site/teams").Item("team", "crew").Has("members", 1)
			},
		},
		{
			Name: "a_team_opened_shows_its_people_with_name_and_email",
			Rule: "A team opened: its people with name and email.",
			Run: func(p *Product) {
				people := p.as("mia").Sees("/teams/crew/members").Lists("items.user", "dora", "carl")
				people.Item("user", "dora").Has("name", "Dora of the case", "email", "dora@example.org")
				p.as("dora").SeesNo("/teams/crew/members", "no_members")
				p.as("dan").SeesNo("/teams/crew/members", "no_team")
				p.as("cleo").SeesNo("/teams/crew", "no_team")
			},
		},
		{
			Name: "a_role_on_the_project_shows_its_teams_whatever_the_role_in_the_workspace",
			Rule: "Whom the member list of a project opens for sees the teams assigned, and their people.",
			Run: func(p *Product) {
				p.given(team("ads", "carl")...)
				p.given(assignment("crew", "site", ""), o{"type": "colour_team", "team": "crew", "colour": "#1a2b3c"})
				p.as("dan").SeesNo("/teams/crew", "no_team")
				p.as("ann").May("PATCH /projects/site/members/dan", o{"role": "manager"})
				p.as("dan").Sees("/projects/site/teams").Item("team", "crew").
					Has("name", "Crew of the case", "colour", "#1a2b3c", "members", 2, "assigned.by", nil, "actions", []string{})
				p.as("dan").Sees("/teams/crew/members").Lists("items.user", "dora", "carl").Item("user", "dora").
					Has("name", "Dora of the case", "email", "dora@example.org", "actions", []string{})
				p.as("dan").Sees("/projects/site/search?search=dora").Lists("teams.items.team", "crew")
				p.as("dan").Sees("/teams").Lists("items.id", "crew")
				p.as("dan").SeesNo("/teams/ads", "no_team")
				p.as("dan").SeesNo("/teams/ads/members", "no_team")
				p.as("cleo").SeesNo("/teams/crew", "no_team")
				p.as("ann").May("DELETE /projects/site/teams/crew")
				p.as("dan").SeesNo("/teams/crew", "no_team")
			},
		},
		{
			Name: "an_agency_owner_of_the_project_adds_and_removes_teams_whatever_the_role_in_the_workspace",
			Rule: "An agency owner of the project finds the workspace's teams, and adds and removes them, whatever their role in the workspace.",
			Run: func(p *Product) {
				p.given(team("ads", "carl")...)
				p.as("dan").MayNot("POST /projects/site/teams", "no_team", o{"team": "crew"})
				p.as("ann").May("PATCH /projects/site/members/dan", o{"role": "agency_owner"})
				p.as("dan").Sees("/projects/site/candidate-teams").Has("roles", []string{}).Lists("items.team", "ads", "crew").
					Item("team", "crew").Has("name", "Crew of the case", "members", 2)
				p.as("dan").Sees("/projects/site/candidate-teams?search=cre").Lists("items.team", "crew")
				p.as("dan").Sees("/teams").Lists("items.id", "ads", "crew")
				p.as("dan").SeesNo("/teams/crew/members", "no_members") // it is on no project of theirs yet
				p.as("dan").May("POST /projects/site/members", o{"members": []o{{"user": "dora"}}, "teams": []o{{"team": "crew"}}})
				p.as("dan").Sees("/projects/site/candidate-teams").Lists("items.team", "ads")
				p.as("dan").Sees("/teams/crew/members").Lists("items.user", "dora", "carl")
				p.isOn("carl", "site", "client")
				p.as("dan").Sees("/projects/site/teams").Item("team", "crew").Has("actions", []string{"change_assignment_end", "unassign_team"})
				p.as("dan").May("DELETE /projects/site/teams/crew")
				p.isOff("carl", "site", "not_on_the_project")
				p.as("dan").MayNot("PATCH /teams/crew", "not_allowed", o{"name": "Mine"})
				p.as("dan").MayNot("POST /teams/crew/members", "not_allowed", o{"user": "dan"})
			},
		},
		{
			Name: "a_secret_team_is_not_shown_by_a_role_on_a_project",
			Rule: "A secret team is seen by its people and by those who run the workspace's teams alone.",
			Run: func(p *Product) {
				p.given(o{"type": "create_team", "id": "web", "name": "Web", "privacy": "secret"},
					o{"type": "add_team_member", "team": "web", "user": "dora"}, assignment("web", "site", ""))
				p.as("ann").May("PATCH /projects/site/members/dan", o{"role": "agency_owner"})
				p.as("dan").Sees("/projects/site/candidate-teams").Lists("items.team", "crew")
				p.as("dan").Sees("/projects/site/teams").Lists("items.team")
				p.as("dan").Sees("/projects/site/members").Item("user", "dora").Has("access", "via a team", "sources.0.team", nil)
				p.as("dan").SeesNo("/teams/web", "no_team")
				p.as("dan").SeesNo("/teams/web/members", "no_team")
				p.as("dan").MayNot("DELETE /projects/site/teams/web", "no_team")
				p.as("ann").Sees("/projects/site/teams").Lists("items.team", "web")
			},
		},
		{
			Name: "what_a_project_offers_about_teams_is_not_refused",
			Rule: "The actions of a project offer to add teams to those alone who may, and find teams to add.",
			Run: func(p *Product) {
				roles := []string{"client", "developer", "manager", "agency_owner"}
				for _, role := range roles {
					p.as("ann").May("PATCH /projects/site/members/dan", o{"role": role})
					p.as("ann").May("PATCH /projects/site/members/dan/overrides/manage_teams", o{"level": "on"})
					// A team may give each role, so only who may give all of them adds one.
					offers := slices.Contains(p.as("dan").Sees("/projects/site").Texts("actions"), "assign_team")
					if offers != (role == "agency_owner") {
						p.as("dan").Sees("/projects/site").Fail("assign_team is among the actions of an agency owner alone, not of a " + role)
					}
					if !offers {
						p.as("dan").MayNot("POST /projects/site/teams", "may_not_assign", o{"team": "crew"})
						p.as("dan").Sees("/projects/site/candidate-teams").Lists("items.team")
						continue
					}
					for _, found := range p.as("dan").Sees("/projects/site/candidate-teams").Items() {
						p.as("dan").May("POST /projects/site/teams", o{"team": found.Text("team")})
					}
				}
				p.isOn("dora", "site", "developer")
			},
		},
	}
}
