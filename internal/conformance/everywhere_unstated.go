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
					p.as("pia").may("POST /projects/site/members?dry_run=true", o{"user": "una"}).
						has("changed", false, "dry_run.events.0.type", "project_membership.added.v1").
						part("dry_run.changes").item("user", "una").has("effect", "gains", "project", "site", "from", nil, "to", "member")
					p.isOff("una", "site", "not_on_the_project")
					p.as("pia").may("PATCH /projects/site/members/max?dry_run=true", o{"role": "owner"}).
						part("dry_run.changes").item("user", "max").has("effect", "changes", "from", "member", "to", "owner")
					p.isOn("max", "site", "member")
					p.as("pia").may("DELETE /projects/site/members/max?dry_run=true").part("dry_run.changes").item("user", "max").has("effect", "loses")
					p.isOn("max", "site", "member")
					p.as("pia").mayNot("DELETE /projects/site/members/pia?dry_run=true", "last_holder")
					p.as("max").mayNot("DELETE /projects/site?dry_run=true", "not_allowed")
				},
			},
		),
		under(agencyFixture(),
			Case{
				Name: "ownership_passes_on_and_only_by_its_holder",
				Rule: "Nobody's protection is lowered silently: the workspace owner's role passes on by the owner alone.",
				Run: func(p *Product) {
					p.as("ann").mayNot("POST /transfer-ownership", "not_allowed", o{"to": "ann"})
					p.as("olga").mayNot("POST /transfer-ownership", "protected", o{"to": "ann", "role": "owner"})
					p.as("olga").may("POST /transfer-ownership", o{"to": "ann", "role": "manager"})
					p.as("ann").sees("").has("role", "owner")
					p.as("olga").sees("").has("role", "manager")
					p.isOn("ann", "shop", "agency_owner")
					p.isOff("olga", "shop", "not_on_the_project")
					p.as("ann").mayNot("DELETE /members/ann", "protected")
				},
			},
		),
		under(campaignFixture(),
			Case{
				Name: "an_archived_organization_is_read_only",
				Rule: "An archived organization is read only; who archived it can restore it.",
				Run: func(p *Product) {
					p.as("sue").mayNot("POST /archive", "not_allowed")
					p.as("ada").may("POST /archive")
					p.as("ada").sees("").has("archived", true)
					p.as("ada").mayNot("POST /projects", "organization_archived", o{"id": "spring"})
					p.holds("pam", "autumn", levels{"build": "off", "settings": "view"})
					p.as("ada").may("POST /restore")
					p.holds("pam", "autumn", levels{"build": "on", "settings": "full"})
					p.as("ada").may("POST /projects", o{"id": "spring"})
				},
			},
			Case{
				Name: "a_deleted_project_takes_everything_on_it_along",
				Rule: "The deletion of a project ends every access to it; another one with the same id begins anew.",
				Run: func(p *Product) {
					p.as("vic").mayNot("DELETE /projects/autumn", "not_allowed")
					p.as("pam").may("DELETE /projects/autumn")
					for _, user := range []string{"ada", "pam", "vic"} {
						p.as(user).seesNo("/projects/autumn", "no_project")
						p.access(user, "autumn").has("reason", "no_such_project")
					}
					p.given(project("autumn"))
					p.isOff("pam", "autumn", "not_on_the_project")
					p.isOff("vic", "autumn", "not_on_the_project")
				},
			},
		),
	)
}
