package importer

import (
	"errors"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// value is what a column says of a row: a text or, in JSON, a list. If it is neither, wrong
// says so.
type value struct {
	text  string
	list  []Membership
	wrong error
}

// UnmarshalJSONFrom reads a text, a number as its text, null as nothing, or a list of texts
// and objects. It fails only for what is no JSON; anything else that cannot be read is wrong.
func (v *value) UnmarshalJSONFrom(in *jsontext.Decoder) error {
	text, err := in.ReadValue()
	if err != nil {
		return err
	}
	switch text.Kind() {
	case jsontext.KindNull:
	case jsontext.KindBeginArray:
		v.wrong = json.Unmarshal(text, &v.list)
	case jsontext.KindString:
		err = json.Unmarshal(text, &v.text)
		v.text = strings.TrimSpace(v.text)
	case jsontext.KindNumber, jsontext.KindTrue, jsontext.KindFalse:
		v.text = string(text)
	default:
		v.wrong = errors.New("a text or a list was expected, not an object")
	}
	return err
}

// memberships reads a list, or a text in which commas or semicolons divide.
func (v value) memberships() ([]Membership, error) {
	if v.list != nil {
		return v.list, nil
	}
	var all []Membership
	for part := range strings.FieldsFuncSeq(v.text, func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		m, err := readMembership(part)
		if err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	return all, nil
}
