package roster_test

import (
	"cmp"
	"flag"
	"fmt"
	"go/ast"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the table of faults into docs/operations.md")

// faultDirective begins a line of a test's comment that says which fault the test makes, and
// what happens then.
const faultDirective = "//roster:fault "

// The table stands between these lines.
const (
	faultsBegin = "<!-- faults, made by go test . -run TestFaults -update -->\n"
	faultsEnd   = "<!-- end of faults -->"
)

// TestFaults holds the table of faults in the documentation to the tests that make them.
func TestFaults(t *testing.T) {
	t.Parallel()
	const name = "docs/operations.md"
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	before, rest, begins := strings.Cut(string(text), faultsBegin)
	_, after, ends := strings.Cut(rest, faultsEnd)
	require.True(t, begins && ends, "%s has no table of faults", name)
	want := before + faultsBegin + faultTable(t) + faultsEnd + after
	if *update {
		require.NoError(t, os.WriteFile(name, []byte(want), 0o600))
		return
	}
	assert.Equal(t, want, string(text), "go test . -run TestFaults -update writes the table anew")
}

// faultTable returns the table, in the order of the faults.
func faultTable(t *testing.T) string {
	t.Helper()
	var rows []string
	for _, f := range source(t) {
		for _, declared := range f.Decls {
			function, is := declared.(*ast.FuncDecl)
			if !is || function.Doc == nil {
				continue
			}
			for _, line := range function.Doc.List {
				said, is := strings.CutPrefix(line.Text, faultDirective)
				if !is {
					continue
				}
				fault, happens, two := strings.Cut(said, " | ")
				require.True(t, two && f.test, "%s: %s says no fault and what happens", f.path, function.Name)
				rows = append(rows, fmt.Sprintf("| %s | %s | `%s` in %s |\n", fault, happens, function.Name, path.Dir(f.path)))
			}
		}
	}
	slices.SortFunc(rows, func(a, b string) int { return cmp.Compare(strings.ToLower(a), strings.ToLower(b)) })
	return "| fault | what happens | test |\n| --- | --- | --- |\n" + strings.Join(rows, "")
}
