package api

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"
	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/hashicorp/golang-lru/v2/expirable"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// AtTime is the time that a question is about.
type AtTime struct {
	At instant `query:"at" doc:"A time in the past: what there was then, of what the actor may see now, without actions. Left out: now."`
	Former
}

// Former asks for more than history shows otherwise.
type Former struct {
	Former bool `query:"former" doc:"For the system actor only: also what an earlier organization or project with the same id was. Left out: nothing from before the creation of the present one."`
}

// Resolve implements [huma.Resolver].
func (f *Former) Resolve(ctx huma.Context) []error {
	if !f.Former {
		return nil
	}
	q := requestFrom(ctx.Context())
	if q.actor != events.System {
		return []error{errSystemOnly}
	}
	q.former = true
	return nil
}

func (a AtTime) asked() bool { return !a.At.IsZero() }

// keptPasts is how many organizations of the past are kept, so that the pages of a list need
// not fold the ledger again.
const keptPasts = 4

// pastKeeper keeps the newest pasts that were asked for.
type pastKeeper struct {
	kept *lru.Cache[pastKey, domain.Organization]
	// organizations are the rows of all that there were at a time. Commands may be added to the
	// past of any, so they are not kept for long.
	organizations *expirable.LRU[pastKey, []ordered[organization]]
}

// pastKey names a past. Commands may be added to the past, so the present version belongs to
// it.
type pastKey struct {
	org     events.OrganizationID
	at      time.Time
	version events.Version
	// former says that earlier things with the same id are in it.
	former bool
}

func newPastKeeper() pastKeeper {
	kept, err := lru.New[pastKey, domain.Organization](keptPasts)
	if err != nil {
		panic(err) // the size is a positive constant
	}
	return pastKeeper{kept, expirable.NewLRU[pastKey, []ordered[organization]](keptPasts, nil, keptFor)}
}

// currentOrDeleted returns an organization as it is now, if the actor may take an action on it
// that only shows something. The system sees all, also what was deleted since it was.
func (s *Server) currentOrDeleted(ctx context.Context, id events.OrganizationID, view events.Action, about domain.About) (domain.Organization, events.Position, error) {
	if requestFrom(ctx).actor != events.System {
		return s.authorized(ctx, id, view, about)
	}
	now := s.Desk.View()
	org := now.State.Organization(id).At(s.now())
	if org.Version() == 0 {
		return org, 0, domain.ErrNoOrganization
	}
	return org, now.Position, nil
}

// asOf is an organization as it is now, by which the actor's rights are decided, and as it was
// at the time that a question is about: for a question about now, the same.
type asOf struct {
	actor events.UserID
	// at is the time in the past; zero: now.
	at        time.Time
	now, then domain.Organization
	position  events.Position
	// walk paces the look at all of the organization.
	walk *walk
}

// asOf returns an organization that the actor sees for a question about now or, if a time is
// named, about the past.
func (s *Server) asOf(ctx context.Context, id events.OrganizationID, at AtTime) (asOf, error) {
	if at.asked() {
		return s.past(ctx, id, at.At.Time, "", domain.About{})
	}
	org, position, err := s.visibleOrganization(ctx, id)
	if err != nil {
		return asOf{}, err
	}
	return s.current(ctx, org, position), nil
}

// current returns an organization for a question about now.
func (s *Server) current(ctx context.Context, org domain.Organization, position events.Position) asOf {
	return asOf{actor: requestFrom(ctx).actor, now: org, then: org, position: position, walk: s.newWalk(ctx, org)}
}

// past returns an organization for a question about the past. It fails if the organization
// was not there, and for a time in the future.
func (s *Server) past(ctx context.Context, id events.OrganizationID, at time.Time, view events.Action, about domain.About) (asOf, error) {
	now, position, err := s.currentOrDeleted(ctx, id, view, about)
	if err != nil {
		return asOf{}, err
	}
	at = at.UTC()
	key := pastKey{id, at, now.Version(), requestFrom(ctx).former}
	then, found := s.pasts.kept.Get(key)
	if !found {
		state, err := s.stateAt(ctx, at, id)
		if err != nil {
			return asOf{}, err
		}
		then = state.Organization(id).At(at)
		s.pasts.kept.Add(key, then)
	}
	if !then.Exists() {
		return asOf{}, domain.NoOrganizationAt(at)
	}
	return asOf{requestFrom(ctx).actor, at, now, then, position, s.newWalk(ctx, then)}, nil
}

func (p asOf) isPast() bool { return !p.at.IsZero() }

// authorize fails unless the actor may take an action now that only shows something. The
// system also sees what is gone since.
func (p asOf) authorize(view events.Action, about domain.About) error {
	if p.actor == events.System {
		return nil
	}
	return p.now.Authorize(p.actor, view, about)
}

// seesProject reports whether the actor may know now of a project that there was.
func (p asOf) seesProject(id events.ProjectID) bool {
	return p.actor == events.System || p.now.SeesProject(p.actor, id)
}

// actions returns what the actor may do now; about the past, nothing.
func (p asOf) actions(find func(events.Moment) domain.AvailableActions) domain.AvailableActions {
	if p.isPast() {
		return domain.AvailableActions{}
	}
	return find(p.moment())
}

// moment returns the moment of a command that the actor would give now.
func (p asOf) moment() events.Moment { return momentOf(p.actor, p.now) }

// count counts who was on a project.
func (p asOf) count(id events.ProjectID) projectCounts {
	project, _ := p.then.Project(id)
	count := p.then.CountOnProject(id)
	counts, visible := projectCounts{People: count.People, Direct: count.Direct}, visibleFormerTeams(p.now, p.then, p.actor)
	for a := range project.Assignments() {
		if p.then.InEffect(a) && visible(a.Team) {
			counts.Teams++
		}
	}
	return counts
}
