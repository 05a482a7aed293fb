package api

import (
	"reflect"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/seed-2026d078/roster/events"
)

// secretTypes are the types of personal data and of what belongs to a secret: its hash,
// and the nonce that it is derived from. No payload shows a field of one of them.
var secretTypes = []reflect.Type{
	reflect.TypeFor[events.Sealed](), reflect.TypeFor[events.AddressHash](), reflect.TypeFor[events.Hash](), reflect.TypeFor[events.Nonce](),
}

// payloadTypes are the types that payloads have: those of the events without the fields
// that are secret. The document and the answers are both made from them.
var payloadTypes = func() map[events.Type]reflect.Type {
	types := map[events.Type]reflect.Type{}
	for _, t := range events.Types() {
		e, _ := events.New(t)
		types[t] = withoutSecrets(reflect.TypeOf(e))
	}
	return types
}()

// withoutSecrets returns the type itself where it has no secret field. It looks at the
// fields of the type alone, not into them: secrets stand at the top of an event.
func withoutSecrets(t reflect.Type) reflect.Type {
	var visible []reflect.StructField
	for field := range t.Fields() {
		if !slices.Contains(secretTypes, field.Type) {
			visible = append(visible, field)
		}
	}
	if len(visible) == t.NumField() {
		return t
	}
	return reflect.StructOf(visible)
}

// redactEvent returns an event as those may see it who do not hold its secrets.
func redactEvent(e events.Event) any {
	whole, visible := reflect.ValueOf(e), payloadTypes[e.Type()]
	if whole.Type() == visible {
		return e
	}
	payload := reflect.New(visible).Elem()
	for field, value := range payload.Fields() {
		value.Set(whole.FieldByName(field.Name))
	}
	return payload.Interface()
}

// Schema implements [huma.SchemaProvider]: an event is one of as many objects as there
// are types, which differ in their type and their payload.
func (Event) Schema(r huma.Registry) *huma.Schema {
	type object Event // without this method
	event := &huma.Schema{Discriminator: &huma.Discriminator{PropertyName: "type", Mapping: map[string]string{}}}
	for _, t := range events.Types() {
		e, _ := events.New(t)
		name := reflect.TypeOf(e).Name()
		one := huma.SchemaFromType(r, reflect.TypeFor[object]())
		payload := r.Schema(payloadTypes[t], true, name)
		payload.Description = one.Properties["payload"].Description
		one.Properties["payload"] = payload
		one.Properties["type"] = &huma.Schema{Type: huma.TypeString, Enum: []any{string(t)}}
		ref := addSchema(r, name+"Event", one)
		event.OneOf = append(event.OneOf, ref)
		event.Discriminator.Mapping[string(t)] = ref.Ref
	}
	return addSchema(r, "Event", event)
}
