package conformance

import (
	"maps"

	"github.com/seed-2026d078/roster/internal/apirequest"
)

// scoped: Ada administers the organization. Mel has MEMBERS and PROJECTS in full, Vin
// reads MEMBERS, Nia has no levels. On the project seo Mel reads, Vin has some levels and
// Nia none; nobody is on ads.
func scoped() []Case {
	return under(fixture{"scoped", []o{
		member("ada", "admin"), member("mel", "member"), member("vin", "member"), member("nia", "member"),
		{"type": "change_member_levels", "user": "mel", "levels": o{"MEMBERS": "full", "PROJECTS": "full", "GENERAL": "view"}},
		{"type": "change_member_levels", "user": "vin", "levels": o{"MEMBERS": "view", "BILLING": "full"}},
		project("seo"), project("ads"),
		{"type": "add_project_member", "project": "seo", "user": "mel", "role": "member", "levels": o{"AI_SEARCH": "view", "TECHNICAL": "view"}},
		{"type": "add_project_member", "project": "seo", "user": "vin", "role": "member", "levels": o{"GOOGLE_SEARCH": "full", "SETTINGS_GENERAL": "full"}},
		projectMember("seo", "nia", "member"),
	}},
		Case{
			Name: "an_admin_bypasses_every_level",
			Rule: "The organization role admin bypasses every level.",
			Run: func(p *Product) {
				p.inOrganization("ada", scopedOrganization("full"))
				p.holdsAll("ada", "seo", scopedProject("full"))
				p.holdsAll("ada", "ads", scopedProject("full"))
				p.access("ada", "seo").Has("sources.0.bypass", true)
				p.access("mel", "seo").Has("sources.0.bypass", nil)
				p.as("ada").Sees("/projects").Lists("items.id", "seo", "ads")
				p.as("mel").MayNot("POST /projects/seo/members", "may_not_assign", o{"user": "ada", "role": "admin"})
				p.given(projectMember("ads", "ada", "member")) // without levels
				p.holdsAll("ada", "ads", scopedProject("full"))
			},
		},
		Case{
			Name: "a_member_has_levels_of_their_own",
			Rule: "The organization role member carries own levels.",
			Run: func(p *Product) {
				p.inOrganization("mel", levels{"GENERAL": "view", "INTEGRATIONS": "none", "MEMBERS": "full", "PROJECTS": "full", "BILLING": "none"})
				p.inOrganization("vin", levels{"GENERAL": "none", "INTEGRATIONS": "none", "MEMBERS": "view", "PROJECTS": "none", "BILLING": "full"})
				p.inOrganization("nia", scopedOrganization("none"))
				p.holdsAll("nia", "seo", scopedProject("none"))
				p.as("ada").MayNot("PATCH /members/ada/levels", "no_own_levels", o{"levels": o{"BILLING": "view"}})
			},
		},
		Case{
			Name: "none_hides_view_reads_and_full_writes",
			Rule: "Three levels everywhere. none: hidden. view: read only. full: read and write (create, edit, delete, run).",
			Run: func(p *Product) {
				for _, level := range []string{"none", "view", "full"} {
					p.as("ada").May("PATCH /members/nia/levels", o{"levels": scopedOrganization(level)})
					p.inOrganization("nia", scopedOrganization(level))
					p.as("ada").May("PATCH /projects/seo/members/nia/levels", o{"levels": scopedProject(level)})
					p.holdsAll("nia", "seo", scopedProject(level))
				}
				p.as("ada").MayNot("PATCH /members/nia/levels", "unknown_permission", o{"levels": o{"BILLING": "some"}})
				p.as("nia").May("PATCH /projects/seo", o{"name": "Search"})
				p.as("ada").May("PATCH /projects/seo/members/nia/levels", o{"levels": o{"SETTINGS_GENERAL": "view"}})
				p.as("nia").MayNot("PATCH /projects/seo", "not_allowed", o{"name": "Mine"})
			},
		},
		Case{
			Name: "the_organization_has_five_permissions",
			Rule: "Organization permissions: GENERAL, INTEGRATIONS, MEMBERS, PROJECTS, BILLING.",
			Run: func(p *Product) {
				p.as("nia").Sees("/scheme").Lists("permissions.organization.key", "GENERAL", "INTEGRATIONS", "MEMBERS", "PROJECTS", "BILLING")
				p.as("mel").May("POST /projects", o{"id": "new"})
				p.holdsAll("mel", "new", scopedProject("full")) // as its creator
				p.as("vin").MayNot("POST /projects", "not_allowed", o{"id": "newer"})
				p.as("ada").MayNot("PATCH /members/vin/levels", "unknown_permission", o{"levels": o{"GOOGLE_SEARCH": "view"}})
			},
		},
		Case{
			Name: "projects_have_eleven_features_two_of_them_with_other_labels",
			Rule: "Project features, with CONTENT_ANALYSIS labelled \"Opportunities\" and BRAND_KIT labelled \"Knowledge\".",
			Run: func(p *Product) {
				project := p.as("nia").Sees("/scheme").Part("permissions.project")
				var features []string
				for _, permission := range project.Items() {
					if permission.At("group") == "Features" {
						features = append(features, permission.Text("key"))
					}
				}
				if len(features) != len(scopedFeatures) {
					project.Fail(apirequest.Formatted(scopedFeatures))
				}
				for _, feature := range scopedFeatures {
					project.Item("key", feature).Has("group", "Features")
				}
				project.Item("key", "CONTENT_ANALYSIS").Has("label", "Opportunities")
				project.Item("key", "BRAND_KIT").Has("label", "Knowledge")
			},
		},
		Case{
			Name: "projects_have_four_settings",
			Rule: "Project settings: SETTINGS_GENERAL, SETTINGS_MEMBERS, SETTINGS_DATA_SOURCES, SETTINGS_PUBLISHING.",
			Run: func(p *Product) {
				project := p.as("nia").Sees("/scheme").Part("permissions.project")
				project.Lists("key", append(scopedSettings, scopedFeatures...)...)
				for _, setting := range scopedSettings {
					project.Item("key", setting).Has("group", "Settings")
				}
				p.as("vin").May("PATCH /projects/seo", o{"name": "Search"})
				p.as("mel").MayNot("PATCH /projects/seo", "not_allowed", o{"name": "Mine"})
				p.given(o{"type": "change_project_member_levels", "project": "seo", "user": "nia", "levels": o{"SETTINGS_MEMBERS": "view"}})
				p.as("nia").Sees("/projects/seo/members?source=direct").Lists("items.user", "mel", "vin", "nia")
			},
		},
		Case{
			Name: "an_invitation_fixes_role_levels_and_projects_before_it_is_sent",
			Rule: "Inviting takes one role, organization levels, a choice of projects, and levels per project, all fixed before it is sent and all in force at acceptance.",
			Run: func(p *Product) {
				sent := p.as("ada").May("POST /invites", o{
					"email": "ivy@example.org", "role": "member", "levels": o{"BILLING": "view"}, "projects": []o{
						{"project": "seo", "role": "member", "levels": o{"AI_AGENTS": "full", "WORKFLOWS": "view"}},
						{"project": "ads", "role": "member", "levels": o{"BRAND_KIT": "view"}},
					},
				})
				p.isOff("ivy", "seo", "not_a_member")
				p.as("ivy").MayNot("POST /invites/"+sent.Text("id")+"/accept", "no_invite", o{"token": "guessed"})
				p.as("ivy").May("POST /invites/"+sent.Text("id")+"/accept", o{"token": sent.Text("token")})
				p.inOrganization("ivy", levels{"GENERAL": "none", "INTEGRATIONS": "none", "MEMBERS": "none", "PROJECTS": "none", "BILLING": "view"})
				p.holdsAll("ivy", "seo", scopedWith(levels{"AI_AGENTS": "full", "WORKFLOWS": "view"}))
				p.holdsAll("ivy", "ads", scopedWith(levels{"BRAND_KIT": "view"}))
			},
		},
		Case{
			Name: "many_are_invited_at_once_on_the_same_terms",
			Rule: "Inviting takes one or many emails.",
			Run: func(p *Product) {
				sent := p.as("ada").May("POST /invites", o{
					"emails": []string{"ivy@example.org", "jon@example.org"}, "role": "member", "levels": o{"GENERAL": "view"},
					"projects": []o{{"project": "seo", "role": "member", "levels": o{"ATTRIBUTION": "view"}}},
				})
				p.as("ada").Sees("/invites").Lists("items.email", "ivy@example.org", "jon@example.org")
				for i, user := range []string{"ivy", "jon"} {
					invite := sent.Part("events").Items()[i]
					p.as(user).May("POST /invites/"+invite.Text("created")+"/accept", o{"token": invite.Text("token")})
					p.holdsAll(user, "seo", scopedWith(levels{"ATTRIBUTION": "view"}))
					p.isOff(user, "ads", "not_on_the_project")
					p.inOrganization(user, levels{"GENERAL": "view", "MEMBERS": "none"})
				}
				p.as("ada").Sees("/members").Item("user", "ivy").Has("email", "ivy@example.org")
				p.as("ada").MayNot("POST /invites", "already_invited", o{"emails": []string{"kim@example.org", "kim@example.org"}})
				p.as("ada").Sees("/invites").Lists("items.email")
			},
		},
		Case{
			Name: "editing_a_member_later_changes_any_of_it",
			Rule: "Editing a member later changes role, organization levels, choice of projects, or levels per project.",
			Run: func(p *Product) {
				p.as("ada").May("PATCH /members/vin/levels", o{"levels": o{"INTEGRATIONS": "full"}})
				p.inOrganization("vin", levels{"INTEGRATIONS": "full", "MEMBERS": "none", "BILLING": "none"})
				p.as("ada").May("POST /projects/ads/members", o{"user": "vin", "levels": o{"AUTOMATIONS": "view"}})
				p.holdsAll("vin", "ads", scopedWith(levels{"AUTOMATIONS": "view"}))
				p.as("ada").May("PATCH /projects/ads/members/vin/levels", o{"levels": o{"AUTOMATIONS": "full"}})
				p.holdsAll("vin", "ads", scopedWith(levels{"AUTOMATIONS": "full"}))
				p.as("ada").May("DELETE /projects/seo/members/vin")
				p.isOff("vin", "seo", "not_on_the_project")
				p.as("ada").May("PATCH /members/vin", o{"role": "admin"})
				p.holdsAll("vin", "seo", scopedProject("full"))
				p.inOrganization("vin", scopedOrganization("full"))
			},
		},
		Case{
			Name: "inviting_editing_and_removing_need_members_in_full",
			Rule: "Inviting, editing and removing need MEMBERS=full.",
			Run: func(p *Product) {
				for _, user := range []string{"vin", "nia"} {
					p.as(user).MayNot("POST /invites", "not_allowed", o{"email": "ivy@example.org"})
					p.as(user).MayNot("PATCH /members/nia/levels", "not_allowed", o{"levels": o{"BILLING": "full"}})
					p.as(user).MayNot("PATCH /projects/seo/members/nia/levels", "not_allowed", o{"levels": o{"AI_SEARCH": "view"}})
					p.as(user).MayNot("DELETE /members/mel", "not_allowed")
				}
				p.as("mel").May("POST /invites", o{"email": "ivy@example.org"})
				p.as("mel").May("PATCH /members/nia/levels", o{"levels": o{"GENERAL": "view"}})
				p.inOrganization("nia", levels{"GENERAL": "view", "BILLING": "none"})
				p.as("mel").May("DELETE /members/nia")
				p.isOff("nia", "seo", "not_a_member")
			},
		},
		Case{
			Name: "nobody_gives_levels_that_they_do_not_have",
			Rule: "Who manages members gives no level above their own, and makes no admin.",
			Run: func(p *Product) {
				p.as("mel").MayNot("PATCH /members/nia/levels", "may_not_assign", o{"levels": o{"BILLING": "view"}})
				p.as("mel").MayNot("PATCH /members/nia", "may_not_assign", o{"role": "admin"})
				p.as("mel").MayNot("POST /invites", "may_not_assign", o{"email": "ivy@example.org", "levels": o{"GENERAL": "full"}})
				p.as("mel").MayNot("PATCH /projects/seo/members/nia/levels", "may_not_assign", o{"levels": o{"AI_SEARCH": "full"}})
				p.as("mel").May("PATCH /projects/seo/members/nia/levels", o{"levels": o{"AI_SEARCH": "view"}})
				p.holdsAll("nia", "seo", scopedWith(levels{"AI_SEARCH": "view"}))
				p.as("mel").MayNot("DELETE /members/ada", "may_not_assign")
			},
		},
		Case{
			Name: "the_member_list_is_read_with_members_view_and_hidden_without",
			Rule: "MEMBERS=view reads the list; none hides it.",
			Run: func(p *Product) {
				for _, user := range []string{"ada", "mel", "vin"} {
					p.as(user).Sees("/members").Lists("items.user", "ada", "mel", "vin", "nia")
				}
				p.as("nia").SeesNo("/members", "no_members")
				p.as("nia").SeesNo("/projects/seo/members", "no_members")
				p.as("ada").May("PATCH /members/nia/levels", o{"levels": o{"MEMBERS": "view"}})
				p.as("nia").Sees("/members").Lists("items.user", "ada", "mel", "vin", "nia")
			},
		},
		Case{
			Name: "levels_differ_per_project_and_a_project_not_chosen_is_hidden",
			Rule: "Levels differ per project; a project not chosen: none.",
			Run: func(p *Product) {
				p.isOff("vin", "ads", "not_on_the_project")
				p.as("vin").Sees("/projects").Lists("items.id", "seo")
				p.as("vin").SeesNo("/projects/ads", "no_project")
				p.given(o{"type": "add_project_member", "project": "ads", "user": "vin", "role": "member", "levels": o{"GOOGLE_SEARCH": "view", "BRAND_KIT": "full"}})
				p.holdsAll("vin", "seo", scopedWith(levels{"GOOGLE_SEARCH": "full", "SETTINGS_GENERAL": "full"}))
				p.holdsAll("vin", "ads", scopedWith(levels{"GOOGLE_SEARCH": "view", "BRAND_KIT": "full"}))
				p.as("vin").Sees("/projects").Lists("items.id", "seo", "ads")
			},
		},
		Case{
			Name: "without_a_free_seat_nobody_is_invited",
			Rule: "No free seat: new invitations are refused, and pending ones hold a seat.",
			Run: func(p *Product) {
				p.as("ada").Sees("").Has("seats.limit", 25, "seats.taken", 4, "seats.free", 21)
				p.given(o{"type": "change_seats", "seats": 5})
				first := p.as("ada").May("POST /invites", o{"email": "ivy@example.org"}).Text("id")
				p.as("ada").Sees("").Has("seats.limit", 5, "seats.taken", 5, "seats.free", 0)
				p.as("ada").MayNot("POST /invites", "no_free_seat", o{"email": "jon@example.org"})
				p.as("ada").MayNot("PATCH /seats", "not_allowed", o{"seats": 100})
				p.as("ada").May("DELETE /invites/" + first)
				p.as("ada").May("POST /invites", o{"email": "jon@example.org"})
				p.as("ada").May("DELETE /members/nia")
				p.as("ada").May("POST /invites", o{"email": "kim@example.org"})
			},
		},
		Case{
			Name: "of_a_bulk_invitation_all_have_seats_or_none_is_sent",
			Rule: "No free seat for all of a bulk invite: none is sent, and the error says how many seats are free and how many were asked for.",
			Run: func(p *Product) {
				p.given(o{"type": "change_seats", "seats": 6})
				three := o{"emails": []string{"ivy@example.org", "jon@example.org", "kim@example.org"}}
				p.as("ada").MayNot("POST /invites", "no_free_seat", three).Says("detail", "free: 2", "asked for: 3")
				p.as("ada").Sees("/invites").Lists("items.email")
				p.as("ada").May("POST /invites", o{"emails": []string{"ivy@example.org", "jon@example.org"}})
				p.as("ada").Sees("/invites").Lists("items.email", "ivy@example.org", "jon@example.org")
				p.as("ada").Sees("").Has("seats.free", 0)
			},
		},
		Case{
			Name: "the_directory_shows_email_role_project_access_and_date_joined",
			Rule: "Directory columns: email, role, project access, joined at.",
			Run: func(p *Product) {
				directory := p.as("vin").Sees("/members")
				directory.Item("user", "mel").Has("email", "mel@example.org", "role", "member", "projects", 1, "joined.since", p.ago(100))
				directory.Item("user", "ada").Has("email", "ada@example.org", "role", "admin", "projects", 2)
				p.as("ada").Sees("/members/mel/projects").Lists("items.id", "seo")
				p.as("vin").Sees("/members?search=mel@example").Lists("items.user", "mel")
				p.as("vin").Sees("/members?role=admin").Lists("items.user", "ada")
			},
		},
		Case{
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
		Case{
			Name: "a_report_tells_who_has_broad_full_access",
			Rule: "A report tells the members with broad full access.",
			Run: func(p *Product) {
				p.as("mel").Sees("/reports/broad-access").Lists("items.user", "ada")
				p.given(o{"type": "change_project_member_levels", "project": "seo", "user": "vin", "levels": scopedProject("full")})
				p.as("mel").Sees("/reports/broad-access?projects=1").Lists("items.user", "ada", "vin").Item("user", "ada").Has("full", 2)
				p.as("mel").Sees("/reports/broad-access?projects=2").Lists("items.user", "ada")
				p.as("vin").MayNot("GET /reports/broad-access", "not_allowed")
			},
		},
		Case{
			Name: "a_report_tells_the_number_of_projects_of_each_member",
			Rule: "A report tells the number of projects per member.",
			Run: func(p *Product) {
				p.given(projectMember("ads", "vin", "member"), member("new", "member"))
				report := p.as("mel").Sees("/reports/projects-per-member")
				report.Lists("items.user", "ada", "mel", "vin", "nia", "new")
				for user, projects := range map[string]int{"ada": 2, "mel": 1, "vin": 2, "nia": 1, "new": 0} {
					report.Item("user", user).Has("projects", projects)
				}
				p.as("nia").MayNot("GET /reports/projects-per-member", "not_allowed")
			},
		},
		lastHolder("ada", "admin", "member"),
		inviteExpiry("member"),
		defaultRoles("seo", "member", "member"),
		creatorRole("mel", "admin"),
		whoMay(func(p *Product) {
			p.given(o{"type": "invite_member", "id": "i1", "email": "one@example.org"}, member("new", "member"))
			p.only("ada").
				may("PATCH ", o{"name": "New"}).may("POST /archive").may("POST /restore").may("DELETE ").
				may("POST /transfer-ownership", o{"to": "mel"}).may("POST /scheme", o{"scheme": "scoped"}).see("/events")
			p.only("ada", "mel").
				may("POST /invites", o{"email": "newer@example.org"}).may("DELETE /invites/i1").see("/invites").
				may("PATCH /members/nia", o{"role": "member"}).may("PATCH /members/nia/levels", o{"levels": o{"GENERAL": "view"}}).
				may("PATCH /members/nia/end", o{"until": p.ago(-9)}).may("POST /members/nia/deactivate").may("POST /members/nia/reactivate").
				may("POST /projects/seo/members", o{"user": "new"}).may("PATCH /projects/seo/members/nia", o{"role": "member"}).
				may("PATCH /projects/seo/members/nia/levels", o{"levels": o{"TECHNICAL": "view"}}).
				may("PATCH /projects/seo/members/nia/end", o{"until": p.ago(-9)}).
				may("POST /members/nia/attest").may("POST /projects/seo/members/nia/attest").
				may("POST /projects", o{"id": "new"}).may("POST /projects/seo/archive").may("POST /projects/seo/restore").
				may("DELETE /projects/seo").see("/reports/projects-per-member")
			p.only("ada", "mel", "nia").may("DELETE /members/nia").may("DELETE /projects/seo/members/nia")
			p.only("ada", "vin").may("PATCH /projects/seo", o{"name": "New"})
			p.only("ada", "mel", "vin").see("/members").see("/projects/seo/members").see("/projects/seo/access/ada")
			p.only().may("POST /members", o{"user": "newest"}).may("PATCH /seats", o{"seats": 9}).
				may("PATCH /roles/project/member/label", o{"label": "New"})
		}),
	)
}

var (
	scopedFeatures = []string{
		"GOOGLE_SEARCH", "AI_SEARCH", "ATTRIBUTION", "TECHNICAL", "CONTENT_ANALYSIS", "CONTENT_EDITOR",
		"CUSTOM_REPORTS", "AI_AGENTS", "WORKFLOWS", "AUTOMATIONS", "BRAND_KIT",
	}
	scopedSettings = []string{"SETTINGS_GENERAL", "SETTINGS_MEMBERS", "SETTINGS_DATA_SOURCES", "SETTINGS_PUBLISHING"}
)

// scopedOrganization is every permission of the organization at one level.
func scopedOrganization(level string) levels {
	return levels{"GENERAL": level, "INTEGRATIONS": level, "MEMBERS": level, "PROJECTS": level, "BILLING": level}
}

// scopedProject is every permission on a project at one level.
func scopedProject(level string) levels {
	all := levels{}
	for _, list := range [][]string{scopedFeatures, scopedSettings} {
		for _, permission := range list {
			all[permission] = level
		}
	}
	return all
}

// scopedWith is none of every permission on a project but some.
func scopedWith(some levels) levels {
	all := scopedProject("none")
	maps.Copy(all, some)
	return all
}
