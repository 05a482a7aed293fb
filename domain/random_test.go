package domain_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// people, projects, teams and invites of random histories.
var (
	someone  = []events.UserID{"ada", "bob", "cyd", "dan", "eve"}
	anything = []events.ProjectID{"p", "q"}
	anyTeam  = []events.TeamID{"s", "t", "u"}

	anyInvite = []events.InviteID{"i", "j", "k", "l", "m"}

	anyAccessRequest = []events.AccessRequestID{"1", "2", "3", "4", "5", "6", "7", "8", "9"}
)

// populating puts people, projects and teams there first, so that there is something to
// change.
var populating = []func(commandGenerator) domain.Command{
	func(c commandGenerator) domain.Command { return domain.AddMember{Member: "bob", Role: c.role()} },
	func(c commandGenerator) domain.Command {
		return domain.AddMember{Member: "cyd", Role: c.role(), Until: c.end()}
	},
	func(c commandGenerator) domain.Command { return domain.AddMember{Member: "dan"} },
	func(commandGenerator) domain.Command { return domain.CreateProject{Project: "p", Name: "P"} },
	func(commandGenerator) domain.Command { return domain.CreateProject{Project: "q", Name: "P"} },
	func(commandGenerator) domain.Command { return domain.CreateTeam{Team: "s", Name: "s"} },
	func(c commandGenerator) domain.Command {
		return domain.CreateTeam{Team: "t", Name: "t", Parent: one[events.TeamID](c.T, "", "s")}
	},
	func(c commandGenerator) domain.Command { return domain.AddTeamMember{Team: "s", Member: c.user()} },
	func(c commandGenerator) domain.Command { return domain.AddTeamMember{Team: "t", Member: c.user()} },
	func(c commandGenerator) domain.Command {
		return domain.AddProjectMember{Project: "p", Member: c.user(), Role: c.projectRole()}
	},
	func(c commandGenerator) domain.Command {
		return domain.AddProjectMember{Project: "q", Member: c.user(), Role: c.projectRole()}
	},
	func(c commandGenerator) domain.Command { return domain.AssignTeam{Team: c.team(), Project: "p"} },
	func(c commandGenerator) domain.Command {
		return domain.AssignTeam{Team: c.team(), Project: c.project(), Role: c.projectRole(), Until: c.end()}
	},
	commandGenerator.elevated, commandGenerator.elevated,
}

// step is one accepted command of a random history.
type step struct {
	events.Moment
	command domain.Command
	entry   events.Entry
	// before and after are as of the moment.
	before, after domain.Organization
	// roster is the state after it.
	roster domain.Roster
}

// play runs random commands under random rules, while time passes, and hands every
// accepted one to each.
func play(t *rapid.T, each func(step)) []events.Entry {
	return playWith(t, commandGenerator.command, each)
}

// playWith is play with commands that next draws.
func playWith(t *rapid.T, next func(commandGenerator) domain.Command, each func(step)) []events.Entry {
	rules := []*domain.Scheme{anyScheme.Draw(t, "scheme"), builtInScheme(one(t, "agency", "campaign", "data-model", "github", "owner-member", "scoped"))}
	switch below(t, 4) {
	case 0:
		rules[1] = anyScheme.Draw(t, "other scheme")
	case 1:
		rules[0], rules[1] = rules[1], rules[0]
	}
	var roster domain.Roster
	var history []events.Entry
	m := events.Moment{At: noon, Now: noon}
	give := func(c domain.Command) {
		deciding := roster.Transient() // as a desk does
		happened, err := deciding.Decide("acme", c, m, always)
		if err != nil || len(happened) == 0 {
			return
		}
		entry := events.Entry{Organization: "acme", Version: events.Version(len(history) + 1), Actor: m.Actor, At: m.At, Events: happened}
		before := roster.Organization("acme").At(m.At)
		roster = deciding.Evolve(entry).Persistent()
		history = append(history, entry)
		if each != nil {
			each(step{m, c, entry, before, roster.Organization("acme").At(m.At), roster})
		}
	}
	give(domain.CreateOrganization{Name: "Acme", Scheme: rules[0], Owner: "ada"})
	for _, populate := range populating {
		give(populate(commandGenerator{t, roster.Organization("acme"), m.At, rules}))
	}
	for range below(t, 128) {
		m.At = m.At.Add(time.Duration(one(t, 0, 1, 1, 2, 9)) * time.Hour)
		c := commandGenerator{t, roster.Organization("acme"), m.At, rules}
		m.Now, m.Actor = m.At, c.actor()
		give(next(c))
	}
	return history
}

// property runs a property over random histories.
func property(t *testing.T, each func(*rapid.T, step)) {
	t.Helper()
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		play(t, func(s step) {
			defer func() {
				if t.Failed() {
					t.Logf("%T by %q led to %#v", s.command, s.Actor, s.entry.Events)
				}
			}()
			each(t, s)
		})
	})
}
