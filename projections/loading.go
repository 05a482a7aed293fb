package projections

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// loading fills new tables, which have no indexes yet.
type loading struct {
	conn      *pgx.Conn
	open      Opener
	sortNames map[memberKey]string
	tables    []string // those filled so far
}

// logged is how many rows of the audit log are copied at once.
const logged = 20_000

// everything fills the tables up to the present end of the ledger.
func (l *loading) everything(ctx context.Context, ledger *bus.Ledger, progress func(done, total events.Position)) (bus.View[domain.Roster], error) {
	end, err := ledger.End(ctx)
	if err != nil {
		return bus.View[domain.Roster]{}, err
	}
	var view bus.View[domain.Roster]
	var log []auditRow
	if end.Position > 0 {
		err = ledger.Read(ctx, events.Checkpoint{}, end.Position, func(commits []events.Commit) error {
			for i := range commits {
				log = appendAudit(log, &commits[i])
			}
			next, err := view.Fold(commits)
			if err != nil {
				return err
			}
			view = next
			if progress != nil {
				progress(view.Position, end.Position)
			}
			if len(log) < logged {
				return nil
			}
			err = audit.copy(ctx, l, log)
			log = log[:0]
			return err
		})
	}
	if err != nil {
		return bus.View[domain.Roster]{}, err
	}
	if err := audit.copy(ctx, l, log); err != nil {
		return bus.View[domain.Roster]{}, err
	}
	l.tables = append(l.tables, audit.name)
	for _, m := range models {
		if err := m.load(ctx, l, view.State); err != nil {
			return bus.View[domain.Roster]{}, err
		}
	}
	_, err = l.conn.Exec(ctx, `SELECT move_checkpoint(0, $1, $2, $3)`, make([]byte, len(events.Hash{})), position64(view.Checkpoint), view.Hash[:])
	return view, err
}

func appendAudit(log []auditRow, c *events.Commit) []auditRow {
	for i := range c.Entries {
		for recorded := range c.Entries[i].Recorded() {
			log = append(log, auditOf(c.Entries[i].Organization, c.Position, recorded))
		}
	}
	return log
}

// load copies every row of the model into its table.
func (m *model[K, R]) load(ctx context.Context, l *loading, state domain.Roster) error {
	var all []R
	for _, o := range state.Organizations() {
		for row := range m.rows(o) {
			if m.read != nil {
				if err := m.read(ctx, l.open, &row); err != nil {
					return err
				}
			}
			if m.named != nil {
				key, name := m.named(&row)
				l.sortNames[key] = name
			}
			all = append(all, row)
			if len(all) == logged {
				if err := m.table.copy(ctx, l, all); err != nil {
					return err
				}
				all = all[:0]
			}
		}
	}
	l.tables = append(l.tables, m.table.name)
	return m.table.copy(ctx, l, all)
}

// copy adds rows to a table as fast as Postgres takes them.
func (t *table[R]) copy(ctx context.Context, l *loading, rows []R) error {
	columns := t.all()
	called := names(columns, "")
	if t.member != nil {
		called = append(called, "sort_name")
	}
	values := make([]any, len(called))
	_, err := l.conn.CopyFrom(ctx, pgx.Identifier{t.name}, called, pgx.CopyFromSlice(len(rows), func(i int) ([]any, error) {
		for j, c := range columns {
			values[j] = c.value(&rows[i])
		}
		if t.member != nil {
			values[len(columns)] = l.sortNames[t.member(&rows[i])]
		}
		return values, nil
	}))
	if err != nil {
		return fmt.Errorf("%s: %w", t.name, err)
	}
	return nil
}
