package api

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestEveryCommandOfTheDomainIsBuilt finds the commands of the domain that no definition
// builds.
func TestEveryCommandOfTheDomainIsBuilt(t *testing.T) {
	t.Parallel()
	built := map[string]bool{"Batch": true} // which buildBatch makes
	for node := range nodes(t, ".") {
		literal, _ := node.(*ast.CompositeLit)
		if literal == nil {
			continue
		}
		if name, ok := literal.Type.(*ast.SelectorExpr); ok {
			if from, ok := name.X.(*ast.Ident); ok && from.Name == "domain" {
				built[name.Sel.Name] = true
			}
		}
	}
	commands := 0
	for node := range nodes(t, "../domain") {
		method, _ := node.(*ast.FuncDecl)
		if method == nil || method.Recv == nil || method.Name.Name != "Decide" {
			continue
		}
		if command, ok := method.Recv.List[0].Type.(*ast.Ident); ok && command.Name != "Roster" && command.Name != "RecordPassed" && command.Name != "ErasePerson" { // no request gives that to one organization
			commands++
			assert.True(t, built[command.Name], "no definition builds domain.%s", command.Name)
		}
	}
	assert.Greater(t, commands, 50)
}

// nodes yields the syntax of a package without its tests.
func nodes(t *testing.T, dir string) func(func(ast.Node) bool) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	require.NoError(t, err)
	return func(yield func(ast.Node) bool) {
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
			require.NoError(t, err)
			for node := range ast.Preorder(file) {
				if !yield(node) {
					return
				}
			}
		}
	}
}
