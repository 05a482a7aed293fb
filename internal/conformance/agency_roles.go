package conformance

// agencyRoles are what the roles have.
func agencyRoles() []Case {
	return []Case{
		{
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
		{
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
		{
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
		{
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
		{
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
		{
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
	}
}
