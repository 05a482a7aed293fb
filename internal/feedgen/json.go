package main

import (
	"bytes"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// object is a JSON object. Its members keep their order.
type object []member

type member struct {
	name  string
	value any
}

// MarshalJSONTo implements [json.MarshalerTo].
func (o object) MarshalJSONTo(out *jsontext.Encoder) error {
	if err := out.WriteToken(jsontext.BeginObject); err != nil {
		return err
	}
	for _, m := range o {
		if err := out.WriteToken(jsontext.String(m.name)); err != nil {
			return err
		}
		if err := json.MarshalEncode(out, m.value, json.Deterministic(true)); err != nil {
			return err
		}
	}
	return out.WriteToken(jsontext.EndObject)
}

// get returns the value of a member; nil if there is none.
func (o object) get(name string) any {
	for _, m := range o {
		if m.name == name {
			return m.value
		}
	}
	return nil
}

// lineLength is the longest line on which an object or array is written whole.
const lineLength = 140

// layout writes a value for people: an object or array that fits is on one line.
func layout(value any) ([]byte, error) {
	whole, err := json.Marshal(value, json.Deterministic(true))
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := layoutValue(&out, whole, "", 0); err != nil {
		return nil, err
	}
	out.WriteByte('\n')
	return out.Bytes(), nil
}

// layoutValue writes a value behind as many characters of its line as before says.
func layoutValue(out *bytes.Buffer, value jsontext.Value, indent string, before int) error {
	line := value.Clone()
	if err := line.Format(jsontext.SpaceAfterColon(true), jsontext.SpaceAfterComma(true), jsontext.PreserveRawStrings(true)); err != nil {
		return err
	}
	if kind := value.Kind(); before+len(line) < lineLength || kind != '{' && kind != '[' {
		out.Write(line)
		return nil
	}
	in := jsontext.NewDecoder(bytes.NewReader(value))
	open, err := in.ReadToken()
	if err != nil {
		return err
	}
	out.WriteString(open.String())
	deeper := indent + "  "
	for first := true; in.PeekKind() != '}' && in.PeekKind() != ']'; first = false {
		if !first {
			out.WriteByte(',')
		}
		out.WriteString("\n" + deeper)
		before := len(deeper)
		if open.Kind() == '{' {
			name, err := in.ReadValue()
			if err != nil {
				return err
			}
			before += len(name) + 2
			out.WriteString(string(name) + ": ")
		}
		each, err := in.ReadValue()
		if err != nil {
			return err
		}
		if err := layoutValue(out, each.Clone(), deeper, before); err != nil {
			return err
		}
	}
	out.WriteString("\n" + indent + strings.Map(closing, open.String()))
	return nil
}

// closing returns the bracket that closes what another one opens.
func closing(open rune) rune {
	if open == '{' {
		return '}'
	}
	return ']'
}
