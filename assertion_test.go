package roster_test

import (
	"go/ast"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// testPackages are those that only tests use.
var testPackages = []string{"bus/bustest", "internal/apitest", "internal/exampletest", "internal/openapitest", "internal/postgres/pgtest", "rostertest"}

// TestProgramsHoldNoTests keeps package testing and what asserts with it out of programs.
func TestProgramsHoldNoTests(t *testing.T) {
	t.Parallel()
	for _, f := range source(t) {
		if f.test || slices.Contains(testPackages, f.pkg) {
			continue
		}
		for _, imported := range f.imports() {
			assert.False(t, imported == "testing" || strings.HasPrefix(imported, "github.com/stretchr/testify/"), "%s imports %s", f.path, imported)
			for _, pkg := range testPackages {
				assert.NotEqual(t, module+pkg, imported, f.path)
			}
		}
	}
}

// TestTestsAssertWithTestify finds assertions that somebody wrote by hand. They are
// allowed on a benchmark, which is called b: an assertion takes time even where it holds,
// and inside of the loop this time would be measured.
func TestTestsAssertWithTestify(t *testing.T) {
	t.Parallel()
	for _, f := range source(t) {
		if !f.test && !slices.Contains(testPackages, f.pkg) {
			continue
		}
		for node := range f.nodes() {
			call, ok := node.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				continue // an error tells its text with Error()
			}
			method, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || !slices.Contains([]string{"Error", "Errorf", "Fatal", "Fatalf"}, method.Sel.Name) {
				continue
			}
			if on, ok := method.X.(*ast.Ident); ok && (on.Name == "b" || f.importsAs(on.Name)) {
				continue
			}
			assert.Fail(t, "an assertion is written by hand", "%s: use require or assert", f.at(call.Pos()))
		}
	}
}
