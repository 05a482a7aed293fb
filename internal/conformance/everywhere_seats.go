package conformance

import "strconv"

// seatRules are the promises about seats. Ada administers an organization in which invitations hold a
// seat, with Mel, Nia and Vin.
func seatRules() []Case {
	return under(fixture{"scoped", []o{member("ada", "admin"), member("mel", "member"), member("nia", "member"), member("vin", "member")}},
		Case{
			Name: "every_seat_in_use_has_a_holder_who_is_named",
			Rule: "A report names every holder of a seat and why: members who are neither deactivated nor past their end, and pending invitations, with their address, where the scheme gives them one.",
			Run: func(p *Product) {
				p.daysAgo(12, o{"type": "invite_member", "id": "late", "email": "late@example.org"})
				p.given(
					o{"type": "invite_member", "id": "timely", "email": "timely@example.org"},
					o{"type": "deactivate_member", "user": "vin"},
				)
				holders := p.as("ada").Sees("/reports/seats")
				holders.Lists("items.holder", "member", "member", "member", "invite")
				holders.Item("user", "mel").Has("name", displayName("mel"), "email", "mel@example.org", "role", "member", "since", p.ago(100))
				holders.Item("user", "ada")
				holders.Item("user", "nia")
				holders.Item("invite", "timely").Has("email", "timely@example.org", "role", "member")
				p.as("ada").Sees("").Has("seats.taken", 4)
				p.as("mel").MayNot("GET /reports/seats", "not_allowed")
			},
		},
		Case{
			Name: "the_limit_does_not_fall_below_the_seats_in_use",
			Rule: "The number of seats is not lowered below those in use; the refusal says how many are in use. When only new ones are to be blocked, it is: nobody loses a seat, and none is given until there is room.",
			Run: func(p *Product) {
				p.given(o{"type": "invite_member", "id": "i", "email": "ivy@example.org"})
				p.system().MayNot("PATCH /seats", "seats_in_use", o{"seats": 4}).Says("detail", "in use: 5", "would be 4")
				p.system().May("PATCH /seats", o{"seats": 5})
				p.system().May("PATCH /seats", o{"seats": 3, "block_new": true})
				p.as("ada").Sees("").Has("seats.limit", 3, "seats.taken", 5, "seats.free", 0)
				p.as("ada").Sees("/members").Lists("items.user", "ada", "mel", "nia", "vin")
				p.as("ada").MayNot("POST /invites", "no_free_seat", o{"email": "jon@example.org"}).Says("detail", "free: 0", "asked for: 1")
				p.as("ada").May("DELETE /invites/i")
				p.as("ada").May("DELETE /members/vin")
				p.system().MayNot("POST /members", "no_free_seat", o{"user": "kim"})
				p.system().May("PATCH /seats", o{"seats": 4})
				p.system().May("POST /members", o{"user": "kim"})
			},
		},
		Case{
			Name: "a_scheme_has_a_seat_for_everybody",
			Rule: "Another scheme with fewer seats than would be in use is refused, unless only new ones are to be blocked.",
			Run: func(p *Product) {
				p.system().May("POST /scheme", o{"scheme": "github"})
				crowd := make([]o, 22)
				for i := range crowd {
					crowd[i] = o{"type": "add_member", "user": "user" + strconv.Itoa(i)}
				}
				p.given(crowd...)
				p.system().MayNot("POST /scheme", "seats_in_use", o{"scheme": "scoped"}).Says("detail", "in use: 26", "would be 25")
				p.system().May("POST /scheme", o{"scheme": "scoped", "block_new": true})
				p.as("ada").Sees("").Has("seats.limit", 25, "seats.taken", 26, "seats.free", 0)
			},
		},
		Case{
			Name: "whatever_takes_a_seat_says_how_many_are_free",
			Rule: "Adding, inviting, accepting, reactivating and putting off an end that has passed take a seat. Where too few are free, the refusal says how many are free and how many were asked for.",
			Run: func(p *Product) {
				p.daysAgo(9, o{"type": "add_member", "user": "old", "role": "member", "until": p.ago(2)})
				p.given(
					o{"type": "invite_member", "id": "i", "email": "ivy@example.org"},
					o{"type": "deactivate_member", "user": "vin"},
					o{"type": "change_seats", "seats": 3, "block_new": true},
				)
				for what, body := range map[string]o{
					"POST /members":                {"user": "kim"},
					"POST /invites":                {"email": "kim@example.org"},
					"POST /invites/i/accept":       {"user": "ivy"},
					"POST /members/vin/reactivate": nil,
					"PATCH /members/old/end":       {"until": p.ago(-1)},
				} {
					sent := []any{body}
					if body == nil {
						sent = nil
					}
					p.system().MayNot(what, "no_free_seat", sent...).Says("detail", "free: 0", "asked for: 1")
				}
				p.system().MayNot("POST /invites/bulk", "no_free_seat", inviteList(nil, "kim@example.org", "lea@example.org")).Says("detail", "free: 0", "asked for: 2")
				p.system().MayNot("POST /commands", "no_free_seat", o{"commands": []o{{"type": "remove_member", "user": "nia"}, {"type": "add_member", "user": "kim"}, {"type": "add_member", "user": "lea"}}}).
					Says("errors.0.detail", "free: 0", "asked for: 2")
			},
		},
	)
}
