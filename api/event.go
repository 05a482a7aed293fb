package api

import (
	"maps"
	"reflect"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/projections"
)

// Event is an event as histories and streams show it.
type Event struct {
	ID           string                `json:"id" doc:"organization/version/index."`
	Type         events.Type           `json:"type"`
	Organization events.OrganizationID `json:"organization"`
	Position     events.Position       `json:"position" doc:"The commit's place in the ledger."`
	At           time.Time             `json:"at" doc:"When it happened."`
	Recorded     time.Time             `json:"recorded" doc:"When it was recorded."`
	Actor        events.UserID         `json:"actor,omitzero" doc:"Left out: the system."`
	OnBehalfOf   events.UserID         `json:"on_behalf_of,omitzero" doc:"For whom the actor did it, as the sender says. Left out: nobody else."`
	Cause        string                `json:"cause,omitzero" doc:"Why the command was given, in the words of its sender."`
	Erased       []events.UserID       `json:"erased,omitzero" doc:"Those of the people in it whose data was erased since: show them as erased person."`
	Payload      jsontext.Value        `json:"payload" doc:"What happened, without personal data."`
}

// eventOf describes an event, redacted. The organization is as it is now.
func eventOf(org domain.Organization, c *events.Commit, entry *events.Entry, r events.Recorded) (Event, error) {
	payload, err := json.Marshal(redacted.Payload(r.Event), json.Deterministic(true))
	if err != nil {
		return Event{}, err
	}
	return Event{
		ID: r.ID(entry.Organization), Type: r.Event.Type(), Organization: entry.Organization, Position: c.Position,
		At: entry.At, Recorded: c.At, Actor: entry.Actor, OnBehalfOf: entry.OnBehalfOf, Cause: entry.Cause, Erased: erasedIn(org, entry, r.Event), Payload: payload,
	}, nil
}

// erasedIn returns the people in an event whose data was erased, in the order of their ids.
func erasedIn(org domain.Organization, entry *events.Entry, e events.Event) (erased []events.UserID) {
	if !org.HasErased() {
		return nil
	}
	people := []events.UserID{entry.Actor, entry.OnBehalfOf}
	for _, subject := range e.Subjects() {
		if subject.Kind == events.UserSubject {
			people = append(people, events.UserID(subject.ID))
		}
	}
	slices.Sort(people)
	for _, user := range slices.Compact(people) {
		if _, is := org.Erased(user); is {
			erased = append(erased, user)
		}
	}
	return erased
}

// eventFilter selects events; the zero value selects all.
type eventFilter struct {
	organization events.OrganizationID
	actor        *events.UserID
	subject      string
	types        []events.Type
	since, until time.Time
	// fromVersion is the first version wanted of the organization.
	fromVersion events.Version
}

func (f *eventFilter) matches(entry *events.Entry, e events.Event) bool {
	return (f.organization == "" || entry.Organization == f.organization) &&
		(f.actor == nil || entry.Actor == *f.actor) &&
		(f.subject == "" || slices.ContainsFunc(e.Subjects(), func(s events.Subject) bool { return s.ID == f.subject })) &&
		(f.types == nil || slices.Contains(f.types, e.Type())) &&
		entry.Version >= f.fromVersion && !entry.At.Before(f.since) && (f.until.IsZero() || entry.At.Before(f.until))
}

// audit returns the filter of the audit log that finds all events that match, and perhaps
// others.
func (f *eventFilter) audit() projections.AuditFilter {
	found := projections.AuditFilter{
		Subject: f.subject, Types: f.types, Since: f.since, Until: f.until, FromVersion: f.fromVersion,
		OldestFirst: true, Page: projections.Page{Limit: pageEvents},
	}
	if f.actor != nil {
		found.Actor, found.BySystem = *f.actor, *f.actor == events.System
	}
	return found
}

// redacted makes the payloads of events: none shows personal data, nor hashes and nonces of
// secrets. The document and the answers are both made from it.
var redacted = events.Without(
	reflect.TypeFor[events.Sealed](), reflect.TypeFor[events.ClearText](), reflect.TypeFor[events.Metadata](), reflect.TypeFor[events.ExternalIDHash](),
	reflect.TypeFor[events.AddressHash](), reflect.TypeFor[events.Hash](), reflect.TypeFor[events.Nonce](),
)

// eventSchema is the name of the schema of an event in the document.
const eventSchema = "Event"

// Schema implements [huma.SchemaProvider]: an event is one of as many objects as there
// are types, which differ in their type and their payload.
func (Event) Schema(r huma.Registry) *huma.Schema {
	if r.Map()[eventSchema] != nil {
		return addSchema(r, eventSchema, nil)
	}
	type object Event // without this method
	common := huma.SchemaFromType(r, reflect.TypeFor[object]())
	event := &huma.Schema{Discriminator: &huma.Discriminator{PropertyName: "type", Mapping: map[string]string{}}}
	for _, t := range events.Types() {
		e, _ := events.New(t)
		name := reflect.TypeOf(e).Name()
		one := *common
		one.Properties = maps.Clone(common.Properties)
		payload := r.Schema(redacted.TypeOf(t), true, name)
		payload.Description = common.Properties["payload"].Description
		one.Properties["payload"] = payload
		one.Properties["type"] = &huma.Schema{Type: huma.TypeString, Enum: []any{string(t)}}
		ref := addSchema(r, name+"Event", &one)
		event.OneOf = append(event.OneOf, ref)
		event.Discriminator.Mapping[string(t)] = ref.Ref
	}
	return addSchema(r, eventSchema, event)
}
