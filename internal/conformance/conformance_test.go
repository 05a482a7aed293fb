package conformance_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/seed-2026d078/roster/internal/conformance"
)

// TestPromises holds a server to every promise.
func TestPromises(t *testing.T) {
	t.Parallel()
	server := house(t)
	for _, suite := range conformance.Suites() {
		t.Run(suite.Name, func(t *testing.T) {
			t.Parallel()
			for _, c := range suite.Cases {
				t.Run(c.Name, func(t *testing.T) {
					t.Parallel()
					if result := suite.Try(t.Context(), server, c); result.Failure != "" {
						t.Errorf("%s\n%s", result.Rule, result.Failure)
					}
				})
			}
		})
	}
}

// TestBrokenPromisesAreTold runs a case that asks too much.
func TestBrokenPromisesAreTold(t *testing.T) {
	t.Parallel()
	server := house(t)
	kept := conformance.Suites()[0].Cases[0]
	broken := kept
	broken.Name, broken.Run = "asks_too_much", func(p *conformance.Product) { p.Fails() }
	suite := conformance.Suite{Name: "wrong", Cases: []conformance.Case{kept, broken}}
	told := 0
	results := conformance.Run(t.Context(), server, []conformance.Suite{suite}, func(conformance.Result) { told++ })
	if told != 2 || len(results) != 2 || results[0].Failure != "" {
		t.Fatalf("%d told: %+v", told, results)
	}
	for _, part := range []string{"nobody asks GET", "expected: it succeeds", "came: 404"} {
		if !strings.Contains(results[1].Failure, part) {
			t.Errorf("the failure lacks %q: %s", part, results[1].Failure)
		}
	}
}

// TestCasesReadWell holds names to the form that lists and links rely on.
func TestCasesReadWell(t *testing.T) {
	t.Parallel()
	words := regexp.MustCompile(`^[a-z]+(_[a-z0-9]+)+$`)
	for _, suite := range conformance.Suites() {
		seen := map[string]bool{}
		for _, c := range suite.Cases {
			if !words.MatchString(c.Name) || seen[c.Name] {
				t.Errorf("%s/%s stands twice, or is no name", suite.Name, c.Name)
			}
			if seen[c.Name] = true; !strings.HasSuffix(c.Rule, ".") {
				t.Errorf("%s/%s: the rule is no sentence: %s", suite.Name, c.Name, c.Rule)
			}
		}
	}
}
