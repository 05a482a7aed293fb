package api

import (
	"context"
	"maps"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/seed-2026d078/roster/domain"
)

// bulk is several orders that are decided as one: all or nothing.
type bulk struct {
	Commands []bulkItem     `json:"commands" maxItems:"1000" doc:"Decided in turn, each seeing what those before it did."`
	Import   *importedLines `json:"import,omitzero" doc:"Says that these are lines of another system's history; for the system actor only."`
}

type importedLines struct {
	Source  string `json:"source" doc:"Names the history." minLength:"1" maxLength:"255"`
	Through uint64 `json:"through" doc:"The number of the last line taken in." minimum:"1"`
}

// bulkItem is one order as it was sent.
type bulkItem struct{ jsontext.Value }

// Schema says that an item is one of the orders, told apart by its type.
func (bulkItem) Schema(r huma.Registry) *huma.Schema {
	one := &huma.Schema{Discriminator: &huma.Discriminator{PropertyName: "type"}}
	for _, name := range slices.Sorted(maps.Keys(orders)) {
		tag := &huma.Schema{
			Type: huma.TypeObject, Required: []string{"type"},
			Properties: map[string]*huma.Schema{"type": {Type: huma.TypeString, Enum: []any{name}}},
		}
		one.OneOf = append(one.OneOf, &huma.Schema{AllOf: []*huma.Schema{tag, r.Schema(orders[name].shape, true, name)}})
	}
	return one
}

func (b bulk) command(ctx context.Context, c clerk) (domain.Command, error) {
	if b.Import != nil && (b.Import.Source == "" || b.Import.Through == 0) {
		return nil, errMalformed.because("An import names its source and the last line taken in.")
	}
	batch, err := batchOf(ctx, c, b.Commands)
	switch {
	case err != nil:
		return nil, err
	case b.Import != nil:
		return domain.ImportHistory{Source: b.Import.Source, Through: b.Import.Through, Commands: batch}, nil
	}
	return batch, nil
}

func (i bulkItem) command(ctx context.Context, c clerk) (domain.Command, error) {
	o, err := i.order()
	if err != nil {
		return nil, err
	}
	return o.command(ctx, c)
}

func (i bulkItem) order() (order, error) {
	kind := i.kind()
	known, ok := orders[kind]
	switch {
	case kind == "":
		return nil, errMalformed.because("The type is missing: an item says what it is, as in {\"type\": \"add_member\", \"user\": \"bob\"}.")
	case !ok:
		return nil, errMalformed.because("There is no command of type %q.", kind)
	}
	o, err := known.decode(i.Value)
	if err != nil {
		return nil, errMalformed.because("%s", err)
	}
	return o, nil
}

// kind is the type that an item says it is.
func (i bulkItem) kind() string {
	var read struct {
		Type string `json:"type"`
	}
	if json.Unmarshal(i.Value, &read) != nil {
		return ""
	}
	return read.Type
}

type bulkCommand struct {
	Command
	Body bulk
}

func (s *Server) bulkRoutes() {
	r := route{http.MethodPost, "/v1/organizations/{org}/commands", "bulk", "Bulk", "Give up to 1,000 commands as one: all or nothing"}
	op := r.operation()
	op.Description = "The type of an item is the name of the operation that takes the same command."
	op.MaxBodyBytes = maxBody
	// The items are judged one by one, so that each is answered for.
	op.SkipValidateBody = true
	op.Responses = s.createdResponse()
	register(s, op, func(ctx context.Context, in *bulkCommand) (*answer[upshot], error) {
		return s.decide(ctx, in.Org, in.Envelope, in.Body, r)
	})
}
