package bench

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/scheme"
)

// organization is a large one to measure with: a project for every 10 people
// and a team for every 100. Everybody is in one team and has direct grants, 8 for
// every 5 people; each project has two teams, its own and the large one, unless the
// fields below say otherwise. A person has a grant and a team on the project of the same
// number, and the large team as a third source if they are in it.
type organization struct {
	id        events.OrganizationID
	people    int
	largeTeam int // the first of the people are in one more team
	// teamsPerProject is how many teams a project has beside the large one; zero is 1.
	teamsPerProject int
	// largeTeamEvery says that the large team is on every nth project; zero is all.
	largeTeamEvery int
	// names and emails are those of the people; nil if nothing is said about them.
	names, emails []events.Sealed
	// until is when the grants of people end; the zero value means never. So do their memberships, if membersToo says so.
	until      time.Time
	membersToo bool
}

// listedOrganization is the organization whose lists are measured: a typical project has
// about 360 members, one in ten has more than a tenth of all people.
func listedOrganization(people int) organization {
	return organization{id: "acme", people: people, largeTeam: max(people/10, 1), teamsPerProject: 3, largeTeamEvery: 10}
}

// largeTeam is the team of many.
const largeTeam events.TeamID = "large"

func (c organization) projects() int { return max(c.people/10, 1) }
func (c organization) teams() int    { return max(c.people/100, 1) }

func (c organization) user(i int) events.UserID { return events.UserID(fmt.Sprintf("user-%06d", i)) }

func (c organization) project(i int) events.ProjectID {
	return events.ProjectID(fmt.Sprintf("project-%05d", i%c.projects()))
}

func (c organization) team(i int) events.TeamID {
	return events.TeamID(fmt.Sprintf("team-%04d", i%c.teams()))
}

// sources returns the number of sources of access.
func (c organization) sources() int {
	return c.people + c.people*3/5 + c.people + c.largeTeam + 2*c.projects()
}

// history returns the entries that create the organization.
func (c organization) history() (iter.Seq[events.Entry], error) {
	schemes, err := scheme.BuiltIn()
	if err != nil {
		return nil, err
	}
	return func(yield func(events.Entry) bool) {
		version := events.Version(0)
		at := events.Instant(time.Now())
		for happened := range c.entries(schemes["github"].Scheme) {
			version++
			if !yield(events.Entry{Organization: c.id, Version: version, At: at, Events: happened}) {
				return
			}
		}
	}, nil
}

// entries yields the events of each entry.
func (c organization) entries(scheme events.Scheme) iter.Seq[events.Facts] {
	return func(yield func(events.Facts) bool) {
		for _, part := range c.entryParts(scheme) {
			for happened := range part {
				if !yield(happened) {
					return
				}
			}
		}
	}
}

// entryParts returns the entries in parts. Each needs what the parts before it create.
func (c organization) entryParts(scheme events.Scheme) []iter.Seq[events.Facts] {
	beginning := events.Facts{
		events.OrganizationCreated{Name: string(c.id), Scheme: scheme},
		events.TeamCreated{Team: largeTeam, Name: string(largeTeam)},
	}
	return []iter.Seq[events.Facts]{
		slices.Values([]events.Facts{beginning}),
		entriesOf(c.teams(), func(i int) events.Facts {
			return events.Facts{events.TeamCreated{Team: c.team(i), Name: string(c.team(i))}}
		}),
		entriesOf(c.projects(), c.projectEvents),
		entriesOf(c.people, c.joinEvents),
	}
}

// entriesOf yields the entries of n things.
func entriesOf(n int, entry func(i int) events.Facts) iter.Seq[events.Facts] {
	return func(yield func(events.Facts) bool) {
		for i := range n {
			if !yield(entry(i)) {
				return
			}
		}
	}
}

// projectEvents are the events of a new project.
func (c organization) projectEvents(i int) events.Facts {
	project := c.project(i)
	happened := events.Facts{events.ProjectCreated{Project: project, Name: string(project)}}
	for n := range min(max(c.teamsPerProject, 1), c.teams()) {
		happened = append(happened, events.TeamAssigned{Team: c.team(i + n), Project: project, Role: "triage"})
	}
	if i%max(c.largeTeamEvery, 1) == 0 {
		happened = append(happened, events.TeamAssigned{Team: largeTeam, Project: project, Role: "write"})
	}
	return happened
}

// joinEvents are the events of somebody who joins.
func (c organization) joinEvents(i int) events.Facts {
	user := c.user(i)
	joined := events.MemberJoined{Member: user, Role: "member"}
	if c.membersToo {
		joined.Until = c.until
	}
	if c.names != nil {
		joined.Name, joined.Email = c.names[i], c.emails[i]
	}
	happened := events.Facts{
		joined,
		events.TeamMemberAdded{Team: c.team(i), Member: user, Role: "member"},
		events.ProjectMemberAdded{Project: c.project(i), Member: user, Role: "read", Until: c.until},
	}
	if i%5 < 3 && c.projects() > 1 {
		happened = append(happened, events.ProjectMemberAdded{Project: c.project(i + 1), Member: user, Role: "maintain", Until: c.until})
	}
	if i < c.largeTeam {
		happened = append(happened, events.TeamMemberAdded{Team: largeTeam, Member: user, Role: "member"})
	}
	return happened
}

// eventsPerCommit is about how many events a commit holds, as in an import.
const eventsPerCommit = 1000

// commits groups entries into large commits.
func commits(entries iter.Seq[events.Entry]) iter.Seq[events.Commit] {
	return commitsOf(entries, eventsPerCommit)
}

// commitsOf groups entries into commits of about as many events.
func commitsOf(entries iter.Seq[events.Entry], many int) iter.Seq[events.Commit] {
	return func(yield func(events.Commit) bool) {
		c, size := events.Commit{}, 0
		for entry := range entries {
			c.At = entry.At
			c.Entries = append(c.Entries, entry)
			if size += len(entry.Events); size >= many {
				if !yield(c) {
					return
				}
				c, size = events.Commit{}, 0
			}
		}
		if size > 0 {
			yield(c)
		}
	}
}

// record appends the organization's history to a ledger.
func (c organization) record(ctx context.Context, ledger *bus.Ledger, at events.Checkpoint) (events.Checkpoint, error) {
	happened, err := c.history()
	if err != nil {
		return at, err
	}
	for commit := range commits(happened) {
		if at, err = ledger.Append(ctx, at, commit); err != nil {
			return at, err
		}
	}
	return at, nil
}
