package api

import (
	"cmp"
	"io"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/go-json-experiment/json"
)

// Huma has variables of the package where nothing else can be set. By two of them a
// request that it refuses is a problem like every other. By the third a list without items
// is [], never null. They are set once, since servers may start side by side.
func init() {
	huma.DefaultArrayNullable = false
	huma.NewErrorWithContext = func(ctx huma.Context, status int, message string, errs ...error) huma.StatusError {
		p := humaProblem(status, message, errs)
		p.Instance = requestFrom(ctx.Context()).id
		return p
	}
	huma.NewError = func(status int, message string, errs ...error) huma.StatusError {
		return humaProblem(status, message, errs)
	}
}

// jsonFormat reads and writes bodies.
var jsonFormat = huma.Format{
	Marshal:   func(w io.Writer, v any) error { return json.MarshalWrite(w, v, json.Deterministic(true)) },
	Unmarshal: decode,
}

// newOpenAPI returns the document without paths, and what registers them.
func newOpenAPI(mux *http.ServeMux, version string) huma.API {
	return humago.New(mux, huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{
				Title:       "Roster",
				Version:     cmp.Or(strings.Trim(version, "()"), "devel"), // Go says "(devel)"
				Description: about,
				Contact:     &huma.Contact{Name: "Roster", URL: "https://github.com/seed-2026d078/roster"},
				License:     &huma.License{Name: "Apache-2.0", URL: "https://www.apache.org/licenses/LICENSE-2.0"},
			},
			Servers: []*huma.Server{{URL: "/", Description: "The server that this document comes from."}},
			Components: &huma.Components{
				Schemas: newRegistry(),
				SecuritySchemes: map[string]*huma.SecurityScheme{
					"key": {Type: "http", Scheme: "bearer", Description: "The root key, which `roster serve` makes at its first start."},
				},
			},
			Security: []map[string][]string{{"key": {}}},
		},
		Formats:                      map[string]huma.Format{"application/json": jsonFormat, "json": jsonFormat},
		DefaultFormat:                "application/json",
		RejectUnknownQueryParameters: true,
	})
}

// noKey is the security of operations that need no key.
var noKey = []map[string][]string{{}}

const about = "Who belongs to an organization, its projects and teams, and what each may do there.\n\n" +
	"Every request carries the root key. `" + headerActor + "` names the user under whose rights it is carried out. " +
	"What that user may not see is answered with 404. Every error is a problem after RFC 9457, " +
	"whose `code` is stable; `/problems` lists them all."

// tags are the groups of operations, in the order in which the document shows them.
var tags = []*huma.Tag{
	{Name: "Organizations", Description: "Organizations as a whole: from their creation to their deletion."},
	{Name: "Members", Description: "The members of an organization and their roles."},
	{Name: "Invites", Description: "Invitations to an organization by email address."},
	{Name: "Roles", Description: "Roles that an organization defines beside those of its scheme."},
	{Name: "Projects", Description: "The projects of an organization."},
	{Name: "Project members", Description: "Who is on a project, by a grant of their own or otherwise."},
	{Name: "Overrides", Description: "Single permissions of a person on a project that differ from their role."},
	{Name: "Public links", Description: "Links that open a project to anybody who has them."},
	{Name: "Teams", Description: "Teams of members, nested or not."},
	{Name: "Team members", Description: "Who is in a team."},
	{Name: "Assignments", Description: "The roles that teams have on projects."},
	{Name: "Access", Description: "Who may do what, and why."},
	{Name: "Reports", Description: "Overviews of access across an organization."},
	{Name: "Schemes", Description: "The rules that an organization follows."},
	{Name: "Bulk", Description: "Many commands in one request, all or nothing."},
	{Name: "History", Description: "What happened: the audit log, streams of events, exports and imports."},
	{Name: "Notifications", Description: "What a person is told about changes to their access."},
	{Name: "Operations", Description: "The state of the server, and what can go wrong."},
}
