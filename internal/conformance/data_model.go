package conformance

import "github.com/seed-2026d078/roster/internal/apirequest"

// dataModel: Otto owns the organization. On the project crm Pat is project admin, Reg
// regular user and Vi views only; Nan is on no project, and nobody is on erp.
func dataModel() []Case {
	// row checks one row of the table of permissions, with a regular user and so on.
	row := func(admin, regular, viewing levels) func(*Product) {
		return func(p *Product) {
			p.holds("pat", "crm", admin)
			p.holds("otto", "crm", admin)
			p.holds("reg", "crm", regular)
			p.holds("vi", "crm", viewing)
		}
	}
	return under(fixture{"data-model", []o{
		member("otto", "owner"), member("pat", "member"), member("reg", "member"), member("vi", "member"), member("nan", "member"),
		project("crm"), project("erp"),
		projectMember("crm", "pat", "project_admin"), projectMember("crm", "reg", "regular_user"), projectMember("crm", "vi", "view_only"),
	}},
		Case{
			Name: "an_owner_is_full_admin_on_every_project_listed_or_not",
			Rule: "An owner of the organization is full admin on every project, listed or not.",
			Run: func(p *Product) {
				everything := levels{"models": "full", "attributes": "full", "records": "full", "edit_records": "full", "settings": "full", "members": "full"}
				p.as("otto").Sees("/projects").Lists("items.id", "crm", "erp")
				for _, id := range []string{"crm", "erp"} {
					p.isOn("otto", id, "project_admin")
					p.holdsAll("otto", id, everything)
				}
				p.as("otto").May("POST /projects/erp/members", o{"user": "nan", "role": "regular_user"})
				p.as("pat").May("POST /projects/crm/members", o{"user": "otto", "role": "view_only"})
				p.isOn("otto", "crm", "project_admin")
				p.holdsAll("otto", "crm", everything)
			},
		},
		Case{
			Name: "a_member_has_the_projects_they_were_added_to",
			Rule: "A member of the organization has no project that they were not added to.",
			Run: func(p *Product) {
				p.as("pat").Sees("/projects").Lists("items.id", "crm")
				p.as("pat").SeesNo("/projects/erp", "no_project")
				p.isOff("pat", "erp", "not_on_the_project")
				p.as("nan").Sees("/projects").Lists("items.id")
				p.isOff("nan", "crm", "not_on_the_project")
				p.as("nan").MayNot("POST /projects", "not_allowed", o{"id": "mine"})
			},
		},
		Case{
			Name: "models_are_full_for_admins_to_see_for_regular_users_hidden_from_viewers",
			Rule: "See models: project_admin full, regular_user view, view_only none.",
			Run:  row(levels{"models": "full"}, levels{"models": "view"}, levels{"models": "none"}),
		},
		Case{
			Name: "attributes_and_changes_to_models_are_for_project_admins",
			Rule: "See and change attributes, create, edit and delete models: project_admin full, the others none.",
			Run:  row(levels{"attributes": "full"}, levels{"attributes": "none"}, levels{"attributes": "none"}),
		},
		Case{
			Name: "records_are_there_to_view_for_everybody_on_the_project",
			Rule: "View records: project_admin full, regular_user view, view_only view.",
			Run:  row(levels{"records": "full"}, levels{"records": "view"}, levels{"records": "view"}),
		},
		Case{
			Name: "records_are_edited_by_admins_and_regular_users",
			Rule: "Create, edit and delete records: project_admin full, regular_user full, view_only none.",
			Run:  row(levels{"edit_records": "full"}, levels{"edit_records": "full"}, levels{"edit_records": "none"}),
		},
		Case{
			Name: "settings_of_a_project_are_for_project_admins",
			Rule: "Project settings: project_admin full, the others none.",
			Run: func(p *Product) {
				row(levels{"settings": "full"}, levels{"settings": "none"}, levels{"settings": "none"})(p)
				p.as("pat").May("PATCH /projects/crm", o{"name": "Customers"})
				p.as("reg").MayNot("PATCH /projects/crm", "not_allowed", o{"name": "Mine"})
				p.as("vi").MayNot("PATCH /projects/crm", "not_allowed", o{"name": "Mine"})
			},
		},
		Case{
			Name: "a_project_has_a_description_which_members_see",
			Rule: "A project has a description, which members see.",
			Run: func(p *Product) {
				p.given(o{"type": "create_project", "id": "hr", "description": "People and posts"}, projectMember("hr", "vi", "view_only"))
				p.as("vi").Sees("/projects/hr").Has("description", "People and posts")
				p.as("pat").May("PATCH /projects/crm/description", o{"description": "Customers and deals"})
				p.as("vi").Sees("/projects/crm").Has("description", "Customers and deals")
				p.as("vi").Sees("/projects").Item("id", "crm").Has("description", "Customers and deals")
				p.as("reg").MayNot("PATCH /projects/crm/description", "not_allowed", o{"description": "Mine"})
				p.as("vi").MayNot("PATCH /projects/crm/description", "not_allowed", o{"description": "Mine"})
				p.as("nan").SeesNo("/projects/crm", "no_project")
			},
		},
		Case{
			Name: "members_are_added_changed_and_removed_by_project_admins",
			Rule: "Add, change, remove members: project_admin full, the others none.",
			Run: func(p *Product) {
				row(levels{"members": "full"}, levels{"members": "none"}, levels{"members": "none"})(p)
				for _, user := range []string{"reg", "vi"} {
					p.as(user).MayNot("POST /projects/crm/members", "not_allowed", o{"user": "nan"})
					p.as(user).MayNot("PATCH /projects/crm/members/reg", "not_allowed", o{"role": "project_admin"})
					p.as(user).MayNot("DELETE /projects/crm/members/pat", "not_allowed")
					p.as(user).SeesNo("/projects/crm/members", "no_members")
				}
				p.as("pat").May("POST /projects/crm/members", o{"user": "nan", "role": "view_only"})
				p.as("pat").May("PATCH /projects/crm/members/nan", o{"role": "project_admin"})
				p.isOn("nan", "crm", "project_admin")
				p.as("pat").May("DELETE /projects/crm/members/nan")
				p.isOff("nan", "crm", "not_on_the_project")
			},
		},
		Case{
			Name: "candidates_are_members_who_are_not_on_the_project",
			Rule: "Candidates to add are organization members who are not on the project.",
			Run: func(p *Product) {
				p.given(member("gone", "member"), o{"type": "deactivate_member", "user": "gone"})
				p.as("pat").Sees("/projects/crm/candidates").Lists("items.user", "nan")
				p.as("otto").Sees("/projects/erp/candidates").Lists("items.user", "pat", "reg", "vi", "nan")
				p.as("pat").Sees("/projects/crm/candidates?search=nan@").Item("user", "nan").Has("email", "nan@example.org")
				p.as("pat").Sees("/projects/crm/candidates?search=reg").Lists("items.user")
				p.as("reg").MayNot("GET /projects/crm/candidates", "no_members")
				p.as("pat").May("POST /projects/crm/members", o{"user": "nan"})
				p.as("pat").Sees("/projects/crm/candidates").Lists("items.user")
			},
		},
		Case{
			Name: "several_are_added_at_once_each_with_their_own_role",
			Rule: "Several are added at once, each with their own role; access is immediate.",
			Run: func(p *Product) {
				p.given(member("ned", "member"))
				p.as("pat").May("POST /projects/crm/members", o{"members": []o{
					{"user": "nan", "role": "regular_user"}, {"user": "ned", "role": "project_admin"},
				}})
				p.isOn("nan", "crm", "regular_user")
				p.holds("nan", "crm", levels{"edit_records": "full", "settings": "none"})
				p.isOn("ned", "crm", "project_admin")
				p.as("ned").May("PATCH /projects/crm", o{"name": "Customers"})
			},
		},
		Case{
			Name: "of_several_who_are_added_all_are_or_none",
			Rule: "Several are added all or none, and the error says what is wrong with which.",
			Run: func(p *Product) {
				p.as("pat").MayNot("POST /projects/crm/members", "not_in_organization", o{"members": []o{
					{"user": "nan", "role": "regular_user"}, {"user": "zoe", "role": "view_only"}, {"user": "otto", "role": "king"},
				}}).Has("errors.0.index", 1, "errors.0.code", "not_in_organization", "errors.1.index", 2, "errors.1.code", "unknown_role")
				p.isOff("nan", "crm", "not_on_the_project")
			},
		},
		Case{
			Name: "a_role_change_takes_effect_at_once",
			Rule: "A role change takes effect at once.",
			Run: func(p *Product) {
				p.as("pat").May("PATCH /projects/crm/members/vi", o{"role": "project_admin"})
				p.isOn("vi", "crm", "project_admin")
				p.as("vi").May("PATCH /projects/crm/members/reg", o{"role": "view_only"})
				p.holds("reg", "crm", levels{"edit_records": "none", "records": "view"})
				p.as("pat").May("PATCH /projects/crm/members/vi", o{"role": "view_only"})
				p.as("vi").MayNot("PATCH /projects/crm/members/reg", "not_allowed", o{"role": "regular_user"})
			},
		},
		Case{
			Name: "the_notice_of_a_new_level_comes_with_the_next_access_however_soon_that_is",
			Rule: "The member gets a notice of the new level the next time they access that project, however soon that is.",
			Run: func(p *Product) {
				for _, role := range []string{"project_admin", "view_only", "regular_user"} {
					p.as("pat").May("PATCH /projects/crm/members/reg", o{"role": role})
					seen := p.as("reg").Sees("/projects/crm").Has("notices.0.project", "crm", "notices.0.to", role, "notices.1", nil)
					p.marksShown("reg", seen)
				}
				p.as("pat").May("PATCH /projects/crm/members/vi", o{"role": "regular_user"})
				p.as("vi").Sees("/projects/crm/access/vi").Has("notices.0.from", "view_only", "notices.0.to", "regular_user", "notices.1", nil)
			},
		},
		Case{
			Name: "the_notice_of_a_new_level_does_not_come_before_the_next_access",
			Rule: "The notice does not come before the next access of that project, and to nobody else.",
			Run: func(p *Product) {
				p.given(projectMember("erp", "reg", "view_only"))
				p.as("pat").May("PATCH /projects/crm/members/reg", o{"role": "project_admin"})
				p.hasNotices("reg")
				p.as("reg").Sees("/projects/erp").Has("notices", nil)
				p.as("reg").Sees("").Has("notices", nil)
				p.as("pat").Sees("/projects/crm").Has("notices", nil)
				p.as("pat").Sees("/projects/crm/access/reg").Has("notices", nil)
				p.hasNotices("reg")
			},
		},
		Case{
			Name: "the_notice_of_a_new_level_comes_once",
			Rule: "The notice comes once, not again.",
			Run: func(p *Product) {
				p.as("pat").May("PATCH /projects/crm/members/reg", o{"role": "view_only"})
				p.marksShown("reg", p.as("reg").Sees("/projects/crm").Has("notices.0.to", "view_only"))
				p.as("reg").Sees("/projects/crm").Has("notices", nil)
				p.as("reg").Sees("/projects/crm/access/reg").Has("notices", nil)
				p.as("pat").May("PATCH /projects/crm/members/reg", o{"role": "regular_user"})
				p.hasNotices("reg", "view_only")
				p.as("reg").Sees("/projects/crm/access/reg").Has("notices.0.to", "regular_user", "notices.1", nil)
			},
		},
		Case{
			Name: "no_notice_comes_of_a_level_that_ended_with_a_removal",
			Rule: "Who was removed and added again gets no notice of a level that they had before.",
			Run: func(p *Product) {
				p.as("pat").May("PATCH /projects/crm/members/reg", o{"role": "project_admin"})
				p.as("reg").Sees("/projects/crm").Has("notices.0.to", "project_admin")
				p.as("pat").May("DELETE /projects/crm/members/reg")
				p.as("pat").May("POST /projects/crm/members", o{"user": "reg", "role": "view_only"})
				p.as("reg").Sees("/projects/crm").Has("role", "view_only", "notices", nil)
				p.as("reg").Sees("/projects/crm/access/reg").Has("notices", nil)
				p.as("pat").May("PATCH /projects/crm/members/reg", o{"role": "regular_user"})
				p.as("reg").Sees("/projects/crm").Has("notices.0.to", "regular_user", "notices.1", nil)
			},
		},
		Case{
			Name: "looking_at_a_notice_is_safe_and_what_was_shown_is_marked",
			Rule: "Looking is safe; what was shown is marked by a request of its own.",
			Run: func(p *Product) {
				p.as("pat").May("PATCH /projects/crm/members/reg", o{"role": "view_only"})
				p.as("reg").May("HEAD /projects/crm")
				p.as("reg").Sees("/projects/crm/access/reg").Has("notices.0.to", "view_only")
				shown := p.as("reg").Sees("/projects/crm").Has("notices.0.to", "view_only")
				p.as("pat").MayNot("POST /v1/users/reg/notifications/shown", "not_yours", o{"ids": []string{shown.Text("notices.0.id")}})
				p.as("vi").MayNot("POST /v1/users/vi/notifications/shown", "no_notification", o{"ids": []string{shown.Text("notices.0.id")}})
				p.as("reg").Sees("/projects/crm").Has("notices.0.to", "view_only")
				p.marksShown("reg", shown)
				p.marksShown("reg", shown) // which changes nothing
				p.as("reg").Sees("/projects/crm").Has("notices", nil)
			},
		},
		Case{
			Name: "removal_ends_all_access_at_once",
			Rule: "Removal from a project ends all access to it at once.",
			Run: func(p *Product) {
				p.as("pat").May("DELETE /projects/crm/members/reg")
				p.isOff("reg", "crm", "not_on_the_project")
				p.as("reg").SeesNo("/projects/crm", "no_project")
				p.as("reg").Sees("/projects").Lists("items.id")
				p.given(o{"type": "remove_member", "user": "pat"})
				p.isOff("pat", "crm", "not_a_member")
				p.as("pat").SeesNo("/projects/crm", "no_organization")
			},
		},
		Case{
			Name: "what_a_removed_member_made_is_not_touched",
			Rule: "What a removed member made is not touched.",
			Run: func(p *Product) {
				p.as("pat").May("POST /projects/crm/members", o{"user": "nan", "role": "regular_user"})
				p.as("pat").May("PATCH /projects/crm", o{"name": "Customers"})
				p.as("otto").May("DELETE /projects/crm/members/pat")
				p.as("otto").May("DELETE /members/pat")
				p.isOn("nan", "crm", "regular_user")
				p.access("nan", "crm").Has("sources.0.by", "pat")
				p.as("otto").Sees("/projects/crm").Has("name", "Customers")
				p.as("otto").Sees("/events").Item("type", "project.renamed.v1").Has("actor", "pat")
			},
		},
		Case{
			Name: "a_report_tells_who_is_project_admin_where",
			Rule: "A report tells who is project admin where.",
			Run: func(p *Product) {
				p.given(projectMember("erp", "nan", "project_admin"))
				report := p.as("otto").Sees("/reports/project-admins")
				report.Lists("items.user", "otto", "pat", "nan", "otto")
				report.Item("user", "pat").Has("project", "crm", "email", "pat@example.org", "role", "project_admin")
				report.Item("user", "nan").Has("project", "erp")
				p.as("pat").MayNot("GET /reports/project-admins", "not_allowed")
			},
		},
		Case{
			Name: "a_report_tells_whose_access_nobody_reviewed",
			Rule: "A report tells the members whose access nobody reviewed for N days.",
			Run: func(p *Product) {
				p.daysAgo(40, projectMember("erp", "nan", "view_only"))
				unreviewed := func(days string) apirequest.Reply {
					return p.as("otto").Sees("/reports/unreviewed-access?days=" + days)
				}
				unreviewed("90").Lists("items.user", "otto", "otto", "pat", "reg", "vi")
				unreviewed("30").Lists("items.user", "otto", "otto", "pat", "reg", "vi", "nan")
				p.as("pat").May("POST /projects/crm/members/reg/attest")
				p.as("otto").May("POST /members/vi/attest")
				unreviewed("90").Lists("items.user", "otto", "otto", "pat")
				p.as("reg").MayNot("POST /projects/crm/members/vi/attest", "not_allowed")
				p.as("pat").MayNot("POST /projects/crm/members/pat/attest", "own_access")
				p.as("pat").MayNot("GET /reports/unreviewed-access", "not_allowed")
			},
		},
		lastHolder("otto", "owner", "member"),
		inviteExpiry("member"),
		defaultRoles("crm", "member", "view_only"),
		whoMay(func(p *Product) {
			p.inOrganization("otto", levels{"settings": "full", "members": "full", "projects": "on"})
			p.inOrganization("pat", levels{"settings": "none", "members": "none", "projects": "off"})
			p.given(o{"type": "invite_member", "id": "i1", "email": "new@example.org"})
			p.only("otto").
				may("PATCH ", o{"name": "New"}).may("POST /archive").may("POST /restore").may("DELETE ").
				may("POST /transfer-ownership", o{"to": "pat"}).may("POST /scheme", o{"scheme": "data-model"}).
				may("POST /invites", o{"email": "newer@example.org"}).may("DELETE /invites/i1").
				may("PATCH /members/nan", o{"role": "member"}).may("PATCH /members/nan/end", o{"until": p.ago(-9)}).
				may("POST /members/nan/deactivate").may("POST /members/nan/reactivate").may("POST /members/reg/attest").
				may("POST /projects", o{"id": "new"}).may("DELETE /projects/crm").
				see("/members").see("/invites").see("/reports/project-admins").see("/events")
			p.only("otto", "reg").may("DELETE /members/reg")
			p.only("otto", "pat").
				may("PATCH /projects/crm", o{"name": "New"}).may("PATCH /projects/crm/description", o{"description": "New"}).
				may("POST /projects/crm/archive").may("POST /projects/crm/restore").
				may("POST /projects/crm/members", o{"user": "nan"}).may("PATCH /projects/crm/members/reg", o{"role": "view_only"}).
				may("PATCH /projects/crm/members/reg/end", o{"until": p.ago(-9)}).may("POST /projects/crm/members/reg/attest").
				see("/projects/crm/members").see("/projects/crm/access/nan")
			p.only("otto", "pat", "reg").may("DELETE /projects/crm/members/reg").see("/projects/crm/access/reg")
			p.only().may("POST /members", o{"user": "new"}).may("PATCH /seats", o{"seats": 9}).
				may("PATCH /roles/project/view_only/label", o{"label": "New"})
			// Owners have every project anyway, so no grant outlives the role.
			p.as("otto").May("POST /projects", o{"id": "new"})
			p.access("otto", "new").Has("sources.0.kind", "organization", "sources.1", nil)
		}),
	)
}
