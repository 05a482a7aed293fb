package roster_test

import (
	"go/ast"
	"go/doc"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestPackagesSayWhatTheyAre asks of every package for one comment whose first
// sentence names one thing: where it needs the word, the package wants to be two.
func TestPackagesSayWhatTheyAre(t *testing.T) {
	t.Parallel()
	comments := map[string]string{}
	for _, f := range source(t) {
		if f.test {
			continue
		}
		text := f.Doc.Text()
		if text != "" && comments[f.pkg] != "" {
			t.Errorf("%s: package %s has a second package comment", f.path, f.pkg)
		}
		comments[f.pkg] += text
	}
	and := regexp.MustCompile(`(?i)\band\b`)
	for pkg, text := range comments {
		sentence := new(doc.Package).Synopsis(text)
		switch {
		case sentence == "":
			t.Errorf("package %s has no package comment", pkg)
		case !strings.HasSuffix(sentence, "."):
			t.Errorf("package %s: the first sentence does not end: %q", pkg, sentence)
		case and.MatchString(sentence):
			t.Errorf("package %s does two things by its own words: %q", pkg, sentence)
		}
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
				t.Errorf("%s: %s has no comment", f.at(name.Pos()), name.Name)
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
	"Subjects", "Type",
}

// reachable says whether a function is known outside by a name of its own: it is
// exported, as is the type whose method it may be.
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
				if found := mark.FindString(comment.Text); found != "" {
					t.Errorf("%s: %s: finish it or file it", f.at(comment.Pos()), found)
				}
			}
		}
	}
}
