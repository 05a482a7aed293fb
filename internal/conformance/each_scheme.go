package conformance

import "fmt"

// The promises below are made by every scheme, for roles and people of its own.

// whoMay promises that every command and view is for those whom the scheme names, also
// where the rules of the product do not mention it.
func whoMay(run func(*Product)) Case {
	return Case{
		Name: "each_command_and_view_is_for_those_whom_the_scheme_names",
		Rule: "Every command and every view is for those whom the scheme names, and for nobody else.",
		Run:  run,
	}
}

// lastHolder promises that the last holder of a role stays.
func lastHolder(user, role, other string) Case {
	return Case{
		Name: "the_last_" + role + "_of_the_organization_stays",
		Rule: "Refuse what would lock people out: the last " + role + " of the organization stays.",
		Run: func(p *Product) {
			p.as(user).MayNot("DELETE /members/"+user, "last_holder")
			p.as(user).MayNot("PATCH /members/"+user, "last_holder", o{"role": other})
			p.as(user).MayNot("POST /members/"+user+"/deactivate", "last_holder")
			p.as(user).MayNot("PATCH /members/"+user+"/end", "last_holder", o{"until": p.ago(-1)})
			next := member("next", role)
			next["from"] = p.ago(-1)
			p.given(next)
			p.as(user).MayNot("DELETE /members/"+user, "last_holder") // who starts later is none
			p.given(member("heir", role))
			p.as(user).May("PATCH /members/"+user, o{"role": other})
			p.as("heir").MayNot("DELETE /members/heir", "last_holder")
		},
	}
}

// defaultRoles promises which roles people get where none is stated.
func defaultRoles(project, role, roleThere string) Case {
	return Case{
		Name: "without_a_stated_role_one_gets_the_one_with_least_access",
		Rule: "Without a stated role one joins the organization as " + role + ", and a project as " + roleThere + ".",
		Run: func(p *Product) {
			p.given(
				o{"type": "invite_member", "id": "i1", "email": "new@example.org", "projects": []o{{"project": project}}},
				o{"type": "accept_invite", "invite": "i1", "user": "new"},
			)
			p.as("new").Sees("").Has("role", role)
			p.isOn("new", project, roleThere)
		},
	}
}

// creatorRole promises which role somebody has on a project that they create.
func creatorRole(user, role string) Case {
	return Case{
		Name: "who_creates_a_project_has_a_role_there",
		Rule: "Who creates a project is " + role + " there.",
		Run: func(p *Product) {
			p.as(user).May("POST /projects", o{"id": "new"})
			p.isOn(user, "new", role)
			p.access(user, "new").Part("sources").Item("kind", "creator").Has("role", role)
		},
	}
}

// inviteExpiry promises how long an invitation can be accepted.
func inviteExpiry(role string) Case {
	const days = 7
	return Case{
		Name: "an_invitation_expires",
		Rule: fmt.Sprintf("An invitation is good for %d days.", days),
		Run: func(p *Product) {
			p.daysAgo(days+1, o{"type": "invite_member", "id": "late", "email": "late@example.org", "role": role})
			p.daysAgo(days-1, o{"type": "invite_member", "id": "timely", "email": "timely@example.org", "role": role})
			p.system().MayNot("POST /invites/late/accept", "invite_expired", o{"user": "late"})
			p.as("late").SeesNo("", "no_organization")
			p.system().May("POST /invites/timely/accept", o{"user": "timely"})
			p.as("timely").Sees("").Has("role", role)
		},
	}
}
