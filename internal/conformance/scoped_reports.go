package conformance

// scopedReports are the promises about the directory and reports.
func scopedReports() []Case {
	return []Case{
		{
			Name: "the_directory_shows_email_role_project_access_and_date_joined",
			Rule: "Directory columns: email, role, project access, joined at.",
			Run: func(p *Product) {
				directory := p.as("mel").Sees("/members")
				directory.Item("user", "mel").Has("email", "mel@example.org", "role", "member", "projects", 1, "joined.since", p.ago(100))
				directory.Item("user", "ada").Has("email", "ada@example.org", "role", "admin", "projects", 2)
				p.as("ada").Sees("/members/mel/projects").Lists("items.id", "seo")
				p.as("vin").Sees("/members?search=mel@example").Lists("items.user", "mel")
				p.as("vin").Sees("/members?role=admin").Lists("items.user", "ada")
			},
		},
		{
			Name: "the_number_of_projects_is_that_of_the_list_which_the_same_asker_gets",
			Rule: "The directory's number of projects equals the list of a member's projects that the same asker gets.",
			Run: func(p *Product) {
				p.given(projectMember("ads", "nia", "member"))
				for asker, ofNia := range map[string]int{"ada": 2, "mel": 2, "vin": 1} {
					for _, row := range p.as(asker).Sees("/members").Items() {
						listed := len(p.as(asker).Sees("/members/" + row.Text("user") + "/projects").Items())
						row.Has("projects", listed)
						p.as(asker).Sees("/members/"+row.Text("user")).Has("projects", listed)
					}
					p.as(asker).Sees("/members").Item("user", "nia").Has("projects", ofNia)
				}
				p.as("mel").Sees("/reports/projects-per-member").Item("user", "nia").Has("projects", 2)
			},
		},
		{
			Name: "a_report_tells_which_invitations_have_been_pending_for_days",
			Rule: "A report tells the pending invitations older than N days.",
			Run: func(p *Product) {
				p.daysAgo(12, o{"type": "invite_member", "id": "old", "email": "old@example.org"})
				p.daysAgo(2, o{"type": "invite_member", "id": "new", "email": "new@example.org"})
				p.as("mel").Sees("/reports/pending-invites?days=10").Lists("items.email", "old@example.org")
				p.as("mel").Sees("/reports/pending-invites?days=1").Lists("items.email", "old@example.org", "new@example.org")
				p.as("mel").Sees("/reports/pending-invites?days=30").Lists("items.email")
				p.as("vin").MayNot("GET /reports/pending-invites", "not_allowed")
				p.as("ada").May("DELETE /invites/old")
				p.as("mel").Sees("/reports/pending-invites?days=10").Lists("items.email")
			},
		},
		{
			Name: "a_report_tells_who_has_broad_full_access",
			Rule: "A report tells the members with broad full access: full on most of what there is, by a threshold of the scheme, not only on all of it.",
			Run: func(p *Product) {
				p.as("mel").Sees("/reports/broad-access").Lists("items.user", "ada")
				p.given(o{"type": "change_project_member_levels", "project": "seo", "user": "vin", "levels": scopedProject("full")})
				p.as("mel").Sees("/reports/broad-access?projects=1").Lists("items.user", "ada", "vin").Item("user", "ada").Has("full", 2, "broad", 2)
				p.as("mel").Sees("/reports/broad-access?projects=2").Lists("items.user", "ada")
				features := levels{}
				for _, feature := range scopedFeatures {
					features[feature] = "full"
				}
				p.given(
					o{"type": "change_member_levels", "user": "nia", "levels": levels{"GENERAL": "full", "INTEGRATIONS": "full", "PROJECTS": "full", "BILLING": "full"}},
					o{"type": "change_project_member_levels", "project": "seo", "user": "sam", "levels": features},
					o{"type": "add_project_member", "project": "ads", "user": "sam", "levels": features},
				)
				report := p.as("mel").Sees("/reports/broad-access?projects=2").Lists("items.user", "ada", "sam", "nia")
				report.Item("user", "sam").Has("full", 0, "broad", 2, "broad_in_organization", false)
				report.Item("user", "nia").Has("broad", 0, "everything", false, "broad_in_organization", true)
				p.as("vin").MayNot("GET /reports/broad-access", "not_allowed")
			},
		},
		{
			Name: "a_report_tells_the_number_of_projects_of_each_member",
			Rule: "A report tells the number of projects per member.",
			Run: func(p *Product) {
				p.given(projectMember("ads", "vin", "member"), member("new", "member"))
				report := p.as("mel").Sees("/reports/projects-per-member")
				report.Lists("items.user", "ada", "mel", "vin", "nia", "sam", "new")
				for user, projects := range map[string]int{"ada": 2, "mel": 1, "vin": 2, "nia": 1, "sam": 1, "new": 0} {
					report.Item("user", user).Has("projects", projects)
				}
				p.as("nia").MayNot("GET /reports/projects-per-member", "not_allowed")
			},
		},
	}
}
