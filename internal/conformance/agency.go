package conformance

import "github.com/seed-2026d078/roster/internal/apirequest"

// agencyFixture: Olga owns the workspace, Ann is an agency owner, Mia a manager, Dan and Dora
// are developers, Cleo and Carl clients. On the project site are Ann, Mia, Dan and Cleo;
// the team crew, which nobody has put there yet, is Dora and Carl.
func agencyFixture() fixture {
	given := []o{
		member("olga", "owner"), member("ann", "agency_owner"), member("mia", "manager"),
		member("dan", "developer"), member("dora", "developer"), member("cleo", "client"), member("carl", "client"),
		project("site"), project("shop"),
		projectMember("site", "ann", ""), projectMember("site", "mia", ""), projectMember("site", "dan", ""), projectMember("site", "cleo", ""),
	}
	return fixture{"agency", append(given, team("crew", "dora", "carl")...)}
}

func agency() []Case {
	return under(agencyFixture(),
		Case{
			Name: "the_workspace_owner_is_always_on_every_project",
			Rule: "The workspace owner is always on every project.",
			Run: func(p *Product) {
				p.isOn("olga", "site", "agency_owner")
				p.isOn("olga", "shop", "agency_owner")
				p.given(project("later"))
				p.isOn("olga", "later", "agency_owner")
				p.as("olga").Sees("/projects").Lists("items.id", "site", "shop", "later")
				p.as("ann").Sees("/projects").Lists("items.id", "site")
				p.isOff("ann", "shop", "not_on_the_project")
			},
		},
		Case{
			Name: "each_role_in_the_workspace_has_the_same_role_on_projects_by_default",
			Rule: "Roles: owner, agency_owner, manager, developer, client, each with the project role of the same name as default.",
			Run: func(p *Product) {
				defaults := map[string]string{"ann": "agency_owner", "mia": "manager", "dan": "developer", "cleo": "client"}
				for user, role := range defaults {
					p.isOn(user, "site", role)
					p.as("olga").May("POST /projects/shop/members", o{"user": user})
					p.isOn(user, "shop", role)
				}
				p.as("olga").May("POST /projects/shop/members", o{"user": "dora", "role": "client"})
				p.isOn("dora", "shop", "client")
			},
		},
		Case{
			Name: "an_agency_owner_has_everything_on_the_project",
			Rule: "agency_owner: settings full, members full, tasks full, data full.",
			Run: func(p *Product) {
				p.holdsAll("ann", "site", levels{
					"settings": "full", "members": "full", "add_people": "on", "change_roles": "on", "remove_people": "on", "manage_teams": "on",
					"tasks": "full", "work": "on", "manage_sprints": "on", "log_time": "on", "comment": "on", "data": "full", "visible_items": "full",
				})
				p.as("ann").May("PATCH /projects/site", o{"name": "Website"})
				p.as("ann").May("POST /projects/site/members", o{"user": "dora"})
				p.as("ann").May("PATCH /projects/site/members/dora", o{"role": "client"})
				p.as("ann").May("DELETE /projects/site/members/dora")
				p.as("ann").May("POST /projects/site/teams", o{"team": "crew"})
				p.as("ann").May("DELETE /projects/site/teams/crew")
			},
		},
		Case{
			Name: "a_manager_has_tasks_sprints_and_data_and_no_settings",
			Rule: "manager: settings none, members add and change roles, tasks full (and sprints), data full.",
			Run: func(p *Product) {
				p.holdsAll("mia", "site", levels{
					"settings": "none", "members": "view", "add_people": "on", "change_roles": "on", "remove_people": "off", "manage_teams": "off",
					"tasks": "full", "work": "on", "manage_sprints": "on", "log_time": "on", "comment": "on", "data": "full", "visible_items": "full",
				})
				p.as("mia").MayNot("PATCH /projects/site", "not_allowed", o{"name": "Mine"})
				p.as("mia").MayNot("POST /projects/site/archive", "not_allowed")
				p.as("mia").MayNot("DELETE /projects/site", "not_allowed")
			},
		},
		Case{
			Name: "a_developer_works_on_tasks_logs_time_and_views_data",
			Rule: "developer: settings none, members none, tasks work and log time, data view.",
			Run: func(p *Product) {
				p.holdsAll("dan", "site", levels{
					"settings": "none", "members": "none", "add_people": "off", "change_roles": "off", "remove_people": "off", "manage_teams": "off",
					"tasks": "view", "work": "on", "manage_sprints": "off", "log_time": "on", "comment": "on", "data": "view", "visible_items": "view",
				})
				p.as("dan").MayNot("PATCH /projects/site", "not_allowed", o{"name": "Mine"})
				p.as("dan").MayNot("POST /projects/site/members", "not_allowed", o{"user": "dora"})
			},
		},
		Case{
			Name: "a_client_comments_on_visible_items_and_views_their_data",
			Rule: "client: settings none, members none, tasks comment on visible items, data view of visible items.",
			Run: func(p *Product) {
				p.holdsAll("cleo", "site", levels{
					"settings": "none", "members": "none", "add_people": "off", "change_roles": "off", "remove_people": "off", "manage_teams": "off",
					"tasks": "none", "work": "off", "manage_sprints": "off", "log_time": "off", "comment": "on", "data": "none", "visible_items": "view",
				})
				p.as("cleo").MayNot("PATCH /projects/site", "not_allowed", o{"name": "Mine"})
				p.as("cleo").MayNot("POST /projects/site/members", "not_allowed", o{"user": "carl"})
				p.as("cleo").MayNot("DELETE /projects/site/members/dan", "not_allowed")
			},
		},
		Case{
			Name: "the_member_list_opens_for_owners_and_managers",
			Rule: "The member list opens for the workspace owner, agency owners and managers.",
			Run: func(p *Product) {
				for _, user := range []string{"olga", "ann", "mia"} {
					p.as(user).Sees("/projects/site/members").Lists("items.user", "olga", "ann", "mia", "dan", "cleo")
					p.as(user).Sees("/projects/site/teams").Lists("items.team")
					p.as(user).Sees("/members").Lists("items.user", "olga", "ann", "mia", "dan", "dora", "cleo", "carl")
				}
			},
		},
		Case{
			Name: "the_member_list_does_not_exist_for_developers_and_clients",
			Rule: "For the others the member list does not exist.",
			Run: func(p *Product) {
				for _, user := range []string{"dan", "cleo"} {
					p.as(user).SeesNo("/projects/site/members", "no_members")
					p.as(user).SeesNo("/projects/site/teams", "no_members")
					p.as(user).SeesNo("/projects/site/search?search=mia", "no_members")
					p.as(user).SeesNo("/members", "no_members")
					p.as(user).MayNot("GET /projects/site/access/mia", "not_allowed")
					p.as(user).Sees("/projects/site/access/" + user)
				}
			},
		},
		Case{
			Name: "a_manager_adds_people_and_changes_roles",
			Rule: "Managers add people and change roles.",
			Run: func(p *Product) {
				p.as("mia").May("POST /projects/site/members", o{"user": "dora"})
				p.isOn("dora", "site", "developer")
				p.as("mia").May("PATCH /projects/site/members/dora", o{"role": "manager"})
				p.isOn("dora", "site", "manager")
				p.as("mia").MayNot("PATCH /projects/site/members/dora", "may_not_assign", o{"role": "agency_owner"})
				p.as("mia").MayNot("PATCH /projects/site/members/ann", "may_not_assign", o{"role": "client"})
				p.as("mia").MayNot("POST /projects/shop/members", "no_project", o{"user": "dora"})
			},
		},
		Case{
			Name: "a_manager_adds_people_but_does_not_remove_them",
			Rule: "Managers do not remove people.",
			Run: func(p *Product) {
				p.as("mia").May("POST /projects/site/members", o{"user": "dora"})
				p.as("mia").MayNot("DELETE /projects/site/members/dora", "not_allowed")
				p.as("mia").MayNot("DELETE /projects/site/members/dan", "not_allowed")
				p.as("mia").MayNot("DELETE /members/dan", "not_allowed")
				p.isOn("dora", "site", "developer")
				p.as("ann").May("DELETE /projects/site/members/dora")
				p.isOff("dora", "site", "not_on_the_project")
			},
		},
		Case{
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
		Case{
			Name: "the_workspace_owner_is_protected",
			Rule: "Protected: the workspace owner; nobody removes or changes them, and the list marks them.",
			Run: func(p *Product) {
				for _, user := range []string{"ann", "olga"} {
					p.as(user).MayNot("DELETE /members/olga", "protected")
					p.as(user).MayNot("PATCH /members/olga", "protected", o{"role": "client"})
					p.as(user).MayNot("POST /members/olga/deactivate", "protected")
					p.as(user).MayNot("DELETE /projects/site/members/olga", "protected")
					p.as(user).MayNot("PATCH /projects/site/members/olga/overrides/settings", "protected", o{"level": "none"})
				}
				p.as("ann").MayNot("PATCH /members/mia", "protected", o{"role": "owner"})
				p.system().MayNot("DELETE /members/olga", "last_holder") // there is no other
				p.isOn("olga", "site", "agency_owner")
				p.as("mia").Sees("/projects/site/members").Item("user", "olga").Has("badges", []string{"protected"})
				p.as("mia").Sees("/projects/site/members").Item("user", "dan").Has("badges", nil)
				p.as("mia").Sees("/members").Item("user", "olga").Has("badges", []string{"protected"}, "actions", []string{})
				p.as("olga").May("POST /transfer-ownership", o{"to": "ann"})
				p.as("ann").MayNot("DELETE /members/ann", "protected")
			},
		},
		Case{
			Name: "the_creator_of_a_project_is_protected_there",
			Rule: "Protected: the project's creator; nobody removes or changes them, and the list marks them.",
			Run: func(p *Product) {
				p.as("ann").May("POST /projects", o{"id": "app"})
				p.isOn("ann", "app", "agency_owner")
				p.access("ann", "app").Has("sources.0.kind", "creator")
				p.as("olga").MayNot("DELETE /projects/app/members/ann", "protected")
				p.as("olga").MayNot("PATCH /projects/app/members/ann", "protected", o{"role": "client"})
				p.as("olga").MayNot("PATCH /projects/app/members/ann/overrides/tasks", "protected", o{"level": "none"})
				p.as("olga").Sees("/projects/app/members").Item("user", "ann").Has("badges", []string{"protected", "creator"}, "access", "Creator")
				p.isOn("ann", "app", "agency_owner")
				p.as("olga").May("DELETE /projects/site/members/ann") // not the creator of this one
			},
		},
		Case{
			Name: "several_people_are_added_in_one_go",
			Rule: "People are added in one go, several at a time.",
			Run: func(p *Product) {
				p.as("mia").May("POST /projects/site/members", o{"members": []o{{"user": "dora"}, {"user": "carl", "role": "client"}}})
				p.isOn("dora", "site", "developer")
				p.isOn("carl", "site", "client")
				p.as("ann").MayNot("POST /projects/shop/members", "no_project", o{"members": []o{{"user": "dora"}}})
				p.as("olga").MayNot("POST /projects/shop/members", "not_in_organization", o{"members": []o{{"user": "dora"}, {"user": "zoe"}}})
				p.isOff("dora", "shop", "not_on_the_project")
			},
		},
		Case{
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
		Case{
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
		Case{
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
		Case{
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
		Case{
			Name: "the_list_of_people_shows_name_email_role_and_access",
			Rule: "People: name, email, effective role, access (Direct or via TEAM), badges.",
			Run: func(p *Product) {
				p.given(assignment("crew", "site", ""), projectMember("site", "dora", "client"))
				people := p.as("mia").Sees("/projects/site/members")
				people.Item("user", "dan").Has("name", "Dan of the case", "email", "dan@example.org", "role", "developer", "access", "Direct")
				people.Item("user", "carl").Has("role", "client", "access", "via Crew of the case", "sources.0.team", "crew")
				people.Item("user", "dora").Has("role", "developer", "access", "Direct", "sources.1.kind", "team")
				people.Item("user", "olga").Has("role", "agency_owner", "badges", []string{"protected"})
			},
		},
		Case{
			Name: "teams_and_people_are_counted",
			Rule: "Both lists have counts.",
			Run: func(p *Product) {
				p.as("mia").Sees("/projects/site/members").Has("counts.people", 5, "counts.teams", 0)
				p.given(assignment("crew", "site", ""), projectMember("site", "dora", "client"))
				p.as("mia").Sees("/projects/site/members").Has("counts.people", 7, "counts.teams", 1)
				p.as("ann").Sees("/projects").Item("id", "site").Has("people", 7, "teams", 1)
				p.as("dan").Sees("/projects").Item("id", "site").Has("people", nil, "teams", nil)
			},
		},
		Case{
			Name: "one_search_filters_teams_and_people",
			Rule: "One search over name, email and role filters both.",
			Run: func(p *Product) {
				p.given(assignment("crew", "site", ""))
				search := func(words string) apirequest.Reply { return p.as("mia").Sees("/projects/site/search?search=" + words) }
				byName := search("dora")
				byName.Lists("people.items.user", "dora")
				byName.Lists("teams.items.team", "crew")
				byEmail := search("dan@example")
				byEmail.Lists("people.items.user", "dan")
				byEmail.Lists("teams.items.team")
				byRole := search("client")
				byRole.Lists("people.items.user", "cleo", "carl")
				byRole.Lists("teams.items.team", "crew")
				search("crew").Lists("teams.items.team", "crew")
				nobody := search("nobody")
				nobody.Lists("people.items.user")
				nobody.Lists("teams.items.team")
			},
		},
		Case{
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
		Case{
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
		Case{
			Name: "somebody_who_is_there_only_through_a_team_is_not_removed_alone",
			Rule: "Someone who is on the project only through a team cannot be removed one by one: the error names the team.",
			Run: func(p *Product) {
				p.given(assignment("crew", "site", ""))
				p.as("ann").MayNot("DELETE /projects/site/members/dora", "only_through_team").Says("detail", "Crew of the case")
				p.as("ann").MayNot("PATCH /projects/site/members/dora", "only_through_team", o{"role": "client"}).Says("detail", "Crew of the case")
				p.isOn("dora", "site", "developer")
				p.as("ann").May("DELETE /teams/crew/members/dora")
				p.isOff("dora", "site", "not_on_the_project")
				p.isOn("carl", "site", "client")
			},
		},
		Case{
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
		Case{
			Name: "overrides_switch_single_permissions_on_and_off",
			Rule: "Overrides switch single permissions on or off beyond the role.",
			Run: func(p *Product) {
				p.as("ann").May("PATCH /projects/site/members/mia/overrides/remove_people", o{"level": "on"})
				p.as("ann").May("PATCH /projects/site/members/mia/overrides/add_people", o{"level": "off"})
				p.holds("mia", "site", levels{"remove_people": "on", "add_people": "off", "change_roles": "on", "manage_teams": "off"})
				p.as("mia").May("DELETE /projects/site/members/dan")
				p.as("mia").MayNot("POST /projects/site/members", "not_allowed", o{"user": "dan"})
				p.as("mia").MayNot("PATCH /projects/site/members/cleo/overrides/work", "not_allowed", o{"level": "on"})
				p.as("ann").May("DELETE /projects/site/members/mia/overrides/remove_people")
				p.as("ann").May("DELETE /projects/site/members/mia/overrides/add_people")
				p.holds("mia", "site", levels{"remove_people": "off", "add_people": "on"})
			},
		},
		Case{
			Name: "overrides_hold_however_somebody_came_to_the_project",
			Rule: "Overrides are for a member of the project however they came to it.",
			Run: func(p *Product) {
				p.as("ann").MayNot("PATCH /projects/site/members/dora/overrides/manage_sprints", "not_on_project", o{"level": "on"})
				p.given(assignment("crew", "site", ""))
				p.as("ann").May("PATCH /projects/site/members/dora/overrides/manage_sprints", o{"level": "on"})
				p.as("ann").May("PATCH /projects/site/members/dora/overrides/log_time", o{"level": "off"})
				p.holds("dora", "site", levels{"manage_sprints": "on", "log_time": "off", "work": "on"})
				p.holds("carl", "site", levels{"manage_sprints": "off"})
				p.holds("dan", "site", levels{"manage_sprints": "off", "log_time": "on"})
				p.as("ann").May("POST /projects/site/members", o{"user": "dora"})
				p.as("ann").May("DELETE /projects/site/teams/crew")
				p.holds("dora", "site", levels{"manage_sprints": "on", "log_time": "off"})
			},
		},
		Case{
			Name: "who_removes_the_creator_from_the_workspace_names_who_takes_their_place",
			Rule: "Who is removed from the organization: the command names what becomes of the projects that they created.",
			Run: func(p *Product) {
				p.as("ann").May("POST /projects", o{"id": "app"})
				p.as("ann").MayNot("DELETE /members/ann", "last_holder")
				p.as("").MayNot("DELETE /members/ann", "last_holder")
				p.as("olga").May("DELETE /members/ann", o{"transfer_to": "mia"})
				p.isOn("mia", "app", "agency_owner")
				p.as("olga").Sees("/projects/app/members").Item("user", "mia").Has("badges", []string{"protected", "creator"}, "access", "Creator")
				p.as("olga").MayNot("DELETE /projects/app/members/mia", "protected")
			},
		},
		Case{
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
		Case{
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
		inviteExpiry("client"),
		creatorRole("ann", "agency_owner"),
		whoMay(func(p *Product) {
			p.inOrganization("olga", levels{"settings": "full", "members": "full", "teams": "full", "projects": "on"})
			p.inOrganization("ann", levels{"settings": "none", "members": "full", "teams": "full", "projects": "on"})
			p.inOrganization("mia", levels{"settings": "none", "members": "view", "teams": "view", "projects": "off"})
			p.inOrganization("dan", levels{"settings": "none", "members": "none", "teams": "none", "projects": "off"})
			p.inOrganization("cleo", levels{"settings": "none", "members": "none", "teams": "none", "projects": "off"})
			p.given(
				o{"type": "invite_member", "id": "i1", "email": "new@example.org"},
				o{"type": "create_team", "id": "web", "name": "Web", "privacy": "secret"}, assignment("crew", "site", ""),
			)
			p.only("olga").
				may("PATCH ", o{"name": "New"}).may("POST /archive").may("POST /restore").may("DELETE ").
				may("POST /transfer-ownership", o{"to": "ann"}).may("POST /scheme", o{"scheme": "agency"}).see("/events")
			p.only("olga", "ann").
				may("POST /invites", o{"email": "newer@example.org"}).may("DELETE /invites/i1").see("/invites").
				may("PATCH /members/dan", o{"role": "client"}).may("PATCH /members/dan/end", o{"until": p.ago(-9)}).
				may("POST /members/dan/deactivate").may("POST /members/dan/reactivate").may("POST /members/dan/attest").
				may("POST /projects", o{"id": "new"}).may("PATCH /projects/site", o{"name": "New"}).
				may("POST /projects/site/archive").may("POST /projects/site/restore").may("DELETE /projects/site").
				may("PATCH /projects/site/members/dan/end", o{"until": p.ago(-9)}).may("POST /projects/site/members/dan/attest").
				may("PATCH /projects/site/members/dan/overrides/work", o{"level": "off"}).
				may("DELETE /projects/site/members/dan/overrides/work").
				may("POST /projects/site/teams", o{"team": "web"}).may("DELETE /projects/site/teams/crew").
				may("PATCH /projects/site/teams/crew/end", o{"until": p.ago(-9)}).
				may("POST /teams", o{"name": "New"}).may("PATCH /teams/crew", o{"name": "New"}).
				may("PATCH /teams/crew", o{"description": "New"}).may("PATCH /teams/crew/colour", o{"colour": "#1a2b3c"}).
				may("DELETE /teams/crew").may("POST /teams/crew/members", o{"user": "dan"}).
				see("/teams/web").see("/reports/projects-per-member")
			p.only("olga", "ann", "dan").may("DELETE /members/dan").may("DELETE /projects/site/members/dan")
			p.only("olga", "ann", "carl").may("DELETE /teams/crew/members/carl")
			p.only("olga", "ann", "mia").
				may("POST /projects/site/members", o{"user": "dora"}).may("PATCH /projects/site/members/dan", o{"role": "client"}).
				see("/members").see("/projects/site/members").see("/projects/site/access/olga")
			p.only("olga", "ann", "mia", "dora", "carl").see("/teams/crew")
			p.only("olga", "ann", "mia").see("/teams/crew/members")
			p.only().may("POST /members", o{"user": "new"}).may("PATCH /seats", o{"seats": 9}).
				may("PATCH /roles/project/client/label", o{"label": "New"})
		}),
	)
}
