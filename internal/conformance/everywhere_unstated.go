package conformance

import "slices"

// unstatedRules are promises about what the rules of a scheme do not mention.
func unstatedRules() []Case {
	return slices.Concat(
		under(ownerMemberFixture(),
			Case{
				Name: "a_dry_run_tells_who_would_gain_or_lose_and_does_nothing",
				Rule: "Any command can be asked beforehand who would gain, lose or change what; that commits nothing.",
				Run: func(p *Product) {
					p.as("pia").May("POST /projects/site/members?dry_run=true", o{"user": "una"}).
						Has("changed", false, "dry_run.events.0.type", "project_membership.added.v1").
						Part("dry_run.changes").Item("user", "una").Has("effect", "gains", "project", "site", "from", nil, "to", "member")
					p.isOff("una", "site", "not_on_the_project")
					p.as("pia").May("PATCH /projects/site/members/max?dry_run=true", o{"role": "owner"}).
						Part("dry_run.changes").Item("user", "max").Has("effect", "changes", "from", "member", "to", "owner")
					p.isOn("max", "site", "member")
					p.as("pia").May("DELETE /projects/site/members/max?dry_run=true").Part("dry_run.changes").Item("user", "max").Has("effect", "loses")
					p.isOn("max", "site", "member")
					p.as("pia").MayNot("DELETE /projects/site/members/pia?dry_run=true", "last_holder")
					p.as("max").MayNot("DELETE /projects/site?dry_run=true", "not_allowed")
				},
			},
		),
		under(agencyFixture(),
			Case{
				Name: "ownership_passes_on_and_only_by_its_holder",
				Rule: "Nobody's protection is lowered silently: the workspace owner's role passes on by the owner alone.",
				Run: func(p *Product) {
					p.as("ann").MayNot("POST /transfer-ownership", "not_allowed", o{"to": "ann"})
					p.as("olga").MayNot("POST /transfer-ownership", "protected", o{"to": "ann", "role": "owner"})
					p.as("olga").May("POST /transfer-ownership", o{"to": "ann", "role": "manager"})
					p.as("ann").Sees("").Has("role", "owner")
					p.as("olga").Sees("").Has("role", "manager")
					p.isOn("ann", "shop", "agency_owner")
					p.isOff("olga", "shop", "not_on_the_project")
					p.as("ann").MayNot("DELETE /members/ann", "protected")
				},
			},
		),
		under(campaignFixture(),
			Case{
				Name: "an_archived_organization_is_read_only",
				Rule: "An archived organization is read only; who archived it can restore it.",
				Run: func(p *Product) {
					p.as("sue").MayNot("POST /archive", "not_allowed")
					p.as("ada").May("POST /archive")
					p.as("ada").Sees("").Has("archived", true)
					p.as("ada").MayNot("POST /projects", "organization_archived", o{"id": "spring"})
					p.holds("pam", "autumn", levels{"build": "off", "settings": "view"})
					p.as("ada").May("POST /restore")
					p.holds("pam", "autumn", levels{"build": "on", "settings": "full"})
					p.as("ada").May("POST /projects", o{"id": "spring"})
				},
			},
			Case{
				Name: "a_deleted_project_takes_everything_on_it_along",
				Rule: "The deletion of a project ends every access to it; another one with the same id begins anew.",
				Run: func(p *Product) {
					p.as("vic").MayNot("DELETE /projects/autumn", "not_allowed")
					p.as("pam").May("DELETE /projects/autumn")
					for _, user := range []string{"ada", "pam", "vic"} {
						p.as(user).SeesNo("/projects/autumn", "no_project")
						p.access(user, "autumn").Has("reason", "no_such_project")
					}
					p.given(project("autumn"))
					p.isOff("pam", "autumn", "not_on_the_project")
					p.isOff("vic", "autumn", "not_on_the_project")
				},
			},
		),
	)
}
