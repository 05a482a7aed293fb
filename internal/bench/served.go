package bench

import (
	"context"
	"crypto/sha256"
	"log/slog"
	"math/rand/v2"

	"github.com/go-json-experiment/json"

	"github.com/seed-2026d078/roster/api"
	"github.com/seed-2026d078/roster/keyring"
	"github.com/seed-2026d078/roster/projections"
	"github.com/seed-2026d078/roster/scheme"
)

// key is the root key of the API that is measured.
const key = "measured"

// served is the API of a large organization. Its read models are empty until they are
// projected.
type served struct {
	*ledgerFixture

	server   *api.Server
	database *projections.Database
}

func (s *setup) served(ctx context.Context, acme organization) (served, error) {
	h, err := s.withDesk(ctx, acme)
	if err != nil {
		return served{}, err
	}
	master, _ := keyring.NewMasterKey()
	keys, err := keyring.Open(ctx, h.conn, keyring.Config{Master: master})
	if err != nil {
		return served{}, err
	}
	_, database, err := s.readModels(ctx)
	if err != nil {
		return served{}, err
	}
	schemes, err := scheme.BuiltIn()
	if err != nil {
		return served{}, err
	}
	server, err := api.New(api.Config{ //nolint:contextcheck // metrics are read with a context of their own
		Desk: h.desk, Ledger: h.ledger, Database: database, Keyring: keys, Schemes: schemes,
		RootKeyHash: sha256.Sum256([]byte(key)), Log: slog.New(slog.DiscardHandler),
	})
	return served{h, server, database}, err
}

// randomQuestions returns bodies of requests with one random question each.
func (c organization) randomQuestions(n int) ([][]byte, error) {
	bodies := make([][]byte, n)
	for i := range bodies {
		who := rand.IntN(c.people) //nolint:gosec // who is asked about is no secret
		var err error
		if bodies[i], err = json.Marshal(map[string]any{"questions": []map[string]any{{
			"organization": c.id, "user": c.user(who), "project": c.project(who), "permission": "code",
		}}}); err != nil {
			return nil, err
		}
	}
	return bodies, nil
}
