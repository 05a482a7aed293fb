package api

import (
	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/keyring"
	"github.com/seed-2026d078/roster/projections"
	"github.com/seed-2026d078/roster/scheme"
)

// Description returns the OpenAPI document that servers show, without a server: clients
// are generated from it.
func Description() ([]byte, error) {
	s, err := New(Config{
		Desk: new(Desk), Ledger: new(bus.Ledger), Database: new(projections.Database), Keyring: new(keyring.Keyring), Schemes: scheme.Set{},
	})
	if err != nil {
		return nil, err
	}
	return s.huma.OpenAPI().MarshalJSON()
}
