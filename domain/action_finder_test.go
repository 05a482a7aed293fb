package domain_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// TestActionFinderEqualsRowByRow gives everything in a random organization near twins, so
// that traits are often the same and often differ in one thing, and compares what a finder
// returns with what is returned for each alone: for every actor, thing and kind.
func TestActionFinderEqualsRowByRow(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		tw := twinning{T: t}
		play(t, func(s step) { tw.org, tw.m = s.after, s.Moment })
		if !tw.org.Exists() {
			return
		}
		tw.double()
		tw.m.At = tw.m.At.Add(time.Duration(one(t, 0, 0, 1, 9)) * time.Hour)
		tw.m.Now, tw.org = tw.m.At, tw.org.At(tw.m.At)
		users := append(slices.Clone(tw.users), "nobody")
		for _, actor := range append(slices.Clone(users), events.System) {
			tw.m.Actor = actor
			tw.compare(append(tw.projects, "nowhere"), append(tw.teams, "none"), users)
		}
	})
}

// twinning is an organization to which near twins are added.
type twinning struct {
	*rapid.T
	org      domain.Organization
	m        events.Moment
	users    []events.UserID
	projects []events.ProjectID
	teams    []events.TeamID
}

// give has the system give a command, and leaves the organization as it is where it is
// refused.
func (tw *twinning) give(c domain.Command) {
	m := tw.m
	m.Actor = events.System
	happened, _, err := domain.CountSteps(tw.org, c, m)
	if err != nil {
		return
	}
	for i, e := range happened {
		tw.org = tw.org.Evolve(events.Recorded{Event: e, Origin: events.Origin{Version: 1000, Index: i, At: m.At}})
	}
}

// mostly gives a command seven times out of eight.
func (tw *twinning) mostly(c domain.Command) {
	if !chance(tw.T, 8) {
		tw.give(c)
	}
}

func (tw *twinning) double() {
	for _, id := range anything {
		if of, is := tw.org.Project(id); is {
			tw.projects = append(tw.projects, id, tw.doubleProject(id, of))
		}
	}
	for _, id := range anyTeam {
		if of, is := tw.org.Team(id); is {
			tw.teams = append(tw.teams, id, tw.doubleTeam(id, of))
		}
	}
	for _, id := range someone {
		if of, is := tw.org.Member(id); is {
			tw.users = append(tw.users, id, tw.doubleMember(id, of))
		}
	}
	c := commandGenerator{tw.T, tw.org, tw.m.At, []*domain.Scheme{tw.org.Scheme()}}
	for range below(tw.T, 4) {
		tw.give(c.often())
	}
}

func (tw *twinning) doubleProject(id events.ProjectID, of domain.Project) events.ProjectID {
	twin := id + "2"
	// The finder tries the second description.
	tw.give(domain.CreateProject{Project: twin, Name: of.Name, Description: one(tw.T, of.Description, "\u2063")})
	if _, on := of.PublicLink(); on {
		tw.mostly(domain.TurnOnPublicLink{Project: twin})
	}
	for a := range of.Assignments() {
		tw.mostly(domain.AssignTeam{Team: a.Team, Project: twin, Role: a.Role, From: a.From(), Until: a.Until()})
	}
	for user := range of.Granted() {
		member, _ := tw.org.Member(user)
		grant, _ := member.Grant(id)
		tw.mostly(domain.AddProjectMember{Project: twin, Member: user, Role: grant.Role, Levels: grant.Levels(), From: grant.From(), Until: grant.Until()})
	}
	if of.Archived {
		tw.mostly(domain.ArchiveProject{Project: twin})
	}
	return twin
}

func (tw *twinning) doubleTeam(id events.TeamID, of domain.Team) events.TeamID {
	twin := id + "2"
	tw.give(domain.CreateTeam{Team: twin, Name: string(twin), Parent: of.Parent, Description: of.Description, Privacy: of.Privacy})
	for user, member := range of.Members() {
		tw.mostly(domain.AddTeamMember{Team: twin, Member: user, Role: member.Role})
	}
	for project, a := range of.Projects() {
		tw.mostly(domain.AssignTeam{Team: twin, Project: project, Role: a.Role, From: a.From(), Until: a.Until()})
	}
	return twin
}

func (tw *twinning) doubleMember(id events.UserID, of domain.Member) events.UserID {
	twin := id + "2"
	tw.give(domain.AddMember{Member: twin, Role: of.Role, Levels: of.Levels(), From: of.From(), Until: of.Until()})
	for team := range of.Teams() {
		in, _ := tw.org.Team(team)
		member, _ := in.Member(id)
		tw.mostly(domain.AddTeamMember{Team: team, Member: twin, Role: member.Role})
	}
	for grant := range of.Grants() {
		tw.mostly(domain.AddProjectMember{Project: grant.Project, Member: twin, Role: grant.Role, Levels: grant.Levels(), From: grant.From(), Until: grant.Until()})
	}
	for set := range of.Overrides() {
		tw.mostly(domain.SetOverride{Project: set.Project, Member: twin, Permission: set.Permission, Level: set.Level})
	}
	if _, deactivated := of.Deactivated(); deactivated {
		tw.mostly(domain.DeactivateMember{Member: twin})
	}
	return twin
}

// compare asks one finder about everything.
func (tw *twinning) compare(projects []events.ProjectID, teams []events.TeamID, users []events.UserID) {
	finder := domain.NewActionFinder(tw.org, tw.m)
	equal := func(want, found domain.AvailableActions, on ...any) {
		assert.Empty(tw, cmp.Diff(want, found), "%q on %v (-alone +finder)", tw.m.Actor, on)
	}
	for _, user := range users {
		equal(tw.org.ActionsOnMember(tw.m, user), finder.OnMember(user), user)
	}
	for _, project := range projects {
		equal(tw.org.ActionsOnProject(tw.m, project), finder.OnProject(project), project)
		for _, user := range users {
			equal(tw.org.ActionsOnProjectMember(tw.m, project, user), finder.OnProjectMember(project, user), project, user)
		}
		for _, team := range teams {
			equal(tw.org.ActionsOnAssignment(tw.m, project, team), finder.OnAssignment(project, team), project, team)
		}
	}
	for _, team := range teams {
		equal(tw.org.ActionsOnTeam(tw.m, team), finder.OnTeam(team), team)
		for _, user := range users {
			equal(tw.org.ActionsOnTeamMember(tw.m, team, user), finder.OnTeamMember(team, user), team, user)
		}
	}
}
