package conformance

// requests are the promises about asking for access. Olga owns the organization; Pia owns the project site, Una is on none.
func requests() []Case {
	return under(ownerMemberFixture(),
		Case{
			Name: "a_request_tells_nobody_outside_that_the_organization_is_there",
			Rule: "Who is not in an organization, and asks to join it, hears that it does not exist until the organization takes such requests.",
			Run: func(p *Product) {
				ask := "POST /access-requests"
				p.as("zoe").MayNot(ask, "no_organization", o{})
				p.as("olga").May("PATCH /access-requests", o{"join": "open"})
				p.as("zoe").MayNot(ask, "not_in_organization", o{"project": "site"})
				p.as("zoe").MayNot(ask, "not_in_organization", o{"project": "nothing"})
				p.as("zoe").May(ask, o{"id": "r"})
				p.as("zoe").SeesNo("", "no_organization")
			},
		},
		Case{
			Name: "who_could_add_people_decides_on_their_requests",
			Rule: "A request is approved by whoever could add the person, or invite them, with what they may give: all of it in one commit, or less, never more; and by nobody for themselves.",
			Run: func(p *Product) {
				p.given(o{"type": "change_access_requests", "join": "open"})
				p.as("zoe").May("POST /access-requests", o{"id": "r", "role": "owner", "name": "Zoe"})
				p.as("max").MayNot("POST /access-requests/r/approve", "no_access_request", o{})
				p.as("zoe").MayNot("POST /access-requests/r/approve", "own_access_request", o{})
				p.as("max").Sees("/access-requests").Count(0)
				p.as("olga").Sees("/access-requests").Count(1).Has("items.0.role", "owner", "items.0.may_decide", true)
				p.as("olga").May("POST /access-requests/r/approve", o{"role": "member"})
				p.as("zoe").Sees("/me").Has("role", "member", "name", "Zoe", "joined.by", "olga")
			},
		},
		Case{
			Name: "a_request_that_cannot_be_granted_stays_open",
			Rule: "Where what was asked for cannot be given, as on an archived project, approving says what to do, and the request stays open.",
			Run: func(p *Product) {
				p.given(o{"type": "change_access_requests", "projects": "open"})
				p.as("una").May("POST /access-requests", o{"id": "r", "project": "site"})
				p.as("pia").May("POST /projects/site/archive")
				p.as("pia").MayNot("POST /access-requests/r/approve", "project_archived", o{}).Says("detail", "restore it first")
				p.as("una").Sees("/access-requests").Count(1)
				p.as("pia").May("POST /projects/site/restore")
				p.as("pia").May("POST /access-requests/r/approve", o{})
				p.isOn("una", "site", "member")
			},
		},
		Case{
			Name: "nobody_joins_by_a_domain_that_is_not_proved",
			Rule: "Who has a verified address of a domain joins by it only once the organization has proved that the domain is its own; before, they hear that there is no such organization.",
			Run: func(p *Product) {
				p.as("olga").May("PATCH /email-domains/example.org", o{"mode": "automatic"})
				p.as("olga").Sees("/email-domains").Has("items.0.record.name", "_roster-challenge.example.org")
				p.as("zoe").MayNot("POST /join", "no_organization", o{"verified_emails": []string{"zoe@example.org"}})
				p.as("olga").MayNot("PATCH /email-domains/gmail.com", "bad_email_domain", o{})
			},
		},
		Case{
			Name: "one_may_ask_again_after_any_end",
			Rule: "Somebody has one open request for one thing, and may ask again once it was denied, withdrawn or granted and lost.",
			Run: func(p *Product) {
				p.given(o{"type": "change_access_requests", "projects": "open"})
				ask := "POST /access-requests"
				p.as("una").May(ask, o{"id": "a", "project": "site", "reason": "To help."})
				p.as("una").MayNot(ask, "already_requested", o{"project": "site"})
				p.as("pia").May("POST /access-requests/a/deny", o{"reason": "From May on."})
				p.as("una").Sees("/access-requests?status=denied").Count(1).Has("items.0.decision.reason", "From May on.")
				p.as("una").May(ask, o{"id": "b", "project": "site"})
				p.as("una").May("DELETE /access-requests/b")
				p.as("una").May(ask, o{"id": "c", "project": "site"})
				p.as("pia").May("POST /access-requests/c/approve", o{})
				p.as("pia").May("DELETE /projects/site/members/una")
				p.as("una").May(ask, o{"project": "site"})
			},
		},
	)
}
