package conformance

// starts are memberships, grants and assignments that somebody gives before they are in effect.
func starts() []Case {
	return under(agencyFixture(),
		Case{
			Name: "a_source_counts_from_its_start_on",
			Rule: "A source whose start has not passed does not count, and counts from that instant on, whether or not anything has swept it.",
			Run: func(p *Product) {
				p.daysAgo(20,
					o{"type": "add_project_member", "project": "shop", "user": "dan", "role": "developer", "from": p.ago(10)},
					o{"type": "assign_team", "project": "shop", "team": "crew", "from": p.ago(10), "until": p.ago(5)},
				)
				p.isOn("dan", "shop", "developer")
				p.isOff("dora", "shop", "not_on_the_project")
				for user, held := range map[string][]any{"dan": {nil, "developer", "developer"}, "dora": {nil, "developer", nil}} {
					for i, days := range []int{15, 10, 5} { // the instants themselves are after the start, and after the end
						p.system().Sees("/projects/shop/access/"+user+"?at="+p.ago(days)).Has("role", held[i])
					}
				}
				p.access("dan", "shop").Has("sources.0.from", p.ago(10))
			},
		},
		Case{
			Name: "what_starts_later_is_told_as_such",
			Rule: "A grant and an assignment can start in the future, with an offset of any time zone. They are listed among what is not in force, with their start, and the explanation names it.",
			Run: func(p *Product) {
				p.as("ann").May("POST /projects/site/teams", o{"team": "crew", "from": p.ago(-10), "until": p.ago(-20)})
				p.isOff("dora", "site", "not_on_the_project")
				p.as("mia").Sees("/projects/site/teams?inactive=true").Item("team", "crew").Has("from", p.ago(-10), "until", p.ago(-20))
				p.as("mia").Sees("/projects/site/members?inactive=true").Item("user", "dora").Has("status", "not_started", "from", p.ago(-10), "joined_project_at", p.ago(-10))
				p.system().Sees("/projects/site/access/dora").Says("suggestions.words", "starts", "wait")
				p.system().May("POST /projects/shop/members", o{"user": "dan", "role": "developer", "from": "2999-01-04T08:00:00+01:00"})
				p.isOff("dan", "shop", "not_on_the_project")
				p.system().Sees("/projects/shop/members?inactive=true").Item("user", "dan").Has("from", "2999-01-04T07:00:00Z")
				p.system().MayNot("POST /projects/shop/members", "already_on_project", o{"user": "dan", "role": "developer"}).Says("detail", "start")
				p.system().May("DELETE /projects/shop/members/dan")
				p.system().Sees("/projects/shop/members?inactive=true").Lists("items.user")
			},
		},
		Case{
			Name: "a_membership_can_start_later",
			Rule: "Somebody whose membership starts later is in the list of members, holds a seat, and can be given roles on projects. They have no access, and see nothing.",
			Run: func(p *Product) {
				taken := p.as("ann").Sees("").At("seats.taken")
				p.given(
					o{"type": "add_member", "user": "new", "role": "client", "from": p.ago(-10)},
					projectMember("site", "new", "client"),
				)
				p.isOff("new", "site", "membership_not_started")
				p.as("new").SeesNo("/projects/site", "no_organization")
				p.as("mia").Sees("/members").Item("user", "new").Has("status", "not_started", "from", p.ago(-10), "badges", []string{"not_started"})
				p.as("mia").Sees("/members?status=not_started").Lists("items.user", "new")
				count, _ := taken.(float64)
				p.as("ann").Sees("").Has("seats.taken", count+1)
				p.as("ann").May("PATCH /members/new/start", o{})
				p.isOn("new", "site", "client")
				p.as("new").Sees("/projects/site")
			},
		},
		Case{
			Name: "a_start_can_be_changed_until_it_has_passed",
			Rule: "A start can be changed until it has passed, by those who may change the end, and lies before the end.",
			Run: func(p *Product) {
				p.as("ann").May("POST /projects/site/members", o{"user": "dora", "role": "developer", "from": p.ago(-10), "until": p.ago(-20)})
				p.as("ann").MayNot("PATCH /projects/site/members/dora/start", "bad_start", o{"from": p.ago(-20)})
				p.as("ann").MayNot("PATCH /projects/site/members/dora/end", "bad_start", o{"until": p.ago(-10)})
				p.as("ann").May("PATCH /projects/site/members/dora/start", o{"from": p.ago(-15)})
				p.as("dora").MayNot("PATCH /projects/site/members/dora/start", "no_project", o{})
				p.as("ann").May("PATCH /projects/site/members/dora/start", o{"from": p.ago(1)})
				p.isOn("dora", "site", "developer")
				p.as("ann").MayNot("PATCH /projects/site/members/dora/start", "has_started", o{"from": p.ago(-5)})
			},
		},
		Case{
			Name: "an_invitation_can_offer_a_later_start",
			Rule: "An invitation can offer a membership that starts later. Who accepts it before is a member, and has access from then on.",
			Run: func(p *Product) {
				p.given(
					o{"type": "invite_member", "id": "i1", "email": "new@example.org", "role": "client", "from": p.ago(-10), "projects": []o{{"project": "site"}}},
					o{"type": "accept_invite", "invite": "i1", "user": "new"},
				)
				p.isOff("new", "site", "membership_not_started")
				p.system().Sees("/members").Item("user", "new").Has("from", p.ago(-10))
			},
		},
	)
}
