package roster_test

import (
	"go/ast"
	"go/doc"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestPackagesHaveComments asks of every package for one comment that begins with a
// sentence.
func TestPackagesHaveComments(t *testing.T) {
	t.Parallel()
	comments := map[string]string{}
	for _, f := range source(t) {
		if f.test || f.pkg == "." {
			continue
		}
		text := f.Doc.Text()
		if text != "" {
			assert.Empty(t, comments[f.pkg], "%s: package %s has a second package comment", f.path, f.pkg)
		}
		comments[f.pkg] += text
	}
	require.NotEmpty(t, comments)
	for pkg, text := range comments {
		sentence := new(doc.Package).Synopsis(text)
		assert.True(t, strings.HasSuffix(sentence, "."), "package %s: its comment does not begin with a sentence: %q", pkg, sentence)
	}
}

// importable are the packages that other programs import (docs/compatibility.md), and two
// that they may.
var importable = []string{"bus", "client", "domain", "events", "importer", "keyring", "rostertest", "scheme"}

// TestImportablePackagesTeach asks of each package that other programs import for
// paragraphs on its use, in doc.go, and for a runnable example.
func TestImportablePackagesTeach(t *testing.T) {
	t.Parallel()
	for _, pkg := range importable {
		var comment string
		var examples []string
		for _, f := range source(t) {
			switch {
			case f.pkg != pkg:
			case path.Base(f.path) == "doc.go":
				comment = f.Doc.Text()
			case f.test:
				for _, decl := range f.Decls {
					if function, ok := decl.(*ast.FuncDecl); ok && function.Recv == nil && strings.HasPrefix(function.Name.Name, "Example") {
						examples = append(examples, function.Name.Name)
					}
				}
			}
		}
		assert.Greater(t, strings.Count(comment, "\n"), 10, "%s/doc.go does not teach how to use the package", pkg)
		assert.NotEmpty(t, examples, "package %s has no example", pkg)
	}
}

func TestExportedNamesAreDocumented(t *testing.T) {
	t.Parallel()
	for _, f := range source(t) {
		if f.test {
			continue
		}
		for _, decl := range f.Decls {
			for _, name := range undocumented(decl) {
				assert.Fail(t, "an exported name has no comment", "%s: %s", f.at(name.Pos()), name.Name)
			}
		}
	}
}

// undocumented returns the exported names that the declaration leaves without a
// comment. One comment may stand for a whole group of constants or variables.
func undocumented(decl ast.Decl) []*ast.Ident {
	var names []*ast.Ident
	switch decl := decl.(type) {
	case *ast.FuncDecl:
		if decl.Doc == nil && reachable(decl) {
			names = append(names, decl.Name)
		}
	case *ast.GenDecl:
		for _, spec := range decl.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				own := decl.Doc != nil && !decl.Lparen.IsValid()
				if !own && spec.Doc == nil && spec.Name.IsExported() {
					names = append(names, spec.Name)
				}
			case *ast.ValueSpec:
				if decl.Doc != nil || spec.Doc != nil || spec.Comment != nil {
					continue
				}
				for _, name := range spec.Names {
					if name.IsExported() {
						names = append(names, name)
					}
				}
			}
		}
	}
	return names
}

// documentedElsewhere are methods that an interface documents for all its types: one of
// the standard library, or events.Event.
var documentedElsewhere = []string{
	"Error", "Is", "MarshalJSON", "MarshalText", "String", "UnmarshalJSON", "UnmarshalText", "Unwrap",
	"Created", "Secret", "Subjects", "Type",
}

// reachable tells whether other packages can call a function: it is exported and, if it
// is a method, its type is exported, too.
func reachable(function *ast.FuncDecl) bool {
	if function.Recv == nil {
		return function.Name.IsExported()
	}
	if slices.Contains(documentedElsewhere, function.Name.Name) {
		return false
	}
	receiver := function.Recv.List[0].Type
	for {
		switch inner := receiver.(type) {
		case *ast.StarExpr:
			receiver = inner.X
		case *ast.IndexExpr:
			receiver = inner.X
		case *ast.IndexListExpr:
			receiver = inner.X
		case *ast.Ident:
			return inner.IsExported() && function.Name.IsExported()
		default:
			return false
		}
	}
}

// TestNothingIsLeftForLater looks for the marks of unfinished work. The pattern
// is written so that it does not find itself.
func TestNothingIsLeftForLater(t *testing.T) {
	t.Parallel()
	mark := regexp.MustCompile(`\b(T[O]DO|F[I]XME|X[X]X|H[A]CK)\b`)
	for _, f := range source(t) {
		for _, group := range f.Comments {
			for _, comment := range group.List {
				assert.NotRegexp(t, mark, comment.Text, "%s: finish it or file it", f.at(comment.Pos()))
			}
		}
	}
}
