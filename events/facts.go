package events

import (
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Facts are events in the order in which they happened.
type Facts []Event

// MarshalJSONTo writes each event as an object with one member, its type.
func (f Facts) MarshalJSONTo(out *jsontext.Encoder) error {
	if err := out.WriteToken(jsontext.BeginArray); err != nil {
		return err
	}
	for _, e := range f {
		if err := encodeEvent(out, e); err != nil {
			return err
		}
	}
	return out.WriteToken(jsontext.EndArray)
}

func encodeEvent(out *jsontext.Encoder, e Event) error {
	if err := out.WriteToken(jsontext.BeginObject); err != nil {
		return err
	}
	if err := out.WriteToken(jsontext.String(string(e.Type()))); err != nil {
		return err
	}
	if err := json.MarshalEncode(out, e); err != nil {
		return err
	}
	return out.WriteToken(jsontext.EndObject)
}

// UnmarshalJSONFrom reads what MarshalJSONTo wrote.
func (f *Facts) UnmarshalJSONFrom(in *jsontext.Decoder) error {
	if err := expect(in, '['); err != nil {
		return err
	}
	*f = (*f)[:0]
	for in.PeekKind() != ']' {
		e, err := decodeEvent(in)
		if err != nil {
			return err
		}
		*f = append(*f, e)
	}
	return expect(in, ']')
}

func decodeEvent(in *jsontext.Decoder) (Event, error) {
	if err := expect(in, '{'); err != nil {
		return nil, err
	}
	name, err := in.ReadToken()
	if err != nil {
		return nil, err
	}
	decodeFields, ok := registry[Type(name.String())]
	if !ok {
		return nil, &UnknownTypeError{Type(name.String())}
	}
	e, err := decodeFields(in)
	if err != nil {
		return nil, err
	}
	return e, expect(in, '}')
}

func expect(in *jsontext.Decoder, kind jsontext.Kind) error {
	token, err := in.ReadToken()
	switch {
	case err != nil:
		return err
	case token.Kind() != kind:
		return fmt.Errorf("an event is an object with one member, its type: %v where %v belongs", token.Kind(), kind)
	}
	return nil
}
