package scheme_test

import (
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/scheme"
)

func builtIn(t *testing.T) scheme.Set {
	t.Helper()
	all, err := scheme.BuiltIn()
	require.NoError(t, err)
	return all
}

func TestBuiltIn(t *testing.T) {
	t.Parallel()
	all := builtIn(t)
	assert.Equal(t, []string{"agency", "campaign", "data-model", "github", "owner-member", "scoped"}, slices.Sorted(maps.Keys(all)))
	assert.Contains(t, all, scheme.Default)
	for _, s := range all {
		askEverything(t, s)
	}
}

// TestBuiltInDecidesEveryAction reads in each file who may take each action, or why nobody
// but the system may.
func TestBuiltInDecidesEveryAction(t *testing.T) {
	t.Parallel()
	files, err := scheme.Files()
	require.NoError(t, err)
	for key, s := range builtIn(t) {
		text, err := fs.ReadFile(files, key+".yaml")
		require.NoError(t, err)
		_, reasons, found := strings.Cut(string(text), "# For the system alone:\n")
		require.True(t, found, "%s does not say what is for the system alone", key)
		for _, action := range domain.Actions() {
			_, allowed := s.Allow[action]
			systemAlone := regexp.MustCompile(`\b` + string(action) + `\b`).MatchString(reasons)
			assert.NotEqual(t, allowed, systemAlone, "%s either allows %s, or says that it is for the system alone", key, action)
		}
	}
}

// TestBuiltInLocksNobodyOut checks that somebody always holds the highest role, and that
// its holders can undo what they do.
func TestBuiltInLocksNobodyOut(t *testing.T) {
	t.Parallel()
	for key, s := range builtIn(t) {
		roles := s.OrganizationRoles()
		top := roles[len(roles)-1]
		for _, role := range s.Scheme.OrganizationRoles {
			if role.Key == top {
				assert.Positive(t, role.AtLeast, "%s: holders of %q that must stay", key, top)
			}
		}
		for _, action := range []events.Action{domain.RestoringOrganization, domain.ChangingScheme, domain.TransferringOwnership} {
			assert.Contains(t, s.Allow[action].OrganizationRoles, top, "%s: who may %s", key, action)
		}
	}
}
