package api

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"reflect"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
)

func (s *Server) snapshotRoutes() {
	schemas := s.huma.OpenAPI().Components.Schemas
	line := &huma.Schema{OneOf: []*huma.Schema{
		schemas.Schema(reflect.TypeFor[feed.SnapshotStart](), true, ""), schemas.Schema(reflect.TypeFor[feed.SnapshotLine](), true, ""), schemas.Schema(reflect.TypeFor[feed.SnapshotEnd](), true, ""),
	}}
	r := route{http.MethodGet, organizationPath + "/snapshot", "export_snapshot", "History", "Export everybody's access to every project at a position from which the feed goes on"}
	s.handleRaw(r, huma.Operation{
		Description: "For the system actor only. The first line has the position, each of the others somebody's access to a project, and the last how many they are: " +
			"without it, lines are missing. As in the feed, a source counts from when its start is recorded until its end is.",
		Parameters: []*huma.Param{{Name: "org", In: "path", Required: true, Description: "The organization.", Schema: &huma.Schema{Type: huma.TypeString}}},
		Responses:  okResponse(lines, "A line of JSON for each", line),
	}, s.exportSnapshot)
}

func (s *Server) exportSnapshot(w http.ResponseWriter, r *http.Request) error {
	id := events.OrganizationID(r.PathValue("org"))
	if _, _, err := s.visibleOrganization(r.Context(), id); err != nil {
		return err
	}
	if err := systemOnly(r); err != nil {
		return err
	}
	view := s.Desk.View()
	org := view.State.Organization(id)
	version, _ := view.State.Last(id)
	if version == 0 {
		return domain.ErrNoOrganization
	}
	w.Header().Set("Content-Type", lines)
	err := writeSnapshot(r.Context(), w, feed.SnapshotStart{Organization: id, Position: view.Position, Version: version}, org)
	if err != nil {
		// The status is sent. Closing the connection tells the client that lines are missing.
		s.Log.WarnContext(r.Context(), "a snapshot broke off", "request", requestFrom(r.Context()).id, "error", err)
		panic(http.ErrAbortHandler)
	}
	return nil
}

// writeSnapshot writes everybody's access to every project, the projects in the order of their ids.
// The state is a value, so it stays as it is meanwhile.
func writeSnapshot(ctx context.Context, w io.Writer, start feed.SnapshotStart, org domain.Organization) error {
	out := bufio.NewWriterSize(w, 64<<10)
	line := func(value any) error {
		text, err := json.Marshal(value, json.Deterministic(true))
		if err != nil {
			return err
		}
		_, err = out.Write(append(text, '\n'))
		return err
	}
	if err := line(start); err != nil {
		return err
	}
	org = org.At(time.Time{}) // nothing has started later, and nothing has ended, but what is recorded to have
	var projects []events.ProjectID
	for id := range org.Projects() {
		projects = append(projects, id)
	}
	slices.Sort(projects)
	count := 0
	for _, project := range projects {
		for user := range org.PeopleOnProject(project) {
			if err := ctx.Err(); err != nil {
				return err
			}
			access := org.Access(user, project)
			level := feed.AccessLevelOf(access)
			if level == nil {
				continue
			}
			count++
			if err := line(feed.SnapshotLine{User: user, Project: project, AccessLevel: *level, Sources: feed.AccessSourcesOf(access, start.Organization)}); err != nil {
				return err
			}
		}
	}
	if err := line(feed.SnapshotEnd{Lines: count}); err != nil {
		return err
	}
	return out.Flush()
}
