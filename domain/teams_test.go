package domain_test

import (
	"testing"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

var teams = given(hub, joined("ada", "admin"), joined("bob", "member"), joined("cyd", "member"),
	team("core", ""), team("docs", "core"), entered("core", "bob", "maintainer"))

func and(happened ...events.Event) []events.Event {
	return append(append([]events.Event{}, teams...), happened...)
}

func TestCreateTeam(t *testing.T) {
	t.Parallel()
	checkRules(t, []rule{
		{name: "an administrator does", given: teams, when: domain.CreateTeam{Team: "ops", Name: "ops", Privacy: events.Secret}, by: "ada", then: then(events.TeamCreated{Team: "ops", Name: "ops", Privacy: events.Secret})},
		{name: "below another", given: teams, when: domain.CreateTeam{Team: "ops", Name: "ops", Parent: "core"}, by: "ada", then: then(team("ops", "core"))},
		{name: "a member does not", given: teams, when: domain.CreateTeam{Team: "ops", Name: "ops"}, by: "bob", err: domain.ErrNotAllowed},
		{name: "not below what is not there", given: teams, when: domain.CreateTeam{Team: "ops", Name: "ops", Parent: "x"}, by: "ada", err: domain.ErrNoTeam},
		{name: "an id is used once", given: teams, when: domain.CreateTeam{Team: "core", Name: "ops"}, by: "ada", err: domain.ErrTeamExists},
		{name: "a name is used once", given: teams, when: domain.CreateTeam{Team: "ops", Name: "docs"}, by: "ada", err: domain.ErrTeamNameTaken},
		{name: "a name in another case is the same", given: teams, when: domain.CreateTeam{Team: "ops", Name: " DOCS"}, by: "ada", err: domain.ErrTeamNameTaken},
		{name: "with another diacritic it is another", given: teams, when: domain.CreateTeam{Team: "ops", Name: "d\u00f3cs"}, by: "ada", then: then(events.TeamCreated{Team: "ops", Name: "d\u00f3cs"})},
		{name: "a name composed otherwise is the same", given: so(teams, events.TeamRenamed{Team: "docs", From: "docs", To: "d\u00f3cs"}), when: domain.CreateTeam{Team: "ops", Name: "do\u0301cs"}, by: "ada", err: domain.ErrTeamNameTaken},
		{name: "a name of which nothing is seen", given: teams, when: domain.CreateTeam{Team: "ops", Name: "\u200b\u3000"}, by: "ada", err: domain.ErrBadName},
		{name: "a removed name is free", given: and(events.TeamRemoved{Team: "docs"}), when: domain.CreateTeam{Team: "ops", Name: "docs"}, by: "ada", then: then(events.TeamCreated{Team: "ops", Name: "docs"})},
		{name: "unknown privacy", given: teams, when: domain.CreateTeam{Team: "ops", Name: "ops", Privacy: "open"}, by: "ada", err: domain.ErrBadPrivacy},
		{name: "no teams in owner-member", given: given(workspace, joined("ada", "owner")), when: domain.CreateTeam{Team: "ops", Name: "ops"}, err: domain.ErrTeamsOff},
	})
}

// oldTeams has two teams whose names differ only in case, as old ledgers may.
var oldTeams = so(teams, events.TeamCreated{Team: "ops", Name: "DOCS"})

func TestRenameTeam(t *testing.T) {
	t.Parallel()
	checkRules(t, []rule{
		{name: "a maintainer renames", given: teams, when: domain.RenameTeam{Team: "core", To: "kernel"}, by: "bob", then: then(events.TeamRenamed{Team: "core", From: "core", To: "kernel"})},
		{name: "not another team", given: teams, when: domain.RenameTeam{Team: "docs", To: "manuals"}, by: "bob", err: domain.ErrNotAllowed},
		{name: "renaming a team to its present name changes nothing", given: teams, when: domain.RenameTeam{Team: "core", To: "core"}, by: "bob"},
		{name: "the old name is free again", given: and(events.TeamRenamed{Team: "core", From: "core", To: "kernel"}), when: domain.RenameTeam{Team: "docs", To: "core"}, by: "ada", then: then(events.TeamRenamed{Team: "docs", From: "docs", To: "core"})},
		{name: "to another case", given: teams, when: domain.RenameTeam{Team: "core", To: "Core"}, by: "bob", then: then(events.TeamRenamed{Team: "core", From: "core", To: "Core"})},
		{name: "a taken name in another case", given: teams, when: domain.RenameTeam{Team: "core", To: "Docs"}, by: "ada", err: domain.ErrTeamNameTaken},
		{name: "of two old teams, one may be renamed in place", given: oldTeams, when: domain.RenameTeam{Team: "ops", To: "Kernel"}, by: "ada", then: then(events.TeamRenamed{Team: "ops", From: "DOCS", To: "Kernel"})},
		{name: "of two old teams, neither takes the other's name", given: oldTeams, when: domain.RenameTeam{Team: "ops", To: "Docs"}, by: "ada", err: domain.ErrTeamNameTaken},
		{name: "the name of a removed one is that of the other still", given: so(oldTeams, events.TeamRemoved{Team: "ops"}), when: domain.RenameTeam{Team: "core", To: "DOCS"}, by: "ada", err: domain.ErrTeamNameTaken},
		{name: "free once both are gone", given: so(oldTeams, events.TeamRemoved{Team: "ops"}, events.TeamRenamed{Team: "docs", From: "docs", To: "manuals"}), when: domain.RenameTeam{Team: "core", To: "DOCS"}, by: "ada", then: then(events.TeamRenamed{Team: "core", From: "core", To: "DOCS"})},
		{name: "a taken name", given: teams, when: domain.RenameTeam{Team: "core", To: "docs"}, by: "ada", err: domain.ErrTeamNameTaken},
		{name: "no such team", given: teams, when: domain.RenameTeam{Team: "x", To: "y"}, by: "ada", err: domain.ErrNoTeam},
	})
}

func TestDescribeTeam(t *testing.T) {
	t.Parallel()
	text, secret := "The core", events.Secret
	checkRules(t, []rule{
		{name: "what is not said stays", given: and(events.TeamDescribed{Team: "core", Privacy: events.Closed}), when: domain.DescribeTeam{Team: "core", Description: &text}, by: "bob", then: then(events.TeamDescribed{Team: "core", Description: text, Privacy: events.Closed})},
		{name: "privacy alone", given: and(events.TeamDescribed{Team: "core", Description: text}), when: domain.DescribeTeam{Team: "core", Privacy: &secret}, by: "bob", then: then(events.TeamDescribed{Team: "core", Description: text, Privacy: secret})},
		{name: "nothing", given: teams, when: domain.DescribeTeam{Team: "core"}, by: "bob"},
		{name: "a secret team is not there for others", given: and(events.TeamDescribed{Team: "core", Privacy: secret}), when: domain.DescribeTeam{Team: "core"}, by: "cyd", err: domain.ErrNoTeam},
		{name: "an administrator sees it", given: and(events.TeamDescribed{Team: "core", Privacy: secret}), when: domain.DescribeTeam{Team: "core"}, by: "ada"},
	})
}

func TestMoveTeam(t *testing.T) {
	t.Parallel()
	checkRules(t, []rule{
		{name: "to the top", given: teams, when: domain.MoveTeam{Team: "docs"}, by: "ada", then: then(events.TeamMoved{Team: "docs", From: "core"})},
		{name: "below another", given: and(team("ops", "")), when: domain.MoveTeam{Team: "docs", To: "ops"}, by: "ada", then: then(events.TeamMoved{Team: "docs", From: "core", To: "ops"})},
		{name: "moving a team below its present parent changes nothing", given: teams, when: domain.MoveTeam{Team: "docs", To: "core"}, by: "ada"},
		{name: "not below itself", given: teams, when: domain.MoveTeam{Team: "core", To: "core"}, by: "ada", err: domain.ErrTeamCycle},
		{name: "not below its children", given: teams, when: domain.MoveTeam{Team: "core", To: "docs"}, by: "ada", err: domain.ErrTeamCycle},
		{name: "a maintainer does not", given: teams, when: domain.MoveTeam{Team: "core"}, by: "bob", err: domain.ErrNotAllowed},
	})
}

func TestRemoveTeam(t *testing.T) {
	t.Parallel()
	checkRules(t, []rule{
		{name: "one without teams below", given: teams, when: domain.RemoveTeam{Team: "docs"}, by: "ada", then: then(events.TeamRemoved{Team: "docs"})},
		{name: "not one with teams below", given: teams, when: domain.RemoveTeam{Team: "core"}, by: "ada", err: domain.ErrTeamHasChildren},
		{name: "a member does not", given: teams, when: domain.RemoveTeam{Team: "docs"}, by: "cyd", err: domain.ErrNotAllowed},
	})
}

func TestTeamMembers(t *testing.T) {
	t.Parallel()
	reaching := and(created("p"), assigned("core", "p", "admin"))
	checkRules(t, []rule{
		{name: "a maintainer adds", given: teams, when: domain.AddTeamMember{Team: "core", Member: "cyd"}, by: "bob", then: then(entered("core", "cyd", "member"))},
		{name: "and makes maintainers", given: teams, when: domain.AddTeamMember{Team: "core", Member: "cyd", Role: "maintainer"}, by: "bob", then: then(entered("core", "cyd", "maintainer"))},
		{name: "who has what the team has", given: reaching, when: domain.AddTeamMember{Team: "core", Member: "cyd"}, by: "bob", then: then(entered("core", "cyd", "member"))},
		{name: "not elsewhere", given: teams, when: domain.AddTeamMember{Team: "docs", Member: "cyd"}, by: "bob", err: domain.ErrNotAllowed},
		{name: "organization first", given: teams, when: domain.AddTeamMember{Team: "core", Member: "eve"}, by: "ada", err: domain.ErrNotInOrganization},
		{name: "adding a team member who is in it with the same role changes nothing", given: teams, when: domain.AddTeamMember{Team: "core", Member: "bob", Role: "maintainer"}, by: "ada"},
		{name: "adding is no change of role", given: teams, when: domain.AddTeamMember{Team: "core", Member: "bob"}, by: "ada", err: domain.ErrAlreadyInTeam},
		{name: "unknown role", given: teams, when: domain.AddTeamMember{Team: "core", Member: "cyd", Role: "admin"}, by: "ada", err: domain.ErrUnknownRole},
		{name: "a role changes", given: teams, when: domain.ChangeTeamMemberRole{Team: "core", Member: "bob", To: "member"}, by: "ada", then: then(events.TeamRoleChanged{Team: "core", Member: "bob", From: "maintainer", To: "member"})},
		{name: "nobody promotes themselves", given: and(entered("core", "cyd", "member")), when: domain.ChangeTeamMemberRole{Team: "core", Member: "cyd", To: "maintainer"}, by: "cyd", err: domain.ErrNotAllowed},
		{name: "not in the team", given: teams, when: domain.ChangeTeamMemberRole{Team: "core", Member: "cyd", To: "member"}, by: "ada", err: domain.ErrNotInTeam},
		{name: "people leave", given: teams, when: domain.RemoveTeamMember{Team: "core", Member: "bob"}, by: "bob", then: then(events.TeamMemberRemoved{Team: "core", Member: "bob"})},
		{name: "a member removes nobody else", given: and(entered("core", "cyd", "member")), when: domain.RemoveTeamMember{Team: "core", Member: "bob"}, by: "cyd", err: domain.ErrNotAllowed},
		{name: "who is not in it cannot leave", given: teams, when: domain.RemoveTeamMember{Team: "core", Member: "cyd"}, by: "cyd", err: domain.ErrNotInTeam},
	})
}

func TestAssignments(t *testing.T) {
	t.Parallel()
	on := and(created("p"), granted("p", "cyd", "admin"), assigned("core", "p", "write"))
	checkRules(t, []rule{
		{name: "who administers the project assigns", given: and(created("p"), granted("p", "cyd", "admin")), when: domain.AssignTeam{Team: "core", Project: "p", Role: "write"}, by: "cyd", then: then(assigned("core", "p", "write"))},
		{name: "with the default role", given: and(created("p")), when: domain.AssignTeam{Team: "core", Project: "p"}, by: "ada", then: then(assigned("core", "p", "read"))},
		{name: "a member of the team does not", given: on, when: domain.AssignTeam{Team: "docs", Project: "p", Role: "read"}, by: "bob", err: domain.ErrNotAllowed},
		{name: "not to what one does not see", given: and(created("p")), when: domain.AssignTeam{Team: "core", Project: "p"}, by: "bob", err: domain.ErrNoProject},
		{name: "not a team that one does not see", given: and(created("p"), granted("p", "cyd", "admin"), events.TeamDescribed{Team: "core", Privacy: events.Secret}), when: domain.AssignTeam{Team: "core", Project: "p"}, by: "cyd", err: domain.ErrNoTeam},
		{name: "assigning a team with the role it already has changes nothing", given: on, when: domain.AssignTeam{Team: "core", Project: "p", Role: "write"}, by: "cyd"},
		{name: "assigning is no change", given: on, when: domain.AssignTeam{Team: "core", Project: "p", Role: "read"}, by: "cyd", err: domain.ErrAlreadyAssigned},
		{name: "an assignment changes", given: on, when: domain.ChangeAssignment{Team: "core", Project: "p", To: "read"}, by: "cyd", then: then(events.AssignmentChanged{Team: "core", Project: "p", From: "write", To: "read"})},
		{name: "what is not assigned does not", given: on, when: domain.ChangeAssignment{Team: "docs", Project: "p", To: "read"}, by: "cyd", err: domain.ErrNotAssigned},
		{name: "a team comes off", given: on, when: domain.UnassignTeam{Team: "core", Project: "p"}, by: "cyd", then: then(events.TeamUnassigned{Team: "core", Project: "p"})},
		{name: "not twice", given: append(on, events.TeamUnassigned{Team: "core", Project: "p"}), when: domain.UnassignTeam{Team: "core", Project: "p"}, by: "cyd", err: domain.ErrNotAssigned},
		{name: "a writer does not", given: on, when: domain.UnassignTeam{Team: "core", Project: "p"}, by: "bob", err: domain.ErrNotAllowed},
	})
}
