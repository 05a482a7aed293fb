package domain

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

// What the file of a scheme is bounded to. Every organization records it, and what the
// parser needs grows with the square of the depth.
const (
	maxSchemeBytes = 64 << 10
	maxSchemeDepth = 50
)

// schemeText is the file of a scheme as data, with the line of everything in it and
// what is wrong with it.
type schemeText struct {
	file   string
	root   any
	lines  map[jsontext.Pointer]int
	faults []fault
}

// readScheme takes a YAML file apart. It reads what JSON can say, all of it where it
// stands: no anchors, aliases and tags.
func readScheme(file string, text []byte) *schemeText {
	t := &schemeText{file: file, lines: map[jsontext.Pointer]int{"": 1}}
	switch {
	case len(text) > maxSchemeBytes:
		t.fail("", "has %d bytes; a scheme has at most %d", len(text), maxSchemeBytes)
		return t
	case !utf8.Valid(text):
		t.fail("", "is not UTF-8")
		return t
	}
	tokens := lexer.Tokenize(string(text))
	if line := tooDeep(tokens); line > 0 {
		t.lines[""] = line
		t.fail("", "nests lists and mappings more than %d deep; write them side by side", maxSchemeDepth)
		return t
	}
	parsed, err := parser.Parse(tokens, 0)
	if err != nil {
		t.misread(err)
		return t
	}
	documents := slices.DeleteFunc(parsed.Docs, func(d *ast.DocumentNode) bool { return d.Body == nil })
	if len(documents) != 1 {
		t.fail("", "holds %d documents; a file is one scheme", len(documents))
		return t
	}
	t.root = t.value("", documents[0].Body)
	return t
}

// tooDeep returns the line on which brackets, or dashes, nest too deep; 0 for none.
// What is nested by indents alone is as wide as it is deep, so its size bounds it.
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
		if brackets+dashes > maxSchemeDepth {
			return t.Position.Line
		}
	}
	return 0
}

// misread says where the text is no YAML.
func (t *schemeText) misread(err error) {
	var broken yaml.Error
	if !errors.As(err, &broken) || broken.GetToken() == nil {
		t.fail("", "is no YAML: %s", err)
		return
	}
	t.lines[""] = broken.GetToken().Position.Line
	t.fail("", "is no YAML: %s", broken.GetMessage())
}

// value returns what a node says, and keeps the lines of all below it.
func (t *schemeText) value(at jsontext.Pointer, node ast.Node) any {
	switch n := node.(type) {
	case *ast.MappingNode:
		return t.mapping(at, n.Values)
	case *ast.MappingValueNode:
		return t.mapping(at, []*ast.MappingValueNode{n})
	case *ast.SequenceNode:
		list := make([]any, len(n.Values))
		for i, item := range n.Values {
			under := below(at, i)
			t.lines[under] = begin(item)
			list[i] = t.value(under, item)
		}
		return list
	case *ast.StringNode:
		return t.plain(at, n.Value)
	case *ast.LiteralNode:
		return t.plain(at, n.Value.Value)
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
	t.fail(at, "holds YAML's %s; say the thing itself: text, a number, a list or a mapping", strings.ToLower(node.Type().String()))
	return nil
}

func (t *schemeText) mapping(at jsontext.Pointer, pairs []*ast.MappingValueNode) any {
	fields := make(map[string]any, len(pairs))
	for _, pair := range pairs {
		name := pair.Key.GetToken().Value
		under := at.AppendToken(name)
		t.lines[under] = begin(pair)
		if _, isText := pair.Key.(*ast.StringNode); !isText {
			t.fail(under, "is no name of a setting; write text before the colon")
			continue
		}
		fields[name] = t.value(under, pair.Value)
	}
	return fields
}

func (t *schemeText) plain(at jsontext.Pointer, s string) any {
	if !utf8.ValidString(s) {
		t.fail(at, "is not UTF-8")
		return nil
	}
	return s
}

// begin returns the line on which a node begins.
func begin(node ast.Node) int {
	switch n := node.(type) {
	case *ast.MappingNode:
		if !n.IsFlowStyle && len(n.Values) > 0 {
			return begin(n.Values[0])
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
