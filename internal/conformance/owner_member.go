package conformance

// ownerMemberFixture: Olga owns the organization. On the project site Pia is an owner and Max
// a member; Una is in the organization and on no project.
func ownerMemberFixture() fixture {
	return fixture{"owner-member", []o{
		member("olga", "owner"), member("pia", "member"), member("max", "member"), member("una", "member"),
		project("site"), projectMember("site", "pia", "owner"), projectMember("site", "max", ""),
	}}
}

func ownerMember() []Case {
	return under(ownerMemberFixture(),
		Case{
			Name: "who_picks_no_scheme_gets_this_one",
			Rule: "owner-member is the scheme of an organization that picks none.",
			Run: func(p *Product) {
				p.as("una").May("POST /v1/organizations", o{"id": p.org + "-2"})
				p.as("una").Sees("/v1/organizations/"+p.org+"-2").Has("scheme.key", "owner-member", "role", "owner")
				p.as("olga").SeesNo("/v1/organizations/"+p.org+"-2", "no_organization")
				p.as("una").May("DELETE /v1/organizations/" + p.org + "-2")
			},
		},
		Case{
			Name: "a_role_in_the_organization_reaches_no_project_by_itself",
			Rule: "The roles of the organization are owner and member; neither reaches projects by itself.",
			Run: func(p *Product) {
				p.as("olga").Sees("").Has("role", "owner", "scheme.organization_roles", []string{"member", "owner"})
				p.isOff("olga", "site", "not_on_the_project")
				p.isOff("una", "site", "not_on_the_project")
				p.as("olga").MayNot("PATCH /projects/site", "not_allowed", o{"name": "Mine"})
				p.as("olga").MayNot("POST /projects/site/members", "not_allowed", o{"user": "olga", "role": "owner"})
			},
		},
		Case{
			Name: "a_project_owner_has_settings_members_and_the_public_link",
			Rule: "A project owner has settings, invites and removes, changes roles, deletes the project, and turns the public link on and off.",
			Run: func(p *Product) {
				p.isOn("pia", "site", "owner")
				p.holdsAll("pia", "site", levels{
					"content": "view", "updates": "on", "resources": "on", "activity": "on",
					"settings": "full", "members": "full", "public_link": "on",
				})
				pia := p.as("pia")
				pia.May("PATCH /projects/site", o{"name": "Website"})
				pia.Sees("/projects/site").Has("name", "Website")
				pia.May("POST /projects/site/members", o{"user": "una"})
				pia.May("PATCH /projects/site/members/una", o{"role": "owner"})
				p.isOn("una", "site", "owner")
				pia.May("DELETE /projects/site/members/una")
				p.isOff("una", "site", "not_on_the_project")
				pia.May("POST /projects/site/public-link")
				pia.May("DELETE /projects/site/public-link")
				pia.May("DELETE /projects/site")
				pia.SeesNo("/projects/site", "no_project")
				p.access("pia", "site").Has("reason", "no_such_project")
			},
		},
		Case{
			Name: "a_project_member_takes_part_in_the_work",
			Rule: "A project member views all, creates updates, adds resources and links, and takes part in activity.",
			Run: func(p *Product) {
				p.isOn("max", "site", "member")
				p.holdsAll("max", "site", levels{
					"content": "view", "updates": "on", "resources": "on", "activity": "on",
					"settings": "none", "members": "view", "public_link": "off",
				})
				p.as("max").Sees("/projects/site").Has("role", "member")
				p.as("max").Sees("/projects/site/members").Lists("items.user", "pia", "max")
			},
		},
		Case{
			Name: "a_project_member_has_no_settings_and_manages_nobody",
			Rule: "A project member has no settings and no members to manage.",
			Run: func(p *Product) {
				p.as("max").MayNot("PATCH /projects/site", "not_allowed", o{"name": "Website"})
				p.as("max").MayNot("POST /projects/site/members", "not_allowed", o{"user": "una"})
				p.as("max").MayNot("PATCH /projects/site/members/max", "not_allowed", o{"role": "owner"})
				p.as("max").MayNot("DELETE /projects/site/members/pia", "not_allowed")
				p.as("max").MayNot("POST /projects/site/public-link", "not_allowed")
				p.as("max").MayNot("POST /projects/site/archive", "not_allowed")
				p.as("max").MayNot("DELETE /projects/site", "not_allowed")
				p.isOn("pia", "site", "owner")
			},
		},
		Case{
			Name: "every_member_of_the_organization_sees_that_a_project_exists",
			Rule: "Every organization member sees that the projects exist.",
			Run: func(p *Product) {
				for _, user := range []string{"olga", "pia", "max", "una"} {
					p.as(user).Sees("/projects").Lists("items.id", "site")
					p.as(user).Sees("/projects/site").Has("name", "Site of the case")
				}
				p.as("zoe").SeesNo("/projects", "no_organization")
				p.as("zoe").SeesNo("/projects/site", "no_organization")
			},
		},
		Case{
			Name: "collaborating_needs_membership_of_the_project",
			Rule: "Collaborating on a project needs membership of it.",
			Run: func(p *Product) {
				p.as("una").Sees("/projects/site").Has("role", nil)
				p.isOff("una", "site", "not_on_the_project")
				p.as("una").SeesNo("/projects/site/members", "no_members")
				p.as("pia").May("POST /projects/site/members", o{"user": "una"})
				p.holds("una", "site", levels{"content": "view", "updates": "on", "resources": "on", "activity": "on"})
				p.as("una").Sees("/projects/site/members").Lists("items.user", "pia", "max", "una")
			},
		},
		Case{
			Name: "without_a_stated_role_one_is_added_as_member",
			Rule: "Without a stated role one is added to a project as member.",
			Run: func(p *Product) {
				p.as("pia").May("POST /projects/site/members", o{"user": "una"})
				p.isOn("una", "site", "member")
				p.as("pia").May("POST /projects/site/members", o{"user": "olga", "role": "owner"})
				p.isOn("olga", "site", "owner")
			},
		},
		Case{
			Name: "only_owners_make_owners",
			Rule: "Only owners of a project make owners of it, and only owners of the organization make owners there.",
			Run: func(p *Product) {
				p.as("max").MayNot("PATCH /projects/site/members/max", "not_allowed", o{"role": "owner"})
				p.as("olga").MayNot("PATCH /projects/site/members/max", "not_allowed", o{"role": "owner"})
				p.isOn("max", "site", "member")
				p.as("pia").May("PATCH /projects/site/members/max", o{"role": "owner"})
				p.isOn("max", "site", "owner")

				p.as("pia").MayNot("PATCH /members/pia", "not_allowed", o{"role": "owner"})
				p.as("olga").May("PATCH /members/pia", o{"role": "owner"})
				p.as("pia").Sees("").Has("role", "owner")
			},
		},
		Case{
			Name: "owners_may_demote_owners",
			Rule: "Owners may demote owners.",
			Run: func(p *Product) {
				p.given(projectMember("site", "una", "owner"))
				p.as("max").MayNot("PATCH /projects/site/members/pia", "not_allowed", o{"role": "member"})
				p.as("una").May("PATCH /projects/site/members/pia", o{"role": "member"})
				p.isOn("pia", "site", "member")
				p.as("pia").MayNot("PATCH /projects/site", "not_allowed", o{"name": "Mine"})
			},
		},
		Case{
			Name: "the_last_owner_of_a_project_is_not_demoted",
			Rule: "The last owner stays: demoting is refused while nobody else owns the project.",
			Run: func(p *Product) {
				p.as("pia").MayNot("PATCH /projects/site/members/pia", "last_holder", o{"role": "member"})
				p.isOn("pia", "site", "owner")
				p.given(projectMember("site", "una", "owner"))
				p.as("pia").May("PATCH /projects/site/members/pia", o{"role": "member"})
				p.isOn("pia", "site", "member")
				p.as("una").MayNot("PATCH /projects/site/members/una", "last_holder", o{"role": "member"})
			},
		},
		Case{
			Name: "the_last_owner_of_a_project_neither_leaves_nor_is_removed",
			Rule: "The last owner stays: removing and leaving are refused while nobody else owns the project.",
			Run: func(p *Product) {
				p.as("pia").MayNot("DELETE /projects/site/members/pia", "last_holder")
				p.as("pia").MayNot("DELETE /members/pia", "last_holder")
				p.isOn("pia", "site", "owner")
				p.as("pia").May("PATCH /projects/site/members/max", o{"role": "owner"})
				p.as("pia").May("DELETE /projects/site/members/pia")
				p.isOff("pia", "site", "not_on_the_project")
				p.as("max").MayNot("DELETE /projects/site/members/max", "last_holder")
			},
		},
		Case{
			Name: "an_organization_owner_removes_the_last_owner_of_a_project",
			Rule: "An organization owner can always remove a member they outrank; the command names the next owner of a project, by default who gives it.",
			Run: func(p *Product) {
				p.given(project("shop"), projectMember("shop", "max", "owner"))
				p.as("olga").Sees("/members").Item("user", "pia").Lists("actions", "transfer_ownership", "change_profile", "change_member_end", "deactivate_member", "remove_member", "attest_access", "change_member_role")
				p.as("").MayNot("DELETE /members/pia", "last_holder")
				p.as("olga").MayNot("DELETE /members/pia", "no_member", o{"transfer_to": "zoe"})
				p.as("olga").May("DELETE /members/pia", o{"transfer_to": "una"})
				p.isOn("una", "site", "owner")
				p.isOff("pia", "site", "not_a_member")
				p.isOff("olga", "site", "not_on_the_project")
				p.as("olga").May("DELETE /members/max")
				p.isOn("olga", "shop", "owner")
			},
		},
		Case{
			Name: "an_organization_owner_ends_the_membership_of_the_last_owner_of_a_project",
			Rule: "An organization owner can always end the membership of a member they outrank; the command names the next owner of a project, by default who gives it.",
			Run: func(p *Product) {
				p.as("olga").May("PATCH /members/pia/end", o{"until": p.ago(-9), "transfer_to": "max"})
				p.isOn("max", "site", "owner")
				p.isOn("pia", "site", "owner")
				p.isOff("olga", "site", "not_on_the_project")
			},
		},
		Case{
			Name: "an_organization_owner_suspends_the_last_owner_of_a_project_and_takes_it_over",
			Rule: "An organization owner can always suspend a member they outrank, and may take over a project that has no active owner.",
			Run: func(p *Product) {
				p.as("olga").MayNot("POST /projects/site/take-over", "has_holder")
				p.as("olga").May("POST /members/pia/deactivate")
				p.isOff("pia", "site", "deactivated")
				p.as("max").MayNot("POST /projects/site/take-over", "not_allowed")
				p.as("olga").May("POST /projects/site/take-over")
				p.isOn("olga", "site", "owner")
				p.as("olga").May("POST /members/pia/reactivate")
				p.isOn("pia", "site", "owner")
			},
		},
		Case{
			Name: "the_last_owner_of_a_project_leaves_the_organization_and_names_the_next",
			Rule: "Who leaves the organization as the last owner of a project names the next one.",
			Run: func(p *Product) {
				p.as("pia").MayNot("DELETE /members/pia", "last_holder").Says("detail", "transfer_to")
				p.as("pia").Sees("/members").Item("user", "pia").Lists("actions", "change_profile")
				p.as("pia").May("DELETE /members/pia", o{"transfer_to": "max"})
				p.isOn("max", "site", "owner")
				p.isOff("pia", "site", "not_a_member")
			},
		},
		Case{
			Name: "removal_from_a_project_keeps_the_membership_of_the_organization",
			Rule: "Removal from a project keeps the organization membership.",
			Run: func(p *Product) {
				p.as("pia").May("DELETE /projects/site/members/max")
				p.isOff("max", "site", "not_on_the_project")
				p.as("max").Sees("").Has("role", "member")
				p.as("olga").Sees("/members").Lists("items.user", "olga", "pia", "max", "una")
				p.as("pia").May("POST /projects/site/members", o{"user": "max"})
				p.isOn("max", "site", "member")
			},
		},
		Case{
			Name: "whoever_holds_the_public_link_views_and_cannot_collaborate",
			Rule: "Public link on: whoever holds it views and cannot collaborate.",
			Run: func(p *Product) {
				token := p.as("pia").May("POST /projects/site/public-link").Text("token")
				p.as("zoe").May("POST /projects/site/public-link/open", o{"token": token}).Has(
					"project", "site", "name", "Site of the case",
					"permissions.content", "view", "permissions.updates", "off", "permissions.resources", "off",
					"permissions.activity", "off", "permissions.settings", "none", "permissions.members", "none")
				p.as("zoe").MayNot("POST /projects/site/public-link/open", "no_project", o{"token": token + "x"})
				p.as("zoe").SeesNo("/projects/site", "no_organization")
				p.isOff("zoe", "site", "not_a_member")
				p.as("max").MayNot("GET /projects/site/public-link", "not_allowed")
				p.as("pia").Sees("/projects/site/public-link").Has("on", true, "token", token)
			},
		},
		Case{
			Name: "a_public_link_that_is_turned_off_is_dead_at_once",
			Rule: "Public link off: the link is dead at once.",
			Run: func(p *Product) {
				token := p.as("pia").May("POST /projects/site/public-link").Text("token")
				p.as("max").MayNot("DELETE /projects/site/public-link", "not_allowed")
				p.as("zoe").May("POST /projects/site/public-link/open", o{"token": token})
				p.as("pia").May("DELETE /projects/site/public-link")
				p.as("zoe").MayNot("POST /projects/site/public-link/open", "no_project", o{"token": token})
				p.as("pia").Sees("/projects/site/public-link").Has("on", false, "token", nil)
			},
		},
		Case{
			Name: "a_public_link_that_is_turned_on_again_is_a_new_one",
			Rule: "Public link on again: it is a new link.",
			Run: func(p *Product) {
				first := p.as("pia").May("POST /projects/site/public-link").Text("token")
				p.as("pia").May("DELETE /projects/site/public-link")
				second := p.as("pia").May("POST /projects/site/public-link").Text("token")
				third := p.as("pia").May("POST /projects/site/public-link/rotate").Text("token")
				for _, dead := range []string{first, second} {
					p.as("zoe").MayNot("POST /projects/site/public-link/open", "no_project", o{"token": dead})
				}
				p.as("zoe").May("POST /projects/site/public-link/open", o{"token": third}).Has("project", "site")
			},
		},
		Case{
			Name: "the_member_list_shows_the_role_and_the_date_joined",
			Rule: "The member list shows the role, the date joined the project and, apart, the date joined the organization; an owner of the project reads it.",
			Run: func(p *Product) {
				p.daysAgo(30, projectMember("site", "una", "owner"))
				for _, user := range []string{"pia", "max", "una"} {
					p.as(user).Sees("/projects/site/members").Item("user", "una").
						Has("role", "owner", "role_label", "Owner", "joined_project_at", p.ago(30), "joined_organization_at", p.ago(100))
				}
				p.as("una").Sees("/members").Item("user", "max").Has("role", "member", "joined.since", p.ago(100))
			},
		},
		Case{
			Name: "a_change_of_role_does_not_move_the_date_joined",
			Rule: "The date joined the project stays when the role changes.",
			Run: func(p *Product) {
				p.daysAgo(30, projectMember("site", "una", ""))
				p.daysAgo(20, o{"type": "change_project_member_role", "project": "site", "user": "una", "role": "owner"})
				p.daysAgo(10, o{"type": "change_member_role", "user": "una", "role": "owner"})
				p.as("pia").May("PATCH /projects/site/members/una", o{"role": "member"})
				p.as("pia").Sees("/projects/site/members").Item("user", "una").
					Has("role", "member", "joined_project_at", p.ago(30), "joined_organization_at", p.ago(100))
				p.as("una").May("DELETE /projects/site/members/una")
				p.given(projectMember("site", "una", ""))
				row := p.as("pia").Sees("/projects/site/members").Item("user", "una")
				if row.Text("joined_project_at") <= p.ago(1) {
					row.Fail("who comes again has joined now")
				}
			},
		},
		lastHolder("olga", "owner", "member"),
		inviteExpiry("member"),
		creatorRole("una", "owner"),
		whoMay(func(p *Product) {
			p.inOrganization("olga", levels{"settings": "full", "members": "full", "projects": "full"})
			p.inOrganization("pia", levels{"settings": "none", "members": "view", "projects": "full"})
			p.given(
				o{"type": "invite_member", "id": "i1", "email": "new@example.org"},
				project("open"), projectMember("open", "pia", "owner"), projectMember("open", "max", ""), o{"type": "turn_on_public_link", "project": "open"},
			)
			p.only("olga").
				may("PATCH ", o{"name": "New"}).may("POST /archive").may("POST /restore").may("DELETE ").
				may("POST /transfer-ownership", o{"to": "pia"}).may("POST /scheme", o{"scheme": "owner-member"}).
				may("POST /members", o{"user": "new"}).may("POST /invites", o{"email": "newer@example.org"}).may("DELETE /invites/i1").
				may("PATCH /members/una", o{"role": "owner"}).may("PATCH /members/una/end", o{"until": p.ago(-9)}).
				may("POST /members/una/deactivate").may("POST /members/una/reactivate").may("POST /members/max/attest").
				see("/invites").see("/reports/projects-per-member").see("/events")
			p.only("olga", "una").may("DELETE /members/una")
			p.only("pia").
				may("PATCH /projects/site", o{"name": "New"}).may("POST /projects/site/archive").may("POST /projects/site/restore").
				may("DELETE /projects/site").may("POST /projects/site/public-link").may("POST /projects/open/public-link/rotate").
				may("DELETE /projects/open/public-link").see("/projects/open/public-link").
				may("POST /projects/site/members", o{"user": "una"}).may("PATCH /projects/site/members/max", o{"role": "owner"}).
				may("PATCH /projects/site/members/max/end", o{"until": p.ago(-9)})
			p.only("olga", "pia").may("POST /projects/site/members/max/attest")
			p.only("pia", "max").may("DELETE /projects/site/members/max").see("/projects/site/members").see("/projects/site/access/pia")
			p.only(p.users...).may("POST /projects", o{"id": "new"}).see("/members")
			p.only().may("PATCH /seats", o{"seats": 9}).may("PATCH /roles/project/member/label", o{"label": "New"})
		}),
	)
}
