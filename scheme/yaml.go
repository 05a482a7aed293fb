package scheme

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// The limits of a file. Every organization records its scheme whole, and the time that the
// parser takes grows with the square of the depth.
const (
	maxBytes = 64 << 10
	maxDepth = 50
)

// readYAML reads a YAML file. It accepts what JSON can say: no anchors, aliases and tags.
func readYAML(name string, text []byte) *file {
	f := &file{name: name, lines: map[jsontext.Pointer]int{"": 1}}
	switch {
	case len(text) > maxBytes:
		f.fail("", "has %d bytes; a scheme has at most %d", len(text), maxBytes)
		return f
	case !utf8.Valid(text):
		f.fail("", "is not UTF-8")
		return f
	}
	tokens := lexer.Tokenize(string(text))
	if line := tooDeep(tokens); line > 0 {
		f.lines[""] = line
		f.fail("", "nests lists and mappings more than %d deep; write them side by side", maxDepth)
		return f
	}
	parsed, err := parser.Parse(tokens, 0)
	if err != nil {
		f.failYAML(err)
		return f
	}
	documents := slices.DeleteFunc(parsed.Docs, func(d *ast.DocumentNode) bool { return d.Body == nil })
	if len(documents) != 1 {
		f.fail("", "holds %d documents; a file is one scheme", len(documents))
		return f
	}
	f.root = f.value("", documents[0].Body)
	return f
}

// tooDeep returns the line on which brackets, or dashes, nest too deep; 0 for none. What
// is nested by indents alone is as wide as it is deep, so the limit on bytes bounds it.
func tooDeep(tokens token.Tokens) int {
	brackets, dashes := 0, 0
	for _, t := range tokens {
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			brackets++
		case token.SequenceEndType, token.MappingEndType:
			brackets--
		case token.SequenceEntryType, token.MappingKeyType:
			dashes++
		default:
			dashes = 0
		}
		if brackets+dashes > maxDepth {
			return t.Position.Line
		}
	}
	return 0
}

// failYAML adds the fault that the parser found.
func (f *file) failYAML(err error) {
	var broken yaml.Error
	if !errors.As(err, &broken) || broken.GetToken() == nil {
		f.fail("", "is no YAML: %s", err)
		return
	}
	f.lines[""] = broken.GetToken().Position.Line
	f.fail("", "is no YAML: %s", broken.GetMessage())
}

// value returns what a node says, and keeps the lines of all that is in it.
func (f *file) value(at jsontext.Pointer, node ast.Node) any {
	switch n := node.(type) {
	case *ast.MappingNode:
		return f.mapping(at, n.Values)
	case *ast.MappingValueNode:
		return f.mapping(at, []*ast.MappingValueNode{n})
	case *ast.SequenceNode:
		list := make([]any, len(n.Values))
		for i, item := range n.Values {
			under := below(at, i)
			f.lines[under] = firstLine(item)
			list[i] = f.value(under, item)
		}
		return list
	case *ast.StringNode:
		return f.text(at, n.Value)
	case *ast.LiteralNode:
		return f.text(at, n.Value.Value)
	case *ast.IntegerNode:
		return n.Value
	case *ast.FloatNode:
		if !math.IsInf(n.Value, 0) {
			return n.Value
		}
	case *ast.BoolNode:
		return n.Value
	case nil, *ast.NullNode:
		return nil
	}
	f.fail(at, "holds YAML's %s; say the thing itself: text, a number, a list or a mapping", strings.ToLower(node.Type().String()))
	return nil
}

func (f *file) mapping(at jsontext.Pointer, pairs []*ast.MappingValueNode) any {
	fields := make(map[string]any, len(pairs))
	for _, pair := range pairs {
		name := pair.Key.GetToken().Value
		under := at.AppendToken(name)
		f.lines[under] = firstLine(pair)
		if _, isText := pair.Key.(*ast.StringNode); !isText {
			f.fail(under, "is no name of a setting; write text before the colon")
			continue
		}
		fields[name] = f.value(under, pair.Value)
	}
	return fields
}

func (f *file) text(at jsontext.Pointer, s string) any {
	if !utf8.ValidString(s) {
		f.fail(at, "is not UTF-8")
		return nil
	}
	return s
}

// firstLine returns the line on which a node begins.
func firstLine(node ast.Node) int {
	switch n := node.(type) {
	case *ast.MappingNode:
		if !n.IsFlowStyle && len(n.Values) > 0 {
			return firstLine(n.Values[0])
		}
	case *ast.MappingValueNode:
		return n.Key.GetToken().Position.Line
	}
	return node.GetToken().Position.Line
}

// below extends a pointer by the names of settings and the indexes of lists.
func below(at jsontext.Pointer, path ...any) jsontext.Pointer {
	for _, step := range path {
		at = at.AppendToken(fmt.Sprint(step))
	}
	return at
}
