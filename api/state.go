package api

import (
	"context"
	"time"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// stateAt folds the ledger up to a time: every event that had happened by then, whenever it
// was recorded. It folds one organization only, which is faster, unless the id is empty. What
// had an id then that means something else now is not in it, unless the system asks for that:
// who sees a project sees the past of that project, not of an earlier one with its id. Everything
// that answers about the past goes through here.
func (s *Server) stateAt(ctx context.Context, at time.Time, only events.OrganizationID) (domain.Roster, error) {
	return s.statesAt(ctx, at, only, func(id events.OrganizationID) bool { return only == "" || id == only })
}

// statesAt is stateAt for the organizations that are wanted. It waits for a slot as a question
// about one organization or, if the id is empty, about several.
func (s *Server) statesAt(ctx context.Context, at time.Time, about events.OrganizationID, wanted func(events.OrganizationID) bool) (domain.Roster, error) {
	if at.After(s.now()) {
		return domain.Roster{}, domain.ErrBadTime
	}
	requestFrom(ctx).endSlot()
	end, err := s.pastSlots.acquire(ctx, about)
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
				if !entry.At.After(at) && wanted(entry.Organization) {
					entries = append(entries, entry)
				}
			}
		}
		state = state.Evolve(entries...)
		return nil
	})
	if err != nil || requestFrom(ctx).former {
		return state, err
	}
	return state.WithoutFormer(s.Desk.View().State), nil
}

// visibleOrganization returns an organization as it is now, if the actor may see it,
// with the position at which it is so.
func (s *Server) visibleOrganization(ctx context.Context, id events.OrganizationID) (domain.Organization, events.Position, error) {
	view := s.Desk.View()
	org := view.State.Organization(id).At(s.now())
	if !org.Sees(requestFrom(ctx).actor) {
		return domain.Organization{}, 0, domain.ErrNoOrganization
	}
	return org, view.Position, nil
}

// sees reports whether the actor sees an organization now, and the project in it unless
// that is empty.
func (s *Server) sees(ctx context.Context, id events.OrganizationID, project events.ProjectID) bool {
	org, _, err := s.visibleOrganization(ctx, id)
	return err == nil && (project == "" || org.SeesProject(requestFrom(ctx).actor, project))
}

// authorized returns an organization if the actor may take an action on it that only shows
// something. The empty action demands only that the actor sees the organization.
func (s *Server) authorized(ctx context.Context, id events.OrganizationID, view events.Action, about domain.About) (domain.Organization, events.Position, error) {
	org, position, err := s.visibleOrganization(ctx, id)
	if err == nil && view != "" {
		err = org.Authorize(requestFrom(ctx).actor, view, about)
	}
	return org, position, err
}

// visibleProject returns a project if the actor may see it.
func (s *Server) visibleProject(ctx context.Context, at ProjectPath) (domain.Organization, domain.Project, events.Position, error) {
	org, position, err := s.visibleOrganization(ctx, at.Org)
	if err != nil {
		return org, domain.Project{}, 0, err
	}
	if !org.SeesProject(requestFrom(ctx).actor, at.Project) {
		return org, domain.Project{}, 0, domain.NoProject(requestFrom(ctx).actor, at.Project)
	}
	found, _ := org.Project(at.Project)
	return org, found, position, nil
}

// now is the time of a question: the one by which the desk decides commands.
func (s *Server) now() time.Time { return s.Desk.Clock().Now() }

// currentMoment returns the moment of a command that the actor would give to an organization
// at its instant.
func currentMoment(ctx context.Context, org domain.Organization) events.Moment {
	return momentOf(requestFrom(ctx).actor, org)
}

func momentOf(actor events.UserID, org domain.Organization) events.Moment {
	return newMoment(actor, org.Instant(), org.Last())
}

// requestMoment returns the moment at which the desk would decide a request now.
func (s *Server) requestMoment(state domain.Roster, r bus.Request[domain.Command]) events.Moment {
	_, last := state.Last(r.Organization)
	m := newMoment(r.Actor, s.now(), last)
	if !r.At.IsZero() {
		m.At = events.Instant(r.At)
	}
	return m
}

// newMoment returns the moment of a command that is given now to an organization whose last
// entry happened at last. It is recorded not before that, as at the desk.
func newMoment(actor events.UserID, now, last time.Time) events.Moment {
	m := events.Moment{Actor: actor, At: events.Instant(now)}
	m.Now = m.At
	if last.After(m.Now) {
		m.At = last
	}
	return m
}
