package api

import (
	"context"
	"time"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// costlyAtOnce is how many requests are answered at a time that read the ledger from
// its beginning, or play what a command would lead to.
const costlyAtOnce = 2

// turn waits, as long as the request has patience, until a costly one may be answered.
func (s *Server) turn(ctx context.Context) (end func(), err error) {
	patient, cancel := context.WithDeadline(ctx, asked(ctx).patience)
	defer cancel()
	if s.costly.Acquire(patient, 1) != nil {
		return nil, errBusy
	}
	return func() { s.costly.Release(1) }, nil
}

// past folds the ledger up to a moment: what had happened by then, whenever it
// was recorded. An organization of its own saves the others' work; empty is all.
func (s *Server) past(ctx context.Context, at time.Time, only events.OrganizationID) (domain.Roster, error) {
	if at.After(time.Now()) {
		return domain.Roster{}, domain.ErrBadTime
	}
	end, err := s.turn(ctx)
	if err != nil {
		return domain.Roster{}, err
	}
	defer end()
	var state domain.Roster
	var entries []events.Entry
	err = s.Ledger.Read(ctx, events.Checkpoint{}, s.Desk.View().Position, func(commits []events.Commit) error {
		entries = entries[:0]
		for i := range commits {
			for _, entry := range commits[i].Entries {
				if !entry.At.After(at) && (only == "" || entry.Organization == only) {
					entries = append(entries, entry)
				}
			}
		}
		state = state.Evolve(entries...)
		return nil
	})
	return state, err
}

// seen returns an organization as it is now, as far as it exists for whoever asks,
// with the position at which it is so.
func (s *Server) seen(ctx context.Context, id events.OrganizationID) (domain.Organization, events.Position, error) {
	view := s.Desk.View()
	org := view.State.Organization(id).At(time.Now())
	if !org.Sees(asked(ctx).actor) {
		return domain.Organization{}, 0, domain.ErrNoOrganization
	}
	return org, view.Position, nil
}

// open tells whether whoever asks sees an organization now, and a project in it
// where one is named.
func (s *Server) open(ctx context.Context, id events.OrganizationID, project events.ProjectID) bool {
	org, _, err := s.seen(ctx, id)
	return err == nil && (project == "" || org.SeesProject(asked(ctx).actor, project))
}

// authorized returns an organization whose view the actor may have. The empty view
// demands no more than that the actor sees the organization.
func (s *Server) authorized(ctx context.Context, id events.OrganizationID, view events.Action, about domain.About) (domain.Organization, events.Position, error) {
	org, position, err := s.seen(ctx, id)
	if err == nil && view != "" {
		err = org.Authorize(asked(ctx).actor, view, about)
	}
	return org, position, err
}

// seenProject returns a project as far as it exists for whoever asks.
func (s *Server) seenProject(ctx context.Context, at ProjectPath) (domain.Organization, domain.Project, events.Position, error) {
	org, position, err := s.seen(ctx, at.Org)
	if err != nil {
		return org, domain.Project{}, 0, err
	}
	if !org.SeesProject(asked(ctx).actor, at.Project) {
		return org, domain.Project{}, 0, domain.ErrNoProject
	}
	found, _ := org.Project(at.Project)
	return org, found, position, nil
}

// present is the moment at which the actor could act.
func present(ctx context.Context, org domain.Organization) events.Moment {
	return moment(asked(ctx).actor, org.Last())
}

// momentOf is when the desk would decide a request, were it asked now.
func momentOf(state domain.Roster, r bus.Request[domain.Command]) events.Moment {
	_, last := state.Last(r.Organization)
	m := moment(r.Actor, last)
	if !r.At.IsZero() {
		m.At = events.Instant(r.At)
	}
	return m
}

// moment is the present, as the desk has it where the last entry of an organization
// happened at last: time runs forward in each.
func moment(actor events.UserID, last time.Time) events.Moment {
	m := events.Moment{Actor: actor, At: events.Instant(time.Now())}
	m.Now = m.At
	if last.After(m.Now) {
		m.At = last
	}
	return m
}
