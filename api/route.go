package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// route is where something is served; its name is also the operation's id.
type route struct{ method, path, name, tag, summary string }

// answer is what routes return.
type answer[T any] struct {
	Status   int
	Position events.Position `header:"Roster-Position"`
	// ETag is the organization's version; empty where the answer is not about one.
	ETag     string `header:"ETag"`
	Location string `header:"Location"`
	Body     T
}

// InOrganization is the part of an address that names an organization.
type InOrganization struct {
	Org events.OrganizationID `path:"org" doc:"The organization." maxLength:"64"`
}

// read registers a route that changes nothing.
func read[I, T any](s *Server, r route, handle func(context.Context, *I) (*answer[T], error)) {
	register(s, r.operation(), handle)
}

func register[I, T any](s *Server, op huma.Operation, handle func(context.Context, *I) (*answer[T], error)) {
	huma.Register(s.huma, op, func(ctx context.Context, in *I) (*answer[T], error) {
		a, err := handle(ctx, in)
		if err != nil {
			return nil, s.problem(ctx, err)
		}
		if a.Status == 0 {
			a.Status = http.StatusOK
		}
		return a, nil
	})
}

func (r route) operation() huma.Operation {
	return huma.Operation{OperationID: r.name, Method: r.method, Path: r.path, Summary: r.summary, Tags: []string{r.tag}}
}

// seen returns an organization as it is now, as far as it exists for whoever asks,
// with the position at which it is so.
func (s *Server) seen(ctx context.Context, id events.OrganizationID) (domain.Organization, events.Position, error) {
	view := s.Desk.View()
	org := view.State.Organization(id).At(time.Now())
	if !org.Sees(asked(ctx).actor) {
		return domain.Organization{}, 0, domain.ErrNoOrganization
	}
	return org, view.Position, nil
}

// open tells whether whoever asks sees an organization now, and a project in it
// where one is named.
func (s *Server) open(ctx context.Context, id events.OrganizationID, project events.ProjectID) bool {
	org, _, err := s.seen(ctx, id)
	return err == nil && (project == "" || org.SeesProject(asked(ctx).actor, project))
}

// fromMemory answers with what a state of the organization says.
func fromMemory[T any](org domain.Organization, position events.Position, body T) *answer[T] {
	return &answer[T]{Position: position, ETag: etag(org.Version()), Body: body}
}

// fromDatabase answers with what the read models said when they had come to a
// position at least. Where they lag behind memory, no version is claimed: a
// change that relied on it could overlook what the list does not show yet.
func fromDatabase[T any](org domain.Organization, known, position events.Position, body T) *answer[T] {
	a := &answer[T]{Position: position, Body: body}
	if position >= known {
		a.ETag = etag(org.Version())
	}
	return a
}

func etag(v events.Version) string { return strconv.Quote(strconv.FormatUint(uint64(v), 10)) }

func operationAt(oapi *huma.OpenAPI, method, path string) *huma.Operation {
	item := oapi.Paths[path]
	switch method {
	case http.MethodGet:
		return item.Get
	case http.MethodPost:
		return item.Post
	case http.MethodPatch:
		return item.Patch
	case http.MethodDelete:
		return item.Delete
	}
	return nil
}
