package api

import (
	"context"
	"net/http"

	"github.com/seed-2026d078/roster/events"
)

// imported says how far a history was taken in.
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
	if asked(ctx).actor != events.System {
		return nil, errSystemOnly
	}
	view := s.Desk.View()
	return &answer[imported]{Position: view.Position, Body: imported{in.Source, view.State.Imported(in.Source)}}, nil
}
