package domain_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
)

// withoutAction are the commands that no scheme decides about, with what decides instead.
var withoutAction = []string{
	"AcceptInvite",       // the token of the invite
	"Batch",              // its commands
	"CreateOrganization", // there is no scheme yet
	"ImportHistory",      // only the system gives it
}

// TestEveryCommandHasAnAction reads the commands out of the source: a command without a
// row in the table of actions could not be allowed by any scheme.
func TestEveryCommandHasAnAction(t *testing.T) {
	t.Parallel()
	var inTable []string
	for _, action := range domain.Actions() {
		if command := domain.CommandOf(action); command != nil {
			inTable = append(inTable, reflect.TypeOf(command).Name())
		}
	}
	assert.ElementsMatch(t, commandTypes(t), append(inTable, withoutAction...),
		"the types with a method Decide, and those in the table of actions or among the exceptions")
}

// TestActionsAreNamedByTheirCommands also finds a row that forgets its command.
func TestActionsAreNamedByTheirCommands(t *testing.T) {
	t.Parallel()
	for _, action := range domain.Actions() {
		command := domain.CommandOf(action)
		if strings.HasPrefix(string(action), "see_") {
			assert.Nil(t, command, "%s shows something, so no command takes it", action)
			continue
		}
		if assert.NotNil(t, command, "%s has no command", action) {
			var name strings.Builder
			for word := range strings.SplitSeq(string(action), "_") {
				name.WriteString(strings.ToUpper(word[:1]) + word[1:])
			}
			assert.Equal(t, name.String(), reflect.TypeOf(command).Name(), "the command of %s", action)
		}
	}
}

// TestActionConstantsAreInTheTable counts the constants in the source.
func TestActionConstantsAreInTheTable(t *testing.T) {
	t.Parallel()
	source, err := parser.ParseFile(token.NewFileSet(), "actions.go", nil, parser.SkipObjectResolution)
	require.NoError(t, err)
	var constants []string
	for node := range ast.Preorder(source) {
		if spec, ok := node.(*ast.ValueSpec); ok && len(spec.Values) == 1 {
			if name, isText := spec.Values[0].(*ast.BasicLit); isText {
				constants = append(constants, strings.Trim(name.Value, `"`))
			}
		}
	}
	var inTable []string
	for _, action := range domain.Actions() {
		inTable = append(inTable, string(action))
	}
	assert.Equal(t, constants, inTable, "the constants, and the rows of the table, in one order")
}

// commandTypes returns the names of the types in this package that are commands.
func commandTypes(t *testing.T) []string {
	t.Helper()
	files, err := os.ReadDir(".")
	require.NoError(t, err)
	var names []string
	for _, file := range files {
		if !strings.HasSuffix(file.Name(), ".go") || strings.HasSuffix(file.Name(), "_test.go") {
			continue
		}
		source, err := parser.ParseFile(token.NewFileSet(), file.Name(), nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		for _, decl := range source.Decls {
			method, ok := decl.(*ast.FuncDecl)
			if !ok || method.Recv == nil || method.Name.Name != "Decide" {
				continue
			}
			if receiver, named := method.Recv.List[0].Type.(*ast.Ident); named && receiver.Name != "Roster" {
				names = append(names, receiver.Name)
			}
		}
	}
	return names
}
