package domain_test

import (
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

func declaredMembers(of ...string) []domain.DeclaredMember {
	all := []domain.DeclaredMember{}
	for i := 0; i < len(of); i += 2 {
		all = append(all, domain.DeclaredMember{Member: events.UserID(of[i]), Role: events.RoleKey(of[i+1])})
	}
	return all
}

func declaredTeam(id, parent string, previously ...string) domain.DeclaredTeam {
	return domain.DeclaredTeam{Team: events.TeamID(id), Name: id, Parent: parent, Previously: previously}
}

func TestDeclaration(t *testing.T) {
	t.Parallel()
	people := given(hub, joined("ada", "admin"), joined("bob", "member"), joined("cleo", "member"))
	nested := so(people, team("core", ""), team("docs", "core"), created("apollo"))
	staffed := so(nested, entered("core", "bob", "member"), assigned("core", "apollo", "write"), granted("apollo", "bob", "read"))
	teams := func(all ...domain.DeclaredTeam) domain.Declaration { return domain.Declaration{Teams: all} }
	full, yes, no := "Keeps the engine running.", true, false
	checkRules(t, []rule{
		{name: "that says nothing changes nothing", given: staffed, when: domain.Declaration{}},
		{name: "of the present members changes nothing", given: people, when: domain.Declaration{Members: declaredMembers("cleo", "member", "ada", "admin", "bob", "")}},
		{
			name: "adds and removes members", given: people, when: domain.Declaration{Members: declaredMembers("ada", "admin", "dan", "member", "bob", "member")},
			then: then(joined("dan", "member"), events.MemberRemoved{Member: "cleo"}),
		},
		{
			name: "replaces the last admin", given: people, when: domain.Declaration{Members: declaredMembers("ada", "member", "bob", "admin", "cleo", "member")}, by: "ada",
			then: then(events.RoleChanged{Member: "bob", From: "member", To: "admin"}, events.RoleChanged{Member: "ada", From: "admin", To: "member"}),
		},
		{name: "cannot leave no admin", given: people, when: domain.Declaration{Members: declaredMembers("bob", "member")}, err: domain.ErrLastHolder},
		{
			name: "takes the rights of who makes it last", given: people, when: domain.Declaration{Members: declaredMembers("bob", "admin")}, by: "ada",
			then: then(events.RoleChanged{Member: "bob", From: "member", To: "admin"}, events.MemberRemoved{Member: "cleo"}, events.MemberRemoved{Member: "ada"}),
		},
		{name: "asks for no right to what is so already", given: people, when: domain.Declaration{Name: "Acme", Members: declaredMembers("ada", "admin", "bob", "member", "cleo", "member")}, by: "bob"},
		{name: "asks for the rights of each change", given: people, when: domain.Declaration{Members: declaredMembers("ada", "admin", "bob", "admin", "cleo", "member")}, by: "cleo", err: domain.ErrNotAllowed},
		{name: "is for members", given: people, when: domain.Declaration{}, by: "eve", err: domain.ErrNoOrganization},
		{name: "names a role that there is", given: people, when: domain.Declaration{Members: declaredMembers("ada", "king")}, err: domain.ErrUnknownRole},
		{name: "names each member once", given: people, when: domain.Declaration{Members: declaredMembers("ada", "admin", "ada", "member")}, err: domain.ErrDeclaredTwice},
		{name: "for another scheme is refused", given: people, when: domain.Declaration{Scheme: "agency"}, err: domain.ErrOtherScheme},
		{name: "for this scheme is not", given: people, when: domain.Declaration{Scheme: "github"}},
		{name: "renames the organization", given: people, when: domain.Declaration{Name: "Ours"}, then: then(events.OrganizationRenamed{From: "Acme", To: "Ours"})},
		{
			name: "suspends", given: people, when: domain.Declaration{Members: []domain.DeclaredMember{{Member: "ada", Role: "admin"}, {Member: "bob", Deactivated: &yes}, {Member: "cleo", Deactivated: &no}}},
			then: then(events.MemberDeactivated{Member: "bob"}),
		},
		{
			name: "sets ends", given: people, when: domain.Declaration{Members: []domain.DeclaredMember{{Member: "ada", Role: "admin"}, {Member: "bob", Until: &soon}, {Member: "cleo"}}},
			then: then(events.MemberEndChanged{Member: "bob", To: soon}),
		},
		{
			name: "that is partial leaves ends", given: so(people, events.MemberEndChanged{Member: "bob", To: soon}), when: domain.Declaration{Partial: true, Members: declaredMembers("ada", "admin", "bob", "member", "cleo", "member")},
		},
		{
			name: "that is complete ends ends", given: so(people, events.MemberEndChanged{Member: "bob", To: soon}), when: domain.Declaration{Members: declaredMembers("ada", "admin", "bob", "member", "cleo", "member")},
			then: then(events.MemberEndChanged{Member: "bob", From: soon}),
		},
		{
			name: "does not see who has left", given: so(people, events.MemberEndChanged{Member: "bob", To: past}), when: domain.Declaration{Members: declaredMembers("ada", "admin", "cleo", "member")},
		},
		{
			name: "takes back who has left", given: so(people, events.MemberEndChanged{Member: "bob", To: past}), when: domain.Declaration{Members: declaredMembers("ada", "admin", "bob", "admin", "cleo", "member")},
			then: then(events.MemberEndChanged{Member: "bob", From: past}, events.RoleChanged{Member: "bob", From: "member", To: "admin"}),
		},

		{name: "of the present teams changes nothing", given: nested, when: teams(declaredTeam("docs", "core"), declaredTeam("core", ""))},
		{
			name: "creates teams below others, whatever their order", given: people, when: teams(declaredTeam("docs", "core"), declaredTeam("core", "")),
			then: then(team("core", ""), team("docs", "core")),
		},
		{
			name: "removes teams from below", given: nested, when: domain.Declaration{Teams: []domain.DeclaredTeam{}},
			then: then(events.TeamRemoved{Team: "docs"}, events.TeamRemoved{Team: "core"}),
		},
		{
			name: "turns a tree upside down", given: nested, when: teams(declaredTeam("docs", ""), declaredTeam("core", "docs")),
			then: then(events.TeamMoved{Team: "docs", From: "core"}, events.TeamMoved{Team: "core", To: "docs"}),
		},
		{
			name: "keeps a team whose parent goes", given: nested, when: teams(declaredTeam("docs", "")),
			then: then(events.TeamMoved{Team: "docs", From: "core"}, events.TeamRemoved{Team: "core"}),
		},
		{
			name: "renames a team", given: nested, when: teams(declaredTeam("engine", "", "kern", "Core"), declaredTeam("docs", "engine")),
			then: then(events.TeamRenamed{Team: "core", From: "core", To: "engine"}),
		},
		{name: "renames no team once the new name is there", given: nested, when: teams(declaredTeam("core", "", "kern"), declaredTeam("docs", "core"))},
		{
			name: "spells the name of a team anew", given: nested, when: teams(domain.DeclaredTeam{Team: "x", Name: "Core"}, declaredTeam("docs", "core")),
			then: then(events.TeamRenamed{Team: "core", From: "core", To: "Core"}),
		},
		{name: "names each team once, whatever the case", given: people, when: teams(declaredTeam("core", ""), declaredTeam("Core", "")), err: domain.ErrDeclaredTwice},
		{name: "uses no former name again", given: people, when: teams(declaredTeam("core", ""), declaredTeam("docs", "", "core")), err: domain.ErrDeclaredTwice},
		{name: "names the team above", given: people, when: teams(declaredTeam("docs", "core")), err: domain.ErrNoTeam},
		{name: "puts no team below itself", given: people, when: teams(declaredTeam("core", "docs"), declaredTeam("docs", "core")), err: domain.ErrNoTeam},
		{name: "has a name for each team", given: people, when: teams(declaredTeam("", "")), err: domain.ErrBadName},
		{
			name: "describes a team", given: nested, when: teams(domain.DeclaredTeam{Name: "core", Description: &full}, declaredTeam("docs", "core")),
			then: then(events.TeamDescribed{Team: "core", Description: full}),
		},
		{
			name: "fills a team", given: nested, when: teams(domain.DeclaredTeam{Name: "core", Members: []domain.DeclaredTeamMember{{"bob", "maintainer"}, {"cleo", ""}}}, declaredTeam("docs", "core")),
			then: then(entered("core", "bob", "maintainer"), entered("core", "cleo", "member")),
		},
		{
			name: "empties a team", given: staffed, when: teams(domain.DeclaredTeam{Name: "core", Members: []domain.DeclaredTeamMember{}}, declaredTeam("docs", "core")),
			then: then(events.TeamMemberRemoved{Team: "core", Member: "bob"}),
		},
		{name: "puts no stranger into a team", given: nested, when: teams(domain.DeclaredTeam{Name: "core", Members: []domain.DeclaredTeamMember{{"eve", ""}}}, declaredTeam("docs", "core")), err: domain.ErrNotInOrganization},
		{
			name: "puts nobody into a team who leaves", given: nested, err: domain.ErrNotInOrganization,
			when: domain.Declaration{Members: declaredMembers("ada", "admin"), Teams: []domain.DeclaredTeam{{Name: "core", Members: []domain.DeclaredTeamMember{{"bob", ""}}}, declaredTeam("docs", "core")}},
		},
		{
			name: "changes assignments", given: staffed, when: teams(domain.DeclaredTeam{Name: "core", Projects: []domain.DeclaredAssignment{{Project: "apollo", Role: "read"}}}, declaredTeam("docs", "core")),
			then: then(events.AssignmentChanged{Team: "core", Project: "apollo", From: "write", To: "read"}),
		},
		{
			name: "ends assignments", given: staffed, when: teams(domain.DeclaredTeam{Name: "core", Projects: []domain.DeclaredAssignment{}}, declaredTeam("docs", "core")),
			then: then(events.TeamUnassigned{Team: "core", Project: "apollo"}),
		},
		{name: "assigns to no project that there is not", given: nested, when: teams(domain.DeclaredTeam{Name: "core", Projects: []domain.DeclaredAssignment{{Project: "gemini", Role: "read"}}}, declaredTeam("docs", "core")), err: domain.ErrNoProject},
		{
			name: "that is partial creates the projects of assignments", given: nested,
			when: domain.Declaration{Partial: true, Teams: []domain.DeclaredTeam{{Name: "core", Projects: []domain.DeclaredAssignment{{Project: "gemini", Role: "read"}}}, declaredTeam("docs", "core")}},
			then: then(created("gemini"), assigned("core", "gemini", "read")),
		},

		{
			name: "opens, renames and deletes projects", given: so(staffed, created("gemini")),
			when: domain.Declaration{Projects: []domain.DeclaredProject{{Project: "gemini", Name: "Gemini"}, {Project: "saturn", Description: &full, Archived: &yes}}},
			then: then(
				events.ProjectRenamed{Project: "gemini", From: "gemini", To: "Gemini"}, events.ProjectCreated{Project: "saturn", Name: "saturn", Description: full},
				events.ProjectDeleted{Project: "apollo"}, events.ProjectArchived{Project: "saturn"},
			),
		},
		{name: "that is partial deletes no project", given: staffed, when: domain.Declaration{Partial: true, Projects: []domain.DeclaredProject{}}},
		{
			name: "restores a project", given: so(staffed, events.ProjectArchived{Project: "apollo"}), when: domain.Declaration{Projects: []domain.DeclaredProject{{Project: "apollo"}}},
			then: then(events.ProjectRestored{Project: "apollo"}),
		},
		{
			name: "opens an archived project to change it", given: so(staffed, events.ProjectArchived{Project: "apollo"}),
			when: domain.Declaration{Partial: true, Teams: []domain.DeclaredTeam{{Name: "core", Projects: []domain.DeclaredAssignment{{Project: "apollo", Role: "admin"}}}, declaredTeam("docs", "core")}},
			then: then(events.ProjectRestored{Project: "apollo"}, events.AssignmentChanged{Team: "core", Project: "apollo", From: "write", To: "admin"}, events.ProjectArchived{Project: "apollo"}),
		},
		{
			name: "opens an archived project once", given: so(staffed, events.ProjectArchived{Project: "apollo"}),
			when: domain.Declaration{Projects: []domain.DeclaredProject{{Project: "apollo", Name: "Apollo", Archived: &yes, Members: []domain.DeclaredProjectMember{{Member: "cleo", Role: "read"}}}}},
			then: then(
				events.ProjectRestored{Project: "apollo"}, events.ProjectRenamed{Project: "apollo", From: "apollo", To: "Apollo"}, granted("apollo", "cleo", "read"),
				events.ProjectMemberRemoved{Project: "apollo", Member: "bob"}, events.ProjectArchived{Project: "apollo"},
			),
		},
		{
			name: "changes who is on a project", given: staffed,
			when: domain.Declaration{Projects: []domain.DeclaredProject{{Project: "apollo", Members: []domain.DeclaredProjectMember{{Member: "cleo", Role: "triage"}}}}},
			then: then(granted("apollo", "cleo", "triage"), events.ProjectMemberRemoved{Project: "apollo", Member: "bob"}),
		},
		{
			name: "removes what its creator got, unless it is declared", given: people, by: "ada",
			when: domain.Declaration{Projects: []domain.DeclaredProject{{Project: "apollo", Members: []domain.DeclaredProjectMember{}}}},
			then: then(created("apollo"), creator("apollo", "ada", "admin"), events.ProjectMemberRemoved{Project: "apollo", Member: "ada"}),
		},
	})
}

func TestDeclarationKeepsProjectOwners(t *testing.T) {
	t.Parallel()
	owned := given(workspace, joined("ada", "owner"), joined("bob", "member"), created("p"), granted("p", "ada", "owner"))
	checkRules(t, []rule{
		{
			name: "passes a project on", given: owned, by: "ada",
			when: domain.Declaration{Projects: []domain.DeclaredProject{{Project: "p", Members: []domain.DeclaredProjectMember{{Member: "ada", Role: "member"}, {Member: "bob", Role: "owner"}}}}},
			then: then(granted("p", "bob", "owner"), events.ProjectRoleChanged{Project: "p", Member: "ada", From: "owner", To: "member"}),
		},
		{
			name: "leaves no project without an owner", given: owned, by: "ada", err: domain.ErrLastHolder,
			when: domain.Declaration{Projects: []domain.DeclaredProject{{Project: "p", Members: []domain.DeclaredProjectMember{{Member: "bob", Role: "member"}}}}},
		},
		{
			name: "passes on a project that it archives", given: owned, by: "ada",
			when: declaredProject(true, "bob", "owner"),
			then: then(granted("p", "bob", "owner"), events.ProjectMemberRemoved{Project: "p", Member: "ada"}, events.ProjectArchived{Project: "p"}),
		},
		{
			name: "passes on a project that is archived and stays so", given: so(owned, granted("p", "bob", "owner"), events.ProjectArchived{Project: "p"}), by: "ada",
			when: declaredProject(true, "bob", "owner"),
			then: then(events.ProjectRestored{Project: "p"}, events.ProjectMemberRemoved{Project: "p", Member: "ada"}, events.ProjectArchived{Project: "p"}),
		},
		{name: "leaves no archived project without an owner", given: owned, by: "ada", err: domain.ErrLastHolder, when: declaredProject(true)},
		{
			name: "gives a project of somebody who leaves to nobody who is not declared as its owner", given: so(owned, granted("p", "bob", "owner"), events.ProjectRoleChanged{Project: "p", Member: "ada", From: "owner", To: "member"}), by: "ada",
			when: domain.Declaration{Members: declaredMembers("ada", "owner"), Projects: declaredProject(false, "ada", "member").Projects}, err: domain.ErrLastHolder,
		},
	})
}

func declaredProject(archived bool, members ...string) domain.Declaration {
	declared := []domain.DeclaredProjectMember{}
	for i := 0; i < len(members); i += 2 {
		declared = append(declared, domain.DeclaredProjectMember{Member: events.UserID(members[i]), Role: events.RoleKey(members[i+1])})
	}
	return domain.Declaration{Projects: []domain.DeclaredProject{{Project: "p", Archived: &archived, Members: declared}}}
}

// TestDeclarationCountsSeatsAtItsEnd replaces people where no seat is free.
func TestDeclarationCountsSeatsAtItsEnd(t *testing.T) {
	t.Parallel()
	full := given(workspace, joined("ada", "owner"), joined("bob", "member"), created("p"), granted("p", "bob", "owner"), events.SeatsChanged{To: 2})
	suspended := so(full, joined("dan", "member"), events.MemberDeactivated{Member: "dan"})
	checkRules(t, []rule{
		{
			name: "a successor is placed before the seat is free", given: full,
			when: domain.Declaration{Members: declaredMembers("ada", "owner", "cleo", "member"), Projects: declaredProject(false, "cleo", "owner").Projects},
			then: then(joined("cleo", "member"), granted("p", "cleo", "owner"), events.MemberRemoved{Member: "bob"}),
		},
		{
			name: "the last owner is replaced", given: full, by: "ada", when: domain.Declaration{Members: declaredMembers("bob", "member", "cleo", "owner")},
			then: then(joined("cleo", "owner"), events.MemberRemoved{Member: "ada"}),
		},
		{
			name: "somebody suspended comes back for another", given: so(suspended, granted("p", "ada", "owner")),
			when: domain.Declaration{Members: declaredMembers("ada", "owner", "dan", "member")},
			then: then(events.MemberReactivated{Member: "dan"}, events.MemberRemoved{Member: "bob"}),
		},
		{name: "too few are refused", given: full, when: domain.Declaration{Members: declaredMembers("ada", "owner", "bob", "member", "cleo", "member")}, err: domain.ErrNoSeat},
		{name: "too few for somebody suspended are refused", given: suspended, when: domain.Declaration{Members: declaredMembers("ada", "owner", "bob", "member", "dan", "member")}, err: domain.ErrNoSeat},
		{
			name: "whoever is there stays, though seats are too few", given: so(full, events.SeatsChanged{To: 1}),
			when: domain.Declaration{Members: declaredMembers("ada", "owner", "bob", "owner")},
			then: then(events.RoleChanged{Member: "bob", From: "member", To: "owner"}),
		},
	})
}

// TestDeclarationSaysWhatToDeclare has refusals whose own advice would be another command.
func TestDeclarationSaysWhatToDeclare(t *testing.T) {
	t.Parallel()
	owned := given(workspace, joined("ada", "owner"), joined("bob", "member"), created("p"), granted("p", "bob", "owner"), events.SeatsChanged{To: 2})
	for _, tc := range []struct {
		name     string
		declared domain.Declaration
		says     string
	}{
		{"where an archived project would lose its owner", declaredProject(true), "archived projects keep their holders, too"},
		{"where who leaves is the last owner", domain.Declaration{Members: declaredMembers("ada", "owner")}, `Without "bob" project "p" would have too few holders of the role "owner"; declare somebody else there`},
		{
			"where seats are too few",
			domain.Declaration{Members: declaredMembers("ada", "owner", "bob", "member", "cleo", "", "dan", "", "eve", "")},
			"Seats free: 0, with those that the declaration frees; it asks for: 3",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := tc.declared.Decide(stateAfter(owned...).At(noon), at(""))
			assert.ErrorContains(t, err, tc.says)
		})
	}
}

// TestDeclarationTakesOwnRightsLast has people declare less of themselves, before others in the
// order of entries.
func TestDeclarationTakesOwnRightsLast(t *testing.T) {
	t.Parallel()
	people := given(hub, joined("ada", "admin"), joined("bob", "member"), joined("cleo", "member"), joined("dan", "member"))
	owned := given(workspace, joined("ada", "owner"), joined("bob", "member"), joined("cleo", "member"), created("p"), granted("p", "ada", "owner"), granted("p", "bob", "owner"))
	onProject := func(of ...domain.DeclaredProjectMember) domain.Declaration {
		return domain.Declaration{Projects: []domain.DeclaredProject{{Project: "p", Members: of}}}
	}
	checkRules(t, []rule{
		{
			name: "in the organization", given: people, by: "ada", when: domain.Declaration{Members: declaredMembers("ada", "member", "bob", "admin", "dan", "member")},
			then: then(events.RoleChanged{Member: "bob", From: "member", To: "admin"}, events.MemberRemoved{Member: "cleo"}, events.RoleChanged{Member: "ada", From: "admin", To: "member"}),
		},
		{
			name: "on a project, where another is lowered", given: owned, by: "ada",
			when: onProject(domain.DeclaredProjectMember{Member: "ada", Role: "member"}, domain.DeclaredProjectMember{Member: "bob", Role: "member"}, domain.DeclaredProjectMember{Member: "cleo", Role: "owner"}),
			then: then(
				granted("p", "cleo", "owner"), events.ProjectRoleChanged{Project: "p", Member: "bob", From: "owner", To: "member"},
				events.ProjectRoleChanged{Project: "p", Member: "ada", From: "owner", To: "member"},
			),
		},
		{
			name: "on a project, from which another goes", given: owned, by: "ada",
			when: onProject(domain.DeclaredProjectMember{Member: "ada", Role: "member"}, domain.DeclaredProjectMember{Member: "cleo", Role: "owner"}),
			then: then(
				granted("p", "cleo", "owner"), events.ProjectMemberRemoved{Project: "p", Member: "bob"},
				events.ProjectRoleChanged{Project: "p", Member: "ada", From: "owner", To: "member"},
			),
		},
		{
			name: "in a team", given: so(people, team("core", ""), entered("core", "bob", "maintainer"), entered("core", "cleo", "member"), entered("core", "dan", "member")), by: "bob",
			when: domain.Declaration{Teams: []domain.DeclaredTeam{{Name: "core", Members: []domain.DeclaredTeamMember{{"bob", "member"}, {"cleo", "maintainer"}}}}},
			then: then(
				events.TeamRoleChanged{Team: "core", Member: "cleo", From: "member", To: "maintainer"}, events.TeamMemberRemoved{Team: "core", Member: "dan"},
				events.TeamRoleChanged{Team: "core", Member: "bob", From: "maintainer", To: "member"},
			),
		},
	})
}

// TestDeclarationPassesOnWhatPeopleCreated has the creator of a project leave, who is protected
// there, as is who takes over.
func TestDeclarationPassesOnWhatPeopleCreated(t *testing.T) {
	t.Parallel()
	agency := events.OrganizationCreated{Name: "Acme", Scheme: builtInScheme("agency").Scheme}
	people := given(agency, joined("ada", "owner"), joined("bob", "manager"), joined("cleo", "manager"), created("p"), creator("p", "bob", "manager"), granted("p", "cleo", "manager"))
	stay := declaredMembers("ada", "owner", "cleo", "manager")
	onProject := func(of ...domain.DeclaredProjectMember) []domain.DeclaredProject {
		return []domain.DeclaredProject{{Project: "p", Members: of}}
	}
	removed, handedTo := events.MemberRemoved{Member: "bob"}, func(user events.UserID) events.Event {
		return events.ProjectHandedOver{Project: "p", From: "bob", To: user}
	}
	checkRules(t, []rule{
		{
			name: "to who is declared there", given: people, by: "ada", when: domain.Declaration{Members: stay, Projects: onProject(domain.DeclaredProjectMember{Member: "cleo", Role: "manager"})},
			then: then(handedTo("cleo"), removed),
		},
		{
			name: "to nobody who would get more than is declared", given: people, by: "ada", when: domain.Declaration{Members: stay, Projects: onProject(domain.DeclaredProjectMember{Member: "cleo", Role: "client"})},
			err: domain.ErrLastHolder,
		},
		{
			name: "to who makes it, if it says nothing of projects", given: so(people, events.ProjectMemberRemoved{Project: "p", Member: "cleo"}), by: "ada", when: domain.Declaration{Members: stay},
			then: then(granted("p", "ada", "manager"), handedTo("ada"), removed),
		},
	})
}

func TestDeclarationNamesWhatIsRefused(t *testing.T) {
	t.Parallel()
	org := stateAfter(hub, joined("ada", "admin")).At(noon)
	_, err := domain.Declaration{
		Members: declaredMembers("ada", "admin", "bob", "king", "cleo", "queen"),
		Teams:   []domain.DeclaredTeam{{Team: "t", Name: "core", Members: []domain.DeclaredTeamMember{{"bob", ""}}}},
	}.Decide(org, at(""))
	var refused *domain.DeclarationError
	require.ErrorAs(t, err, &refused)
	require.Len(t, refused.Refused, 2, "what builds on it is not tried")
	assert.Equal(t, "/members/1", refused.Refused[0].Path)
	assert.Equal(t, `member "cleo"`, refused.Refused[1].String())
	assert.Contains(t, err.Error(), `member "bob": The organization's scheme has no role "king" here`)
}

func TestDeclarationIsForThoseWhoSeeEverything(t *testing.T) {
	t.Parallel()
	secret := given(hub, joined("ada", "admin"), joined("bob", "member"), events.TeamCreated{Team: "s", Name: "s", Privacy: events.Secret}, created("apollo"))
	checkRules(t, []rule{
		{name: "members", given: secret, when: domain.Declaration{Members: declaredMembers("ada", "admin", "bob", "member")}, by: "bob"},
		{name: "teams", given: secret, when: domain.Declaration{Teams: []domain.DeclaredTeam{}}, by: "bob", err: domain.ErrNotAllowed},
		{name: "projects", given: secret, when: domain.Declaration{Projects: []domain.DeclaredProject{}}, by: "bob", err: domain.ErrNotAllowed},
	})
}

func TestDeclarationOfTooMuchIsRefused(t *testing.T) {
	t.Parallel()
	org := stateAfter(hub, joined("ada", "admin")).At(noon)
	_, err := domain.Declaration{Members: make([]domain.DeclaredMember, domain.MaxDeclared+1)}.Decide(org, at(""))
	require.ErrorIs(t, err, domain.ErrTooMany)
	assert.Contains(t, err.Error(), "20001 entries, one takes at most 20000; nothing was done")

	var many events.Facts
	for i := range domain.MaxDeclared + 1 {
		many = append(many, joined(events.UserID(strconv.Itoa(i)), "member"))
	}
	org = domain.Roster{}.Evolve(
		events.Entry{Organization: "acme", Version: 1, At: noon, Events: events.Facts{hub, joined("ada", "admin")}},
		events.Entry{Organization: "acme", Version: 2, At: noon, Events: many},
	).Organization("acme").At(noon)
	_, err = domain.Declaration{Members: declaredMembers("ada", "admin")}.Decide(org, at(""))
	require.ErrorIs(t, err, domain.ErrTooMany)
	_, err = org.DeclarationFor("ada")
	require.ErrorIs(t, err, domain.ErrTooMany)
}

// anyDeclaration draws what an organization under a scheme could be.
func anyDeclaration(t *rapid.T, org domain.Organization) domain.Declaration {
	s := org.Scheme().Scheme
	key := func(roles []events.Role) events.RoleKey {
		if len(roles) == 0 {
			return ""
		}
		return one(t, roles...).Key
	}
	c := domain.Declaration{Members: []domain.DeclaredMember{}, Projects: []domain.DeclaredProject{}}
	for i, user := range someone {
		member := domain.DeclaredMember{Member: user, Role: key(s.OrganizationRoles)}
		if i == 0 {
			member.Role = topRole(s.OrganizationRoles)
		}
		if i > 0 && chance(t, 8) {
			deactivated := true
			member.Deactivated = &deactivated
		}
		if i == 0 || !chance(t, 4) {
			c.Members = append(c.Members, member)
		}
	}
	for _, id := range append([]events.ProjectID{"new"}, anything...) {
		if chance(t, 3) {
			continue
		}
		project := domain.DeclaredProject{Project: id, Name: string(id), Members: []domain.DeclaredProjectMember{}}
		if archived := true; chance(t, 8) {
			project.Archived = &archived
		}
		for _, member := range c.Members {
			if chance(t, 2) || member.Member == "ada" {
				project.Members = append(project.Members, domain.DeclaredProjectMember{Member: member.Member, Role: key(s.ProjectRoles)})
			}
		}
		c.Projects = append(c.Projects, project)
	}
	if s.Teams.On {
		c.Teams = drawTeams(t, c, &s)
	}
	return c
}

func topRole(roles []events.Role) events.RoleKey {
	top := roles[0]
	for _, role := range roles {
		if role.Rank > top.Rank {
			top = role
		}
	}
	return top.Key
}

func drawTeams(t *rapid.T, c domain.Declaration, s *events.Scheme) []domain.DeclaredTeam {
	teams := []domain.DeclaredTeam{}
	for _, name := range []string{"a", "s", "t", "z"} {
		if chance(t, 4) {
			continue
		}
		declared := domain.DeclaredTeam{Team: events.TeamID("new" + name), Name: name, Members: []domain.DeclaredTeamMember{}, Projects: []domain.DeclaredAssignment{}}
		if s.Teams.Nested && len(teams) > 0 && chance(t, 2) {
			declared.Parent = one(t, teams...).Name
		}
		for _, member := range c.Members {
			if chance(t, 2) && len(s.Teams.Roles) > 0 {
				declared.Members = append(declared.Members, domain.DeclaredTeamMember{Member: member.Member, Role: one(t, s.Teams.Roles...).Key})
			}
		}
		for _, project := range c.Projects {
			if chance(t, 2) {
				assignment := domain.DeclaredAssignment{Project: project.Project}
				if s.Teams.Confer != events.MembersDefault {
					assignment.Role = one(t, s.ProjectRoles...).Key
				}
				declared.Projects = append(declared.Projects, assignment)
			}
		}
		teams = append(teams, declared)
	}
	return teams
}

// sameDeclaration compares what two declarations mean, but for the ids of teams and for what
// only a change needs.
var sameDeclaration = cmp.Options{
	cmpopts.IgnoreFields(domain.Declaration{}, "Scheme", "Name"), cmpopts.IgnoreFields(domain.DeclaredTeam{}, "Team", "Previously"),
	cmpopts.IgnoreFields(domain.DeclaredMember{}, "Login"), cmpopts.SortSlices(func(a, b domain.DeclaredProject) bool { return a.Project < b.Project }),
	cmpopts.SortSlices(func(a, b domain.DeclaredAssignment) bool { return a.Project < b.Project }),
}

// TestDeclarationsComeTrue declares random things of random organizations: what was accepted is
// so, and declaring it again changes nothing.
func TestDeclarationsComeTrue(t *testing.T) {
	t.Parallel()
	accepted := 0
	rapid.Check(t, func(t *rapid.T) {
		var last step
		play(t, func(s step) { last = s })
		org := last.after
		if !org.Exists() || org.Archived() {
			return
		}
		m := events.Moment{Actor: one[events.UserID](t, "", "", "ada", "bob"), At: last.At, Now: last.At}
		declared := anyDeclaration(t, org)
		dryRun, err := org.DryRun(declared, m, always)
		if err != nil {
			return
		}
		m.Actor = events.System
		accepted++
		after := dryRun.After
		got := after.Declaration()
		assert.Empty(t, cmp.Diff(declared, got, sameDeclaration), "declared (-) and what is there (+)")
		for _, again := range []domain.Declaration{declared, got} {
			happened, err := again.Decide(after, m)
			require.NoError(t, err)
			assert.Empty(t, happened, "declared again")
		}
	})
	assert.Positive(t, accepted, "declarations that were accepted")
}

// TestOrganizationsAreAsTheyDeclare holds that what an organization declares of itself changes
// nothing there, and makes an empty one equal.
func TestOrganizationsAreAsTheyDeclare(t *testing.T) {
	t.Parallel()
	copied := 0
	rapid.Check(t, func(t *rapid.T) {
		var last step
		play(t, func(s step) { last = s })
		org := last.after
		if !org.Exists() || org.Archived() {
			return
		}
		m := events.Moment{At: last.At, Now: last.At}
		declared := org.Declaration()
		happened, err := declared.Decide(org, m)
		require.NoError(t, err)
		assert.Empty(t, happened)
		var roster domain.Roster
		dryRun, err := roster.DryRun("other", domain.CreateOrganization{Name: "Other", Scheme: org.Scheme(), Owner: "ada"}, m, always)
		require.NoError(t, err)
		dryRun, err = dryRun.After.At(m.At).DryRun(declared, m, always)
		if err != nil {
			return
		}
		copied++
		assert.Empty(t, cmp.Diff(declared, dryRun.After.Declaration(), sameDeclaration))
	})
	assert.Positive(t, copied, "organizations that were copied")
}
