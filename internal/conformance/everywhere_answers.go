package conformance

// answers are promises about what requests are answered.
func answers() []Case {
	return under(ownerMemberFixture(),
		Case{
			Name: "a_bulk_names_all_that_is_wrong",
			Rule: "A bulk that is refused names every item that is wrong, and what is missing; nothing of it is done.",
			Run: func(p *Product) {
				p.as("olga").May("POST /invites", o{"email": "eve@example.org"})
				refused := p.as("olga").MayNot("POST /invites/bulk", "bad_email", inviteList(nil, "typing error", "max@example.org", "eve@example.org", "new@example.org"))
				refused.Lists("errors.about", "typing error", "max@example.org", "eve@example.org").Lists("errors.code", "bad_email", "address_taken", "already_invited")
				p.as("olga").Sees("/invites").Count(1)
				p.system().MayNot("POST /commands", "no_project", o{"commands": []o{
					{"type": "rename_organization", "name": "Other"}, {"type": "rename_project", "project": "knx", "name": "N"},
				}}).Says("errors.0.detail", `"knx"`).Has("errors.0.index", 1)
			},
		},
		Case{
			Name: "who_is_out_hears_how_to_come_back",
			Rule: "Inviting or adding somebody who is deactivated, or whose membership has ended, says which it is and what brings them back; adding somebody whose membership has ended reopens it.",
			Run: func(p *Product) {
				p.daysAgo(3, o{"type": "change_member_end", "user": "max", "until": p.ago(1)})
				p.as("max").SeesNo("", "no_organization")
				p.as("olga").MayNot("POST /invites", "address_taken", o{"email": "max@example.org"}).Says("detail", "ended", "add them again")
				p.as("olga").May("POST /members", o{"user": "max"})
				p.isOn("max", "site", "member")
				p.as("olga").May("POST /members/una/deactivate")
				p.as("olga").MayNot("POST /members", "already_member", o{"user": "una"}).Says("detail", "deactivated", "reactivate")
				p.as("olga").MayNot("POST /invites", "address_taken", o{"email": "una@example.org"}).Says("detail", "deactivated", "reactivate")
			},
		},
		Case{
			Name: "a_check_answers_nothing_that_was_not_asked",
			Rule: "A check that lacks a part, or asks for what there is not, is refused; it never looks like a no, or a yes.",
			Run: func(p *Product) {
				ask := func(question o) o { return o{"questions": []o{question}} }
				p.system().MayNot("POST /v1/access:check", "malformed", ask(o{}))
				p.system().MayNot("POST /v1/access:check", "malformed", ask(o{"organization": p.org, "user": "pia", "permission": "settings"}))
				p.system().MayNot("POST /v1/access:check", "unknown_permission", ask(o{"organization": p.org, "user": "pia", "project": "site", "permission": "dancing"}))
				p.system().May("POST /v1/access:check", ask(o{"organization": p.org, "user": "pia", "project": "site", "permission": "settings"})).Has("answers.0.allowed", true)
				p.system().May("POST /v1/access:check", ask(o{"organization": p.org, "user": "pia", "scope": "organization", "permission": "settings"})).Has("answers.0.allowed", false)
				p.as("pia").May("POST /v1/access:check", ask(o{"organization": "unknown-" + p.org, "user": "pia", "project": "site", "permission": "settings"})).Has("answers.0.allowed", false)
			},
		},
		Case{
			Name: "who_writes_reads_what_they_wrote",
			Rule: "A list shows what was written just before, also to who carries no position along.",
			Run: func(p *Product) {
				olga := p.server.As(p.t, "olga").Below("/v1/organizations/" + p.org) // she remembers no position
				for _, user := range []string{"ned", "nora", "nick", "nell"} {
					olga.May("POST /members", o{"user": user})
					olga.Sees("/members?search=" + user).Count(1)
					olga.May("DELETE /members/" + user)
					olga.Sees("/members?search=" + user).Count(0)
				}
			},
		},
		Case{
			Name: "what_would_change_is_counted_in_full_and_listed_in_part",
			Rule: "What a command would change is counted exactly; long lists come in parts.",
			Run: func(p *Product) {
				given := []o{}
				for i := range 1000 {
					given = append(given, o{"type": "add_member", "user": "many" + string(rune('a'+i/100)) + string(rune('a'+i/10%10)) + string(rune('a'+i%10))})
				}
				would := p.system().May("POST /commands?dry_run=true", o{"commands": given})
				would.Has("dry_run.counts.events", 1000)
				p.as("olga").Sees("/members").Count(4)
			},
		},
	)
}
