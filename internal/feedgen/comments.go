package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"github.com/seed-2026d078/roster/events"
)

// comments are what the source says of its types, by their names with the package, such as events.Role.
type comments struct {
	types map[string]string
	// fields are by the name of the type and that of the field, such as events.Role.Rank.
	fields map[string]string
	// constants are those of a type, in order.
	constants map[string][]constant
	// numbers are constants without a type.
	numbers map[string]string
}

type constant struct{ name, value, comment string }

// readComments reads the packages whose types are in messages.
func readComments(root string) (*comments, error) {
	c := &comments{types: map[string]string{}, fields: map[string]string{}, constants: map[string][]constant{}, numbers: map[string]string{}}
	for _, pkg := range []string{"events", "feed", "domain"} {
		names, err := fs.Glob(os.DirFS(filepath.Join(root, pkg)), "*.go")
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, pkg, name), nil, parser.ParseComments|parser.SkipObjectResolution)
			if err != nil {
				return nil, err
			}
			c.readFile(file)
		}
	}
	return c, nil
}

func (c *comments) readFile(file *ast.File) {
	for _, decl := range file.Decls {
		group, ok := decl.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range group.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				c.readType(file.Name.Name+"."+spec.Name.Name, group.Doc, spec.Type)
			case *ast.ValueSpec:
				c.readConstant(file.Name.Name, spec)
			}
		}
	}
}

func (c *comments) readType(name string, doc *ast.CommentGroup, as ast.Expr) {
	c.types[name] = sentence(doc)
	structure, ok := as.(*ast.StructType)
	if !ok {
		return
	}
	for _, field := range structure.Fields.List {
		for _, ident := range field.Names {
			c.fields[name+"."+ident.Name] = sentence(field.Doc)
		}
	}
}

func (c *comments) readConstant(pkg string, spec *ast.ValueSpec) {
	if len(spec.Values) != 1 {
		return
	}
	literal, ok := spec.Values[0].(*ast.BasicLit)
	if !ok {
		return
	}
	value, err := strconv.Unquote(literal.Value)
	if of, ok := spec.Type.(*ast.Ident); ok && err == nil && value != "" {
		c.constants[pkg+"."+of.Name] = append(c.constants[pkg+"."+of.Name], constant{spec.Names[0].Name, value, sentence(spec.Doc)})
	} else if literal.Kind == token.INT {
		c.numbers[spec.Names[0].Name] = literal.Value
	}
}

// sentence returns the text of a comment in one line.
func sentence(doc *ast.CommentGroup) string { return strings.Join(strings.Fields(doc.Text()), " ") }

// ofType returns the comment of a type, in the words of JSON. Constants of the type become their values.
func (c *comments) ofType(t reflect.Type) string {
	text := c.types[t.String()]
	for _, known := range c.constants[t.String()] {
		text = replaceWord(text, known.name, known.value)
	}
	if k := t.Kind(); k == reflect.Uint64 || k == reflect.Int {
		return c.inJSON(strings.NewReplacer("The zero value", "0", "the zero value", "0").Replace(text))
	}
	return c.inJSON(text)
}

// ofEvent returns the comment of the type of an event as a sentence without a subject.
func (c *comments) ofEvent(t reflect.Type) string {
	text := []rune(c.inJSON(c.fieldNames(t, strings.TrimPrefix(c.types[t.String()], t.Name()+" "))))
	text[0] = unicode.ToUpper(text[0])
	return string(text)
}

// ofField returns the comment of a field of a struct, in the words of JSON; empty if it has none.
func (c *comments) ofField(t reflect.Type, field reflect.StructField) string {
	text := c.fields[t.String()+"."+field.Name]
	for _, known := range c.constants[field.Type.String()] {
		text = replaceWord(text, known.name, known.value)
	}
	return c.inJSON(c.fieldNames(t, text))
}

// fieldNames replaces the names that fields have in Go by those in JSON.
func (c *comments) fieldNames(t reflect.Type, text string) string {
	if t.Kind() == reflect.Struct {
		for field := range t.Fields() {
			text = replaceWord(text, field.Name, jsonName(field))
		}
	}
	return text
}

// link is the name of a type, a constant or a field in a comment.
var link = regexp.MustCompile(`\[([A-Z]\w*)]`)

// inJSON says of left out fields what a comment says of zero values, and of types of events what it says of their Go types.
func (c *comments) inJSON(text string) string {
	text = link.ReplaceAllStringFunc(text, func(found string) string {
		name := found[1 : len(found)-1]
		if number, ok := c.numbers[name]; ok {
			return number
		}
		for _, t := range events.Types() {
			if e, _ := events.New(t); reflect.TypeOf(e).Name() == name {
				return "`" + string(t) + "`"
			}
		}
		return name
	})
	return strings.NewReplacer(
		"The zero value", "A field that is left out", "the zero value", "a field that is left out", "the zero time", "a field that is left out",
		"nil for none", "left out: none",
	).Replace(text)
}

func replaceWord(text, word, by string) string {
	return regexp.MustCompile(`\b`+regexp.QuoteMeta(word)+`\b`).ReplaceAllLiteralString(text, "`"+by+"`")
}

func jsonName(field reflect.StructField) string {
	name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
	return name
}
