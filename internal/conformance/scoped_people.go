package conformance

import "maps"

// scopedInvitations are the promises about inviting and seats.
func scopedInvitations() []Case {
	return []Case{
		{
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
				p.as("ivy").May("POST /invites/"+sent.Text("id")+"/accept", o{"token": sent.Text("token"), "verified_emails": []string{"ivy@example.org"}})
				p.inOrganization("ivy", levels{"GENERAL": "none", "INTEGRATIONS": "none", "MEMBERS": "none", "PROJECTS": "none", "BILLING": "view"})
				p.holdsAll("ivy", "seo", scopedWith(levels{"AI_AGENTS": "full", "WORKFLOWS": "view"}))
				p.holdsAll("ivy", "ads", scopedWith(levels{"BRAND_KIT": "view"}))
			},
		},
		{
			Name: "many_are_invited_at_once_on_the_same_terms",
			Rule: "Inviting takes one or many emails.",
			Run: func(p *Product) {
				terms := o{"role": "member", "levels": o{"GENERAL": "view"}, "projects": []o{{"project": "seo", "role": "member", "levels": o{"ATTRIBUTION": "view"}}}}
				sent := p.as("ada").May("POST /invites/bulk", inviteList(terms, "ivy@example.org", "jon@example.org"))
				p.as("ada").Sees("/invites").Lists("items.email", "ivy@example.org", "jon@example.org")
				for i, user := range []string{"ivy", "jon"} {
					invite := sent.Part("invites").Items()[i]
					p.as(user).May("POST /invites/"+invite.Text("invite")+"/accept", o{"token": invite.Text("token"), "verified_emails": []string{user + "@example.org"}})
					p.holdsAll(user, "seo", scopedWith(levels{"ATTRIBUTION": "view"}))
					p.isOff(user, "ads", "not_on_the_project")
					p.inOrganization(user, levels{"GENERAL": "view", "MEMBERS": "none"})
				}
				p.as("ada").Sees("/members").Item("user", "ivy").Has("email", "ivy@example.org")
				p.as("ada").MayNot("POST /invites/bulk", "duplicate_address", inviteList(nil, "kim@example.org", "kim@example.org"))
				p.as("ada").Sees("/invites").Lists("items.email")
			},
		},
		{
			Name: "a_list_of_invitations_says_what_becomes_of_each_address",
			Rule: "A bulk invite says what becomes of each address, in a dry run before anything is sent. All are invited, or none; in part on request: then those that can be, in one commit, and the others are named with the reason.",
			Run: func(p *Product) {
				list := inviteList(nil, "ivy@example.org", "typing error", "IVY@example.org", "jon@example.org")
				refused := p.as("ada").MayNot("POST /invites/bulk", "bad_email", list)
				refused.Lists("invites.result", "not_done", "refused", "refused", "not_done").Lists("errors.code", "bad_email", "duplicate_address")
				p.as("ada").May("POST /invites/bulk?partial=true&dry_run=true", list).Lists("invites.result", "invited", "refused", "refused", "invited")
				p.as("ada").Sees("/invites").Lists("items.email")
				p.as("ada").May("POST /invites/bulk?partial=true", list).Lists("invites.result", "invited", "refused", "refused", "invited").
					Has("events.1.type", "invite.sent.v1", "events.2", nil)
				p.as("ada").Sees("/invites").Lists("items.email", "ivy@example.org", "jon@example.org")
			},
		},
		{
			Name: "without_a_free_seat_nobody_is_invited",
			Rule: "No free seat: new invitations are refused, and pending ones hold a seat. While none is free, inviting is not among the available actions, and the number of free seats says why.",
			Run: func(p *Product) {
				p.as("ada").Sees("").Has("seats.limit", 25, "seats.taken", 5, "seats.free", 20)
				offers(p.as("ada").Sees(""), "invite_member", true)
				offers(p.as("ada").Sees(""), "revoke_invite", false)
				p.given(o{"type": "change_seats", "seats": 6})
				first := p.as("ada").May("POST /invites", o{"email": "ivy@example.org"}).Text("id")
				p.as("ada").Sees("").Has("seats.limit", 6, "seats.taken", 6, "seats.free", 0)
				offers(p.as("ada").Sees(""), "invite_member", false)
				offers(p.as("ada").Sees(""), "revoke_invite", true)
				p.as("ada").MayNot("POST /invites", "no_free_seat", o{"email": "jon@example.org"})
				p.as("ada").MayNot("PATCH /seats", "not_allowed", o{"seats": 100})
				p.as("ada").May("DELETE /invites/" + first)
				p.as("ada").May("POST /invites", o{"email": "jon@example.org"})
				p.as("ada").May("DELETE /members/nia")
				p.as("ada").May("POST /invites", o{"email": "kim@example.org"})
			},
		},
		{
			Name: "of_a_bulk_invitation_all_have_seats_or_none_is_sent",
			Rule: "No free seat for all of a bulk invite: none is sent, and the error says how many seats are free and how many were asked for.",
			Run: func(p *Product) {
				p.given(o{"type": "change_seats", "seats": 7})
				three := inviteList(nil, "ivy@example.org", "jon@example.org", "kim@example.org")
				p.as("ada").MayNot("POST /invites/bulk", "no_free_seat", three).Says("detail", "free: 2", "asked for: 3")
				p.as("ada").Sees("/invites").Lists("items.email")
				p.as("ada").May("POST /invites/bulk", inviteList(nil, "ivy@example.org", "jon@example.org"))
				p.as("ada").Sees("/invites").Lists("items.email", "ivy@example.org", "jon@example.org")
				p.as("ada").Sees("").Has("seats.free", 0)
			},
		},
	}
}

// inviteList is a list of invites on the same terms.
func inviteList(terms o, emails ...string) o {
	invites := make([]o, len(emails))
	for i, email := range emails {
		invites[i] = o{"email": email}
		maps.Copy(invites[i], terms)
	}
	return o{"invites": invites}
}

// scopedManagers are the promises about who edits people, and with what.
func scopedManagers() []Case {
	return []Case{
		{
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
		{
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
		{
			Name: "members_in_full_is_enough_to_edit_anybodys_project_access",
			Rule: "MEMBERS=full is enough to edit anybody's project access, also on projects one is not on.",
			Run: func(p *Product) {
				// Mem has MEMBERS in full and nothing else.
				p.given(member("mem", "member"), o{"type": "change_member_levels", "user": "mem", "levels": o{"MEMBERS": "full"}})
				p.as("mem").Sees("/projects/ads/candidates").Lists("items.user", "mel", "vin", "nia", "sam") // not Mem
				p.as("mem").May("POST /projects/ads/members", o{"user": "vin", "levels": o{"AUTOMATIONS": "view"}})
				p.as("mem").May("PATCH /projects/ads/members/vin/levels", o{"levels": o{"AUTOMATIONS": "full", "SETTINGS_PUBLISHING": "full"}})
				p.holdsAll("vin", "ads", scopedWith(levels{"AUTOMATIONS": "full", "SETTINGS_PUBLISHING": "full"}))
				p.as("mem").May("PATCH /projects/ads/members/vin/end", o{"until": p.ago(-9)})
				p.as("mem").Sees("/projects/ads/members?source=direct").Lists("items.user", "vin")
				p.as("mem").May("DELETE /projects/ads/members/vin")
				p.isOff("vin", "ads", "not_on_the_project")
				p.as("mel").May("POST /projects", o{"id": "new"})
				p.as("mem").May("PATCH /projects/new/members/mel", o{"role": "member"})
				p.as("mem").May("DELETE /projects/new/members/mel")
				p.isOff("mel", "new", "not_on_the_project")
			},
		},
		{
			Name: "managing_members_gives_any_project_levels_but_organization_levels_up_to_ones_own",
			Rule: "MEMBERS=full gives any project levels on any project, organization levels up to its own, and never the role Admin.",
			Run: func(p *Product) {
				p.as("mel").May("PATCH /projects/seo/members/nia/levels", o{"levels": scopedProject("full")})
				p.holdsAll("nia", "seo", scopedProject("full"))
				p.as("mel").May("POST /projects/ads/members", o{"user": "nia", "levels": scopedProject("full")})
				p.holdsAll("nia", "ads", scopedProject("full"))
				p.as("mel").May("POST /invites", o{"email": "ivy@example.org", "projects": []o{{"project": "ads", "levels": o{"BRAND_KIT": "full", "SETTINGS_MEMBERS": "full"}}}})
				p.as("mel").May("PATCH /members/nia/levels", o{"levels": o{"GENERAL": "view", "MEMBERS": "full"}})
				p.as("mel").MayNot("PATCH /members/nia/levels", "may_not_assign", o{"levels": o{"BILLING": "view"}})
				p.as("mel").MayNot("POST /invites", "may_not_assign", o{"email": "jon@example.org", "levels": o{"GENERAL": "full"}})
				p.as("mel").MayNot("PATCH /members/nia", "may_not_assign", o{"role": "admin"})
				p.as("mel").MayNot("POST /invites", "may_not_assign", o{"email": "jon@example.org", "role": "admin"})
				p.as("mel").MayNot("PATCH /projects/seo/members/nia", "may_not_assign", o{"role": "admin"})
				p.as("mel").MayNot("POST /projects/ads/members", "may_not_assign", o{"user": "vin", "role": "admin"})
				p.as("mel").MayNot("DELETE /members/ada", "may_not_assign")
			},
		},
		{
			Name: "nobody_changes_their_own_levels",
			Rule: "Nobody changes their own levels.",
			Run: func(p *Product) {
				p.as("mel").MayNot("PATCH /members/mel/levels", "may_not_assign", o{"levels": o{"BILLING": "full"}})
				p.as("mel").MayNot("PATCH /members/mel/levels", "may_not_assign", o{"levels": o{"MEMBERS": "full"}})
				p.as("mel").MayNot("PATCH /projects/seo/members/mel/levels", "may_not_assign", o{"levels": o{"AI_SEARCH": "full"}})
				p.as("mel").MayNot("POST /projects/ads/members", "may_not_assign", o{"user": "mel", "levels": o{"AI_SEARCH": "view"}})
				p.as("mel").MayNot("POST /projects/ads/members", "may_not_assign", o{"user": "mel"})
				p.as("sam").MayNot("PATCH /projects/seo/members/sam/levels", "may_not_assign", o{"levels": o{"SETTINGS_MEMBERS": "full", "AI_SEARCH": "full"}})
				p.as("sam").MayNot("PATCH /projects/seo/members/sam/levels", "may_not_assign", o{"levels": o{"AI_SEARCH": "none"}, "merge": true})
			},
		},
		{
			Name: "the_member_list_is_read_with_members_view_and_hidden_without",
			Rule: "MEMBERS=view reads the list; none hides it.",
			Run: func(p *Product) {
				for _, user := range []string{"ada", "mel", "vin"} {
					p.as(user).Sees("/members").Lists("items.user", "ada", "mel", "vin", "nia", "sam")
				}
				p.as("nia").SeesNo("/members", "no_members")
				p.as("nia").SeesNo("/projects/seo/members", "no_members")
				p.as("ada").May("PATCH /members/nia/levels", o{"levels": o{"MEMBERS": "view"}})
				p.as("nia").Sees("/members").Lists("items.user", "ada", "mel", "vin", "nia", "sam")
			},
		},
	}
}
