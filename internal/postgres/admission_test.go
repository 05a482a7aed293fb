package postgres

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestOnlyTheOwnerGetsIn starts a cluster of the time when everybody got in, and asks the
// server by which rules it lets whom in.
func TestOnlyTheOwnerGetsIn(t *testing.T) {
	t.Parallel()
	dir := seeded(t)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "data", admissionFile), []byte("local all all trust\nhost all all 127.0.0.1/32 trust\n"), 0o600))
	c := start(t, Config{Dir: dir, Disposable: true})
	conn, err := pgx.Connect(t.Context(), c.URL())
	require.NoError(t, err)
	defer conn.Close(t.Context())
	rows, err := conn.Query(t.Context(), `SELECT type || ' ' || array_to_string(user_name, ',') || ' ' || auth_method FROM pg_hba_file_rules`)
	require.NoError(t, err)
	rules, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	assert.Equal(t, []string{"local roster peer"}, rules)
}
