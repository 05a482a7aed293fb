package bench

import (
	"context"
	"fmt"
	"iter"
	"time"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// company is a large organization to measure with: a project for every 10 people
// and a team for every 100. Everybody is in one team and has direct grants, 8 for
// every 5 people; each project has two teams, its own and the crowd. A person has
// a grant and a team on the project of the same number, and the crowd as a third
// source if they are in it.
type company struct {
	id     events.OrganizationID
	people int
	crowd  int // the first of the people are in one more team
}

// crowd is the team of many.
const crowd events.TeamID = "crowd"

func (c company) projects() int { return max(c.people/10, 1) }
func (c company) teams() int    { return max(c.people/100, 1) }

func (c company) user(i int) events.UserID { return events.UserID(fmt.Sprintf("user-%06d", i)) }

func (c company) project(i int) events.ProjectID {
	return events.ProjectID(fmt.Sprintf("project-%05d", i%c.projects()))
}

func (c company) team(i int) events.TeamID {
	return events.TeamID(fmt.Sprintf("team-%04d", i%c.teams()))
}

// sources counts the reasons for access that there are.
func (c company) sources() int { return c.people + c.people*3/5 + c.people + c.crowd + 2*c.projects() }

// history is how the company came about.
func (c company) history() (iter.Seq[events.Entry], error) {
	schemes, err := domain.BuiltInSchemes()
	if err != nil {
		return nil, err
	}
	return func(yield func(events.Entry) bool) {
		version := events.Version(0)
		at := events.Instant(time.Now())
		for happened := range c.happenings(schemes["github"].Scheme) {
			version++
			if !yield(events.Entry{Organization: c.id, Version: version, At: at, Events: happened}) {
				return
			}
		}
	}, nil
}

func (c company) happenings(scheme events.Scheme) iter.Seq[events.Facts] {
	return func(yield func(events.Facts) bool) {
		if !yield(events.Facts{
			events.OrganizationCreated{Name: string(c.id), Scheme: scheme},
			events.TeamCreated{Team: crowd, Name: string(crowd)},
		}) {
			return
		}
		for i := range c.teams() {
			if !yield(events.Facts{events.TeamCreated{Team: c.team(i), Name: string(c.team(i))}}) {
				return
			}
		}
		for i := range c.projects() {
			project := c.project(i)
			if !yield(events.Facts{
				events.ProjectCreated{Project: project, Name: string(project)},
				events.TeamAssigned{Team: c.team(i), Project: project, Role: "triage"},
				events.TeamAssigned{Team: crowd, Project: project, Role: "write"},
			}) {
				return
			}
		}
		for i := range c.people {
			if !yield(c.arrival(i)) {
				return
			}
		}
	}
}

// arrival is all that happens when somebody joins.
func (c company) arrival(i int) events.Facts {
	user := c.user(i)
	happened := events.Facts{
		events.MemberJoined{Member: user, Role: "member"},
		events.TeamMemberAdded{Team: c.team(i), Member: user, Role: "member"},
		events.ProjectMemberAdded{Project: c.project(i), Member: user, Role: "read"},
	}
	if i%5 < 3 && c.projects() > 1 {
		happened = append(happened, events.ProjectMemberAdded{Project: c.project(i + 1), Member: user, Role: "maintain"})
	}
	if i < c.crowd {
		happened = append(happened, events.TeamMemberAdded{Team: crowd, Member: user, Role: "member"})
	}
	return happened
}

// bulk is about how many events a commit holds, as in an import.
const bulk = 1000

// commits puts entries together.
func commits(entries iter.Seq[events.Entry]) iter.Seq[events.Commit] {
	return func(yield func(events.Commit) bool) {
		c, size := events.Commit{}, 0
		for entry := range entries {
			c.At = entry.At
			c.Entries = append(c.Entries, entry)
			if size += len(entry.Events); size >= bulk {
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

// record appends the company's history to a ledger.
func (c company) record(ctx context.Context, ledger *bus.Ledger, at events.Checkpoint) (events.Checkpoint, error) {
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
