package subscribername_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed-2026d078/roster/internal/subscribername"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		name  string
		valid bool
	}{
		"letters, digits and underscores": {"search_2", true},
		"one letter":                      {"a", true},
		"32 characters":                   {strings.Repeat("a", 32), true},
		"33 characters":                   {strings.Repeat("a", 33), false},
		"nothing":                         {"", false},
		"a digit first":                   {"2search", false},
		"an upper-case letter":            {"Search", false},
		"a hyphen":                        {"se-arch", false},
		"another token of a subject":      {"se.arch", false},
		"a wildcard":                      {"*", false},
		"a letter that is not ASCII":      {"sök", false},
		"a line break at the end":         {"search\n", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := subscribername.Check(row.name)
			if row.valid {
				assert.NoError(t, err)
				return
			}
			assert.ErrorContains(t, err, "is no name of a subscriber: it is a lower-case letter")
		})
	}
}
