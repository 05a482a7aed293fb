package conformance

// histories are promises about what happened: what the audit log finds, and what an import of
// another system's history records.
func histories() []Case {
	return under(ownerMemberFixture(),
		Case{
			Name: "the_audit_log_of_a_thing_has_all_that_is_about_it",
			Rule: "The audit log of a project shows every grant, change and removal on it, and that of a person everything about them.",
			Run: func(p *Product) {
				p.as("pia").May("POST /projects/site/members", o{"user": "una"})
				p.as("pia").May("DELETE /projects/site/members/una")
				p.as("olga").May("DELETE /members/max")
				for kind, count := range map[string]int{"project.created.v1": 1, "project_membership.added.v1": 3, "project_membership.removed.v1": 1, "membership.removed.v1": 1} {
					p.as("olga").Sees("/events?subject=site&type=" + kind).Count(count)
				}
				p.as("olga").Sees("/events?subject=una").Item("type", "project_membership.removed.v1")
				p.as("olga").MayNot("GET /events?type=membership.joined", "malformed")
			},
		},
		Case{
			Name: "who_granted_is_who_invited",
			Rule: "Who joined by an invitation was let in by who sent it, not by who accepted it.",
			Run: func(p *Product) {
				invite := p.as("olga").May("POST /invites", o{"email": "new@example.org"})
				p.as("new").May("POST /invites/"+invite.Text("id")+"/accept", o{"token": invite.At("token"), "verified_emails": []string{"new@example.org"}})
				p.as("olga").Sees("/members/new").Has("joined.by", "olga")
			},
		},
		Case{
			Name: "a_report_tells_who_held_what_then",
			Rule: "Reports, lists and single answers tell of any moment in the past, by the asker's rights of now.",
			Run: func(p *Product) {
				p.daysAgo(60, o{"type": "change_project_member_role", "project": "site", "user": "max", "role": "owner"}, o{"type": "rename_project", "project": "site", "name": "Shop"})
				p.daysAgo(30, o{"type": "remove_member", "user": "max"}, o{"type": "rename_project", "project": "site", "name": "Site"})
				const admins = "/reports/project-admins"
				p.as("olga").Sees(admins).Lists("items.user", "pia")
				p.as("olga").Sees(admins+"?at="+p.ago(70)).Lists("items.user", "pia")
				p.as("olga").Sees(admins+"?at="+p.ago(45)).Lists("items.user", "max", "pia").Item("user", "max").
					Has("name", displayName("max"), "project_name", "Shop", "since", p.ago(100))
				p.as("olga").Sees("/members/max?at="+p.ago(45)).Has("role", "member", "actions.0", nil)
				p.as("olga").Sees("/projects/site?at="+p.ago(45)).Has("name", "Shop", "actions.0", nil)
				p.as("pia").MayNot("GET "+admins+"?at="+p.ago(45), "not_allowed")
				p.as("max").MayNot("GET "+admins+"?at="+p.ago(45), "no_organization")
				p.as("olga").MayNot("GET "+admins+"?at="+p.ago(101), "no_organization")
				p.as("olga").MayNot("GET "+admins+"?at="+p.ago(-1), "time_in_the_future")
			},
		},
		Case{
			Name: "a_range_in_which_nothing_can_be_is_refused",
			Rule: "Asking for events from a time to one that is not after it is refused, since the answer would look like an empty history.",
			Run: func(p *Product) {
				p.as("olga").MayNot("GET /events?since="+p.ago(10)+"&until="+p.ago(20), "malformed").Says("detail", "until", "since")
				p.as("olga").Sees("/events?since=" + p.ago(20) + "&until=" + p.ago(10)).Count(0)
			},
		},
		Case{
			Name: "an_imported_history_may_leave_nobody_in_charge",
			Rule: "An import records that a history lost its last owner, and a report says which role is missing; as of now the same is refused.",
			Run: func(p *Product) {
				last := []o{{"type": "remove_member", "user": "pia"}, {"type": "change_member_role", "user": "olga", "role": "member"}}
				p.system().MayNot("POST /commands", "last_holder", o{"commands": last})
				p.system().May("POST /commands", o{"commands": last, "import": o{"source": p.org, "through": 1}})
				report := p.system().Sees("/reports/without-owner").Count(2)
				report.Has("items.0.project", nil, "items.0.role", "owner", "items.0.held", 0, "items.1.project", "site")
				p.system().Sees("/v1/organizations?without_owner=true&limit=200").Item("id", p.org)
				p.system().May("PATCH /members/olga", o{"role": "owner"})
				p.as("olga").May("POST /projects/site/take-over")
				p.as("olga").Sees("/reports/without-owner").Count(0)
			},
		},
		Case{
			Name: "what_was_imported_is_no_news",
			Rule: "Nobody gets a notice of what was imported, and lines that were imported before change nothing.",
			Run: func(p *Product) {
				promoted := o{"commands": []o{{"type": "change_member_role", "user": "max", "role": "owner"}}, "import": o{"source": p.org, "through": 7}}
				p.system().May("POST /commands", promoted).Has("changed", true)
				p.system().May("POST /commands", promoted).Has("changed", false)
				p.as("max").Sees("").Has("role", "owner", "notices", nil)
				p.hasNotices("max")
			},
		},
	)
}
