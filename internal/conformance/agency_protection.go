package conformance

// agencyProtection is about those whom nobody removes or changes.
func agencyProtection() []Case {
	return []Case{
		{
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
				p.as("mia").Sees("/projects/site/members").Item("user", "olga").Has("badges", []string{"protected", "workspace_owner"})
				p.as("mia").Sees("/projects/site/members").Item("user", "dan").Has("badges", nil)
				p.as("mia").Sees("/members").Item("user", "olga").Has("badges", []string{"protected", "workspace_owner"}, "actions", []string{})
				p.as("olga").May("POST /transfer-ownership", o{"to": "ann"})
				p.as("ann").MayNot("DELETE /members/ann", "protected")
			},
		},
		{
			Name: "the_workspace_owner_has_a_badge_of_their_own",
			Rule: "Badges: the list marks the workspace owner as such.",
			Run: func(p *Product) {
				for _, list := range []string{"/projects/site/members", "/members"} {
					p.as("mia").Sees(list).Item("user", "olga").Has("badges", []string{"protected", "workspace_owner"})
					p.as("mia").Sees(list).Item("user", "ann").Has("badges", nil)
				}
			},
		},
		{
			Name: "the_creator_of_a_project_is_protected_there",
			Rule: "Protected: the project's creator; nobody removes or changes them, and the list marks them.",
			Run: func(p *Product) {
				p.as("ann").May("POST /projects", o{"id": "app"})
				p.isOn("ann", "app", "agency_owner")
				p.access("ann", "app").Has("sources.0.kind", "creator")
				p.given(member("amy", "agency_owner"), projectMember("app", "amy", "agency_owner"), projectMember("app", "mia", "manager"))
				for _, user := range []string{"olga", "amy", "mia", "ann"} {
					refused := "protected"
					if user == "mia" {
						refused = "not_allowed"
					}
					p.as(user).MayNot("DELETE /projects/app/members/ann", refused)
					p.as(user).MayNot("PATCH /projects/app/members/ann", "protected", o{"role": "client"})
					p.as(user).MayNot("PATCH /projects/app/members/ann/end", refused, o{"until": p.ago(-9)})
					p.as(user).MayNot("PATCH /projects/app/members/ann/overrides/tasks", refused, o{"level": "none"})
				}
				p.as("olga").Sees("/projects/app/members").Item("user", "ann").
					Has("badges", []string{"protected", "creator"}, "access", "Creator", "actions", []string{"attest_access"}, "roles", nil)
				p.isOn("ann", "app", "agency_owner")
				p.as("olga").May("DELETE /projects/site/members/ann") // not the creator of this one
			},
		},
		{
			Name: "who_removes_the_creator_from_the_workspace_names_who_takes_their_place",
			Rule: "Who is removed from the organization: the command names what becomes of the projects that they created.",
			Run: func(p *Product) {
				p.as("ann").May("POST /projects", o{"id": "app"})
				p.as("ann").May("POST /projects", o{"id": "api"})
				p.as("ann").MayNot("DELETE /members/ann", "last_holder").Says("detail", "transfer_to")
				p.as("").MayNot("DELETE /members/ann", "last_holder").Says("detail", "transfer_to")
				p.as("olga").MayNot("DELETE /members/ann", "no_member", o{"transfer_to": "zoe"})
				p.as("olga").May("DELETE /members/ann", o{"transfer_to": "mia"})
				for _, id := range []string{"app", "api"} {
					p.isOn("mia", id, "agency_owner")
					p.as("olga").Sees("/projects/"+id+"/members").Item("user", "mia").Has("badges", []string{"protected", "creator"}, "access", "Creator")
					p.as("olga").MayNot("DELETE /projects/"+id+"/members/mia", "protected")
				}
			},
		},
		{
			Name: "who_removes_the_creator_from_the_workspace_takes_their_place_themselves_by_default",
			Rule: "Who removes the creator of projects from the organization and names nobody takes their place.",
			Run: func(p *Product) {
				p.given(member("amy", "agency_owner"))
				p.as("ann").May("POST /projects", o{"id": "app"})
				p.as("amy").May("DELETE /members/ann")
				p.isOn("amy", "app", "agency_owner")
				p.as("amy").Sees("/projects/app/members").Item("user", "amy").Has("badges", []string{"protected", "creator"})
				p.as("olga").MayNot("DELETE /projects/app/members/amy", "protected")
			},
		},
	}
}
