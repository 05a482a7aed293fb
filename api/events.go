package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/phrase"
	"github.com/seed-2026d078/roster/projections"
)

// auditQuery narrows the audit log.
type auditQuery struct {
	InOrganization
	Paging
	Actor   string   `query:"actor" maxLength:"255" doc:"Who did it."`
	System  bool     `query:"by_system" doc:"What the system did."`
	Subject string   `query:"subject" maxLength:"255" doc:"The id of a person, team, project or invite: events that are about it, alone or among others, and removals that ended its access or its part in others'."`
	Types   []string `query:"type,explode" doc:"Types of events; may be given several times."`
	Since   instant  `query:"since" doc:"Only events from this time on."`
	Until   instant  `query:"until" doc:"Only events before this time."`
	Former
	Order string `query:"order" enum:"newest,oldest" default:"newest" doc:"Which are listed first."`
}

// readTypes returns the types that names stand for. An unknown name is an error: a filter
// that nothing matches would look like an empty history.
func readTypes(names []string) ([]events.Type, error) {
	var types []events.Type
	for _, name := range names {
		t := events.Type(name)
		if _, known := events.New(t); !known {
			return nil, errMalformed.because("There is no event type %q%s.", name, similarTypes(name))
		}
		types = append(types, t)
	}
	return types, nil
}

// similarTypes suggests the types that continue what was written, or else those that differ
// in the fewest characters.
func similarTypes(name string) string {
	var similar []string
	nearest := 1 + len(name)/4 // the most characters that a typing error changes
	for _, t := range events.Types() {
		if strings.HasPrefix(string(t), name) {
			similar, nearest = append(similar, string(t)), 0
		}
	}
	for _, t := range events.Types() {
		switch d := distance(name, string(t)); {
		case nearest == 0 || d > nearest:
		case d < nearest:
			similar, nearest = []string{string(t)}, d
		default:
			similar = append(similar, string(t))
		}
	}
	if name == "" || similar == nil {
		return "; the OpenAPI document lists them all"
	}
	return "; there is " + phrase.Join(similar, " and ")
}

// distance returns how many bytes must be changed, added or removed to make one text of another.
func distance(from, to string) int {
	row := make([]int, len(to)+1) // the distances of what was read of from to each beginning of to
	for j := range row {
		row[j] = j
	}
	for i := range len(from) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(to) {
			changed := diagonal
			if from[i] != to[j] {
				changed++
			}
			diagonal = row[j+1]
			row[j+1] = min(changed, row[j]+1, diagonal+1)
		}
	}
	return row[len(to)]
}

// validateRange fails if a range of time ends where it begins, or before: nothing can lie
// between. The zero time is no bound.
func validateRange(since, until time.Time) error {
	if since.IsZero() || until.IsZero() || until.After(since) {
		return nil
	}
	return errMalformed.because("until (%s) is not after since (%s): nothing lies between.", until.Format(time.RFC3339Nano), since.Format(time.RFC3339Nano))
}

func (s *Server) auditRoutes() {
	r := route{http.MethodGet, organizationPath + "/events", "list_events", "History", "Read the audit log; as text/event-stream, follow it live"}
	op := r.operation()
	op.Middlewares = huma.Middlewares{s.followAudit}
	register(s, op, withTimeout(s, r.name, s.listEvents))
	documented := operationAt(s.huma.OpenAPI(), r.method, r.path)
	documented.Responses["200"].Content[eventStream] = &huma.MediaType{Schema: &huma.Schema{
		Type: huma.TypeString, Description: "Server-sent events; resume with Last-Event-ID. It begins with what happens now, or with the first event since the time that is named.",
	}}
}

// listEvents takes the order and the ids from the read models, and the events from the
// ledger.
func (s *Server) listEvents(ctx context.Context, in *auditQuery) (*answer[List[Event]], error) {
	org, known, position, err := s.listing(ctx, in.Org, domain.SeeingAuditLog, domain.About{})
	if err != nil {
		return nil, err
	}
	types, err := readTypes(in.Types)
	if err := firstError(err, validateRange(in.Since.Time, in.Until.Time)); err != nil {
		return nil, err
	}
	found, err := s.Database.Audit(ctx, in.Org, projections.AuditFilter{
		Actor: events.UserID(in.Actor), BySystem: in.System, Subject: in.Subject, Types: types,
		Since: in.Since.Time, Until: in.Until.Time, FromVersion: historyBegin(ctx, org), OldestFirst: in.Order == "oldest", Page: in.page(),
	})
	if err != nil {
		return nil, err
	}
	if len(found.Items) == 0 && in.After == "" {
		if err := s.requireInHistory(ctx, org, in); err != nil {
			return nil, err
		}
	}
	happened, err := s.readEvents(ctx, in.Org, found.Items)
	if err != nil {
		return nil, err
	}
	page := List[Event]{Items: make([]Event, len(happened)), Next: found.Next}
	for i, e := range happened {
		if page.Items[i], err = e.view(); err != nil {
			return nil, err
		}
	}
	return fromDatabase(org, known, position, page), nil
}

// historyBegin returns the version at which the history of an organization begins for a
// request: that of its creation, or the first one if the system asks for what had the same id
// before.
func historyBegin(ctx context.Context, org domain.Organization) events.Version {
	if requestFrom(ctx).former {
		return 1
	}
	return org.Created().Version
}

// requireInHistory fails if an organization knows nothing of the subject or the actor that a
// question names. A misspelled id would look like an empty history.
func (s *Server) requireInHistory(ctx context.Context, org domain.Organization, q *auditQuery) error {
	for _, named := range []struct {
		id      string
		filters []projections.AuditFilter
	}{
		{q.Subject, []projections.AuditFilter{{Subject: q.Subject}}},
		{q.Actor, []projections.AuditFilter{{Subject: q.Actor}, {Actor: events.UserID(q.Actor)}}},
	} {
		known := named.id == ""
		for _, filter := range named.filters {
			if known {
				break
			}
			filter.Page, filter.FromVersion = projections.Page{Limit: 1}, historyBegin(ctx, org)
			found, err := s.Database.Audit(ctx, org.ID(), filter)
			if err != nil {
				return err
			}
			known = len(found.Items) > 0
		}
		if !known {
			return errUnknownSubject.because("The history of the organization has nothing of %q.", named.id)
		}
	}
	return nil
}

// followAudit answers a request for list_events that accepts a stream.
func (s *Server) followAudit(ctx huma.Context, next func(huma.Context)) {
	r, w := humago.Unwrap(ctx)
	if !wantsStream(r) {
		next(ctx)
		return
	}
	if err := s.streamAudit(w, r); err != nil {
		s.refuse(w, r, err)
	}
}

func (s *Server) streamAudit(w http.ResponseWriter, r *http.Request) error {
	ctx, id := r.Context(), events.OrganizationID(r.PathValue("org"))
	allowed := func() error {
		org, _, err := s.visibleOrganization(ctx, id)
		if err != nil {
			return err
		}
		return org.Authorize(requestFrom(ctx).actor, domain.SeeingAuditLog, domain.About{})
	}
	if err := allowed(); err != nil {
		return err
	}
	q := queryOf(r, "actor", "by_system", "subject", "type", "since", "until", "former", "limit")
	filter, limit := q.eventFilter(), q.number("limit")
	filter.organization = id
	requestFrom(ctx).former = q.boolean("former")
	switch {
	case q.err != nil:
		return q.err
	case requestFrom(ctx).former && requestFrom(ctx).actor != events.System:
		return errSystemOnly
	}
	filter.fromVersion = historyBegin(ctx, s.Desk.View().State.Organization(id))
	begin := mark{} // the filter leaves out what was before
	if filter.since.IsZero() {
		begin = mark{position: s.Desk.View().Position + 1, entry: -1}
	}
	behind, err := resume(r, begin)
	if err != nil {
		return err
	}
	return s.follow(w, r, behind, filter, limit, allowed)
}

// eventFilter reads the filters that all histories have.
func (q *query) eventFilter() *eventFilter {
	w := &eventFilter{subject: q.Get("subject"), since: q.time("since"), until: q.time("until")}
	if q.Has("actor") {
		w.actor = new(events.UserID(q.Get("actor")))
	}
	if q.boolean("by_system") {
		w.actor = new(events.System)
	}
	var err error
	w.types, err = readTypes(q.Values["type"])
	q.err = firstError(q.err, err, validateRange(w.since, w.until))
	return w
}
