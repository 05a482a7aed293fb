package bench

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/migrations"
	"github.com/seed-2026d078/roster/projections"
)

// projection measures how fast the read models follow the ledger, against COPY of the
// same rows into copies of their tables with the same indexes.
func projection(ctx context.Context, s *setup) ([]Row, error) {
	h, err := s.ledger(ctx)
	if err != nil {
		return nil, err
	}
	address, database, err := s.readModels(ctx)
	if err != nil {
		return nil, err
	}
	copied, err := openTwin(ctx, address)
	if err != nil {
		return nil, err
	}
	defer copied.close(ctx)
	desk, err := bus.NewDesk[domain.Roster, domain.Command](ctx, h.ledger, domain.Roster{}, bus.DeskConfig{})
	if err != nil {
		return nil, err
	}
	s.run(ctx, desk.Run)
	s.run(ctx, func(ctx context.Context) error { return database.Project(ctx, desk.Follower()) })

	// Each round has an organization of its own, so that its rows can be selected.
	side := &projected{ledger: h.ledger, database: database, people: max(s.People/20, 1)}
	d, err := interleave(ctx, s.Rounds,
		side.next,
		func(ctx context.Context) (time.Duration, error) { return copied.copy(ctx, side.organization) })
	if err != nil {
		return nil, err
	}
	perSecond := func(took time.Duration) float64 { return float64(copied.rows) / float64(s.Rounds) / took.Seconds() }
	return []Row{d.row("projection, rows", "COPY into the same tables", "/s", perSecond).atLeast(0.5)}, nil
}

// projected is read models that follow a ledger.
type projected struct {
	ledger       *bus.Ledger
	database     *projections.Database
	people       int
	organization events.OrganizationID // of the last round
	round        int
	end          events.Checkpoint
}

// next records the history of another organization and waits until the read models
// show all of it.
func (p *projected) next(ctx context.Context) (time.Duration, error) {
	return p.fill(ctx, p.organizationOf())
}

// organizationOf returns the organization of another round.
func (p *projected) organizationOf() organization {
	p.round++
	p.organization = events.OrganizationID(fmt.Sprintf("round-%d", p.round))
	return organization{id: p.organization, people: p.people, largeTeam: p.people / 10}
}

// fill records the history of an organization and waits until the read models show all of it.
func (p *projected) fill(ctx context.Context, acme organization) (time.Duration, error) {
	started := time.Now()
	var err error
	if p.end, err = acme.record(ctx, p.ledger, p.end); err != nil {
		return 0, err
	}
	err = p.database.Wait(ctx, p.end.Position)
	return time.Since(started), err
}

// twin has the same tables in another database of the same server.
type twin struct {
	original, copied *pgconn.PgConn
	rows             int64 // copied so far
}

func openTwin(ctx context.Context, address string) (*twin, error) {
	other, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	other.Path = "/postgres" // there in every cluster
	if err := migrations.Up(ctx, other.String()); err != nil {
		return nil, err
	}
	original, err := pgconn.Connect(ctx, address)
	if err != nil {
		return nil, err
	}
	copied, err := pgconn.Connect(ctx, other.String())
	if err != nil {
		_ = original.Close(ctx)
		return nil, err
	}
	return &twin{original: original, copied: copied}, nil
}

func (t *twin) close(ctx context.Context) {
	_ = t.original.Close(ctx) // they have only been read from and timed
	_ = t.copied.Close(ctx)
}

// copy copies the rows of an organization and returns how long writing took.
func (t *twin) copy(ctx context.Context, org events.OrganizationID) (took time.Duration, err error) {
	for _, table := range []string{
		"organization", "scheme_role", "scheme_permission", "member", "project", "project_member", "project_override", "team", "team_ancestor", "team_member", "project_team", "invite", "access_request", "elevation", "email_domain", "audit", "audit_subject",
	} {
		name := pgx.Identifier{"roster", table}.Sanitize()
		var rows bytes.Buffer
		from := fmt.Sprintf(`COPY (SELECT * FROM %s WHERE org_id = '%s') TO STDOUT (FORMAT binary)`, name, org)
		if _, err := t.original.CopyTo(ctx, &rows, from); err != nil {
			return 0, err
		}
		started := time.Now()
		done, err := t.copied.CopyFrom(ctx, &rows, fmt.Sprintf(`COPY %s FROM STDIN (FORMAT binary)`, name))
		if err != nil {
			return 0, err
		}
		took += time.Since(started)
		t.rows += done.RowsAffected()
	}
	return took, nil
}
