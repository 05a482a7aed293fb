package projections

import (
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestOnlySearchesArePlannedAnew(t *testing.T) {
	t.Parallel()
	f := unprojected(t)
	for _, c := range []struct {
		name, search, mode string
	}{
		{"a list", "", "force_generic_plan"},
		{"a search", "ada", "force_custom_plan"},
		{"a list after a search", "", "force_generic_plan"},
	} {
		s := newStatement()
		s.write(`SELECT current_setting('plan_cache_mode') FROM (VALUES ('ada')) v (name) WHERE true`)
		s.search("v.name", c.search)
		modes, err := query(t.Context(), f.tables, s, pgx.RowTo[string])
		require.NoError(t, err, c.name)
		assert.Equal(t, []string{c.mode}, modes, c.name)
	}
}
