package roster_test

import (
	"fmt"
	"go/ast"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// TestSwitchesNameEveryEvent looks at every switch over the types of events: at the state,
// and at what changes access. A switch that is not meant to name them all
// has a default, or says so in a nolint comment with its reason. The linter gochecksumtype
// checks the same; this test does so wherever tests run.
func TestSwitchesNameEveryEvent(t *testing.T) {
	t.Parallel()
	all := eventTypes(t)
	require.NotEmpty(t, all)
	exhaustive := 0
	for _, f := range source(t) {
		if f.test {
			continue
		}
		for node := range f.nodes() {
			types, ok := node.(*ast.TypeSwitchStmt)
			if !ok || f.exempted(types) {
				continue
			}
			named, hasDefault := casesOf(types)
			if hasDefault || !slices.ContainsFunc(named, func(name string) bool { return slices.Contains(all, name) }) {
				continue
			}
			exhaustive++
			if i := slices.Index(named, "events.AccessKeeper"); i >= 0 {
				named = append(slices.Delete(named, i, i+1), accessKeepers()...)
			}
			assert.ElementsMatch(t, all, named, "%s: the events, and the cases of the switch", f.at(types.Pos()))
		}
	}
	assert.GreaterOrEqual(t, exhaustive, 2, "switches that name every event")
}

// accessKeepers returns the names of the events that say that they change no access.
func accessKeepers() []string {
	var names []string
	for _, known := range events.Types() {
		if e, _ := events.New(known); e != nil {
			if _, keeps := e.(events.AccessKeeper); keeps {
				names = append(names, fmt.Sprintf("%T", e))
			}
		}
	}
	return names
}

// generators are the files that draw random commands for property tests.
var generators = []string{"domain/random_command_test.go", "projections/commands_test.go"}

// TestGeneratorsDrawEveryCommand compares the commands that random histories consist of
// with those that the table of actions names. CreateOrganization, AcceptInvite and others
// that no scheme decides about are not in the table.
func TestGeneratorsDrawEveryCommand(t *testing.T) {
	t.Parallel()
	seen := 0
	for _, f := range source(t) {
		if !slices.Contains(generators, f.path) {
			continue
		}
		seen++
		drawn := map[string]bool{}
		for node := range f.nodes() {
			if literal, ok := node.(*ast.CompositeLit); ok {
				if selector, ok := literal.Type.(*ast.SelectorExpr); ok {
					drawn[selector.Sel.Name] = true
				}
			}
		}
		for _, action := range domain.Actions() {
			if !domain.Shows(action) {
				assert.True(t, drawn[commandName(action)], "%s draws no %s", f.path, commandName(action))
			}
		}
	}
	assert.Len(t, generators, seen)
}

// commandName returns the name of the type of the command that takes an action.
func commandName(action events.Action) string {
	var name strings.Builder
	for word := range strings.SplitSeq(string(action), "_") {
		name.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return name.String()
}

// eventTypes returns the names of the types that implement events.Event.
func eventTypes(t *testing.T) []string {
	t.Helper()
	var names []string
	for _, f := range source(t) {
		if f.pkg != "events" || f.test {
			continue
		}
		for _, decl := range f.Decls {
			if method, ok := decl.(*ast.FuncDecl); ok && method.Recv != nil && method.Name.Name == "event" {
				names = append(names, "events."+method.Recv.List[0].Type.(*ast.Ident).Name)
			}
		}
	}
	return names
}

// casesOf returns the types of other packages that a switch names, and whether it has a
// default.
func casesOf(types *ast.TypeSwitchStmt) (named []string, hasDefault bool) {
	for _, statement := range types.Body.List {
		clause := statement.(*ast.CaseClause)
		hasDefault = hasDefault || clause.List == nil
		for _, expression := range clause.List {
			if selector, ok := expression.(*ast.SelectorExpr); ok {
				if pkg, ok := selector.X.(*ast.Ident); ok {
					named = append(named, pkg.Name+"."+selector.Sel.Name)
				}
			}
		}
	}
	return named, hasDefault
}

// exempted tells whether a switch says beside it that it does not name every event.
func (f file) exempted(types *ast.TypeSwitchStmt) bool {
	line := f.set.Position(types.Pos()).Line
	for _, group := range f.Comments {
		for _, comment := range group.List {
			if f.set.Position(comment.Pos()).Line == line && strings.HasPrefix(comment.Text, "//nolint:gochecksumtype") {
				return true
			}
		}
	}
	return false
}
