package api

import (
	"errors"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"

	"github.com/seed-2026d078/roster/events"
)

func (s *Server) replayRoutes() {
	r := route{http.MethodGet, "/v1/events", "stream_events", "History", "Read the events of all organizations from a position or a time; as text/event-stream, and follow them"}
	responses := answers(lines, "An event a line", s.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[Event](), true, ""))
	responses["200"].Content[eventStream] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Description: "Server-sent events; resume with Last-Event-ID."}}
	s.plain(r, huma.Operation{
		Description: "For the system actor only.",
		Parameters: []*huma.Param{
			asks("from", "The first position wanted."), asks("since", "The first moment wanted."), asks("until", "The first moment no longer wanted."),
			asks("organization", "Of one organization."), asks("actor", "By one actor."), asks("by_system", "What the system did."),
			asks("subject", "About one person, team, project or invite."), asks("type", "A type of event; may be given several times."),
			asks("limit", "How many events at most."),
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
	behind, err := s.resume(r, mark{position: events.Position(q.number("from")), entry: -1})
	if err := firstOf(q.err, err); err != nil {
		return err
	}
	if wantsStream(r) {
		return s.follow(w, r, behind, filter, limit, func() error { return nil })
	}
	return s.writeEvents(w, r, behind, filter, limit)
}

// eventFilter reads the filters that all histories have.
func (q *query) eventFilter() *eventFilter {
	w := &eventFilter{subject: q.Get("subject"), since: q.time("since"), until: q.time("until")}
	if q.Has("actor") {
		w.actor = new(events.UserID(q.Get("actor")))
	}
	switch q.Get("by_system") {
	case "", "false":
	case "true":
		w.actor = new(events.System)
	default:
		q.err = errMalformed.because("by_system is true or false.")
	}
	for _, name := range q.Values["type"] {
		w.types = append(w.types, events.Type(name))
	}
	return w
}

// writeEvents writes what happened up to now, a line for each event. No limit is zero.
func (s *Server) writeEvents(w http.ResponseWriter, r *http.Request, behind mark, filter *eventFilter, limit uint64) error {
	from, err := s.checkpoint(r.Context(), behind)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", lines)
	written := uint64(0)
	err = s.Ledger.Read(r.Context(), from, s.Desk.View().Position, func(commits []events.Commit) error {
		return forEachEvent(commits, behind, filter, func(_ mark, one Event) error {
			text, err := json.Marshal(one)
			if err != nil {
				return err
			}
			if _, err := w.Write(append(text, '\n')); err != nil {
				return err
			}
			if written++; written == limit {
				return errEnough
			}
			return nil
		})
	})
	if err != nil && !errors.Is(err, errEnough) {
		// The status is out: breaking off is the only way left to say that this is not all.
		s.Log.WarnContext(r.Context(), "a replay broke off", "request", asked(r.Context()).id, "error", err)
		panic(http.ErrAbortHandler)
	}
	return nil
}
