package conformance

import "strconv"

// githubFixture: Ada administers the organization, the others are members. Bob is in the team
// core, Cleo maintains it; Dan is in sub, below core; Eve is in no team. The project web
// has core assigned to write.
func githubFixture() fixture {
	given := []o{
		member("ada", "admin"), member("bob", "member"), member("cleo", "member"), member("dan", "member"), member("eve", "member"),
		project("web"), project("docs"),
	}
	given = append(given, team("core", "bob")...)
	given = append(given,
		o{"type": "add_team_member", "team": "core", "user": "cleo", "role": "maintainer"},
		o{"type": "create_team", "id": "sub", "name": "Sub", "parent": "core"},
		o{"type": "add_team_member", "team": "sub", "user": "dan"},
		assignment("core", "web", "write"),
	)
	return fixture{"github", given}
}

func github() []Case {
	return under(githubFixture(),
		Case{
			Name: "an_admin_of_the_organization_is_admin_on_every_project",
			Rule: "The organization role admin is admin on every project.",
			Run: func(p *Product) {
				for _, id := range []string{"web", "docs"} {
					p.isOn("ada", id, "admin")
					p.access("ada", id).Has("sources.0.kind", "organization", "sources.1", nil)
				}
				p.as("ada").Sees("/projects").Lists("items.id", "web", "docs")
				p.given(project("later"))
				p.isOn("ada", "later", "admin")
			},
		},
		Case{
			Name: "a_member_of_the_organization_has_no_project_by_that",
			Rule: "The organization role member reaches no project.",
			Run: func(p *Product) {
				p.isOff("eve", "web", "not_on_the_project")
				p.as("eve").SeesNo("/projects/web", "no_project")
				p.as("eve").Sees("/projects").Lists("items.id")
				p.as("bob").Sees("/projects").Lists("items.id", "web")
				p.as("eve").MayNot("POST /projects", "not_allowed", o{"id": "mine"})
			},
		},
		Case{
			Name: "roles_on_projects_rank_from_read_to_admin",
			Rule: "Project roles by rank: read, triage, write, maintain, admin.",
			Run: func(p *Product) {
				roles := []string{"read", "triage", "write", "maintain", "admin"}
				p.as("eve").Sees("").Has("scheme.project_roles", roles)
				p.given(projectMember("docs", "eve", "read"))
				p.given(team("crew", "eve")...)
				p.given(assignment("crew", "docs", "read"))
				for _, role := range roles[1:] {
					p.as("ada").May("PATCH /projects/docs/teams/crew", o{"role": role})
					p.isOn("eve", "docs", role) // the higher of two
				}
			},
		},
		Case{
			Name: "who_is_there_through_a_team_can_be_given_a_role_beside_it",
			Rule: "Who is on a project only through a team can be found and given a role of their own beside it; without it, the team's role counts again.",
			Run: func(p *Product) {
				p.given(projectMember("web", "eve", "admin"))
				found := p.as("eve").Sees("/projects/web/candidates").Lists("items.user", "bob", "cleo", "dan")
				found.Item("user", "dan").Has("access", "via Core of the case")
				p.as("eve").May("PATCH /projects/web/members/dan", o{"role": "maintain"})
				p.isOn("dan", "web", "maintain")
				p.as("eve").May("DELETE /projects/web/members/dan")
				p.isOn("dan", "web", "write")
			},
		},
		Case{
			Name: "a_change_of_role_does_not_move_the_date_joined",
			Rule: "The date joined the project stays when the role of the team changes there, and when a person's role in the team does.",
			Run: func(p *Product) {
				p.daysAgo(30, team("crew", "eve")...)
				p.daysAgo(20, assignment("crew", "docs", "read"))
				p.daysAgo(10, o{"type": "change_assignment", "team": "crew", "project": "docs", "role": "write"})
				p.daysAgo(9, o{"type": "change_team_member_role", "team": "crew", "user": "eve", "role": "maintainer"})
				p.as("ada").Sees("/projects/docs/members").Item("user", "eve").
					Has("role", "write", "joined_project_at", p.ago(20), "joined_organization_at", p.ago(100))
				p.access("eve", "docs").Has("sources.0.entered.since", p.ago(30))
			},
		},
		Case{
			Name: "each_role_on_a_project_adds_to_the_one_below",
			Rule: "Read reads; triage handles issues; write changes code; maintain maintains; admin has settings and access.",
			Run: func(p *Product) {
				for role, wanted := range map[string]levels{
					"read":     {"code": "view", "issues": "view", "maintenance": "none", "settings": "none", "members": "none"},
					"triage":   {"code": "view", "issues": "full", "maintenance": "none", "settings": "none", "members": "none"},
					"write":    {"code": "full", "issues": "full", "maintenance": "none", "settings": "none", "members": "view"},
					"maintain": {"code": "full", "issues": "full", "maintenance": "full", "settings": "none", "members": "view"},
					"admin":    {"code": "full", "issues": "full", "maintenance": "full", "settings": "full", "members": "full"},
				} {
					p.given(project("p-"+role), projectMember("p-"+role, "eve", role))
					p.isOn("eve", "p-"+role, role)
					p.holdsAll("eve", "p-"+role, wanted)
				}
			},
		},
		Case{
			Name: "only_an_admin_of_a_project_gives_access_to_it",
			Rule: "Access to a project is for its administrators to give.",
			Run: func(p *Product) {
				p.given(projectMember("web", "eve", "maintain"))
				p.as("eve").MayNot("POST /projects/web/members", "not_allowed", o{"user": "bob", "role": "read"})
				p.as("eve").MayNot("POST /projects/web/teams", "not_allowed", o{"team": "sub", "role": "read"})
				p.as("ada").May("PATCH /projects/web/members/eve", o{"role": "admin"})
				p.as("eve").May("POST /projects/web/members", o{"user": "bob", "role": "admin"})
				p.isOn("bob", "web", "admin")
			},
		},
		Case{
			Name: "a_child_team_inherits_what_its_parent_is_assigned_to",
			Rule: "Teams nest; a child inherits its parent's assignments.",
			Run: func(p *Product) {
				p.isOn("dan", "web", "write")
				p.access("dan", "web").Has("sources.0.kind", "team", "sources.0.team", "core", "sources.0.via", "sub")
				p.as("ada").May("PATCH /teams/sub", o{"parent": ""})
				p.isOff("dan", "web", "not_on_the_project")
				p.as("ada").May("PATCH /teams/sub", o{"parent": "core"})
				p.isOn("dan", "web", "write")
			},
		},
		Case{
			Name: "teams_nest_as_deep_as_the_scheme_says",
			Rule: "Teams nest at most 32 deep, or what teams.max_depth of the scheme says: a command that would make a deeper tree is refused.",
			Run: func(p *Product) {
				above := "sub" // at the second level
				for level := 3; level <= 32; level++ {
					above = p.as("ada").May("POST /teams", o{"name": "Level " + strconv.Itoa(level), "parent": above}).Text("id")
				}
				p.as("ada").MayNot("POST /teams", "team_too_deep", o{"name": "Deeper", "parent": above})
				p.given(team("crew", "eve")...)
				p.as("ada").MayNot("PATCH /teams/crew", "team_too_deep", o{"parent": above})
				p.as("ada").MayNot("PATCH /teams/core", "team_too_deep", o{"parent": "crew"})
				p.as("ada").May("PATCH /teams/sub", o{"parent": "crew"})
			},
		},
		Case{
			Name: "a_source_replaced_by_another_makes_a_notice_only_of_another_role",
			Rule: "If a command takes a source of somebody's role, and another source remains or the same command gives one, they get one notice if the role is another, from the former to the new one, and none if it is the same.",
			Run: func(p *Product) {
				p.given(
					o{"type": "unassign_team", "team": "core", "project": "web"},
					projectMember("web", "bob", "write"), projectMember("web", "cleo", "admin"), projectMember("web", "dan", "read"),
				)
				p.as("bob").Sees("/projects/web").Has("role", "write", "notices", nil)
				p.as("cleo").Sees("/projects/web").Has("notices.0.from", "write", "notices.0.to", "admin", "notices.1", nil)
				p.as("dan").Sees("/projects/web").Has("notices.0.from", "write", "notices.0.to", "read", "notices.1", nil)
				p.marksShown("cleo", p.as("cleo").Sees("/projects/web"))
				p.given(assignment("core", "web", "write"))
				p.as("ada").May("DELETE /projects/web/members/bob")
				p.as("ada").May("DELETE /projects/web/members/cleo")
				p.as("bob").Sees("/projects/web").Has("role", "write", "notices", nil)
				p.as("cleo").Sees("/projects/web").Has("notices.0.from", "admin", "notices.0.to", "write", "notices.1", nil)
			},
		},
		Case{
			Name: "moving_a_team_is_offered_where_another_could_stand_above_it",
			Rule: "Moving a team is among its available actions if it could stand below another team, or at the top level.",
			Run: func(p *Product) {
				offers(p.as("ada").Sees("/teams").Item("id", "sub"), "move_team", true)
				offers(p.as("ada").Sees("/teams/core"), "move_team", false) // the only other team is below it
				p.given(team("crew", "eve")...)
				offers(p.as("ada").Sees("/teams").Item("id", "core"), "move_team", true)
				offers(p.as("cleo").Sees("/teams/core"), "move_team", false)
			},
		},
		Case{
			Name: "a_parent_team_has_nothing_of_its_child",
			Rule: "A parent does not inherit the assignments of its child, and its members are not in the child.",
			Run: func(p *Product) {
				p.given(assignment("sub", "docs", "triage"))
				p.isOn("dan", "docs", "triage")
				p.isOff("bob", "docs", "not_on_the_project")
				p.isOff("cleo", "docs", "not_on_the_project")
				p.as("dan").Sees("/teams/sub/members").Lists("items.user", "dan")
				p.as("ada").MayNot("PATCH /teams/core", "team_cycle", o{"parent": "sub"})
			},
		},
		Case{
			Name: "a_maintainer_of_a_team_has_the_same_project_access_as_a_member",
			Rule: "Maintainer and member of a team have the same project access.",
			Run: func(p *Product) {
				wanted := levels{"code": "full", "issues": "full", "maintenance": "none", "settings": "none", "members": "view"}
				for _, user := range []string{"bob", "cleo"} {
					p.isOn(user, "web", "write")
					p.holdsAll(user, "web", wanted)
				}
				p.as("cleo").MayNot("POST /projects/web/members", "not_allowed", o{"user": "eve"})
				p.as("cleo").May("POST /teams/core/members", o{"user": "eve"})
				p.as("bob").MayNot("DELETE /teams/core/members/eve", "not_allowed")
				p.isOn("eve", "web", "write")
			},
		},
		Case{
			Name: "the_highest_of_several_roles_counts",
			Rule: "Who has a role of their own and one through a team has the higher of the two, and the other when that one goes.",
			Run: func(p *Product) {
				p.given(projectMember("web", "bob", "maintain"), projectMember("web", "dan", "read"))
				p.isOn("bob", "web", "maintain")
				p.isOn("dan", "web", "write")
				p.as("ada").May("DELETE /projects/web/teams/core")
				p.isOn("bob", "web", "maintain")
				p.isOn("dan", "web", "read")
				p.isOff("cleo", "web", "not_on_the_project")
			},
		},
		lastHolder("ada", "admin", "member"),
		inviteExpiry("member"),
		defaultRoles("docs", "member", "read"),
		creatorRole("ada", "admin"),
		whoMay(func(p *Product) {
			p.inOrganization("ada", levels{"settings": "full", "members": "full", "teams": "full", "projects": "full"})
			p.inOrganization("bob", levels{"settings": "none", "members": "view", "teams": "view", "projects": "none"})
			p.given(
				projectMember("web", "eve", "read"),
				o{"type": "invite_member", "id": "i1", "email": "new@example.org"},
				o{"type": "create_team", "id": "leaf", "name": "Leaf", "privacy": "secret"},
				o{"type": "add_team_member", "team": "leaf", "user": "cleo", "role": "maintainer"},
			)
			p.only("ada").
				may("PATCH ", o{"name": "New"}).may("POST /archive").may("POST /restore").may("DELETE ").
				may("POST /transfer-ownership", o{"to": "bob"}).may("POST /scheme", o{"scheme": "github"}).
				may("POST /invites", o{"email": "newer@example.org"}).may("DELETE /invites/i1").
				may("PATCH /members/eve", o{"role": "member"}).may("PATCH /members/eve/end", o{"until": p.ago(-9)}).
				may("POST /members/eve/deactivate").may("POST /members/eve/reactivate").
				may("POST /members/bob/attest").may("POST /projects/web/members/bob/attest").
				may("POST /projects", o{"id": "new"}).may("PATCH /projects/web", o{"name": "New"}).
				may("POST /projects/web/archive").may("POST /projects/web/restore").may("DELETE /projects/web").
				may("POST /projects/web/members", o{"user": "bob"}).may("PATCH /projects/web/members/eve", o{"role": "triage"}).
				may("PATCH /projects/web/members/eve/end", o{"until": p.ago(-9)}).
				may("POST /teams", o{"name": "New"}).may("PATCH /teams/core", o{"parent": ""}).may("DELETE /teams/sub").
				may("POST /projects/docs/teams", o{"team": "core"}).may("PATCH /projects/web/teams/core", o{"role": "triage"}).
				may("PATCH /projects/web/teams/core/end", o{"until": p.ago(-9)}).may("DELETE /projects/web/teams/core").
				see("/invites").see("/reports/projects-per-member").see("/events")
			p.only("ada", "eve").may("DELETE /members/eve").may("DELETE /projects/web/members/eve")
			p.only("ada", "cleo").
				may("PATCH /teams/core", o{"name": "New"}).may("PATCH /teams/core", o{"description": "New"}).
				may("PATCH /teams/core/colour", o{"colour": "#1a2b3c"}).may("DELETE /teams/leaf").see("/teams/leaf").
				may("POST /teams/core/members", o{"user": "eve"}).may("PATCH /teams/core/members/bob", o{"role": "maintainer"})
			p.only("ada", "cleo", "bob").may("DELETE /teams/core/members/bob")
			p.only("ada", "bob", "cleo", "dan").see("/projects/web/members").see("/projects/web/access/bob").see("/projects/web/access/ada")
			p.only(p.users...).see("/members").see("/teams/core")
			p.only().may("POST /members", o{"user": "new"}).may("PATCH /seats", o{"seats": 9}).
				may("PATCH /roles/project/read/label", o{"label": "New"})
		}),
	)
}
