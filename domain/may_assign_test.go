package domain_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/scheme"
)

// wardens is a scheme in which people manage others without ranking highest, so
// that only ranks keep them from giving what they lack.
const wardens = `key: wardens
version: 1
permissions:
  organization: [{key: people}]
  project: [{key: people}]
organization_roles:
  - {key: owner, rank: 3, levels: {people: full}}
  - {key: warden, rank: 2, levels: {people: full}}
  - {key: member, rank: 1, default: true}
project_roles:
  - {key: lead, rank: 3, levels: {people: full}}
  - {key: guide, rank: 2, levels: {people: full}}
  - {key: guest, rank: 1, default: true}
teams:
  on: true
  nested: true
  inherit: true
  roles: [{key: head, rank: 2}, {key: hand, rank: 1, default: true}]
projects_visible_to: organization
allow:
  add_member: {organization: {people: full}}
  invite_member: {organization: {people: full}}
  revoke_invite: {organization: {people: full}}
  change_member_role: {organization: {people: full}}
  remove_member: {organization: {people: full}}
  add_project_member: {project: {people: full}}
  change_project_member_role: {project: {people: full}}
  remove_project_member: {project: {people: full}}
  assign_team: {project: {people: full}}
  change_assignment: {project: {people: full}}
  unassign_team: {project: {people: full}}
  move_team: {anyone: true}
  see_teams: {anyone: true}
  add_team_member: {team_roles: [head, hand], organization_roles: [owner]}
  change_team_member_role: {team_roles: [head, hand]}
  remove_team_member: {team_roles: [head, hand]}
`

// TestRanksBoundWhatIsHandedOut has a row for every command that gives or takes a
// role: wes is a warden, a guide on p and a hand in the team.
func TestRanksBoundWhatIsHandedOut(t *testing.T) {
	t.Parallel()
	s, err := scheme.Parse("wardens.yaml", []byte(wardens))
	require.NoError(t, err)
	people := given(events.OrganizationCreated{Name: "Acme", Scheme: s.Scheme},
		joined("olga", "owner"), joined("wes", "warden"), joined("max", "member"), created("p"), created("q"),
		granted("p", "wes", "guide"), granted("p", "olga", "lead"),
		team("core", ""), team("leads", ""), team("wes-own", ""),
		entered("core", "wes", "hand"), entered("core", "olga", "head"), entered("leads", "wes", "hand"),
		assigned("leads", "q", "lead"), assigned("core", "q", "guide"),
		assigned("leads", "p", "lead"), events.TeamMemberRemoved{Team: "leads", Member: "wes"}, entered("leads", "max", "head"),
		events.MemberInvited{Invite: "o", Role: "owner", Address: "o"})
	var rules []rule
	refused := func(name string, c domain.Command) {
		rules = append(rules, rule{name: name, given: people, when: c, by: "wes", err: domain.ErrMayNotAssign})
	}
	refused("add an owner", domain.AddMember{Member: "new", Role: "owner"})
	refused("invite an owner", domain.InviteMember{Invite: "i", Address: "h", Role: "owner"})
	refused("invite a lead", domain.InviteMember{Invite: "i", Address: "h", Projects: []events.ProjectRole{{Project: "p", Role: "lead"}}})
	refused("revoke an owner's invite", domain.RevokeInvite{Invite: "o"})
	refused("make an owner", domain.ChangeMemberRole{Member: "max", To: "owner"})
	refused("unmake an owner", domain.ChangeMemberRole{Member: "olga", To: "member"})
	refused("remove an owner", domain.RemoveMember{Member: "olga"})
	refused("add a lead", domain.AddProjectMember{Project: "p", Member: "max", Role: "lead"})
	refused("make a lead", domain.ChangeProjectMemberRole{Project: "p", Member: "wes", To: "lead"})
	refused("unmake a lead", domain.ChangeProjectMemberRole{Project: "p", Member: "olga", To: "guest"})
	refused("remove a lead", domain.RemoveProjectMember{Project: "p", Member: "olga"})
	refused("assign as lead", domain.AssignTeam{Team: "core", Project: "p", Role: "lead"})
	refused("reassign from lead", domain.ChangeAssignment{Team: "leads", Project: "p", To: "guest"})
	refused("unassign leads", domain.UnassignTeam{Team: "leads", Project: "p"})
	refused("move a team to where it leads", domain.MoveTeam{Team: "wes-own", To: "leads"})
	refused("enter a head", domain.AddTeamMember{Team: "core", Member: "max", Role: "head"})
	refused("make a head", domain.ChangeTeamMemberRole{Team: "core", Member: "wes", To: "head"})
	refused("unmake a head", domain.ChangeTeamMemberRole{Team: "core", Member: "olga", To: "hand"})
	refused("drop a head", domain.RemoveTeamMember{Team: "core", Member: "olga"})
	rules = append(rules,
		rule{name: "add an equal", given: people, when: domain.AddMember{Member: "new", Role: "warden"}, by: "wes", then: then(joined("new", "warden"))},
		rule{name: "add an equal on a project", given: people, when: domain.AddProjectMember{Project: "p", Member: "max", Role: "guide"}, by: "wes", then: then(granted("p", "max", "guide"))},
		rule{
			name: "enter somebody into a team that has more", given: people,
			when: domain.AddTeamMember{Team: "leads", Member: "wes"}, by: "olga", err: domain.ErrMayNotAssign,
		},
	)
	checkRules(t, rules)
}

func TestAnAddressTakenMeanwhile(t *testing.T) {
	t.Parallel()
	checkRules(t, []rule{{
		name:  "an invite to it is in vain",
		given: given(workspace, events.MemberInvited{Invite: "i", Role: "member", Address: "h"}, events.MemberJoined{Member: "cyd", Role: "member", Address: "h"}),
		when:  domain.AcceptInvite{Invite: "i", Member: "eve"}, err: domain.ErrAddressTaken,
	}})
}
