package projections

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// table writes rows R: all of one kind with one statement, whose parameters are
// its columns.
type table[R any] struct {
	name    string
	keys    []column[R] // texts, the primary key
	columns []column[R] // the rest
	// member returns whose sort_name is copied into a row; nil if the table has no such
	// copy. Only members have rows.
	member func(*R) memberKey
}

// column is one column of a table of rows R.
type column[R any] struct {
	name, kind string
	value      func(*R) any
	all        func([]R) any
	compare    func(a, b *R) int // of texts
}

func field[R, T any](name, kind string, get func(*R) T) column[R] {
	return column[R]{name: name, kind: kind, value: func(row *R) any { return get(row) }, all: func(rows []R) any {
		all := make([]T, len(rows))
		for i := range rows {
			all[i] = get(&rows[i])
		}
		return all
	}}
}

func text[R any, T ~string](name string, get func(*R) T) column[R] {
	c := field(name, "text", func(row *R) string { return string(get(row)) })
	c.compare = func(a, b *R) int { return cmp.Compare(get(a), get(b)) }
	return c
}

func collated[R any](name string, get func(*R) sortKey) column[R] {
	return field(name, "bytea", get)
}

func document[R any](name string, get func(*R) string) column[R] {
	return field(name, "jsonb", get)
}

func flag[R any](name string, get func(*R) bool) column[R] {
	return field(name, "boolean", get)
}

func number[R any, T ~uint64](name string, get func(*R) T) column[R] {
	return field(name, "bigint", func(row *R) int64 { return int64(get(row)) })
}

func small[R any](name string, get func(*R) int) column[R] {
	return field(name, "int", func(row *R) int32 { return int32(get(row)) }) //nolint:gosec // counts within one entry or scheme
}

// timestamp is a time; the zero value is null.
func timestamp[R any](name string, get func(*R) time.Time) column[R] {
	return field(name, "timestamptz", func(row *R) *time.Time {
		if at := get(row); !at.IsZero() {
			return &at
		}
		return nil
	})
}

func (t *table[R]) all() []column[R] { return slices.Concat(t.keys, t.columns) }

// sort orders rows by key, so that writers never wait for each other in a circle. It
// compares rows where they are: a copy of each would be allocated.
func (t *table[R]) sort(rows []R) {
	sort.Slice(rows, func(i, j int) bool {
		for _, key := range t.keys {
			if order := key.compare(&rows[i], &rows[j]); order != 0 {
				return order < 0
			}
		}
		return false
	})
}

// insert returns the statement that writes rows that are not there.
func (t *table[R]) insert() string {
	source := "SELECT * FROM " + unnest(t.all())
	if t.member != nil {
		source = fmt.Sprintf("SELECT u.*, m.sort_name FROM %s JOIN member m USING (org_id, user_id)", unnest(t.all()))
	}
	return fmt.Sprintf("INSERT INTO %s (%s) %s", t.name, comma(t.written()), source)
}

// upsert returns the statement that writes rows, whether they are there or not. Rows that are
// there keep the columns that are named.
func (t *table[R]) upsert(keep ...string) string {
	var changes []string
	for _, name := range t.written()[len(t.keys):] {
		if slices.Contains(keep, name) {
			continue
		}
		changes = append(changes, name+" = excluded."+name)
	}
	return fmt.Sprintf("%s ON CONFLICT (%s) DO UPDATE SET %s", t.insert(), comma(names(t.keys, "")), comma(changes))
}

// written returns the names of the columns that are written.
func (t *table[R]) written() []string {
	written := names(t.all(), "")
	if t.member != nil {
		written = append(written, "sort_name")
	}
	return written
}

// remove returns the statement that deletes rows by key.
func (t *table[R]) remove() string {
	return fmt.Sprintf("DELETE FROM %s t USING %s WHERE (%s) = (%s)",
		t.name, unnest(t.keys), comma(names(t.keys, "t.")), comma(names(t.keys, "u.")))
}

// unnest makes rows, called u, of parameters that are columns.
func unnest[R any](columns []column[R]) string {
	arrays := make([]string, len(columns))
	for i, c := range columns {
		arrays[i] = fmt.Sprintf("$%d::%s[]", i+1, c.kind)
	}
	return fmt.Sprintf("unnest(%s) AS u (%s)", comma(arrays), comma(names(columns, "")))
}

func names[R any](columns []column[R], prefix string) []string {
	all := make([]string, len(columns))
	for i, c := range columns {
		all[i] = prefix + c.name
	}
	return all
}

func comma(items []string) string { return strings.Join(items, ", ") }

// batch collects statements for one round trip, and how many rows each of them
// must affect: a read model that has drifted stops the projector.
type batch struct {
	pgx.Batch
	expected []expectation
	// copies write many new rows each. They come before the statements, which may need these
	// rows.
	copies []func(context.Context, *pgx.Conn) error
}

type expectation struct {
	table, verb string
	rows        int
}

// uniqueViolation is the error code for a row that is there already.
const uniqueViolation = "23505"

// fault returns the error of a statement, with its table.
func (e expectation) fault(err error) error {
	refused, ok := errors.AsType[*pgconn.PgError](err)
	switch {
	case err == nil:
		return nil
	case ok && refused.Code == uniqueViolation:
		return &DriftError{Table: e.table, Verb: e.verb, Want: e.rows}
	}
	return fmt.Errorf("%s: %w", e.table, err)
}

func (b *batch) expect(e expectation, sql string, args ...any) {
	b.Queue(sql, args...)
	b.expected = append(b.expected, e)
}

// execute executes some of the statements in one round trip. It fails if one of them does not
// affect the rows that it must.
func (b *batch) execute(ctx context.Context, conn *pgx.Conn, from, to int) (err error) {
	if from == to {
		return nil
	}
	results := conn.SendBatch(ctx, &pgx.Batch{QueuedQueries: b.QueuedQueries[from:to]})
	defer func() {
		if closed := results.Close(); err == nil {
			err = closed
		}
	}()
	for _, e := range b.expected[from:to] {
		done, err := results.Exec()
		if err != nil {
			return e.fault(err)
		}
		if got := int(done.RowsAffected()); got != e.rows {
			return &DriftError{Table: e.table, Verb: e.verb, Want: e.rows, Got: got}
		}
	}
	return nil
}

// copyFrom is the number of new rows from which they are copied. COPY writes rows faster than
// a statement, but takes two more round trips.
const copyFrom = 500

// add writes rows that are not there yet.
func (t *table[R]) add(b *batch, rows []R) {
	switch {
	case len(rows) == 0:
	case len(rows) < copyFrom || t.member != nil:
		b.expect(expectation{t.name, "written", len(rows)}, t.insert(), arrays(t.all(), rows)...)
	default:
		b.copies = append(b.copies, func(ctx context.Context, conn *pgx.Conn) error {
			return t.copy(ctx, &loader{conn: conn}, rows)
		})
	}
}

// put writes rows, whether they are there or not. Rows that are there keep the columns that
// are named.
func (t *table[R]) put(b *batch, rows []R, keep ...string) {
	if len(rows) > 0 {
		b.expect(expectation{t.name, "written", len(rows)}, t.upsert(keep...), arrays(t.all(), rows)...)
	}
}

// drop deletes rows, which must be there.
func (t *table[R]) drop(b *batch, rows []R) {
	if len(rows) > 0 {
		b.expect(expectation{t.name, "deleted", len(rows)}, t.remove(), arrays(t.keys, rows)...)
	}
}

func arrays[R any](columns []column[R], rows []R) []any {
	all := make([]any, len(columns))
	for i, c := range columns {
		all[i] = c.all(rows)
	}
	return all
}
