package api

import (
	"context"
	"net/http"
	"time"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/personaldata"
)

func (s *Server) departedRoutes() {
	read(s, route{http.MethodGet, "/v1/users/departed", "list_departed", "People", "List the people who belong to no organization any more, whom the server erases if it runs with --retain"}, s.listDeparted)
}

type departedQuery struct {
	Before instant `query:"before" doc:"Those who have belonged nowhere since before then: for --retain 24mo, the time 24 months ago. Left out: now."`
}

// departedPeople are people who belong to no organization any more.
type departedPeople struct {
	Total  int        `json:"total" doc:"How many there are."`
	People []departed `json:"people" doc:"The first 1,000 of them, those who left first before the others: as many as the server erases at a time."`
}

type departed struct {
	User  events.UserID `json:"user"`
	Since time.Time     `json:"since" doc:"When they left, when a membership ended, or when they joined, were invited or asked for access, whichever was last."`
}

// listDeparted answers the system alone. It reads the whole ledger.
func (s *Server) listDeparted(ctx context.Context, in *departedQuery) (*answer[departedPeople], error) {
	if requestFrom(ctx).actor != events.System {
		return nil, errSystemOnly
	}
	before := in.Before.Time
	if before.IsZero() {
		before = s.now()
	}
	position := s.Desk.View().Position
	all, err := s.eraser.Departed(ctx, before)
	if err != nil {
		return nil, err
	}
	found := departedPeople{Total: len(all), People: []departed{}}
	for _, one := range all[:min(len(all), personaldata.AtOnce)] {
		found.People = append(found.People, departed{one.User, one.Since})
	}
	return &answer[departedPeople]{Position: position, Body: found}, nil
}
