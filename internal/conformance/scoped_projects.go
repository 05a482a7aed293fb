package conformance

// scopedProjects are the promises about projects and who manages them.
func scopedProjects() []Case {
	return []Case{
		{
			Name: "projects_view_lists_all_projects_and_full_manages_them",
			Rule: "PROJECTS=view lists all projects of the organization, full manages them.",
			Run: func(p *Product) {
				p.as("nia").Sees("/projects").Lists("items.id", "seo")
				p.given(o{"type": "change_member_levels", "user": "nia", "levels": o{"PROJECTS": "view"}})
				p.as("nia").Sees("/projects").Lists("items.id", "ads", "seo")
				p.as("nia").Sees("/projects?search=ads").Lists("items.id", "ads").Item("id", "ads").Has("role", nil, "people", nil)
				p.as("nia").Sees("/projects/ads").Has("id", "ads", "role", nil)
				p.as("nia").Sees("").Has("projects", 2)
				p.holdsAll("nia", "ads", scopedProject("none"))
				p.as("nia").SeesNo("/projects/ads/members", "no_members")
				for _, change := range []string{"POST /projects/ads/archive", "DELETE /projects/ads"} {
					p.as("nia").MayNot(change, "not_allowed")
				}
				p.as("nia").MayNot("POST /projects", "not_allowed", o{"id": "new"})
				p.as("nia").MayNot("PATCH /projects/ads", "not_allowed", o{"name": "Mine"})
				p.given(o{"type": "change_member_levels", "user": "nia", "levels": o{"PROJECTS": "full"}})
				p.as("nia").May("POST /projects", o{"id": "new"})
				p.as("nia").May("PATCH /projects/ads", o{"name": "Adverts"})
				p.as("nia").May("PATCH /projects/ads/description", o{"description": "Paid search"})
				p.as("nia").May("POST /projects/ads/archive")
				p.as("nia").May("POST /projects/ads/restore")
				p.as("nia").May("DELETE /projects/ads")
				p.as("nia").Sees("/projects").Lists("items.id", "new", "seo")
			},
		},
		{
			Name: "settings_members_reads_with_view_and_manages_with_full",
			Rule: "On a project, SETTINGS_MEMBERS=view reads its members, full adds, changes and removes them.",
			Run: func(p *Product) {
				p.given(o{"type": "change_project_member_levels", "project": "seo", "user": "nia", "levels": o{"SETTINGS_MEMBERS": "view"}}, member("new", "member"))
				p.as("nia").Sees("/projects/seo/members?source=direct").Lists("items.user", "mel", "vin", "nia", "sam")
				p.as("nia").MayNot("POST /projects/seo/members", "not_allowed", o{"user": "new"})
				p.as("nia").MayNot("DELETE /projects/seo/members/vin", "not_allowed")
				p.as("sam").Sees("/projects/seo/candidates").Lists("items.user", "new").Has("roles", []string{"member"})
				p.as("sam").May("POST /projects/seo/members", o{"user": "new", "levels": o{"TECHNICAL": "view"}})
				p.as("sam").May("PATCH /projects/seo/members/new/levels", o{"levels": o{"TECHNICAL": "full"}})
				p.holdsAll("new", "seo", scopedWith(levels{"TECHNICAL": "full"}))
				p.as("sam").May("PATCH /projects/seo/members/new/end", o{"until": p.ago(-9)})
				p.as("sam").May("DELETE /projects/seo/members/new")
				p.as("sam").May("DELETE /projects/seo/members/vin")
				p.isOff("vin", "seo", "not_on_the_project")
				p.as("sam").MayNot("POST /projects/ads/members", "no_project", o{"user": "new"})
				p.as("sam").MayNot("POST /invites", "not_allowed", o{"email": "ivy@example.org"})
				p.as("sam").SeesNo("/members", "no_members")
			},
		},
		{
			Name: "settings_members_gives_any_feature_levels_and_settings_up_to_ones_own",
			Rule: "SETTINGS_MEMBERS=full gives any feature levels on its project, settings levels up to its own.",
			Run: func(p *Product) {
				features := levels{}
				for _, feature := range scopedFeatures {
					features[feature] = "full"
				}
				p.as("sam").May("PATCH /projects/seo/members/nia/levels", o{"levels": features})
				p.holdsAll("nia", "seo", scopedWith(features))
				p.as("sam").May("PATCH /projects/seo/members/nia/levels", o{"levels": o{"SETTINGS_MEMBERS": "full"}})
				p.as("sam").MayNot("PATCH /projects/seo/members/nia/levels", "may_not_assign", o{"levels": o{"SETTINGS_PUBLISHING": "view"}})
				p.as("sam").MayNot("PATCH /projects/seo/members/nia", "may_not_assign", o{"role": "admin"})
				// What Vin has already, nobody gives.
				p.as("sam").May("PATCH /projects/seo/members/vin/levels", o{"levels": o{"AI_AGENTS": "full"}, "merge": true})
				p.holdsAll("vin", "seo", scopedWith(levels{"GOOGLE_SEARCH": "full", "SETTINGS_GENERAL": "full", "AI_AGENTS": "full"}))
				p.as("sam").May("PATCH /projects/seo/members/vin/levels", o{"levels": o{"SETTINGS_GENERAL": "view"}, "merge": true})
				p.as("sam").MayNot("PATCH /projects/seo/members/vin/levels", "may_not_assign", o{"levels": o{"SETTINGS_GENERAL": "full"}, "merge": true})
			},
		},
	}
}
