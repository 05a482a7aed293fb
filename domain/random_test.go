package domain_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

var (
	someone  = rapid.SampledFrom([]events.UserID{"ada", "bob", "cyd", "dan", "eve"})
	actor    = rapid.SampledFrom([]events.UserID{"", "", "", "ada", "ada", "bob", "cyd", "dan"})
	anything = rapid.SampledFrom([]events.ProjectID{"p", "q", "r"})
	anyTeam  = rapid.SampledFrom([]events.TeamID{"s", "t", "u", "v"})
)

// anyCommand draws a command that means something under the scheme more often
// than not.
func anyCommand(s *domain.Scheme) *rapid.Generator[domain.Command] {
	organizationRole := rapid.SampledFrom(s.OrganizationRoles())
	projectRole := rapid.SampledFrom(s.ProjectRoles())
	teamRole := rapid.SampledFrom([]events.RoleKey{"maintainer", "member"})
	return rapid.Custom(func(t *rapid.T) domain.Command {
		user, project, team := someone.Draw(t, "user"), anything.Draw(t, "project"), anyTeam.Draw(t, "team")
		parent := rapid.SampledFrom([]events.TeamID{"", "s", "t", "u"}).Draw(t, "parent")
		commands := []domain.Command{
			domain.AddMember{Member: user, Role: organizationRole.Draw(t, "role")},
			domain.AddMember{Member: user},
			domain.ChangeRole{Member: user, To: organizationRole.Draw(t, "role")},
			domain.RemoveMember{Member: user},
			domain.InviteMember{Invite: events.InviteID("i-" + user), Address: events.AddressHash(user), Projects: []events.ProjectRole{{Project: project}}},
			domain.AcceptInvite{Invite: events.InviteID("i-" + user), Member: user},
			domain.RevokeInvite{Invite: events.InviteID("i-" + user)},
			domain.CreateProject{Project: project, Name: string(project)},
			domain.AddProjectMember{Project: project, Member: user, Role: projectRole.Draw(t, "role")},
			domain.ChangeProjectRole{Project: project, Member: user, To: projectRole.Draw(t, "role")},
			domain.RemoveProjectMember{Project: project, Member: user},
		}
		if s.Teams.On {
			commands = append(commands,
				domain.CreateTeam{Team: team, Name: string(team), Parent: parent},
				domain.RenameTeam{Team: team, To: fmt.Sprint(team, rapid.IntRange(0, 2).Draw(t, "name"))},
				domain.MoveTeam{Team: team, To: parent},
				domain.RemoveTeam{Team: team},
				domain.AddTeamMember{Team: team, Member: user, Role: teamRole.Draw(t, "role")},
				domain.ChangeTeamRole{Team: team, Member: user, To: teamRole.Draw(t, "role")},
				domain.RemoveTeamMember{Team: team, Member: user},
				domain.AssignTeam{Team: team, Project: project, Role: projectRole.Draw(t, "role")},
				domain.ChangeAssignment{Team: team, Project: project, To: projectRole.Draw(t, "role")},
				domain.UnassignTeam{Team: team, Project: project},
			)
		}
		return rapid.SampledFrom(commands).Draw(t, "command")
	})
}

// step is one accepted command of a random history.
type step struct {
	by            events.UserID
	command       domain.Command
	entry         events.Entry
	before, after domain.Organization
}

// play runs random commands and hands every accepted one to each.
func play(t *rapid.T, each func(step)) []events.Entry {
	s := scheme(rapid.SampledFrom([]string{"owner-member", "github"}).Draw(t, "scheme"))
	var roster domain.Roster
	var history []events.Entry
	give := func(by events.UserID, c domain.Command) {
		happened, err := roster.Decide("acme", c, at(by))
		if err != nil || len(happened) == 0 {
			return
		}
		entry := events.Entry{Organization: "acme", Version: events.Version(len(history) + 1), Actor: by, At: noon, Events: happened}
		before := roster.Organization("acme")
		roster = roster.Evolve(entry)
		history = append(history, entry)
		if each != nil {
			each(step{by, c, entry, before, roster.Organization("acme")})
		}
	}
	give("ada", domain.CreateOrganization{Name: "Acme", Scheme: s})
	for _, c := range rapid.SliceOfN(anyCommand(s), 0, 60).Draw(t, "commands") {
		give(actor.Draw(t, "actor"), c)
	}
	return history
}

// property runs a property over random histories.
func property(t *testing.T, each func(*rapid.T, step)) {
	t.Helper()
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		play(rt, func(s step) { each(rt, s) })
	})
}
