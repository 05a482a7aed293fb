package api_test

import (
	"testing"
	"time"

	"github.com/seed-2026d078/roster/api"
	"github.com/seed-2026d078/roster/internal/apitest"
	"github.com/seed-2026d078/roster/internal/postgres/pgtest"
	"github.com/seed-2026d078/roster/migrations"
)

func TestMain(m *testing.M) { pgtest.Main(m, migrations.Up) }

// o is a JSON object, such as the body of a request.
type o = map[string]any

// waitingBriefly returns a server in front of the same that hardly waits for positions.
func waitingBriefly(h *apitest.Server) *apitest.Server {
	return h.Configured(func(config *api.Config) { config.MinPositionWait = 100 * time.Millisecond })
}
