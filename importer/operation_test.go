package importer

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestGuideHasEveryOperation holds the table in the guide to what is read.
func TestGuideHasEveryOperation(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../docs/history.md")
	require.NoError(t, err)
	word := regexp.MustCompile("`([a-z_]+)`")
	for name, op := range operations {
		_, row, found := strings.Cut(string(text), "\n| `"+name+"` | ")
		require.True(t, found, "the guide has no %s", name)
		row, _, _ = strings.Cut(row, " |\n")
		row, _, _ = strings.Cut(row, ";")
		var fields []string
		for _, match := range word.FindAllStringSubmatch(row, -1) {
			fields = append(fields, match[1])
		}
		want := slices.Concat(slices.Collect(maps.Keys(op.needs)), slices.Collect(maps.Keys(op.has)))
		assert.ElementsMatch(t, want, fields, name)
	}
}
