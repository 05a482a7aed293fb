package conformance

// profiles are promises about what is known about people.
func profiles() []Case {
	return under(agencyFixture(),
		Case{
			Name: "people_change_their_own_profile",
			Rule: "Everybody changes their own name, login, address, avatar, external id and metadata; only what is sent changes, and null removes.",
			Run: func(p *Product) {
				p.as("dora").May("PATCH /members/dora/profile", o{
					"name": "Dora", "login": "Dory", "email": "dory@example.org", "avatar": "https://example.org/d.png",
					"external_id": "4711", "metadata": o{"desk": "12", "floor": "3"},
				})
				p.as("dora").May("PATCH /members/dora/profile", o{"avatar": nil, "metadata": o{"desk": nil}})
				p.as("dora").Sees("/me").Has("name", "Dora", "login", "Dory", "email", "dory@example.org", "avatar", nil, "external_id", "4711", "metadata", o{"floor": "3"})
				p.as("dora").May("PATCH /members/dora/profile", o{"name": "Dora"}).Has("changed", false)
			},
		},
		Case{
			Name: "who_manages_people_changes_profiles",
			Rule: "Who manages people changes the profile of those whose role they may take, and of nobody who is protected.",
			Run: func(p *Product) {
				p.as("ann").May("PATCH /members/dora/profile", o{"name": "Dora"})
				p.as("ann").MayNot("PATCH /members/olga/profile", "protected", o{"name": "Olga"})
				p.as("dan").MayNot("PATCH /members/dora/profile", "not_allowed", o{"name": "Dora"})
			},
		},
		Case{
			Name: "an_address_and_an_external_id_belong_to_one_member",
			Rule: "An address, and an external id, belongs to one member; who may revoke the invitation to an address settles it by setting that address, and nobody else can take it.",
			Run: func(p *Product) {
				p.as("dora").May("PATCH /members/dora/profile", o{"email": "dory@example.org", "external_id": "4711"})
				p.as("ann").MayNot("PATCH /members/dan/profile", "address_taken", o{"email": "Dory@example.org"})
				p.as("ann").MayNot("PATCH /members/dan/profile", "external_id_taken", o{"external_id": "4711"})
				p.as("ann").May("POST /invites", o{"email": "new@example.org", "role": "client"})
				p.as("dora").MayNot("PATCH /members/dora/profile", "already_invited", o{"email": "new@example.org"})
				p.as("ann").May("PATCH /members/dora/profile", o{"email": "new@example.org"})
				p.as("ann").Sees("/invites").Count(0)
			},
		},
		Case{
			Name: "adding_somebody_again_drops_nothing",
			Rule: "Adding a member again with other data is refused and says what differs, or updates the profile when asked; nothing is dropped.",
			Run: func(p *Product) {
				kim := o{"user": "kim", "role": "client", "name": "Kim", "email": "kim@example.org"}
				p.system().May("POST /members", kim)
				p.system().May("POST /members", kim).Has("changed", false)
				p.system().MayNot("POST /members", "already_member", o{"user": "kim", "role": "client", "name": "Kai"})
				p.system().MayNot("POST /members", "already_member", o{"user": "kim", "role": "client", "email": "kai@example.org"})
				p.system().May("POST /members?on_conflict=update", o{"user": "kim", "name": "Kai"}).Has("changed", true)
				p.as("kim").Sees("/me").Has("name", "Kai", "email", "kim@example.org", "role", "client")
			},
		},
	)
}
