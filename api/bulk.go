package api

import (
	"cmp"
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
)

// orders are what an item of a bulk command can be, by its type.
var orders = map[string]itemType{
	"create_organization":   item[createOrganization](),
	"delete_organization":   item[deleteOrganization](),
	"add_member":            item[addMember](),
	"change_role":           item[changeRole](),
	"remove_member":         item[removeMember](),
	"invite_member":         item[inviteMember](),
	"revoke_invite":         item[revokeInvite](),
	"accept_invite":         item[acceptInvite](),
	"create_project":        item[createProject](),
	"add_project_member":    item[addProjectMember](),
	"change_project_role":   item[changeProjectRole](),
	"remove_project_member": item[removeProjectMember](),
	"create_team":           item[createTeam](),
	"rename_team":           item[renameTeam](),
	"describe_team":         item[describeTeam](),
	"move_team":             item[moveTeam](),
	"remove_team":           item[removeTeam](),
	"add_team_member":       item[addTeamMember](),
	"change_team_role":      item[changeTeamRole](),
	"remove_team_member":    item[removeTeamMember](),
	"assign_team":           item[assignTeam](),
	"change_assignment":     item[changeAssignment](),
	"unassign_team":         item[unassignTeam](),
}

// itemType reads items of one type.
type itemType struct {
	decode func(jsontext.Value) (order, error)
	shape  reflect.Type
}

func item[O order]() itemType {
	return itemType{
		decode: func(text jsontext.Value) (order, error) {
			var read struct {
				Type  string `json:"type"`
				Order O      `json:",embed"`
			}
			err := decode(text, &read)
			return read.Order, err
		},
		shape: reflect.TypeFor[O](),
	}
}

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

// command reads every item before it gives up, so that the sender learns of all
// that are wrong.
func (b bulk) command(ctx context.Context, c clerk) (domain.Command, error) {
	switch {
	case len(b.Commands) > domain.MaxItems:
		return nil, domain.ErrTooMany
	case b.Import != nil && (b.Import.Source == "" || b.Import.Through == 0):
		return nil, errMalformed.because("An import names its source and the last line taken in.")
	}
	batch := make(domain.Batch, len(b.Commands))
	var wrong []domain.ItemError
	for i, item := range b.Commands {
		command, err := item.command(ctx, c)
		if err != nil && !safe(err) {
			return nil, err
		}
		if err != nil {
			wrong = append(wrong, domain.ItemError{Index: i, Err: err})
		}
		batch[i] = command
	}
	switch {
	case wrong != nil:
		return nil, &domain.BatchError{Items: wrong}
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
	if !ok {
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

// safe tells whether an error says what is wrong with a request, and no more.
func safe(err error) bool {
	return cmp.Or(errors.As(err, new(*refusal)), errors.As(err, new(*domain.Rejection)))
}

type bulkCommand struct {
	Command
	Body bulk
}

func (s *Server) bulkRoutes() {
	r := route{http.MethodPost, "/v1/organizations/{org}/commands", "bulk", "Bulk", "Give up to 1,000 commands as one: all or nothing"}
	op := r.operation()
	op.MaxBodyBytes = maxBody
	// The items are judged one by one, so that each is answered for.
	op.SkipValidateBody = true
	op.Responses = s.createdResponse()
	register(s, op, func(ctx context.Context, in *bulkCommand) (*answer[Receipt], error) {
		return s.decide(ctx, in.Org, in.Envelope, in.Body, r)
	})
}
