package api

import (
	"errors"
	"io"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"

	"github.com/seed-2026d078/roster/events"
)

func (s *Server) replayRoutes() {
	r := route{http.MethodGet, "/v1/events", "stream_events", "History", "Read the events of all organizations from a position or a time; as text/event-stream, and follow them"}
	responses := okResponse(lines, "An event a line", s.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[Event](), true, ""))
	responses["200"].Content[eventStream] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Description: "Server-sent events; resume with Last-Event-ID."}}
	s.handleRaw(r, huma.Operation{
		Description: "For the system actor only.",
		Parameters: []*huma.Param{
			queryParameter("from", "The first position wanted."), queryParameter("since", "Only events from this time on."), queryParameter("until", "Only events before this time."),
			queryParameter("organization", "Of one organization."), queryParameter("actor", "By one actor."), queryParameter("by_system", "What the system did."),
			queryParameter("subject", "About one person, team, project or invite."), queryParameter("type", "A type of event; may be given several times."),
			queryParameter("limit", "How many events at most."),
		},
		Responses: responses,
	}, s.replay)
}

func (s *Server) replay(w http.ResponseWriter, r *http.Request) error {
	if err := systemOnly(r); err != nil {
		return err
	}
	q := queryOf(r, "from", "since", "until", "organization", "actor", "by_system", "subject", "type", "limit")
	filter, limit := q.eventFilter(), q.number("limit")
	filter.organization = events.OrganizationID(q.Get("organization"))
	behind, err := resume(r, mark{position: events.Position(q.number("from")), entry: -1})
	if err := firstError(q.err, err, s.requireOrganization(filter.organization)); err != nil {
		return err
	}
	if wantsStream(r) {
		return s.follow(w, r, behind, filter, limit, func() error { return nil })
	}
	return s.writeEvents(w, r, behind, filter, limit)
}

// writeEvents writes the events up to now, one in each line. A limit of zero is none.
func (s *Server) writeEvents(w http.ResponseWriter, r *http.Request, behind mark, filter *eventFilter, limit uint64) error {
	from, err := s.checkpoint(r.Context(), behind)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", lines)
	written := uint64(0)
	err = s.Ledger.Read(r.Context(), from, s.Desk.View().Position, func(commits []events.Commit) error {
		for i := range commits {
			for j := range commits[i].Entries {
				for _, e := range streamEvents(s.Desk.View().State, &commits[i], j) {
					if !e.after(behind) || !filter.matches(e.entry, e.Event) {
						continue
					}
					if err := writeLine(w, e); err != nil {
						return err
					}
					if written++; written == limit {
						return errStop
					}
				}
			}
		}
		return nil
	})
	if err != nil && !errors.Is(err, errStop) {
		// The status is sent. Closing the connection tells the client that events are missing.
		s.Log.WarnContext(r.Context(), "a replay broke off", "request", requestFrom(r.Context()).id, "error", err)
		panic(http.ErrAbortHandler)
	}
	return nil
}

func writeLine(w io.Writer, e *streamEvent) error {
	event, err := e.view()
	if err != nil {
		return err
	}
	text, err := json.Marshal(event)
	if err != nil {
		return err
	}
	_, err = w.Write(append(text, '\n'))
	return err
}
