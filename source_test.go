package roster_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"iter"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// module is the prefix of our own import paths.
const module = "github.com/seed-2026d078/roster/"

// file is one Go file of the module.
type file struct {
	path string // from the root of the module
	pkg  string // its directory
	test bool
	*ast.File
	set *token.FileSet
}

// source returns every Go file of the module, parsed once for all tests.
func source(tb testing.TB) []file {
	tb.Helper()
	files, err := parsed()
	require.NoError(tb, err, "parse the module")
	return files
}

var parsed = sync.OnceValues(func() ([]file, error) {
	var files []file
	set := token.NewFileSet()
	err := fs.WalkDir(os.DirFS("."), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && name != "." && skipped(entry.Name()):
			return fs.SkipDir
		case entry.IsDir() || path.Ext(name) != ".go":
			return nil
		}
		syntax, err := parser.ParseFile(set, name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		files = append(files, file{
			path: name,
			pkg:  path.Dir(name),
			test: strings.HasSuffix(name, "_test.go"),
			File: syntax,
			set:  set,
		})
		return nil
	})
	return files, err
})

// skipped names the directories in which the go command finds no packages.
func skipped(directory string) bool {
	return directory == "testdata" || directory == "vendor" || directory == "node_modules" ||
		strings.HasPrefix(directory, ".") || strings.HasPrefix(directory, "_")
}

// imports returns the import paths of the file.
func (f file) imports() []string {
	paths := make([]string, 0, len(f.Imports))
	for _, spec := range f.Imports {
		paths = append(paths, importPath(spec))
	}
	return paths
}

// importsAs tells whether the file imports a package under the name.
func (f file) importsAs(name string) bool {
	return slices.ContainsFunc(f.Imports, func(spec *ast.ImportSpec) bool {
		if spec.Name != nil {
			return spec.Name.Name == name
		}
		return path.Base(importPath(spec)) == name
	})
}

// nodes walks the syntax of the file.
func (f file) nodes() iter.Seq[ast.Node] {
	return ast.Preorder(f.File)
}

// member returns the name that the node selects from a package of the standard
// library, under whatever name the file imports it.
func (f file) member(node ast.Node, library string) (name string, found bool) {
	selector, ok := node.(*ast.SelectorExpr)
	if !ok {
		return "", false
	}
	from, ok := selector.X.(*ast.Ident)
	if !ok {
		return "", false
	}
	for _, spec := range f.Imports {
		local := path.Base(library)
		if spec.Name != nil {
			local = spec.Name.Name
		}
		if importPath(spec) == library && local == from.Name {
			return selector.Sel.Name, true
		}
	}
	return "", false
}

// at tells where in the module a position is.
func (f file) at(pos token.Pos) string {
	return f.set.Position(pos).String()
}

func importPath(spec *ast.ImportSpec) string {
	unquoted, err := strconv.Unquote(spec.Path.Value)
	if err != nil {
		return spec.Path.Value // the parser has accepted it, so this does not happen
	}
	return unquoted
}
