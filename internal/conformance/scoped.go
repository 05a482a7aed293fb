package conformance

import (
	"maps"
	"slices"

	"github.com/seed-2026d078/roster/internal/apirequest"
)

// scoped: Ada administers the organization. Mel has MEMBERS and PROJECTS in full, Vin
// reads MEMBERS, Nia and Sam have no levels. On the project seo Mel reads, Vin has some
// levels, Nia none, and Sam manages the members; nobody is on ads.
func scoped() []Case {
	return under(fixture{"scoped", []o{
		member("ada", "admin"), member("mel", "member"), member("vin", "member"), member("nia", "member"), member("sam", "member"),
		{"type": "change_member_levels", "user": "mel", "levels": o{"MEMBERS": "full", "PROJECTS": "full", "GENERAL": "view"}},
		{"type": "change_member_levels", "user": "vin", "levels": o{"MEMBERS": "view", "BILLING": "full"}},
		project("seo"), project("ads"),
		{"type": "add_project_member", "project": "seo", "user": "mel", "role": "member", "levels": o{"AI_SEARCH": "view", "TECHNICAL": "view"}},
		{"type": "add_project_member", "project": "seo", "user": "vin", "role": "member", "levels": o{"GOOGLE_SEARCH": "full", "SETTINGS_GENERAL": "full"}},
		{"type": "add_project_member", "project": "seo", "user": "sam", "role": "member", "levels": o{"AI_SEARCH": "view", "SETTINGS_MEMBERS": "full"}},
		projectMember("seo", "nia", "member"),
	}}, slices.Concat(scopedLevels(), scopedInvitations(), scopedManagers(), scopedProjects(), scopedReports(), scopedRules())...)
}

// scopedLevels are the promises about roles, levels and permissions.
func scopedLevels() []Case {
	return []Case{
		{
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
		{
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
		{
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
				p.as("ada").May("PATCH /members/nia/levels", o{"levels": scopedOrganization("none")})
				p.as("nia").May("PATCH /projects/seo", o{"name": "Search"})
				p.as("ada").May("PATCH /projects/seo/members/nia/levels", o{"levels": o{"SETTINGS_GENERAL": "view"}})
				p.as("nia").MayNot("PATCH /projects/seo", "not_allowed", o{"name": "Mine"})
			},
		},
		{
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
		{
			Name: "projects_have_eleven_features_with_the_labels_of_the_page",
			Rule: "Project features, with CONTENT_ANALYSIS labelled \"Opportunities\", CUSTOM_REPORTS \"Reports\" and BRAND_KIT \"Knowledge\".",
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
				project.Item("key", "CUSTOM_REPORTS").Has("label", "Reports")
				project.Item("key", "BRAND_KIT").Has("label", "Knowledge")
			},
		},
		{
			Name: "projects_have_four_settings",
			Rule: "Project settings: SETTINGS_GENERAL, SETTINGS_MEMBERS, SETTINGS_DATA_SOURCES, SETTINGS_PUBLISHING.",
			Run: func(p *Product) {
				project := p.as("nia").Sees("/scheme").Part("permissions.project")
				project.Lists("key", append(scopedSettings, scopedFeatures...)...)
				for _, setting := range scopedSettings {
					project.Item("key", setting).Has("group", "Settings")
				}
				p.as("vin").May("PATCH /projects/seo", o{"name": "Search"})
				p.as("nia").MayNot("PATCH /projects/seo", "not_allowed", o{"name": "Mine"})
				p.given(o{"type": "change_project_member_levels", "project": "seo", "user": "nia", "levels": o{"SETTINGS_MEMBERS": "view"}})
				p.as("nia").Sees("/projects/seo/members?source=direct").Lists("items.user", "mel", "vin", "nia", "sam")
			},
		},
		{
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
		{
			Name: "why_a_level_is_missing_is_answered_with_what_would_give_it",
			Rule: "Why a level is missing is answered with what would give it: levels of one's own, or the role Admin.",
			Run: func(p *Product) {
				missing := p.as("ada").Sees("/projects/seo/access/nia?permission=AI_SEARCH&level=view&explain").Has("allowed", false)
				missing.Says("explanation", "levels of their own or the role admin would")
				missing.Lists("suggestions.would.action", "change_project_member_levels", "change_project_member_role")
				missing.Has("suggestions.would.0.permission", "AI_SEARCH", "suggestions.would.0.level", "view", "suggestions.would.1.role_label", "Admin")
				p.as("ada").May("PATCH /projects/seo/members/nia/levels", o{"levels": o{"AI_SEARCH": "view"}, "merge": true})
				p.as("ada").Sees("/projects/seo/access/nia?permission=AI_SEARCH&level=view").Has("allowed", true)
			},
		},
		{
			Name: "levels_are_changed_one_by_one_or_replaced",
			Rule: "Levels are changed one by one, where those that are not named stay, as well as replaced.",
			Run: func(p *Product) {
				p.as("mel").May("PATCH /members/vin/levels", o{"levels": o{"GENERAL": "view"}, "merge": true})
				p.inOrganization("vin", levels{"GENERAL": "view", "INTEGRATIONS": "none", "MEMBERS": "view", "PROJECTS": "none", "BILLING": "full"})
				p.as("ada").May("PATCH /members/vin/levels", o{"levels": o{"BILLING": "none", "MEMBERS": "full"}, "merge": true})
				p.inOrganization("vin", levels{"GENERAL": "view", "INTEGRATIONS": "none", "MEMBERS": "full", "PROJECTS": "none", "BILLING": "none"})
				p.as("ada").May("PATCH /members/vin/levels", o{"levels": o{"INTEGRATIONS": "full"}})
				p.inOrganization("vin", levels{"GENERAL": "none", "INTEGRATIONS": "full", "MEMBERS": "none", "PROJECTS": "none", "BILLING": "none"})
				p.as("mel").May("PATCH /projects/seo/members/vin/levels", o{"levels": o{"AI_SEARCH": "view", "GOOGLE_SEARCH": "view"}, "merge": true})
				p.holdsAll("vin", "seo", scopedWith(levels{"GOOGLE_SEARCH": "view", "AI_SEARCH": "view", "SETTINGS_GENERAL": "full"}))
				p.as("mel").May("PATCH /projects/seo/members/vin/levels", o{"levels": o{"AI_SEARCH": "full"}})
				p.holdsAll("vin", "seo", scopedWith(levels{"AI_SEARCH": "full"}))
				p.as("ada").May("POST /commands", o{"commands": []o{
					{"type": "change_member_levels", "user": "vin", "levels": o{"GENERAL": "view"}, "merge": true},
					{"type": "change_project_member_levels", "project": "seo", "user": "vin", "levels": o{"TECHNICAL": "full"}, "merge": true},
				}})
				p.inOrganization("vin", levels{"GENERAL": "view", "INTEGRATIONS": "full"})
				p.holdsAll("vin", "seo", scopedWith(levels{"AI_SEARCH": "full", "TECHNICAL": "full"}))
			},
		},
		{
			Name: "a_change_of_role_and_back_keeps_all_levels",
			Rule: "A change of role and back keeps the levels in the organization and on projects alike.",
			Run: func(p *Product) {
				p.as("ada").May("PATCH /members/vin", o{"role": "admin"})
				p.inOrganization("vin", scopedOrganization("full"))
				p.holdsAll("vin", "seo", scopedProject("full"))
				p.as("ada").May("PATCH /members/vin", o{"role": "member"})
				p.inOrganization("vin", levels{"GENERAL": "none", "INTEGRATIONS": "none", "MEMBERS": "view", "PROJECTS": "none", "BILLING": "full"})
				p.holdsAll("vin", "seo", scopedWith(levels{"GOOGLE_SEARCH": "full", "SETTINGS_GENERAL": "full"}))
				p.as("ada").May("PATCH /projects/seo/members/vin", o{"role": "admin"})
				p.holdsAll("vin", "seo", scopedProject("full"))
				p.as("ada").May("PATCH /projects/seo/members/vin", o{"role": "member"})
				p.holdsAll("vin", "seo", scopedWith(levels{"GOOGLE_SEARCH": "full", "SETTINGS_GENERAL": "full"}))
				p.as("ada").Sees("/members").Item("user", "vin").Has("own_levels", o{"MEMBERS": "view", "BILLING": "full"})
			},
		},
	}
}

// scopedRules are those that every scheme has, for this one.
func scopedRules() []Case {
	return []Case{
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
				may("POST /members/nia/attest").
				may("POST /projects", o{"id": "new"}).may("POST /projects/seo/archive").may("POST /projects/seo/restore").
				may("DELETE /projects/seo").see("/reports/projects-per-member")
			p.only("ada", "mel", "sam").
				may("POST /projects/seo/members", o{"user": "new"}).may("PATCH /projects/seo/members/vin", o{"role": "member"}).
				may("PATCH /projects/seo/members/nia/levels", o{"levels": o{"TECHNICAL": "view"}}).
				may("PATCH /projects/seo/members/nia/end", o{"until": p.ago(-9)}).may("POST /projects/seo/members/nia/attest")
			p.only("ada", "mel", "nia").may("DELETE /members/nia")
			p.only("ada", "mel", "nia", "sam").may("DELETE /projects/seo/members/nia")
			p.only("ada", "mel", "vin").may("PATCH /projects/seo", o{"name": "New"}).may("PATCH /projects/seo/description", o{"description": "New"})
			p.only("ada", "mel").see("/projects/ads").see("/projects/ads/members")
			p.only("ada", "mel", "vin").see("/members")
			p.only("ada", "mel", "vin", "sam").see("/projects/seo/members").see("/projects/seo/access/ada")
			p.only().may("POST /members", o{"user": "newest"}).may("PATCH /seats", o{"seats": 9}).
				may("PATCH /roles/project/member/label", o{"label": "New"})
		}),
	}
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
