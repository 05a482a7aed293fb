package events

import (
	"bytes"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// strict makes decoding fail on unknown fields: ignoring one would drop a part of a fact.
// It does not look for duplicate names, since only Encode writes messages.
var strict = json.JoinOptions(json.RejectUnknownMembers(true), jsontext.AllowDuplicateNames(true))

// Encode writes a commit as the message that the ledger stores.
func Encode(c Commit) ([]byte, error) {
	message, err := json.Marshal(c, json.Deterministic(true))
	if err != nil {
		return nil, fmt.Errorf("encode commit %s: %w", c.ID, err)
	}
	return message, nil
}

// Decode reads what the ledger stores at position. It fails with an
// [*UnknownTypeError] for an event of a newer program.
func Decode(message []byte, position Position) (Commit, error) {
	c := Commit{Position: position, Hash: Sum(message)}
	if err := json.Unmarshal(message, &c, strict); err != nil {
		return Commit{}, fmt.Errorf("decode commit %d: %w", position, err)
	}
	return c, nil
}

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

// DecodeFields reads the fields of an event from JSON, such as a payload that the API
// shows. Fields that are missing stay zero, those that are not known are ignored: what it
// returns is for reading, not for a ledger. It fails with an [*UnknownTypeError] for an
// event of a newer program.
func DecodeFields(t Type, fields []byte) (Event, error) {
	decodeFields, ok := registry[t]
	if !ok {
		return nil, &UnknownTypeError{t}
	}
	e, err := decodeFields(jsontext.NewDecoder(bytes.NewReader(fields)))
	if err != nil {
		return nil, fmt.Errorf("decode the fields of %s: %w", t, err)
	}
	return e, nil
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

// Instant is a time as the ledger keeps it: in UTC, whole microseconds, so that
// no store after it rounds.
func Instant(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }
