package api

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"reflect"
	"slices"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// buildBatch builds every item, also after one that is wrong, so that the error names all
// items that are wrong.
func buildBatch[I any](ctx context.Context, b *commandBuilder, items []I, decode func(I) (unbuilt, error)) (domain.Batch, error) {
	if len(items) > domain.MaxItems {
		return nil, domain.ErrTooMany
	}
	batch := make(domain.Batch, len(items))
	var wrong []domain.ItemError
	for i, item := range items {
		build, err := decode(item)
		if err == nil {
			batch[i], err = build(ctx, b)
		}
		if err != nil && !safe(err) {
			return nil, err
		}
		if err != nil {
			wrong = append(wrong, domain.ItemError{Index: i, Err: err})
		}
	}
	if wrong != nil {
		return nil, &domain.BatchError{Items: wrong}
	}
	return batch, nil
}

// safe reports whether an error describes what is wrong with the request, so that the
// client may see it.
func safe(err error) bool {
	return errors.As(err, new(*refusal)) || errors.As(err, new(*domain.Rejection))
}

// namedItem is one of several commands in one body. Its name is the person or address that
// the client sent; an error of the item has it.
type namedItem struct {
	name  string
	build unbuilt
}

// buildNamed builds several commands that are decided as one: all or nothing.
func buildNamed(ctx context.Context, b *commandBuilder, items []namedItem) (domain.Command, error) {
	names := make([]string, len(items))
	for i, item := range items {
		names[i] = item.name
	}
	batch, err := buildBatch(ctx, b, items, func(i namedItem) (unbuilt, error) { return i.build, nil })
	return namedBatch{batch, names}, withNames(err, names)
}

// namedBatch is a batch whose items have names.
type namedBatch struct {
	domain.Batch

	names []string
}

// Decide implements [domain.Command].
func (n namedBatch) Decide(org domain.Organization, m events.Moment) ([]events.Event, error) {
	happened, err := n.Batch.Decide(org, m)
	return happened, withNames(err, n.names)
}

// withNames adds to every refused item its name.
func withNames(err error, names []string) error {
	if batch, ok := errors.AsType[*domain.BatchError](err); ok {
		return batchProblem(batch, func(index int) string { return names[index] })
	}
	return err
}

// bulk is several commands that are decided as one: all or nothing.
type bulk struct {
	Commands []bulkItem     `json:"commands" maxItems:"1000" doc:"They are decided in this order, each after the changes of those before it."`
	Import   *importedLines `json:"import,omitzero" doc:"The commands are lines of another system's history; for the system actor only."`
}

type importedLines struct {
	Source  string `json:"source" doc:"Names the history." minLength:"1" maxLength:"255"`
	Through uint64 `json:"through" doc:"The number of the last line taken in." minimum:"1"`
}

// bulkItem is a command with its type, as it was sent.
type bulkItem struct {
	kind string // empty if it has none
	sent jsontext.Value
}

// Schema refers to the schema of all items, which [Server.bulkRoute] makes.
func (bulkItem) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Ref: schemaPrefix + "Command"}
}

// UnmarshalJSONFrom implements [json.UnmarshalerFrom].
func (i *bulkItem) UnmarshalJSONFrom(in *jsontext.Decoder) error {
	value, err := in.ReadValue()
	*i = newBulkItem(value.Clone())
	return err
}

func newBulkItem(sent jsontext.Value) bulkItem {
	var read struct {
		Type string `json:"type"`
	}
	if json.Unmarshal(sent, &read) != nil {
		read.Type = ""
	}
	return bulkItem{read.Type, sent}
}

// bulkRoute registers the bulk, whose items are the commands defined so far.
func (s *Server) bulkRoute() {
	one := &huma.Schema{Discriminator: &huma.Discriminator{PropertyName: "type", Mapping: map[string]string{}}}
	for _, id := range slices.Sorted(maps.Keys(s.items)) {
		schema := s.itemSchema(id, s.items[id].sent)
		one.OneOf = append(one.OneOf, schema)
		one.Discriminator.Mapping[id] = schema.Ref
	}
	addSchema(s.huma.OpenAPI().Components.Schemas, "Command", one)
	r := route{http.MethodPost, organizationPath + "/commands", bulkID, "Bulk", "Run up to 1,000 commands as one: all or nothing"}
	op := r.operation()
	op.Description = "The type of an item is the name of the operation that takes the same command."
	// The items are decoded one by one, so that each has its own error.
	op.SkipValidateBody = true
	s.serveCommand(op, reflect.TypeFor[bulk](), true, func(_ context.Context, e Envelope, body jsontext.Value) (sentCommand, error) {
		var sent bulk
		if err := decodeBody(body, &sent); err != nil {
			return sentCommand{}, err
		}
		var ids []string
		for _, item := range sent.Commands {
			if s.items[item.kind].decode != nil {
				ids = append(ids, item.kind)
			}
		}
		return sentCommand{events.OrganizationID(e.path("org")), ids, func(ctx context.Context, b *commandBuilder) (domain.Command, error) {
			return s.buildBulk(ctx, b, sent)
		}}, nil
	})
}

func (s *Server) buildBulk(ctx context.Context, b *commandBuilder, sent bulk) (domain.Command, error) {
	if sent.Import != nil && (sent.Import.Source == "" || sent.Import.Through == 0) {
		return nil, errMalformed.because("An import names its source and the last line taken in.")
	}
	batch, err := buildBatch(ctx, b, sent.Commands, s.decodeItem)
	switch {
	case err != nil:
		return nil, err
	case sent.Import != nil:
		return domain.ImportHistory{Source: sent.Import.Source, Through: sent.Import.Through, Commands: batch}, nil
	}
	return batch, nil
}

func (s *Server) decodeItem(i bulkItem) (unbuilt, error) {
	known, ok := s.items[i.kind]
	switch {
	case i.kind == "":
		return nil, errMalformed.because("The type is missing: an item says what it is, as in {\"type\": \"add_member\", \"user\": \"bob\"}.")
	case !ok:
		return nil, errMalformed.because("There is no command of type %q.", i.kind)
	}
	return known.decode(i.sent)
}

// imported says up to which line the history of another system was imported.
type imported struct {
	Source        string                           `json:"source"`
	Organizations map[events.OrganizationID]uint64 `json:"organizations" doc:"The last line of each organization, deleted ones included."`
}

func (s *Server) importRoutes() {
	read(s, route{http.MethodGet, "/v1/imports/{source}", "get_import", "History", "Report how far another system's history was taken in"}, s.getImport)
}

type importQuery struct {
	Source string `path:"source" doc:"The name of the history." maxLength:"255"`
}

func (s *Server) getImport(ctx context.Context, in *importQuery) (*answer[imported], error) {
	if requestFrom(ctx).actor != events.System {
		return nil, errSystemOnly
	}
	view := s.Desk.View()
	return &answer[imported]{Position: view.Position, Body: imported{in.Source, view.State.Imported(in.Source)}}, nil
}
