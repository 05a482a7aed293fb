package conformance

import "slices"

// invitations are promises about who is brought in by an invitation, and who is not.
func invitations() []Case {
	return slices.Concat(under(agencyFixture(), agencyInvitations()...), under(campaignFixture(), overInvitation()))
}

func agencyInvitations() []Case {
	return []Case{
		{
			Name: "who_joins_settles_every_invitation_for_them",
			Rule: "Joining settles every invitation that is for this person, by id and by address: none of them is left to let them back in, and those that they did not accept gave nothing.",
			Run: func(p *Product) {
				byAddress := p.as("ann").May("POST /invites", o{"email": "new@example.org", "role": "client"})
				p.as("ann").May("POST /invites", o{"email": "other@example.org", "user": "new", "role": "client"})
				p.as("new").May("POST /invites/"+byAddress.Text("id")+"/accept", o{"token": byAddress.Text("token"), "verified_emails": []string{"new@example.org"}})
				p.as("ann").Sees("/invites").Count(0)
				p.as("ann").Sees("/reports/pending-invites?days=0").Count(0)
				p.as("ann").Sees("/invites?status=settled").Count(1)
			},
		},
		{
			Name: "an_old_invitation_does_not_bring_back_who_was_removed",
			Rule: "Who was removed is not brought back by an invitation that was sent before.",
			Run: func(p *Product) {
				sent := p.as("ann").May("POST /invites", o{"email": "bob@example.org", "role": "client"})
				accept, token := "POST /invites/"+sent.Text("id")+"/accept", o{"token": sent.Text("token"), "verified_emails": []string{"bob@example.org"}}
				p.system().May("POST /members", o{"user": "bob", "role": "client"})
				p.system().May("DELETE /members/bob")
				p.as("bob").MayNot(accept, "invite_void", token)
				p.isOff("bob", "site", "not_a_member")
				again := p.as("ann").May("POST /invites", o{"email": "bob@example.com", "role": "client"})
				p.as("bob").May("POST /invites/"+again.Text("id")+"/accept", o{"token": again.Text("token"), "verified_emails": []string{"bob@example.com"}})
				p.as("bob").Sees("").Has("role", "client")
			},
		},
		{
			Name: "an_invitation_is_void_when_its_sender_is_gone",
			Rule: "An invitation whose sender may no longer give what it offers is void, in lists, reports and explanations alike.",
			Run: func(p *Product) {
				sent := p.as("ann").May("POST /invites", o{"email": "new@example.org", "user": "new", "role": "client"})
				accept, token := "POST /invites/"+sent.Text("id")+"/accept", o{"token": sent.Text("token")}
				p.access("new", "site").Has("reason", "invited")
				p.as("olga").May("DELETE /members/ann")
				p.as("new").MayNot(accept, "invite_void", token)
				p.as("olga").Sees("/invites").Item("id", sent.Text("id")).Has("status", "void").Says("reason", "may no longer give")
				p.as("olga").Sees("/reports/pending-invites?days=0").Item("invite", sent.Text("id")).Has("status", "void")
				p.access("new", "site").Has("reason", "not_a_member")
				p.as("olga").May("POST /invites", o{"email": "new@example.org", "user": "new", "role": "client"})
				p.as("olga").Sees("/invites").Count(1)
			},
		},
		{
			Name: "reactivation_does_not_revive_invitations",
			Rule: "An invitation whose sender was deactivated or removed since, or whose membership has ended, stays void when the sender is back.",
			Run: func(p *Product) {
				sent := p.as("ann").May("POST /invites", o{"email": "new@example.org", "user": "new", "role": "client"})
				accept, token := "POST /invites/"+sent.Text("id")+"/accept", o{"token": sent.Text("token")}
				p.as("olga").May("POST /members/ann/deactivate")
				p.as("new").MayNot(accept, "invite_void", token)
				p.as("olga").May("POST /members/ann/reactivate")
				p.as("new").MayNot(accept, "invite_void", token)
				p.as("olga").Sees("/invites").Item("id", sent.Text("id")).Has("status", "void")
				again := p.as("ann").May("POST /invites", o{"email": "new@example.org", "user": "new", "role": "client"})
				p.as("new").May("POST /invites/"+again.Text("id")+"/accept", o{"token": again.Text("token")})
			},
		},
		{
			Name: "an_invitation_gives_all_or_nothing",
			Rule: "An invitation that cannot be given in full cannot be accepted; it stays as it is, and the list says why.",
			Run: func(p *Product) {
				sent := p.as("ann").May("POST /invites", o{"email": "new@example.org", "role": "client", "projects": []o{{"project": "site"}}})
				accept, token := "POST /invites/"+sent.Text("id")+"/accept", o{"token": sent.Text("token"), "verified_emails": []string{"new@example.org"}}
				p.system().May("POST /projects/site/archive")
				p.as("new").MayNot(accept, "project_archived", token)
				p.as("olga").Sees("/invites").Item("id", sent.Text("id")).Has("status", "blocked", "projects.0.project", "site").Says("reason", "site", "archived")
				p.system().May("POST /projects/site/restore")
				p.as("olga").Sees("/invites").Item("id", sent.Text("id")).Has("status", "pending", "reason", nil)
				p.as("new").May(accept, token)
				p.isOn("new", "site", "client")
			},
		},
		{
			Name: "an_invitation_to_a_deleted_project_is_void",
			Rule: "An invitation to a project that was deleted does not let anybody onto another project with the same id.",
			Run: func(p *Product) {
				sent := p.as("ann").May("POST /invites", o{"email": "new@example.org", "role": "client", "projects": []o{{"project": "site"}}})
				p.system().May("DELETE /projects/site")
				p.system().May("POST /projects", o{"id": "site"})
				p.as("new").MayNot("POST /invites/"+sent.Text("id")+"/accept", "invite_void", o{"token": sent.Text("token"), "verified_emails": []string{"new@example.org"}})
				p.as("olga").Sees("/invites").Item("id", sent.Text("id")).Has("status", "void", "projects.0.deleted", true, "projects.0.name", nil)
			},
		},
		{
			Name: "an_invitation_is_for_the_address_that_it_was_sent_to",
			Rule: "Whoever has the secret of an invitation joins only with the address that it was sent to, unless its sender chose that anyone may.",
			Run: func(p *Product) {
				bound := p.as("ann").May("POST /invites", o{"email": "new@example.org", "role": "client"})
				open := p.as("ann").May("POST /invites", o{"email": "other@example.org", "role": "client", "bind": "anyone"})
				accept := func(sent string) string { return "POST /invites/" + sent + "/accept" }
				p.as("eve").MayNot(accept(bound.Text("id")), "other_address", o{"token": bound.Text("token")})
				p.as("eve").MayNot(accept(bound.Text("id")), "other_address", o{"token": bound.Text("token"), "verified_emails": []string{"eve@example.org"}})
				p.as("olga").Sees("/invites").Item("id", bound.Text("id")).Has("status", "pending")
				p.as("new").May(accept(bound.Text("id")), o{"token": bound.Text("token"), "verified_emails": []string{"old@example.org", "NEW@example.org"}})
				p.as("eve").May(accept(open.Text("id")), o{"token": open.Text("token")})
			},
		},
		{
			Name: "an_invitation_can_be_declined_and_sent_again",
			Rule: "An invitation can be declined, changed and sent again while it is open; a secret that was replaced opens nothing, and how each ended stays in the list.",
			Run: func(p *Product) {
				sent := p.as("ann").May("POST /invites", o{"id": "i1", "email": "new@example.org", "role": "client"})
				p.as("new").May("POST /invites/i1/decline", o{"verified_emails": []string{"new@example.org"}})
				p.as("new").MayNot("POST /invites/i1/accept", "invite_closed", o{"token": sent.Text("token"), "verified_emails": []string{"new@example.org"}})
				p.as("olga").Sees("/invites?status=declined").Count(1).Has("items.0.id", "i1")
				first := p.as("ann").May("POST /invites", o{"id": "i2", "email": "new@example.org", "role": "client", "bind": "anyone"})
				p.as("ann").May("PATCH /invites/i2", o{"role": "client", "projects": []o{{"project": "site"}}})
				again := p.as("ann").May("POST /invites/i2/resend", o{})
				p.as("new").MayNot("POST /invites/i2/accept", "no_invite", o{"token": first.Text("token")})
				p.as("new").May("POST /invites/i2/accept", o{"token": again.Text("token")})
				p.isOn("new", "site", "client")
			},
		},
	}
}

func overInvitation() Case {
	return Case{
		Name: "an_invitation_that_is_over_holds_nothing",
		Rule: "An invitation that has expired, or is void, holds no seat, keeps no role in use, and another can take its place.",
		Run: func(p *Product) {
			p.daysAgo(40,
				o{"type": "define_role", "kind": "organization", "role": "helper", "rank": 1, "levels": o{}},
				o{"type": "invite_member", "email": "new@example.org", "role": "helper"},
			)
			p.system().May("DELETE /roles/organization/helper")
			p.system().May("POST /invites", o{"email": "new@example.org"})
			p.system().Sees("/invites").Count(1).Has("items.0.status", "pending")
		},
	}
}
