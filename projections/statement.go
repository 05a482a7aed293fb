package projections

import (
	"context"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
)

// statement is a query whose conditions depend on what is asked for. Values are
// parameters, so that each combination of conditions is planned apart.
type statement struct {
	sql  strings.Builder
	args []any
	// custom asks for a plan that knows the parameters: what a name part, a role or an
	// actor finds differs too much for one plan.
	custom bool
}

func newStatement(args ...any) *statement { return &statement{args: args} }

func (s *statement) write(parts ...string) {
	for _, part := range parts {
		s.sql.WriteString(part)
	}
}

// arg adds a parameter and returns its name.
func (s *statement) arg(value any) string {
	s.args = append(s.args, value)
	return "$" + strconv.Itoa(len(s.args))
}

// trigram is how many characters the index on texts needs.
const trigram = 3

// noCondition is the condition that always holds.
const noCondition = "true"

// contains returns a condition on a folded text: it contains every word of a search. A search
// without words finds everything.
func (s *statement) contains(column, search string) string {
	words := searched(search)
	if len(words) == 0 {
		return noCondition
	}
	s.custom = true
	conditions := make([]string, len(words))
	for i, word := range words {
		conditions[i] = s.containsWord(column, word)
	}
	return "(" + strings.Join(conditions, " AND ") + ")"
}

func (s *statement) containsWord(column, word string) string {
	if utf8.RuneCountInString(word) < trigram {
		return "strpos(" + column + ", " + s.arg(word) + ") > 0"
	}
	return column + " LIKE " + s.arg("%"+likely.Replace(word)+"%")
}

func (s *statement) search(column, search string) {
	if found := s.contains(column, search); found != noCondition {
		s.write(" AND ", found)
	}
}

// likely protects what LIKE would not take as it stands.
var likely = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// limit adds a limit as a constant, so that the plan is for that many rows.
func (s *statement) limit(rows int) { s.write(" LIMIT ", strconv.Itoa(rows)) }

// query collects what a statement finds in tables.
func query[T any](ctx context.Context, from *tables, s *statement, scan pgx.RowToFunc[T]) (all []T, err error) {
	var steps pgx.Batch // one round trip, and one transaction
	if s.custom {
		// Until the transaction ends.
		steps.Queue(`SELECT set_config('plan_cache_mode', 'force_custom_plan', true)`)
	}
	steps.Queue(s.sql.String(), s.args...)
	results := from.pool.SendBatch(ctx, &steps)
	defer func() {
		if closed := results.Close(); err == nil { // it tells whether the transaction was committed
			err = from.fault(closed)
		}
	}()
	if s.custom {
		if _, err := results.Exec(); err != nil {
			return nil, from.fault(err)
		}
	}
	found, err := results.Query()
	if err != nil {
		return nil, from.fault(err)
	}
	all, err = pgx.CollectRows(found, scan)
	return all, from.fault(err)
}
