package api

import (
	"cmp"
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/scheme"
)

func (s *Server) schemeCommands() {
	defineWith(s, spec{"change_scheme", http.MethodPost, "/scheme", "Schemes", "Put an organization under another scheme; a dry run says what changes for whom"},
		func(_ context.Context, b *commandBuilder, c changeScheme) (domain.Command, error) {
			scheme, err := b.scheme(c.Scheme)
			if err != nil {
				return nil, err
			}
			return domain.ChangeScheme{
				Scheme: scheme, OrganizationRoles: c.OrganizationRoles, ProjectRoles: c.ProjectRoles, TeamRoles: c.TeamRoles,
				BlockNew: c.BlockNew,
			}, nil
		})
}

type changeScheme struct {
	Scheme            string      `json:"scheme" doc:"The scheme that applies from now on." example:"github"`
	OrganizationRoles roleMapping `json:"organization_roles,omitzero" doc:"Which role replaces which; a role that is not listed keeps its key."`
	ProjectRoles      roleMapping `json:"project_roles,omitzero" doc:"As for the organization."`
	TeamRoles         roleMapping `json:"team_roles,omitzero" doc:"As for the organization."`
	BlockNew          bool        `json:"block_new,omitzero" doc:"Accept a scheme with fewer seats than would be in use: nobody loses a seat, and none is given until there is room."`
}

// roleMapping says which role replaces which.
type roleMapping = map[events.RoleKey]events.RoleKey

// schemeLine is a scheme in the list of schemes.
type schemeLine struct {
	Key     string `json:"key"`
	Version int    `json:"version"`
	Label   string `json:"label,omitzero"`
	Default bool   `json:"default,omitzero" doc:"Organizations get this scheme if they name none."`
}

// rules are all the rules of a scheme.
type rules events.Scheme

// Schema implements [huma.SchemaProvider]. The JSON Schema of scheme files has the details.
func (rules) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeObject, Description: "As /v1/scheme.schema.json describes it.", AdditionalProperties: true}
}

func (s *Server) schemeRoutes() {
	s.schemeCommands()
	const all, tag = "/v1/schemes", "Schemes"
	read(s, route{http.MethodGet, all, "list_schemes", tag, "List the schemes that organizations can choose from"}, s.listSchemes)
	read(s, route{http.MethodGet, all + "/{scheme}", "get_scheme", tag, "Read all the rules of a scheme"}, s.getScheme)
	read(s, route{http.MethodGet, organizationPath + "/scheme", "get_organization_scheme", tag, "Read all the rules in force in an organization, including its own roles"}, s.getOrganizationScheme)
	s.handleRaw(route{http.MethodGet, "/v1/scheme.schema.json", "get_scheme_schema", tag, "Read the JSON Schema of scheme files"}, huma.Operation{
		Responses: okResponse(schemaJSON, "JSON Schema, draft 2020-12", &huma.Schema{Type: huma.TypeObject}),
	}, func(w http.ResponseWriter, _ *http.Request) error {
		w.Header().Set("Content-Type", schemaJSON)
		_, _ = w.Write(scheme.JSONSchema()) // an error means that the client is gone
		return nil
	})
}

const schemaJSON = "application/schema+json"

func (s *Server) listSchemes(context.Context, *struct{}) (*answer[List[schemeLine]], error) {
	found := List[schemeLine]{Items: make([]schemeLine, 0, len(s.Schemes))}
	for key, known := range s.Schemes {
		found.Items = append(found.Items, schemeLine{key, known.Version, known.Label, key == scheme.Default})
	}
	slices.SortFunc(found.Items, func(a, b schemeLine) int { return cmp.Compare(a.Key, b.Key) })
	return &answer[List[schemeLine]]{Position: s.Desk.View().Position, Body: found}, nil
}

type schemePath struct {
	Scheme string `path:"scheme" doc:"The scheme's key." maxLength:"255"`
}

func (s *Server) getScheme(_ context.Context, in *schemePath) (*answer[rules], error) {
	scheme := s.Schemes[in.Scheme]
	if scheme == nil {
		return nil, errNoScheme
	}
	return &answer[rules]{Position: s.Desk.View().Position, Body: rules(scheme.Scheme)}, nil
}

func (s *Server) getOrganizationScheme(ctx context.Context, in *organizationQuery) (*answer[rules], error) {
	p, err := s.asOf(ctx, in.Org, in.AtTime)
	if err != nil {
		return nil, err
	}
	return fromMemory(p.now, p.position, rules(p.then.Scheme().Scheme)), nil
}
