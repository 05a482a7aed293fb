package api

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// buildBatch builds every item, also after one that is wrong. If some are wrong, the error
// is an [*unbuiltError].
func buildBatch[I any](ctx context.Context, b *commandBuilder, items []I, decode func(I) (unbuilt, error)) (domain.Batch, error) {
	if len(items) > domain.MaxItems {
		return nil, domain.ErrTooMany
	}
	batch := make(domain.Batch, 0, len(items))
	var unbuilt unbuiltError
	for i, item := range items {
		command, err := buildItem(ctx, b, item, decode)
		switch {
		case err == nil:
			batch = append(batch, command)
			unbuilt.built = append(unbuilt.built, i)
		case safe(err):
			unbuilt.wrong = append(unbuilt.wrong, domain.ItemError{Index: i, Err: err})
		default:
			return nil, err
		}
	}
	if unbuilt.wrong != nil {
		unbuilt.batch = batch
		return nil, &unbuilt
	}
	return batch, nil
}

func buildItem[I any](ctx context.Context, b *commandBuilder, item I, decode func(I) (unbuilt, error)) (domain.Command, error) {
	build, err := decode(item)
	if err != nil {
		return nil, err
	}
	return build(ctx, b)
}

// unbuiltError says that items of a batch are wrong by themselves. The others are decided
// too, so that the answer names all that is wrong.
type unbuiltError struct {
	wrong []domain.ItemError
	batch domain.Batch
	// built are the indexes of the commands of batch among the items.
	built []int
	// names are those of the items; nil if they have none.
	names []string
}

func (e *unbuiltError) Error() string { return e.join(nil).Error() }

// join adds the refusals of the items that could be built.
func (e *unbuiltError) join(refusal error) error {
	all := slices.Clone(e.wrong)
	if refused, ok := errors.AsType[*domain.BatchError](refusal); ok {
		for _, item := range refused.Items {
			all = append(all, domain.ItemError{Index: e.built[item.Index], Err: item.Err})
		}
	}
	slices.SortFunc(all, func(a, b domain.ItemError) int { return cmp.Compare(a.Index, b.Index) })
	return withNames(&domain.BatchError{Items: all}, e.names)
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

func namesOf(items []namedItem) []string {
	names := make([]string, len(items))
	for i, item := range items {
		names[i] = item.name
	}
	return names
}

// buildNamed builds several commands that are decided as one: all or nothing.
func buildNamed(ctx context.Context, b *commandBuilder, items []namedItem) (domain.Command, error) {
	names := namesOf(items)
	batch, err := buildBatch(ctx, b, items, func(i namedItem) (unbuilt, error) { return i.build, nil })
	if unbuilt, ok := errors.AsType[*unbuiltError](err); ok {
		unbuilt.names = names
	}
	return namedBatch{batch, names}, err
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

// withNames adds to every refused item its name, if the items have names.
func withNames(err error, names []string) error {
	if batch, ok := errors.AsType[*domain.BatchError](err); ok && names != nil {
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
	s.serveCommand(op, reflect.TypeFor[bulk](), true, func(ctx context.Context, e Envelope, body jsontext.Value) (sentCommand, error) {
		var sent bulk
		if err := decodeBody(body, &sent); err != nil {
			return sentCommand{}, err
		}
		org := events.OrganizationID(e.path("org"))
		s.countItems(ctx, org, len(sent.Commands))
		var ids []string
		for _, item := range sent.Commands {
			if s.items[item.kind].decode != nil {
				ids = append(ids, item.kind)
			}
		}
		return sentCommand{organization: org, ids: ids, build: func(ctx context.Context, b *commandBuilder) (domain.Command, error) {
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
	build, err := known.decode(i.sent)
	if err != nil {
		return nil, err
	}
	return build, s.validateItem(known.schema, "item", i.sent)
}

// maxItemErrors is how many errors of one item are named.
const maxItemErrors = 10

// validateItem checks an item as the route of its command checks the body: lengths, bounds
// and what can be chosen. The errors name its fields behind a path.
func (s *Server) validateItem(schema *huma.Schema, path string, sent jsontext.Value) error {
	var item any
	if err := json.Unmarshal(sent, &item); err != nil {
		return errMalformed.because("%s.", err)
	}
	var found huma.ValidateResult
	huma.Validate(s.huma.OpenAPI().Components.Schemas, schema, huma.NewPathBuffer([]byte(path), len(path)), huma.ModeWriteToServer, item, &found)
	if found.Errors == nil {
		return nil
	}
	var wrong []string
	for i, part := range humaProblem(http.StatusBadRequest, "", found.Errors).Errors {
		if i == maxItemErrors {
			wrong = append(wrong, fmt.Sprintf("and %d more", len(found.Errors)-i))
			break
		}
		wrong = append(wrong, strings.TrimPrefix(part.Location+": "+part.Detail, ": ")) // the item itself is nowhere in it
	}
	return errMalformed.because("%s.", strings.Join(wrong, "; "))
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
