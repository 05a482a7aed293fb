package bench

import (
	"context"
	"fmt"
	"time"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/internal/personaldata"
	"github.com/seed-2026d078/roster/keyring"
)

// erase measures what it takes to erase one person of a large organization: the ledger is read twice, and the read models are
// made anew.
func erase(ctx context.Context, s *setup) ([]Row, error) {
	h, err := s.ledger(ctx)
	if err != nil {
		return nil, err
	}
	master, _ := keyring.NewMasterKey()
	keys, err := keyring.Open(ctx, h.conn, keyring.Config{Master: master})
	if err != nil {
		return nil, err
	}
	acme := organization{id: "acme", people: s.People, largeTeam: max(s.People/10, 1)}
	if err := acme.seal(ctx, keys); err != nil {
		return nil, err
	}
	_, database, err := s.readModelsWith(ctx, keys.Read)
	if err != nil {
		return nil, err
	}
	side := &projected{ledger: h.ledger, database: database}
	desk, err := bus.NewDesk[domain.Roster, domain.Command](ctx, h.ledger, domain.Roster{}, bus.DeskConfig{})
	if err != nil {
		return nil, err
	}
	s.run(ctx, desk.Run)
	s.run(ctx, func(ctx context.Context) error { return database.Project(ctx, desk.Follower()) })
	if _, err := side.fill(ctx, acme); err != nil {
		return nil, err
	}

	user, started := acme.user(0), time.Now()
	if _, err := personaldata.Find(ctx, h.ledger, keys, user); err != nil {
		return nil, err
	}
	found := time.Since(started)
	started = time.Now()
	report, err := personaldata.NewEraser(desk, h.ledger, keys, database, nil).Erase(ctx, personaldata.Request{User: user})
	if err != nil {
		return nil, err
	}
	if report.Keys == 0 || len(report.Tables) == 0 {
		return nil, fmt.Errorf("%d keys were destroyed, %d tables made anew", report.Keys, len(report.Tables))
	}
	return []Row{
		figure(fmt.Sprintf("erase one of %s people", grouped(acme.people)), time.Since(started).Seconds(), "s"),
		figure("of it, two readings of the ledger", found.Seconds(), "s"),
	}, nil
}
