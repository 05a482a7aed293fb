package api

import (
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/scheme"
)

// TestLevelsAreEncodedOnce encodes the levels of every project role of every built-in
// scheme, twice with one encoder.
func TestLevelsAreEncodedOnce(t *testing.T) {
	t.Parallel()
	schemes, err := scheme.BuiltIn()
	require.NoError(t, err)
	for key, rules := range schemes {
		encoder := levelEncoder{}
		for _, role := range rules.ProjectRoles() {
			access := rules.Resolve([]domain.Source{{Kind: domain.Direct, Role: role}}, nil)
			want, err := json.Marshal(struct {
				Levels events.Levels `json:"levels,omitempty"`
			}{access.Levels()}, json.Deterministic(true))
			require.NoError(t, err)
			for range 2 {
				got, err := json.Marshal(struct {
					Levels encodedLevels `json:"levels,omitzero"`
				}{encoder.encode(access)})
				require.NoError(t, err)
				assert.JSONEq(t, string(want), string(got), "%s on a project in %s", role, key)
			}
		}
	}
}
