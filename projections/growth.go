package projections

import (
	"context"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"
)

// growth counts the rows written to each table, so that Postgres gets statistics of
// tables that fill quickly before it would make them by itself.
type growth map[string]*struct{ written, known int }

// plenty is how many rows make statistics worth their time.
const plenty = 50_000

// add counts what a batch has written, and has Postgres look at tables that have
// doubled.
func (g *growth) add(ctx context.Context, conn *pgx.Conn, b *batch) error {
	if *g == nil {
		*g = growth{}
	}
	tables := *g
	for _, e := range b.expected {
		if tables[e.table] == nil {
			tables[e.table] = new(struct{ written, known int })
		}
		tables[e.table].written += e.rows
	}
	for _, name := range slices.Sorted(maps.Keys(tables)) {
		t := tables[name]
		if t.written < max(plenty, 2*t.known) {
			continue
		}
		if _, err := conn.Exec(ctx, `ANALYZE `+name); err != nil {
			return err
		}
		t.known = t.written
	}
	return nil
}
