package postgres

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestTheLogHasNoRows makes errors whose details repeat what a row says.
func TestTheLogHasNoRows(t *testing.T) {
	t.Parallel()
	c := start(t, Config{Dir: seeded(t), Disposable: true})
	run(t, c, "CREATE TABLE person (id int PRIMARY KEY CHECK (id > 0), name text UNIQUE)")
	run(t, c, "CREATE TABLE new (id, name) AS VALUES (0, 'Ada Lovelace'), (1, 'Ada Lovelace'), (2, 'Ada Lovelace')")
	for _, which := range []string{"id = 0", "id > 0"} {
		require.Error(t, execute(t.Context(), c.URL(), "INSERT INTO person SELECT * FROM new WHERE "+which))
	}
	log, err := os.ReadFile(c.serverLog.path)
	require.NoError(t, err)
	assert.Contains(t, string(log), "violates check constraint")
	assert.Contains(t, string(log), "violates unique constraint")
	assert.NotContains(t, string(log), "Ada Lovelace")
}
