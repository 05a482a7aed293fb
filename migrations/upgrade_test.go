package migrations

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/internal/postgres/pgtest"
)

// TestReadModelsAreMadeAnew brings up a database of the first version, whose read
// models had other tables, with what it held.
func TestReadModelsAreMadeAnew(t *testing.T) {
	t.Parallel()
	url := pgtest.New(t)
	require.NoError(t, up(t.Context(), url, os.DirFS("testdata/before")))
	db := open(t, url)
	for _, statement := range []string{
		`INSERT INTO roster.organization VALUES ('acme', 'Acme', 'd', '{}')`,
		`UPDATE roster.checkpoint SET position = 7`,
		`UPDATE roster_inbox.checkpoint SET position = 7`,
		`INSERT INTO roster_inbox.notification VALUES ('acme', 'ada', 'n1', '', 'member', 'admin', 7, 3, 0, now(), '', now())`,
	} {
		_, err := db.ExecContext(t.Context(), statement)
		require.NoError(t, err)
	}
	require.NoError(t, Up(t.Context(), url))
	for what, query := range map[string]string{
		"the read models begin anew":         `SELECT count(*) FROM roster.checkpoint WHERE position = 0`,
		"there is a new table":               `SELECT count(*) FROM pg_tables WHERE schemaname = 'roster' AND tablename = 'project_override'`,
		"the inbox keeps its place":          `SELECT count(*) FROM roster_inbox.checkpoint WHERE position = 7`,
		"a notification keeps what happened": `SELECT count(*) FROM roster_inbox.notification WHERE shown_at IS NOT NULL AND notice_time = 'both'`,
	} {
		assert.Equal(t, 1, count(t, db, query), what)
	}
	assert.Zero(t, count(t, db, `SELECT count(*) FROM roster.organization`), "organizations are left over")
}
