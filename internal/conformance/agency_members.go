package conformance

import "github.com/seed-2026d078/roster/internal/apirequest"

// agencyMembers are about the list of the people on a project.
func agencyMembers() []Case {
	return []Case{
		{
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
		{
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
		{
			Name: "a_role_on_the_project_opens_its_member_list_whatever_the_role_in_the_workspace",
			Rule: "The member list opens for those whose role on the project is agency owner or manager, whatever their role in the workspace.",
			Run: func(p *Product) {
				p.given(assignment("crew", "site", ""))
				for _, role := range []string{"manager", "agency_owner"} {
					p.as("ann").May("PATCH /projects/site/members/dan", o{"role": role})
					people := p.as("dan").Sees("/projects/site/members").Has("counts.people", 7, "counts.teams", 1)
					people.Lists("items.user", "olga", "ann", "mia", "dan", "cleo", "dora", "carl")
					people.Item("user", "dora").Has("access", "via Crew of the case", "sources.0.team", "crew")
					p.as("dan").Sees("/projects").Item("id", "site").Has("people", 7, "teams", 1)
					p.as("dan").Sees("/projects/site/access/dora").Has("sources.0.team_name", "Crew of the case")
					p.as("dan").SeesNo("/members", "no_members")
				}
			},
		},
		{
			Name: "a_role_in_the_workspace_opens_no_member_list_of_a_project",
			Rule: "The member list of a project does not exist for those who are agency owner or manager in the workspace alone.",
			Run: func(p *Product) {
				p.as("olga").May("POST /projects/shop/members", o{"members": []o{{"user": "mia", "role": "developer"}, {"user": "ann", "role": "client"}}})
				for _, user := range []string{"mia", "ann"} {
					p.as(user).SeesNo("/projects/shop/members", "no_members")
					p.as(user).SeesNo("/projects/shop/teams", "no_members")
					p.as(user).SeesNo("/projects/shop/candidates", "no_members")
					p.as(user).SeesNo("/projects/shop/candidate-teams", "no_members")
				}
			},
		},
		{
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
		{
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
		{
			Name: "a_manager_of_the_project_manages_its_people_whatever_the_role_in_the_workspace",
			Rule: "A manager of the project adds people, finds them, and changes roles, whatever their role in the workspace.",
			Run: func(p *Product) {
				p.as("ann").May("PATCH /projects/site/members/dan", o{"role": "manager"})
				p.as("dan").Sees("/projects/site/candidates").Has("roles", []string{"client", "developer", "manager"}).Lists("items.user", "dora", "carl")
				p.as("dan").May("POST /projects/site/members", o{"user": "dora"})
				p.as("dan").May("PATCH /projects/site/members/dora", o{"role": "manager"})
				p.isOn("dora", "site", "manager")
				p.as("dan").MayNot("DELETE /projects/site/members/dora", "not_allowed")
			},
		},
		{
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
		{
			Name: "the_list_of_people_shows_name_email_role_and_access",
			Rule: "People: name, email, effective role, access (Direct or via TEAM), badges.",
			Run: func(p *Product) {
				p.given(assignment("crew", "site", ""), projectMember("site", "dora", "client"))
				people := p.as("mia").Sees("/projects/site/members")
				people.Item("user", "dan").Has("name", "Dan of the case", "email", "dan@example.org", "role", "developer", "access", "Direct")
				people.Item("user", "carl").Has("role", "client", "access", "via Crew of the case", "sources.0.team", "crew")
				people.Item("user", "dora").Has("role", "developer", "access", "Direct", "sources.1.kind", "team")
				people.Item("user", "olga").Has("role", "agency_owner", "badges", []string{"protected", "workspace_owner"})
			},
		},
		{
			Name: "rows_say_what_roles_are_called",
			Rule: "A row says what a role is called, beside its key.",
			Run: func(p *Product) {
				p.given(assignment("crew", "site", ""))
				people := p.as("mia").Sees("/projects/site/members")
				people.Item("user", "dan").Has("role", "developer", "role_label", "Developer", "organization_role_label", "Developer", "sources.0.role_label", "Developer")
				people.Item("user", "olga").Has("role_label", "Agency owner", "organization_role", "owner", "organization_role_label", "Workspace owner")
				p.as("mia").Sees("/members").Item("user", "ann").Has("role", "agency_owner", "role_label", "Agency owner")
				p.as("mia").Sees("/teams/crew/members").Item("user", "dora").Has("role", "member", "role_label", "Member")
				p.as("mia").Sees("/projects/site/candidates").Item("user", "dora").Has("role_label", "Developer", "default_role_label", "Developer")
				p.as("dan").Sees("/projects").Item("id", "site").Has("role", "developer", "role_label", "Developer")
				p.as("ann").May("POST /invites", o{"email": "new@example.org", "role": "client", "projects": []o{{"project": "site", "role": "developer"}}})
				p.as("ann").Sees("/invites").Item("email", "new@example.org").
					Has("role_label", "Client", "projects.0.name", "Site of the case", "projects.0.role_label", "Developer")
			},
		},
		{
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
		{
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
		{
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
		{
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
	}
}
