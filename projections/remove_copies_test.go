package projections

import (
	"crypto/rand"
	"net/url"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/internal/postgres/pgtest"
)

// TestRemoveCopiesSaysWhatItMayNot removes copies with the rights that a role may have in a database of one's own.
func TestRemoveCopiesSaysWhatItMayNot(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		// grants are what the role gets in the database, which has its name.
		grants []string
		anew   bool
		left   []string
	}{
		"all rights":               {grants: []string{`ALTER ROLE NAME SUPERUSER`}, anew: true},
		"the owner's":              {grants: []string{`ALTER DATABASE NAME OWNER TO NAME`}, anew: true, left: []string{"write-ahead log"}},
		"to make schemas, no more": {grants: []string{`GRANT CREATE ON DATABASE NAME TO NAME`, `GRANT CREATE ON SCHEMA public TO NAME`}, left: []string{"pg_statistic", "write-ahead log"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at, err := url.Parse(pgtest.New(t))
			require.NoError(t, err)
			name := "copies_" + strings.ToLower(rand.Text())
			execute := func(statements ...string) {
				conn, err := pgx.Connect(t.Context(), at.String())
				require.NoError(t, err)
				defer conn.Close(t.Context())
				for _, statement := range statements {
					_, err := conn.Exec(t.Context(), strings.ReplaceAll(statement, "NAME", name))
					require.NoError(t, err)
				}
			}
			execute(`CREATE ROLE NAME`, `CREATE DATABASE NAME TEMPLATE template0`)
			at.Path = "/" + name
			execute(row.grants...)
			query := at.Query()
			query.Set("role", name)
			at.RawQuery = query.Encode()
			f := unprojectedOn(t, at.String())
			done, err := f.RemoveCopies(t.Context(), f.ledger)
			require.NoError(t, err)
			require.Len(t, done.Left, len(row.left), done.Left)
			for i, what := range row.left {
				assert.Contains(t, done.Left[i], what)
			}
			assert.Contains(t, done.Tables, "roster.member")
			assert.Equal(t, row.anew, len(done.Tables) > 0 && done.Tables[len(done.Tables)-1] == statistics)
		})
	}
}
