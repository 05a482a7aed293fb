package conformance

// campaignFixture: Ada administers the organization, Sue is a supervisor, the others are
// agents. On the project autumn Pam is admin, Ed editor, Vic viewer and Gus guest; Nan is
// on no project, and nobody is on winter.
func campaignFixture() fixture {
	return fixture{"campaign", []o{
		member("ada", "admin"), member("sue", "supervisor"), member("pam", "agent"), member("ed", "agent"),
		member("vic", "agent"), member("gus", "agent"), member("nan", "agent"),
		project("autumn"), project("winter"),
		projectMember("autumn", "pam", "admin"), projectMember("autumn", "ed", "editor"), projectMember("autumn", "vic", "viewer"), projectMember("autumn", "gus", "guest"),
	}}
}

func campaign() []Case {
	return under(campaignFixture(),
		Case{
			Name: "roles_of_the_organization_say_what_one_does_in_the_product",
			Rule: "Organization roles say what someone may do in the product: billing, dialler, users, creating projects.",
			Run: func(p *Product) {
				for user, wanted := range map[string]levels{
					"ada": {"billing": "full", "dialler": "full", "users": "full", "projects": "on"},
					"sue": {"billing": "none", "dialler": "full", "users": "view", "projects": "on"},
					"nan": {"billing": "none", "dialler": "view", "users": "none", "projects": "off"},
				} {
					p.inOrganization(user, wanted)
				}
				p.as("sue").May("POST /projects", o{"id": "spring"})
				p.as("nan").MayNot("POST /projects", "not_allowed", o{"id": "summer"})
				p.as("ada").May("POST /invites", o{"email": "new@example.org"})
				p.as("sue").MayNot("POST /invites", "not_allowed", o{"email": "newer@example.org"})
				p.as("sue").Sees("/members").Item("user", "nan").Has("role", "agent")
				p.as("nan").SeesNo("/members", "no_members")
			},
		},
		Case{
			Name: "an_organization_defines_roles_of_its_own",
			Rule: "Organization roles are admin, supervisor, agent, and custom ones, which give no project rights.",
			Run: func(p *Product) {
				auditor := o{"role": "auditor", "label": "Auditor", "rank": 15, "levels": o{"billing": "view", "users": "view"}}
				p.as("sue").MayNot("POST /roles/organization", "not_allowed", auditor)
				p.as("ada").May("POST /roles/organization", auditor)
				p.as("ada").May("PATCH /members/nan", o{"role": "auditor"})
				p.inOrganization("nan", levels{"billing": "view", "dialler": "none", "users": "view", "projects": "off"})
				p.isOff("nan", "autumn", "not_on_the_project")
				p.as("nan").Sees("/members").Item("user", "nan").Has("role", "auditor")

				p.as("ada").May("PATCH /roles/organization/auditor", o{"rank": 15, "levels": o{"billing": "full"}})
				p.inOrganization("nan", levels{"billing": "full", "dialler": "none", "users": "none", "projects": "off"})
				p.as("nan").SeesNo("/members", "no_members")
			},
		},
		Case{
			Name: "a_custom_role_has_no_more_than_an_administrator",
			Rule: "Custom roles are bounded by what the scheme and their author have.",
			Run: func(p *Product) {
				p.as("ada").MayNot("POST /roles/organization", "bad_rank", o{"role": "boss", "rank": 30, "levels": o{"billing": "full"}})
				p.as("ada").MayNot("POST /roles/organization", "unknown_permission", o{"role": "boss", "rank": 5, "levels": o{"build": "on"}})
				p.as("ada").MayNot("POST /roles/organization", "role_exists", o{"role": "agent", "rank": 5, "levels": o{}})
				p.as("ada").MayNot("POST /roles/project", "custom_roles_off", o{"role": "helper", "rank": 5, "levels": o{}})
				p.as("ada").MayNot("PATCH /roles/organization/agent", "built_in_role", o{"rank": 5, "levels": o{"billing": "full"}})
				p.inOrganization("nan", levels{"billing": "none", "dialler": "view", "users": "none", "projects": "off"})
			},
		},
		Case{
			Name: "a_custom_role_is_retired_when_nobody_holds_it",
			Rule: "Custom roles can be retired; one that somebody holds stays.",
			Run: func(p *Product) {
				p.as("ada").May("POST /roles/organization", o{"role": "auditor", "rank": 15, "levels": o{"billing": "view"}})
				p.as("ada").May("PATCH /members/nan", o{"role": "auditor"})
				p.as("ada").MayNot("DELETE /roles/organization/auditor", "role_held")
				p.as("ada").May("PATCH /members/nan", o{"role": "agent"})
				p.as("sue").MayNot("DELETE /roles/organization/auditor", "not_allowed")
				p.as("ada").May("DELETE /roles/organization/auditor")
				p.as("ada").MayNot("PATCH /members/nan", "unknown_role", o{"role": "auditor"})
				p.as("ada").MayNot("DELETE /roles/organization/agent", "built_in_role")
			},
		},
		Case{
			Name: "roles_of_the_organization_give_no_project_rights",
			Rule: "Organization roles give no project rights, except admin.",
			Run: func(p *Product) {
				for _, user := range []string{"sue", "nan"} {
					for _, id := range []string{"autumn", "winter"} {
						p.isOff(user, id, "not_on_the_project")
						p.as(user).SeesNo("/projects/"+id, "no_project")
					}
				}
				p.as("sue").MayNot("POST /projects/autumn/members", "no_project", o{"user": "sue", "role": "viewer"})
			},
		},
		Case{
			Name: "an_admin_manages_every_project_without_being_listed_on_it",
			Rule: "An organization admin reaches every project and manages its members without being listed on it.",
			Run: func(p *Product) {
				p.as("ada").Sees("/projects").Lists("items.id", "autumn", "winter")
				for _, id := range []string{"autumn", "winter"} {
					p.access("ada", id).Has("role", "admin", "sources.0.kind", "organization", "sources.1", nil)
					p.holds("ada", id, levels{"settings": "full", "members": "full", "build": "on", "run": "on"})
				}
				p.as("ada").May("POST /projects/winter/members", o{"user": "nan", "role": "viewer"})
				p.isOn("nan", "winter", "viewer")
				p.as("ada").May("PATCH /projects/winter/members/nan", o{"role": "editor"})
				p.as("ada").May("DELETE /projects/winter/members/nan")
				p.isOff("nan", "winter", "not_on_the_project")
				p.as("ada").MayNot("DELETE /projects/winter/members/ada", "not_on_project")
				p.as("ada").Sees("/projects/winter/members?source=direct").Lists("items.user")
			},
		},
		Case{
			Name: "a_project_admin_has_settings_and_membership",
			Rule: "A project admin may do everything on the project: settings and membership.",
			Run: func(p *Product) {
				p.isOn("pam", "autumn", "admin")
				p.holdsAll("pam", "autumn", levels{"build": "on", "run": "on", "outcomes": "full", "analytics": "full", "settings": "full", "members": "full"})
				p.as("pam").May("PATCH /projects/autumn", o{"name": "Fall"})
				p.as("pam").May("POST /projects/autumn/members", o{"user": "nan", "role": "editor"})
				p.as("pam").May("PATCH /projects/autumn/members/nan", o{"role": "viewer"})
				p.as("pam").May("DELETE /projects/autumn/members/nan")
				p.as("pam").SeesNo("/projects/winter", "no_project")
			},
		},
		Case{
			Name: "an_editor_builds_and_runs_work",
			Rule: "An editor builds tables and spinners and runs work.",
			Run: func(p *Product) {
				p.isOn("ed", "autumn", "editor")
				p.holdsAll("ed", "autumn", levels{"build": "on", "run": "on", "outcomes": "view", "analytics": "view", "settings": "view", "members": "none"})
				p.as("ed").MayNot("PATCH /projects/autumn", "not_allowed", o{"name": "Fall"})
				p.as("ed").MayNot("POST /projects/autumn/members", "not_allowed", o{"user": "nan"})
				p.as("ed").SeesNo("/projects/autumn/members", "no_members")
			},
		},
		Case{
			Name: "a_viewer_reads_results_and_cannot_open_settings",
			Rule: "A viewer reads outcomes and analytics, and cannot open settings.",
			Run: func(p *Product) {
				p.isOn("vic", "autumn", "viewer")
				p.holdsAll("vic", "autumn", levels{"build": "off", "run": "off", "outcomes": "view", "analytics": "view", "settings": "none", "members": "none"})
				p.as("vic").MayNot("PATCH /projects/autumn", "not_allowed", o{"name": "Fall"})
				p.as("vic").MayNot("DELETE /projects/autumn", "not_allowed")
			},
		},
		Case{
			Name: "the_settings_of_a_project_open_for_admins_and_editors",
			Rule: "Who sees a project's settings: its admins, who change them, and its editors, who do not; neither viewers nor guests.",
			Run: func(p *Product) {
				opens := map[string]string{"ada": "full", "pam": "full", "ed": "view", "vic": "none", "gus": "none", "sue": "none"}
				for user, level := range opens {
					p.holds(user, "autumn", levels{"settings": level})
				}
				p.as("pam").May("PATCH /projects/autumn/description", o{"description": "Calls in autumn."})
				p.as("ed").MayNot("PATCH /projects/autumn/description", "not_allowed", o{"description": "Mine."})
				p.as("vic").MayNot("PATCH /projects/autumn/description", "not_allowed", o{"description": "Mine."})
			},
		},
		Case{
			Name: "a_guest_has_what_the_grant_lists_and_nothing_else",
			Rule: "A guest has a narrow task: what the grant lists, nothing else.",
			Run: func(p *Product) {
				nothing := levels{"build": "off", "run": "off", "outcomes": "none", "analytics": "none", "settings": "none", "members": "none"}
				p.isOn("gus", "autumn", "guest")
				p.holdsAll("gus", "autumn", nothing)
				p.as("pam").May("PATCH /projects/autumn/members/gus/levels", o{"levels": o{"run": "on", "outcomes": "view"}})
				p.holdsAll("gus", "autumn", levels{"build": "off", "run": "on", "outcomes": "view", "analytics": "none", "settings": "none", "members": "none"})
				p.as("pam").May("POST /projects/autumn/members", o{"user": "nan", "role": "guest", "levels": o{"analytics": "view"}})
				p.holdsAll("nan", "autumn", levels{"build": "off", "run": "off", "outcomes": "none", "analytics": "view", "settings": "none", "members": "none"})
				p.as("ed").MayNot("PATCH /projects/autumn/members/gus/levels", "not_allowed", o{"levels": o{"build": "on"}})
				p.as("pam").MayNot("PATCH /projects/autumn/members/vic/levels", "no_own_levels", o{"levels": o{"build": "on"}})
				p.as("pam").May("PATCH /projects/autumn/members/gus/levels", o{"levels": o{}})
				p.holdsAll("gus", "autumn", nothing)
			},
		},
		Case{
			Name: "a_project_that_one_is_not_on_does_not_exist",
			Rule: "A project that one is not on is absent from one's list and answers as if it did not exist.",
			Run: func(p *Product) {
				p.as("vic").Sees("/projects").Lists("items.id", "autumn")
				p.as("nan").Sees("/projects").Lists("items.id")
				for _, path := range []string{"", "/members", "/teams", "/access/vic"} {
					p.as("vic").SeesNo("/projects/winter"+path, "no_project")
					p.as("vic").SeesNo("/projects/none"+path, "no_project")
				}
				p.as("vic").MayNot("PATCH /projects/winter", "no_project", o{"name": "Mine"})
				p.as("vic").MayNot("DELETE /projects/winter", "no_project")
			},
		},
		Case{
			Name: "a_role_that_reaches_every_project_sees_them_all",
			Rule: "A project that one is not on is there where one's organization role reaches every project.",
			Run: func(p *Product) {
				p.as("ada").Sees("/projects").Lists("items.id", "autumn", "winter")
				p.as("ada").Sees("/projects/winter").Has("role", "admin")
				p.given(o{"type": "change_member_role", "user": "sue", "role": "admin"})
				p.as("sue").Sees("/projects").Lists("items.id", "autumn", "winter")
				p.as("ada").May("PATCH /members/sue", o{"role": "supervisor"})
				p.as("sue").Sees("/projects").Lists("items.id")
				p.as("sue").SeesNo("/projects/winter", "no_project")
			},
		},
		Case{
			Name: "adding_somebody_from_outside_says_to_invite_them_first",
			Rule: "Adding someone who is not in the organization fails with an error that says to invite them to the organization first; it creates no account.",
			Run: func(p *Product) {
				for _, user := range []string{"ada", "pam"} {
					p.as(user).MayNot("POST /projects/autumn/members", "not_in_organization", o{"user": "zoe", "role": "viewer"}).
						Says("detail", "invite them to the organization first")
				}
				p.as("ada").SeesNo("/members/zoe", "no_member")
				p.as("zoe").SeesNo("", "no_organization")
				p.isOff("zoe", "autumn", "not_a_member")
			},
		},
		Case{
			Name: "a_deactivated_user_has_no_access_whatever_they_are_listed_on",
			Rule: "A deactivated organization user has no access, whatever they are listed on.",
			Run: func(p *Product) {
				p.as("sue").MayNot("POST /members/vic/deactivate", "not_allowed")
				p.as("ada").May("POST /members/vic/deactivate")
				p.isOff("vic", "autumn", "deactivated")
				p.as("vic").SeesNo("", "no_organization")
				p.as("vic").SeesNo("/projects/autumn", "no_organization")
				p.as("ada").Sees("/members").Item("user", "vic").Has("status", "deactivated")
				p.as("ada").Sees("/projects/autumn/members?inactive=true").Lists("items.user", "vic")
			},
		},
		Case{
			Name: "reactivation_brings_back_what_one_had",
			Rule: "Reactivation brings a deactivated user's access back.",
			Run: func(p *Product) {
				p.as("ada").May("POST /members/pam/deactivate")
				p.isOff("pam", "autumn", "deactivated")
				p.as("ada").May("POST /members/pam/reactivate")
				p.isOn("pam", "autumn", "admin")
				p.as("pam").May("PATCH /projects/autumn", o{"name": "Fall"})
				p.as("ada").Sees("/members").Item("user", "pam").Has("status", "active")
			},
		},
		Case{
			Name: "roles_are_called_as_on_the_page",
			Rule: "Labels as on the page: Admin, Editor, Viewer, Guest; rows say them beside the keys.",
			Run: func(p *Product) {
				people := p.as("pam").Sees("/projects/autumn/members")
				called := map[string]string{"pam": "Admin", "ed": "Editor", "vic": "Viewer", "gus": "Guest"}
				for user, label := range called {
					people.Item("user", user).Has("role_label", label)
				}
				p.as("ada").Sees("/members").Item("user", "ada").Has("role", "admin", "role_label", "Admin")
				p.as("ada").May("PATCH /roles/project/viewer/label", o{"label": "Reader"})
				p.as("pam").Sees("/projects/autumn/members").Item("user", "vic").Has("role", "viewer", "role_label", "Reader")
				p.as("ada").May("POST /roles/organization", o{"role": "auditor", "label": "Auditor", "rank": 15, "levels": o{"billing": "view"}})
				p.as("ada").May("POST /roles/organization", o{"role": "clerk", "rank": 14, "levels": o{"billing": "view"}})
				p.as("ada").May("PATCH /members/nan", o{"role": "auditor"})
				p.as("ada").Sees("/members").Item("user", "nan").Has("role", "auditor", "role_label", "Auditor")
				p.as("ada").May("PATCH /members/nan", o{"role": "clerk"})
				p.as("ada").Sees("/members").Item("user", "nan").Has("role", "clerk", "role_label", "clerk")
			},
		},
		Case{
			Name: "labels_of_roles_can_be_renamed_and_keys_stay",
			Rule: "Role labels can be renamed; keys stay.",
			Run: func(p *Product) {
				p.as("sue").MayNot("PATCH /roles/organization/agent/label", "not_allowed", o{"label": "Caller"})
				p.as("ada").May("PATCH /roles/organization/agent/label", o{"label": "Caller"})
				p.as("ada").May("PATCH /roles/project/viewer/label", o{"label": "Reader"})
				scheme := p.as("vic").Sees("/scheme")
				scheme.Part("organization_roles").Item("key", "agent").Has("label", "Caller")
				scheme.Part("project_roles").Item("key", "viewer").Has("label", "Reader")
				p.isOn("vic", "autumn", "viewer")
				p.as("ada").MayNot("PATCH /members/sue", "unknown_role", o{"role": "Caller"})
				p.as("ada").May("PATCH /members/sue", o{"role": "agent"})
			},
		},
		Case{
			Name: "why_somebody_cannot_see_a_project_is_answered",
			Rule: "\"Why can't X see P?\" answers: not in the organization, not active, or not on the project.",
			Run: func(p *Product) {
				p.as("ada").May("POST /members/ed/deactivate")
				for user, reason := range map[string]string{"zoe": "not_a_member", "ed": "deactivated", "nan": "not_on_the_project"} {
					p.as("ada").Sees("/projects/autumn/access/"+user).Has("reason", reason, "role", nil)
					p.as("pam").Sees("/projects/autumn/access/"+user).Has("reason", reason)
					p.as("vic").MayNot("GET /projects/autumn/access/"+user, "not_allowed")
				}
				p.as("ada").Sees("/projects/autumn/access/vic").Has("reason", nil, "role", "viewer")
			},
		},
		Case{
			Name: "what_would_let_somebody_see_a_project_is_answered_too",
			Rule: "\"Why can't X see P?\" answers what would give access.",
			Run: func(p *Product) {
				p.as("ada").May("POST /members/ed/deactivate")
				for user, remedy := range map[string]string{
					"zoe": "invite them to the organization first", "ed": "reactivate them first", "nan": "add them to the project",
				} {
					p.as("ada").Sees("/projects/autumn/access/"+user+"?explain").Says("explanation", remedy)
				}
				p.as("ada").May("POST /members/ed/reactivate")
				p.as("ada").May("POST /projects/autumn/members", o{"user": "nan", "role": "viewer"})
				p.isOn("ed", "autumn", "editor")
				p.isOn("nan", "autumn", "viewer")
			},
		},
		lastHolder("ada", "admin", "agent"),
		inviteExpiry("agent"),
		defaultRoles("autumn", "agent", "guest"),
		creatorRole("sue", "admin"),
		whoMay(func(p *Product) {
			p.given(
				o{"type": "invite_member", "id": "i1", "email": "new@example.org"},
				o{"type": "define_role", "kind": "organization", "role": "auditor", "rank": 5, "levels": o{"billing": "view"}},
			)
			p.only("ada").
				may("PATCH ", o{"name": "New"}).may("POST /archive").may("POST /restore").may("DELETE ").
				may("POST /transfer-ownership", o{"to": "sue"}).may("POST /scheme", o{"scheme": "campaign"}).
				may("POST /roles/organization", o{"role": "new", "rank": 5, "levels": o{}}).
				may("PATCH /roles/organization/auditor", o{"rank": 5, "levels": o{"billing": "view"}}).
				may("PATCH /roles/organization/auditor/label", o{"label": "New"}).may("DELETE /roles/organization/auditor").
				may("POST /invites", o{"email": "newer@example.org"}).may("DELETE /invites/i1").
				may("PATCH /members/nan", o{"role": "supervisor"}).may("PATCH /members/nan/end", o{"until": p.ago(-9)}).
				may("POST /members/nan/deactivate").may("POST /members/nan/reactivate").may("POST /members/vic/attest").
				see("/invites").see("/reports/projects-per-member").see("/events")
			p.only("ada", "nan").may("DELETE /members/nan")
			p.only("ada", "sue").may("POST /projects", o{"id": "new"}).see("/members")
			p.only("ada", "pam").
				may("PATCH /projects/autumn", o{"name": "New"}).may("POST /projects/autumn/archive").
				may("POST /projects/autumn/restore").may("DELETE /projects/autumn").
				may("POST /projects/autumn/members", o{"user": "nan"}).may("PATCH /projects/autumn/members/vic", o{"role": "guest"}).
				may("PATCH /projects/autumn/members/gus/levels", o{"levels": o{"run": "on"}}).
				may("PATCH /projects/autumn/members/vic/end", o{"until": p.ago(-9)}).may("POST /projects/autumn/members/vic/attest").
				see("/projects/autumn/members").see("/projects/autumn/access/nan")
			p.only("ada", "pam", "vic").may("DELETE /projects/autumn/members/vic").see("/projects/autumn/access/vic")
			p.only().may("POST /members", o{"user": "new"}).may("PATCH /seats", o{"seats": 9}).
				may("POST /projects/autumn/public-link").may("POST /teams", o{"name": "New"})
		}),
	)
}
