package domain_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"iter"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// withoutAction are the commands that no scheme decides about, with what decides instead.
var withoutAction = []string{
	"AcceptInvite",            // the token of the invite
	"DeclineInvite",           // likewise, the address, or the person
	"ChangeInvite",            // that of InviteMember
	"OpenInvite",              // only the system gives it
	"ResendInvite",            // that of InviteMember
	"ApproveAccessRequest",    // that of adding, or of inviting
	"DenyAccessRequest",       // likewise
	"JoinOrganization",        // the domain of the person's address
	"RequestElevation",        // to which roles the scheme elevates
	"EndElevation",            // who is elevated, and who may approve it
	"RequestAccess",           // what requests the organization takes
	"WithdrawAccessRequest",   // whoever made the request
	"ChangeLocale",            // that of renaming the organization
	"ChangeNoticeDefaults",    // that of renaming the organization
	"ChangeNoticePreferences", // each for themselves
	"Batch",                   // its commands
	"CreateOrganization",      // there is no scheme yet
	"Declaration",             // each of its changes is one of the others
	"ErasePerson",             // only the system gives it
	"ImportHistory",           // likewise
	"RecordPassed",            // likewise

	"ChangeMemberStart",        // that of ChangeMemberEnd
	"ChangeProjectMemberStart", // that of ChangeProjectMemberEnd
	"ChangeAssignmentStart",    // that of ChangeAssignmentEnd
}

// TestEveryCommandHasAnAction reads the commands out of the source: no scheme could allow a
// command without a row in the table of actions. It also finds a row without a command.
func TestEveryCommandHasAnAction(t *testing.T) {
	t.Parallel()
	var inTable []string
	for _, action := range domain.Actions() {
		if !domain.Shows(action) {
			inTable = append(inTable, commandName(action))
		}
	}
	assert.ElementsMatch(t, commandTypes(t), append(inTable, withoutAction...),
		"the types with a method Decide, and those of the table of actions or of the exceptions")
}

// commandName returns the name of the type of the command that takes an action.
func commandName(action events.Action) string {
	var name strings.Builder
	for word := range strings.SplitSeq(string(action), "_") {
		name.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return name.String()
}

func TestViewsShowAndCommandsDoNot(t *testing.T) {
	t.Parallel()
	for _, action := range domain.Actions() {
		assert.Equal(t, strings.HasPrefix(string(action), "see_"), domain.Shows(action), action)
	}
}

// TestActionConstantsAreInTheTable reads the constants out of the source.
func TestActionConstantsAreInTheTable(t *testing.T) {
	t.Parallel()
	assert.ElementsMatch(t, domain.Actions(), slices.Collect(maps.Values(actionConstants(t))), "the rows of the table, and the constants")
}

// neverAvailable are the actions that no list of available actions names, with the reason.
var neverAvailable = []events.Action{
	domain.SeeingSecretTeams,    // a list of teams holds what its reader may see
	domain.SeeingAccessOfOthers, // as does a list of people
}

// TestEveryActionCanBeAvailable reads the functions that return available actions: one of
// them must name each action, or nobody would be offered it.
func TestEveryActionCanBeAvailable(t *testing.T) {
	t.Parallel()
	constants := actionConstants(t)
	var named []events.Action
	for method := range methods(t) {
		if !strings.HasPrefix(method.Name.Name, "ActionsOn") {
			continue
		}
		for node := range ast.Preorder(method) {
			if name, ok := node.(*ast.Ident); ok && constants[name.Name] != "" {
				named = append(named, constants[name.Name])
			}
		}
	}
	slices.Sort(named)
	assert.ElementsMatch(t, domain.Actions(), append(slices.Compact(named), neverAvailable...),
		"the table of actions, and those that can be available")
}

// actionConstants returns the actions by the names of their constants.
func actionConstants(t *testing.T) map[string]events.Action {
	t.Helper()
	source, err := parser.ParseFile(token.NewFileSet(), "actions.go", nil, parser.SkipObjectResolution)
	require.NoError(t, err)
	constants := map[string]events.Action{}
	for node := range ast.Preorder(source) {
		if spec, ok := node.(*ast.ValueSpec); ok && len(spec.Values) == 1 {
			if name, isText := spec.Values[0].(*ast.BasicLit); isText {
				constants[spec.Names[0].Name] = events.Action(strings.Trim(name.Value, `"`))
			}
		}
	}
	return constants
}

// commandTypes returns the names of the types in this package that are commands.
func commandTypes(t *testing.T) []string {
	t.Helper()
	var names []string
	for method := range methods(t) {
		if receiver, named := method.Recv.List[0].Type.(*ast.Ident); named && method.Name.Name == "Decide" && receiver.Name != "Roster" {
			names = append(names, receiver.Name)
		}
	}
	return names
}

// methods yields the methods that the source of this package declares.
func methods(t *testing.T) iter.Seq[*ast.FuncDecl] {
	t.Helper()
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	return func(yield func(*ast.FuncDecl) bool) {
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			source, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
			require.NoError(t, err)
			for _, decl := range source.Decls {
				if method, ok := decl.(*ast.FuncDecl); ok && method.Recv != nil && !yield(method) {
					return
				}
			}
		}
	}
}
