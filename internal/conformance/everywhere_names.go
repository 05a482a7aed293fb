package conformance

// names are promises about texts: how lists are ordered and searched, and which names are the
// same.
func names() []Case {
	given := []o{
		member("olga", "owner"),
		{"type": "add_member", "user": "u1", "name": "Zoe Hart"},
		{"type": "add_member", "user": "u2", "name": "Åsa Lind"},
		{"type": "add_member", "user": "u3", "name": "Jürgen Müller"},
		{"type": "add_member", "user": "u4", "name": "adam Berg"},
	}
	cases := under(fixture{"owner-member", given},
		Case{
			Name: "lists_are_ordered_as_people_order_names",
			Rule: "Lists are in the order of names as people know it: neither case nor accents send a name to the end.",
			Run: func(p *Product) {
				p.as("olga").Sees("/members").Lists("items.name", "adam Berg", "Åsa Lind", "Jürgen Müller", "Olga of the case", "Zoe Hart")
				p.as("olga").Sees("/members?limit=2").Lists("items.name", "adam Berg", "Åsa Lind")
			},
		},
		Case{
			Name: "a_search_ignores_case_accents_and_the_order_of_words",
			Rule: "A search takes words in any order, and ignores case and diacritics.",
			Run: func(p *Product) {
				for _, search := range []string{"muller", "MÜLLER", "mu%CC%88ller", "m%C3%BCller+j%C3%BCrgen", "jur+mul"} {
					p.as("olga").Sees("/members?search="+search).Lists("items.user", "u3")
				}
				p.as("olga").Sees("/members?search=muller+zoe").Count(0)
			},
		},
		Case{
			Name: "one_name_has_one_form",
			Rule: "Names come in without the space around them and in one form, whichever way accents were typed.",
			Run: func(p *Product) {
				p.as("olga").May("PATCH /members/u1/profile", o{"name": "  Zoe\u0308 "})
				p.as("olga").Sees("/members/u1").Has("name", "Zoë")
				p.as("olga").May("PATCH /members/u1/profile", o{"name": "Zoë"}).Has("changed", false)
				p.as("olga").May("PATCH /members/olga/profile", o{"name": "Olga"})
				p.as("olga").MayNot("PATCH /members/olga/profile", "bad_name", o{"name": " \u200b "})
			},
		},
	)
	return append(cases, under(fixture{"github", []o{member("ada", "admin")}}, Case{
		Name: "names_of_teams_differ_in_more_than_case",
		Rule: "Two teams do not have names that differ in case or in space alone; diacritics tell names apart.",
		Run: func(p *Product) {
			p.system().May("POST /teams", o{"id": "t1", "name": "Resume"})
			p.system().MayNot("POST /teams", "team_name_taken", o{"id": "t2", "name": "resume"})
			p.system().MayNot("POST /teams", "team_name_taken", o{"id": "t2", "name": " RESUME "})
			p.system().May("POST /teams", o{"id": "t2", "name": "Résumé"})
			p.system().MayNot("PATCH /teams/t2", "team_name_taken", o{"name": "RESUME"})
		},
	})...)
}
