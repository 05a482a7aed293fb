package projections

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/seed-2026d078/roster/domain"
)

// loader fills new tables, which have no indexes yet.
type loader struct {
	conn      *pgx.Conn
	open      Opener
	sortNames map[memberKey]sortKey
	tables    []string // those filled so far
}

// copyRows is the number of rows that are copied at once.
const copyRows = 20_000

// load copies every row of the model into its table.
func (m *model[K, R]) load(ctx context.Context, l *loader, state domain.Roster) error {
	var all []R
	for _, o := range state.Organizations() {
		for row := range m.rows(o) {
			if m.read != nil {
				if _, err := m.read(ctx, l.open, &row); err != nil {
					return err
				}
			}
			if m.named != nil {
				key, name := m.named(&row)
				l.sortNames[key] = name
			}
			all = append(all, row)
			if len(all) == copyRows {
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
func (t *table[R]) copy(ctx context.Context, l *loader, rows []R) error {
	columns, written := t.all(), t.written()
	values := make([]any, len(written))
	_, err := l.conn.CopyFrom(ctx, pgx.Identifier{t.name}, written, pgx.CopyFromSlice(len(rows), func(i int) ([]any, error) {
		for j, c := range columns {
			values[j] = c.value(&rows[i])
		}
		if t.member != nil {
			values[len(columns)] = l.sortNames[t.member(&rows[i])]
		}
		return values, nil
	}))
	return expectation{t.name, "written", len(rows)}.fault(err)
}
