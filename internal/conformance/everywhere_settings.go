package conformance

import (
	"slices"

	"github.com/seed-2026d078/roster/internal/apirequest"
)

// offersWhatIsGranted tries every action on a row of the list of people, without doing it.
func (p *Product) offersWhatIsGranted(asker string, row apirequest.Reply) {
	place := "/projects/site/members/" + row.Text("user")
	for action, attempt := range map[string]apirequest.Reply{
		"remove_project_member": p.as(asker).Ask("DELETE " + place + "?dry_run=true"),
		"set_override":          p.as(asker).Ask("PATCH "+place+"/overrides/comment?dry_run=true", o{"level": "off"}),
	} {
		if offered := slices.Contains(row.Texts("actions"), action); offered != (attempt.Status < 300) {
			attempt.Fail(apirequest.Formatted(offered) + ", as the list has it")
		}
	}
	for _, role := range []string{"client", "developer", "manager", "agency_owner"} {
		attempt := p.as(asker).Ask("PATCH "+place+"?dry_run=true", o{"role": role})
		if offered := slices.Contains(row.Texts("roles"), role); offered != (attempt.Status < 300) && row.At("role") != role {
			attempt.Fail(apirequest.Formatted(offered) + " for " + role + ", as the list has it")
		}
	}
}

// offers holds that an action is available on what an answer shows, or is not.
func offers(answer apirequest.Reply, action string, wanted bool) {
	if slices.Contains(answer.Texts("actions"), action) != wanted {
		answer.Fail(apirequest.Formatted(wanted) + " for " + action + " among the actions")
	}
}

// settings are what every scheme can say.
func settings() []Case {
	return slices.Concat(
		under(agencyFixture(),
			Case{
				Name: "a_permission_has_levels_or_is_a_switch",
				Rule: "A permission has a key, a label, a group, and is a level (none, view, full) or a toggle (off, on).",
				Run: func(p *Product) {
					project := p.as("dan").Sees("/scheme").Part("permissions.project")
					project.Item("key", "tasks").Has("label", "All tasks", "group", "Tasks", "kind", nil)
					project.Item("key", "log_time").Has("label", "Log time", "group", "Tasks", "kind", "toggle")
					p.as("ann").MayNot("PATCH /projects/site/members/dan/overrides/tasks", "unknown_permission", o{"level": "on"})
					p.as("ann").MayNot("PATCH /projects/site/members/dan/overrides/log_time", "unknown_permission", o{"level": "full"})
					p.as("ann").MayNot("PATCH /projects/site/members/dan/overrides/dancing", "unknown_permission", o{"level": "on"})
				},
			},
			Case{
				Name: "nobody_assigns_a_role_above_their_own",
				Rule: "Nobody assigns a role ranked above their own.",
				Run: func(p *Product) {
					p.as("mia").MayNot("POST /projects/site/members", "may_not_assign", o{"user": "dora", "role": "agency_owner"})
					p.as("mia").May("POST /projects/site/members", o{"user": "dora", "role": "manager"})
					p.as("ann").MayNot("POST /invites", "protected", o{"email": "new@example.org", "role": "owner"})
					p.as("ann").May("POST /invites", o{"email": "new@example.org", "role": "agency_owner"})
				},
			},
			Case{
				Name: "a_screen_shows_no_button_that_would_be_refused",
				Rule: "Lists say which actions the asker may take on each row, and which roles they may give: those that would not be refused.",
				Run: func(p *Product) {
					p.given(assignment("crew", "site", ""))
					for _, asker := range []string{"olga", "ann", "mia"} {
						for _, row := range p.as(asker).Sees("/projects/site/members").Items() {
							p.offersWhatIsGranted(asker, row)
						}
					}
					people := p.as("mia").Sees("/projects/site/members")
					people.Item("user", "dan").Has("actions", []string{"change_project_member_role"}, "roles", []string{"client", "manager"})
					people.Item("user", "olga").Has("actions", []string{})
					people.Item("user", "ann").Has("actions", []string{})
				},
			},
			Case{
				Name: "teams_stand_below_each_other_only_where_they_nest",
				Rule: "Teams are off or on, nested or not.",
				Run: func(p *Product) {
					p.as("ann").MayNot("POST /teams", "teams_flat", o{"name": "Below", "parent": "crew"})
					p.as("ann").May("POST /teams", o{"name": "Beside"})
				},
			},
			Case{
				Name: "people_join_by_accepting_an_invitation",
				Rule: "Joining is by an invitation to accept where the scheme says so.",
				Run: func(p *Product) {
					p.as("ann").MayNot("POST /members", "not_allowed", o{"user": "new", "role": "client"})
					sent := p.as("ann").May("POST /invites", o{"email": "new@example.org", "role": "client", "projects": []o{{"project": "site"}}})
					p.isOff("new", "site", "not_a_member")
					p.as("new").SeesNo("", "no_organization")
					p.as("new").May("POST /invites/"+sent.Text("id")+"/accept", o{"token": sent.Text("token"), "verified_emails": []string{"new@example.org"}})
					p.isOn("new", "site", "client")
					p.as("new").May("POST /invites/"+sent.Text("id")+"/accept", o{"token": sent.Text("token"), "verified_emails": []string{"new@example.org"}}).Has("changed", false)
					p.as("new").Sees("/members/new").Has("joined.by", "ann")
					p.as("pia").MayNot("POST /invites/"+sent.Text("id")+"/accept", "invite_closed", o{"token": sent.Text("token")})
				},
			},
		),
		under(ownerMemberFixture(),
			Case{
				Name: "people_join_at_once_where_the_scheme_says_so",
				Rule: "Joining is immediate where the scheme says so.",
				Run: func(p *Product) {
					p.as("max").MayNot("POST /members", "not_allowed", o{"user": "new"})
					p.as("olga").May("POST /members", o{"user": "new"})
					p.as("new").Sees("").Has("role", "member")
					p.as("new").Sees("/projects").Lists("items.id", "site")
				},
			},
			Case{
				Name: "what_a_scheme_leaves_out_is_off",
				Rule: "Custom roles, own levels, overrides and teams are off where the scheme does not turn them on, for the system too.",
				Run: func(p *Product) {
					p.system().MayNot("POST /roles/project", "custom_roles_off", o{"role": "helper", "rank": 1, "levels": o{}})
					p.system().MayNot("PATCH /projects/site/members/max/levels", "no_own_levels", o{"levels": o{"settings": "full"}})
					p.system().MayNot("PATCH /members/max/levels", "no_own_levels", o{"levels": o{"settings": "full"}})
					p.system().MayNot("PATCH /projects/site/members/max/overrides/settings", "overrides_off", o{"level": "full"})
					p.system().MayNot("POST /teams", "teams_off", o{"name": "Crew"})
					p.holds("max", "site", levels{"settings": "none"})
				},
			},
			Case{
				Name: "a_notice_of_a_role_change_comes_at_once_and_at_the_next_access",
				Rule: "Notice of a role change comes at the next access, at once, or both; where the scheme does not say, both.",
				Run: func(p *Product) {
					p.as("pia").May("PATCH /projects/site/members/max", o{"role": "owner"})
					p.hasNotices("max", "owner")
					p.hasNotices("pia")
					p.marksShown("max", p.as("max").Sees("/projects/site").Has("notices.0.from", "member", "notices.0.to", "owner", "notices.1", nil))
					p.as("max").Sees("/projects/site").Has("notices", nil)
				},
			},
			Case{
				Name: "another_scheme_takes_the_place_with_a_mapping_of_roles",
				Rule: "An organization changes its scheme with a mapping of roles, and sees beforehand whose access that changes.",
				Run: func(p *Product) {
					change := o{"scheme": "data-model", "project_roles": o{"owner": "project_admin", "member": "view_only"}}
					p.as("pia").MayNot("POST /scheme", "not_allowed", change)
					p.as("olga").MayNot("POST /scheme", "scheme_roles", o{"scheme": "data-model"})
					p.as("olga").May("POST /scheme?dry_run=true", change).Part("dry_run.changes")
					p.isOn("max", "site", "member")
					p.as("olga").May("POST /scheme", change)
					p.as("olga").Sees("").Has("scheme.key", "data-model")
					p.isOn("max", "site", "view_only")
					p.holdsAll("max", "site", levels{"models": "none", "attributes": "none", "records": "view", "edit_records": "none", "settings": "none", "members": "none"})
					p.isOn("olga", "site", "project_admin") // owners reach every project now
				},
			},
			Case{
				Name: "history_keeps_the_scheme_that_was_in_force",
				Rule: "A scheme is recorded in the organization's history, which is told under the rules then in force.",
				Run: func(p *Product) {
					p.daysAgo(10, o{"type": "change_scheme", "scheme": "campaign", "organization_roles": o{"owner": "admin", "member": "agent"}, "project_roles": o{"owner": "admin", "member": "viewer"}})
					p.isOn("max", "site", "viewer")
					p.system().Sees("/projects/site/access/max?at="+p.ago(20)).Has("role", "member", "permissions.updates", "on", "permissions.outcomes", nil)
					p.system().Sees("/projects/site/access/olga?at="+p.ago(20)).Has("reason", "not_on_the_project")
					p.isOn("olga", "site", "admin")
				},
			},
		),
		under(campaignFixture(),
			Case{
				Name: "a_public_link_is_off_where_the_scheme_has_none",
				Rule: "A public link is allowed or not.",
				Run: func(p *Product) {
					p.as("pam").MayNot("POST /projects/autumn/public-link", "not_allowed")
					p.system().MayNot("POST /projects/autumn/public-link", "links_off")
				},
			},
			Case{
				Name: "who_is_on_a_project_is_in_the_organization",
				Rule: "One must be in the organization first, always true for projects.",
				Run: func(p *Product) {
					p.system().MayNot("POST /projects/autumn/members", "not_in_organization", o{"user": "zoe", "role": "viewer"})
					p.as("ada").May("DELETE /members/vic")
					p.isOff("vic", "autumn", "not_a_member")
					p.given(member("vic", "agent"))
					p.isOff("vic", "autumn", "not_on_the_project") // who comes back begins anew
				},
			},
		),
	)
}
