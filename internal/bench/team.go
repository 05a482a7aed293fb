package bench

import (
	"context"
	"time"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// team measures the assignment of a large team to a project.
func team(ctx context.Context, s *setup) ([]Row, error) {
	acme := organization{id: "acme", people: s.People, largeTeam: max(s.People/10, 1)}
	h, err := s.withDesk(ctx, acme)
	if err != nil {
		return nil, err
	}
	const project events.ProjectID = "new"
	give := func(ctx context.Context, c domain.Command) error {
		return h.do(ctx, bus.Request[domain.Command]{Organization: acme.id, Command: c})
	}
	assign := func(ctx context.Context) error {
		return give(ctx, domain.AssignTeam{Team: largeTeam, Project: project, Role: "write"})
	}
	unassign := func(ctx context.Context) error {
		return give(ctx, domain.UnassignTeam{Team: largeTeam, Project: project})
	}
	if err := give(ctx, domain.CreateProject{Project: project, Name: string(project)}); err != nil {
		return nil, err
	}
	if err := assign(ctx); err != nil {
		return nil, err
	}
	floor, err := h.publisher(ctx)
	if err != nil {
		return nil, err
	}
	d, err := interleave(ctx, s.Rounds,
		func(ctx context.Context) (load, error) { return between(ctx, s.turn(), unassign, assign) },
		func(ctx context.Context) (load, error) { return runLoad(ctx, 1, s.turn(), floor.publish) })
	if err != nil {
		return nil, err
	}
	what, raw := "assign a team of "+grouped(acme.largeTeam), "raw publishes, 1 at once"
	return []Row{d.row(what+", p50", raw, "ms", p50).atMost(2), d.row(what+", p99", raw, "ms", p99)}, nil
}

// between calls prepare and do in turn for a time, and measures do alone.
func between(ctx context.Context, length time.Duration, prepare, do func(context.Context) error) (load, error) {
	var took []time.Duration
	var sum time.Duration
	for started := time.Now(); time.Since(started) < length || len(took) == 0; {
		if err := prepare(ctx); err != nil {
			return load{}, err
		}
		at := time.Now()
		if err := do(ctx); err != nil {
			return load{}, err
		}
		took = append(took, time.Since(at))
		sum += took[len(took)-1]
	}
	return summary(took, sum), nil
}
