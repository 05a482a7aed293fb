package main

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed-2026d078/roster/internal/postgres/pgtest"
)

//roster:fault not even the checkpoint of the read models can be read when `serve` starts | they are made anew, then it serves
func TestDamagedCheckpointIsMendedAtTheStart(t *testing.T) {
	t.Parallel()
	data, database := t.TempDir(), pgtest.New(t)
	h := serve(t, data, "--database", database)
	h.must("org", "create", "acme", "--owner", "ada")
	assert.Zero(t, h.stop(), h.log)
	h = serve(t, data, "--database", pgtest.Damage(t, database, "roster.checkpoint"))
	assert.Contains(t, h.must("member", "list", "--org", "acme"), "ada")
	assert.Regexp(t, `readiness\.ready +yes`, h.must("status"))
	assert.Contains(t, h.log.String(), "made anew from the ledger before anything is served")
}
