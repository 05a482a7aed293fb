package events_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/events"
)

// TestRegistryListsEveryEvent reads the wire names out of the Type methods in the source:
// a type that is not registered could be written and never read.
func TestRegistryListsEveryEvent(t *testing.T) {
	t.Parallel()
	files, err := os.ReadDir(".")
	require.NoError(t, err)
	var declared []events.Type
	for _, file := range files {
		if !strings.HasSuffix(file.Name(), ".go") || strings.HasSuffix(file.Name(), "_test.go") {
			continue
		}
		source, err := parser.ParseFile(token.NewFileSet(), file.Name(), nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		for _, decl := range source.Decls {
			method, ok := decl.(*ast.FuncDecl)
			if !ok || method.Recv == nil || method.Name.Name != "Type" {
				continue
			}
			name, err := strconv.Unquote(method.Body.List[0].(*ast.ReturnStmt).Results[0].(*ast.BasicLit).Value)
			require.NoError(t, err, "%s returns its wire name as a literal", file.Name())
			declared = append(declared, events.Type(name))
		}
	}
	slices.Sort(declared)
	assert.Equal(t, declared, events.Types(), "the types declared, and those in the registry")
}
