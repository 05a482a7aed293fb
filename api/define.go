package api

import (
	"context"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// spec is the name, the route and the description of a command.
type spec struct {
	// id names the operation, the type of the item in a bulk and the action in schemes.
	id     string
	method string
	// path is below the organization.
	path         string
	tag, summary string
}

// define registers a command: its route, and its item of a bulk. C has the fields of
// both. Those with the tag path are in the path of the route and are members of the item;
// all others are members of the body and of the item. Those with the tag query may be in the
// query of the route, too, which then decides. A command whose body takes an id
// creates what has that id: its answer has the status 201.
func define[C any](s *Server, sp spec, build func(C) (domain.Command, error)) {
	defineWith(s, sp, func(_ context.Context, _ *commandBuilder, sent C) (domain.Command, error) { return build(sent) })
}

// defineWith is [define] for a command that needs more than what was sent: a scheme, a
// sealed text, the hash of an address, a token.
func defineWith[C any](s *Server, sp spec, build buildFunc[C]) {
	defineRoute(s, sp, build)
	defineItem(s, sp.id, build)
}

// organizationNamer is a command whose path has no organization: it returns the id itself.
type organizationNamer interface {
	organization(actor events.UserID, key string) events.OrganizationID
}

// inviteOpener is a command whose path has neither an organization nor an invite: the secret of the invite says which it is.
type inviteOpener interface {
	// secret returns the token, and whose try it is; empty: that of whoever sent the request.
	secret() (token, client string)
}

// commandRoute is the route of a command.
type commandRoute struct {
	route

	// sent is the type of what requests carry, in the path and in the body.
	sent   reflect.Type
	decode func(context.Context, Envelope, jsontext.Value) (sentCommand, error)
}

// defineRoute registers the route of a command. [Server.commandRoutes] serves it.
func defineRoute[C any](s *Server, sp spec, build buildFunc[C]) {
	prefix := organizationPath
	if _, ok := any(*new(C)).(organizationNamer); ok {
		prefix = "/v1/organizations"
	}
	if _, ok := any(*new(C)).(inviteOpener); ok {
		prefix = "/v1"
	}
	sentType := reflect.TypeFor[C]()
	inPath := pathFields(sentType)
	s.routes[sp.id] = commandRoute{
		route: route{sp.method, prefix + sp.path, sp.id, sp.tag, sp.summary},
		sent:  sentType,
		decode: func(ctx context.Context, e Envelope, body jsontext.Value) (sentCommand, error) {
			var sent C
			if err := decodeBody(body, &sent); err != nil {
				return sentCommand{}, err
			}
			for _, f := range inPath {
				reflect.ValueOf(&sent).Elem().Field(f.index).SetString(e.path(f.name))
			}
			if err := readQuery(e, body, &sent); err != nil {
				return sentCommand{}, err
			}
			org := events.OrganizationID(e.path("org"))
			if namer, ok := any(sent).(organizationNamer); ok {
				org = namer.organization(requestFrom(ctx).actor, e.Key)
			}
			if opener, ok := any(sent).(inviteOpener); ok {
				token, client := opener.secret()
				found, err := s.tries.inviteBy(s.Desk.View().State, requestFrom(ctx), token, client)
				if err != nil {
					return sentCommand{}, err
				}
				org = found.Organization
			}
			return sentCommand{organization: org, ids: []string{sp.id}, build: bind(build, sent)}, nil
		},
	}
}

// commandRoutes serves the routes of the commands defined so far.
func (s *Server) commandRoutes() {
	for _, id := range slices.Sorted(maps.Keys(s.routes)) {
		r := s.routes[id]
		s.serveCommand(r.operation(), r.sent, takesID(r.sent), r.decode)
	}
}

// takesID reports whether a body has a member "id": that of what the command creates.
func takesID(sent reflect.Type) bool {
	for field := range sent.Fields() {
		if name, _, _ := strings.Cut(field.Tag.Get("json"), ","); name == "id" {
			return true
		}
	}
	return false
}

// defineItem registers what an item of a bulk can be.
func defineItem[C any](s *Server, id string, build buildFunc[C]) {
	s.items[id] = itemType{
		sent: reflect.TypeFor[C](),
		decode: func(item jsontext.Value) (unbuilt, error) {
			var read struct {
				Type    string `json:"type"`
				Command C      `json:",embed"`
			}
			if err := decode(item, &read); err != nil {
				return nil, errMalformed.because("%s.", err)
			}
			return bind(build, read.Command), nil
		},
	}
}
