package declaration

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// Place is a line of a file.
type Place struct {
	File string
	// Line counts from 1.
	Line int
}

func (p Place) String() string { return fmt.Sprintf("%s:%d", p.File, p.Line) }

// Error says what is wrong at a place.
type Error struct {
	Place

	Detail string
}

func (e *Error) Error() string { return e.String() + ": " + e.Detail }

func (p Place) fail(format string, args ...any) error { return &Error{p, fmt.Sprintf(format, args...)} }

// node is a value of a file with the place where it begins.
type node struct {
	Place

	kind kind
	// text is that of a scalar, as it is written.
	text string
	// items are those of a list, fields those of a mapping, in the order of the file.
	items  []node
	fields []field
}

type field struct {
	name  string
	at    Place
	value node
}

type kind string

const (
	nothing kind = "nothing"
	scalar  kind = "text"
	list    kind = "a list"
	mapping kind = "a mapping"
)

// maxNodes bounds what aliases can make of a small file.
const maxNodes = 1_000_000

// readFile reads a YAML file. An empty one is a mapping without fields.
func readFile(name string) (node, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return node{}, err
	}
	return parse(name, text)
}

func parse(name string, text []byte) (node, error) {
	top := Place{name, 1}
	if !utf8.Valid(text) {
		return node{}, top.fail("The file is not UTF-8.")
	}
	parsed, err := parser.ParseBytes([]byte(strings.TrimPrefix(string(text), "\ufeff")), 0)
	if err != nil {
		var broken yaml.Error
		if errors.As(err, &broken) && broken.GetToken() != nil {
			return node{}, Place{name, broken.GetToken().Position.Line}.fail("This is no YAML: %s.", broken.GetMessage())
		}
		return node{}, top.fail("This is no YAML: %s.", err)
	}
	var bodies []ast.Node
	for _, document := range parsed.Docs {
		if document.Body != nil {
			bodies = append(bodies, document.Body)
		}
	}
	switch len(bodies) {
	case 0:
		return node{Place: top, kind: mapping}, nil
	case 1:
		c := converter{file: name, anchors: map[string]ast.Node{}}
		return c.convert(bodies[0])
	}
	return node{}, Place{name, bodies[1].GetToken().Position.Line}.fail("A second document begins here; keep one document in a file.")
}

// converter turns the syntax of a file into nodes.
type converter struct {
	file    string
	anchors map[string]ast.Node
	// nodes counts them.
	nodes int
}

func (c *converter) convert(n ast.Node) (node, error) {
	at := c.place(n)
	if c.nodes++; c.nodes > maxNodes {
		return node{}, at.fail("The aliases of this file make more than %d values; write less with them.", maxNodes)
	}
	switch n := n.(type) {
	case *ast.MappingNode:
		return c.mapping(at, n.Values)
	case *ast.MappingValueNode:
		return c.mapping(at, []*ast.MappingValueNode{n})
	case *ast.SequenceNode:
		found := node{Place: at, kind: list}
		for _, value := range n.Values {
			item, err := c.convert(value)
			if err != nil {
				return node{}, err
			}
			found.items = append(found.items, item)
		}
		return found, nil
	case *ast.AnchorNode:
		c.anchors[n.Name.GetToken().Value] = n.Value
		return c.convert(n.Value)
	case *ast.AliasNode:
		return c.alias(at, n)
	case *ast.StringNode:
		return node{Place: at, kind: scalar, text: n.Value}, nil
	case *ast.LiteralNode:
		return node{Place: at, kind: scalar, text: n.Value.Value}, nil
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return node{Place: at, kind: scalar, text: n.GetToken().Value}, nil
	case nil, *ast.NullNode:
		return node{Place: at, kind: nothing}, nil
	}
	return node{}, at.fail("YAML's %s means nothing here; write text, a list or a mapping.", strings.ToLower(n.Type().String()))
}

// alias returns what an anchor names. An anchor whose value holds the alias itself is not
// known there yet as a whole, so it is refused.
func (c *converter) alias(at Place, n *ast.AliasNode) (node, error) {
	name := n.Value.GetToken().Value
	value, known := c.anchors[name]
	if !known {
		return node{}, at.fail("There is no anchor %q before this line.", name)
	}
	c.anchors[name] = nil
	found, err := c.convert(value)
	c.anchors[name] = value
	return found, err
}

// mapping returns the fields of a mapping. What it merges counts where it does not say otherwise
// itself.
func (c *converter) mapping(at Place, pairs []*ast.MappingValueNode) (node, error) {
	found, said := node{Place: at, kind: mapping}, map[string]bool{}
	for _, pair := range pairs {
		said[pair.Key.GetToken().Value] = true
	}
	for i, pair := range pairs {
		key := pair.Key.GetToken()
		if i == 0 {
			found.Line = min(found.Line, key.Position.Line)
		}
		value, err := c.convert(pair.Value)
		if err != nil {
			return node{}, err
		}
		if _, merges := pair.Key.(*ast.MergeKeyNode); merges {
			found.fields = append(found.fields, slices.DeleteFunc(value.fields, func(f field) bool { return said[f.name] })...)
			continue
		}
		found.fields = append(found.fields, field{key.Value, Place{c.file, key.Position.Line}, value})
	}
	return found, nil
}

func (c *converter) place(n ast.Node) Place {
	line := 1
	if n != nil && n.GetToken() != nil {
		line = n.GetToken().Position.Line
	}
	return Place{c.file, line}
}
