package api_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/apirequest"
	"github.com/seed-2026d078/roster/internal/apitest"
)

// TestRefusalsSayWhatTheyFollowFrom adds the same person several times at once, under different names.
// One is added; the refusals of the others follow from that, so they have reached its position: who asks
// for it elsewhere finds the person.
func TestRefusalsSayWhatTheyFollowFrom(t *testing.T) {
	t.Parallel()
	const rounds, clients = 20, 8
	h := apitest.Start(t)
	h.As("").May("POST /v1/organizations", `{"id":"acme","owner":"ada","scheme":"github"}`)
	for round := range rounds {
		replies := make([]apirequest.Reply, clients)
		var adding sync.WaitGroup
		for i := range clients {
			adding.Go(func() {
				replies[i] = h.As("").Seeing(nil).Ask("POST /v1/organizations/acme/members", fmt.Sprintf(`{"user":"u%d","name":"Name %d"}`, round, i))
			})
		}
		adding.Wait()
		var added events.Position
		for _, r := range replies {
			if r.At("changed") == true {
				require.Zero(t, added, "added twice")
				added = r.Position()
			}
		}
		require.NotZero(t, added)
		for _, r := range replies {
			assert.GreaterOrEqual(t, r.Position(), added, "%s", r)
		}
	}
}
