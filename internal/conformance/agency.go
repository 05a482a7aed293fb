package conformance

import "slices"

// agencyFixture: Olga owns the workspace, Ann is an agency owner, Mia a manager, Dan and Dora
// are developers, Cleo and Carl clients. On the project site are Ann, Mia, Dan and Cleo;
// the team crew, which nobody has put there yet, is Dora and Carl.
func agencyFixture() fixture {
	given := []o{
		member("olga", "owner"), member("ann", "agency_owner"), member("mia", "manager"),
		member("dan", "developer"), member("dora", "developer"), member("cleo", "client"), member("carl", "client"),
		project("site"), project("shop"),
		projectMember("site", "ann", ""), projectMember("site", "mia", ""), projectMember("site", "dan", ""), projectMember("site", "cleo", ""),
	}
	return fixture{"agency", append(given, team("crew", "dora", "carl")...)}
}

func agency() []Case {
	return under(agencyFixture(), slices.Concat(agencyRoles(), agencyMembers(), agencyProtection(), agencyTeams(), agencyTeamAccess(), []Case{
		inviteExpiry("client"),
		creatorRole("ann", "agency_owner"),
		whoMay(func(p *Product) {
			p.inOrganization("olga", levels{"settings": "full", "members": "full", "teams": "full", "projects": "on"})
			p.inOrganization("ann", levels{"settings": "none", "members": "full", "teams": "full", "projects": "on"})
			p.inOrganization("mia", levels{"settings": "none", "members": "view", "teams": "view", "projects": "off"})
			p.inOrganization("dan", levels{"settings": "none", "members": "none", "teams": "none", "projects": "off"})
			p.inOrganization("cleo", levels{"settings": "none", "members": "none", "teams": "none", "projects": "off"})
			p.given(
				o{"type": "invite_member", "id": "i1", "email": "new@example.org"},
				o{"type": "create_team", "id": "web", "name": "Web", "privacy": "secret"}, assignment("crew", "site", ""),
			)
			p.only("olga").
				may("PATCH ", o{"name": "New"}).may("POST /archive").may("POST /restore").may("DELETE ").
				may("POST /transfer-ownership", o{"to": "ann"}).may("POST /scheme", o{"scheme": "agency"}).see("/events")
			p.only("olga", "ann").
				may("POST /invites", o{"email": "newer@example.org"}).may("DELETE /invites/i1").see("/invites").
				may("PATCH /members/dan", o{"role": "client"}).may("PATCH /members/dan/end", o{"until": p.ago(-9)}).
				may("POST /members/dan/deactivate").may("POST /members/dan/reactivate").may("POST /members/dan/attest").
				may("POST /projects", o{"id": "new"}).may("PATCH /projects/site", o{"name": "New"}).
				may("POST /projects/site/archive").may("POST /projects/site/restore").may("DELETE /projects/site").
				may("PATCH /projects/site/members/dan/end", o{"until": p.ago(-9)}).may("POST /projects/site/members/dan/attest").
				may("PATCH /projects/site/members/dan/overrides/work", o{"level": "off"}).
				may("DELETE /projects/site/members/dan/overrides/work").
				may("POST /projects/site/teams", o{"team": "web"}).may("DELETE /projects/site/teams/crew").
				may("PATCH /projects/site/teams/crew/end", o{"until": p.ago(-9)}).
				may("POST /teams", o{"name": "New"}).may("PATCH /teams/crew", o{"name": "New"}).
				may("PATCH /teams/crew", o{"description": "New"}).may("PATCH /teams/crew/colour", o{"colour": "#1a2b3c"}).
				may("DELETE /teams/crew").may("POST /teams/crew/members", o{"user": "dan"}).
				see("/teams/web").see("/reports/projects-per-member")
			p.only("olga", "ann", "dan").may("DELETE /members/dan").may("DELETE /projects/site/members/dan")
			p.only("olga", "ann", "carl").may("DELETE /teams/crew/members/carl")
			p.only("olga", "ann", "mia").
				may("POST /projects/site/members", o{"user": "dora"}).may("PATCH /projects/site/members/dan", o{"role": "client"}).
				see("/members").see("/projects/site/members").see("/projects/site/access/olga")
			p.only("olga", "ann", "mia", "dora", "carl").see("/teams/crew")
			p.only("olga", "ann", "mia").see("/teams/crew/members")
			p.only().may("POST /members", o{"user": "new"}).may("PATCH /seats", o{"seats": 9}).
				may("PATCH /roles/project/client/label", o{"label": "New"})
		}),
	})...)
}
