package events

import (
	"reflect"
	"slices"
)

// Redaction makes payloads of events, for readers who may not see every field.
type Redaction struct{ visible map[Type]reflect.Type }

// Without returns a redaction that leaves out the fields of some types. It does not look into
// the fields: events have secrets and personal data at the top level only.
func Without(hidden ...reflect.Type) Redaction {
	r := Redaction{map[Type]reflect.Type{}}
	for _, t := range Types() {
		e, _ := New(t)
		r.visible[t] = withoutFields(reflect.TypeOf(e), hidden)
	}
	return r
}

// withoutFields returns the type itself if it has no hidden field.
func withoutFields(t reflect.Type, hidden []reflect.Type) reflect.Type {
	var visible []reflect.StructField
	for field := range t.Fields() {
		if !slices.Contains(hidden, field.Type) {
			visible = append(visible, field)
		}
	}
	if len(visible) == t.NumField() {
		return t
	}
	return reflect.StructOf(visible)
}

// TypeOf returns the type that the payloads of a type of event have.
func (r Redaction) TypeOf(t Type) reflect.Type { return r.visible[t] }

// Payload returns the payload of an event.
func (r Redaction) Payload(e Event) any {
	whole, visible := reflect.ValueOf(e), r.visible[e.Type()]
	if whole.Type() == visible {
		return e
	}
	payload := reflect.New(visible).Elem()
	for field, value := range payload.Fields() {
		value.Set(whole.FieldByName(field.Name))
	}
	return payload.Interface()
}
