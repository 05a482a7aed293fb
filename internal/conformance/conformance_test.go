package conformance_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/internal/apitest"
	"github.com/seed-2026d078/roster/internal/conformance"
	"github.com/seed-2026d078/roster/internal/postgres/pgtest"
	"github.com/seed-2026d078/roster/migrations"
)

func TestMain(m *testing.M) { pgtest.Main(m, migrations.Up) }

// TestPromises tests a server against every promise.
func TestPromises(t *testing.T) {
	t.Parallel()
	server := apitest.Start(t).Server
	for _, suite := range conformance.Suites() {
		t.Run(suite.Name, func(t *testing.T) {
			t.Parallel()
			for _, c := range suite.Cases {
				t.Run(c.Name, func(t *testing.T) {
					t.Parallel()
					result := suite.Try(t.Context(), server, c)
					assert.Empty(t, result.Failure, result.Rule)
				})
			}
		})
	}
}

// TestBrokenPromisesAreReported runs a case that expects too much.
func TestBrokenPromisesAreReported(t *testing.T) {
	t.Parallel()
	server := apitest.Start(t).Server
	kept := conformance.Suites()[0].Cases[0]
	broken := kept
	broken.Name, broken.Run = "asks_too_much", func(p *conformance.Product) { p.Fails() }
	suite := conformance.Suite{Name: "wrong", Cases: []conformance.Case{kept, broken}}
	reported := 0
	results := conformance.Run(t.Context(), server, []conformance.Suite{suite}, func(conformance.Result) { reported++ })
	require.Equal(t, 2, reported)
	require.Len(t, results, 2)
	require.Empty(t, results[0].Failure)
	for _, part := range []string{"nobody asks GET", "expected: it succeeds", "came: 404"} {
		assert.Contains(t, results[1].Failure, part)
	}
}

// TestCaseNamesAndRules checks the form that lists and links rely on.
func TestCaseNamesAndRules(t *testing.T) {
	t.Parallel()
	words := regexp.MustCompile(`^[a-z]+(_[a-z0-9]+)+$`)
	for _, suite := range conformance.Suites() {
		seen := map[string]bool{}
		for _, c := range suite.Cases {
			assert.Regexp(t, words, c.Name, suite.Name)
			assert.NotContains(t, seen, c.Name, "%s has two cases of this name", suite.Name)
			assert.True(t, strings.HasSuffix(c.Rule, "."), "%s/%s: the rule is no sentence: %s", suite.Name, c.Name, c.Rule)
			seen[c.Name] = true
		}
	}
}
