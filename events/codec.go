package events

import (
	"bytes"
	"errors"
	"fmt"

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
// [*UnknownTypeError] for an event of a newer program, and with an [*UnknownFieldError] for a
// field of one.
func Decode(message []byte, position Position) (Commit, error) {
	c := Commit{Position: position, Hash: Sum(message)}
	if err := json.Unmarshal(message, &c, strict); err != nil {
		return Commit{}, fmt.Errorf("decode commit %d: %w", position, newer(err))
	}
	return c, nil
}

// newer returns the error that says that a field is not known, if that is what is wrong.
func newer(err error) error {
	found, ok := errors.AsType[*json.SemanticError](err)
	if !ok || !errors.Is(err, json.ErrUnknownName) {
		return err
	}
	unknown := &UnknownFieldError{Field: found.JSONPointer.LastToken()}
	for name := range found.JSONPointer.Parent().Tokens() {
		if _, known := registry[Type(name)]; known {
			unknown.Type = Type(name)
		}
	}
	return unknown
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

// DecodePayload reads an event from JSON that may lack fields, such as a payload without secrets, to apply
// it to a state. Unlike [DecodeFields] it fails with an [*UnknownFieldError] for a field that is not known, since
// that would drop a part of a fact, and with an [*UnknownTypeError] for an event of a newer program.
func DecodePayload(t Type, payload []byte) (Event, error) {
	decodeFields, ok := registry[t]
	if !ok {
		return nil, &UnknownTypeError{t}
	}
	e, err := decodeFields(jsontext.NewDecoder(bytes.NewReader(payload), strict))
	if found, ok := errors.AsType[*json.SemanticError](err); ok && errors.Is(err, json.ErrUnknownName) {
		err = &UnknownFieldError{Type: t, Field: found.JSONPointer.LastToken()}
	}
	if err != nil {
		return nil, fmt.Errorf("decode the payload of %s: %w", t, err)
	}
	return e, nil
}
