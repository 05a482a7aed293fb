package api

import (
	"context"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/projections"
)

// called returns what completes rows with what the people in them are called.
func called[R any](s *Server, of func(*R) *projections.Person) func(context.Context, domain.Organization, []R) error {
	return func(ctx context.Context, org domain.Organization, rows []R) error {
		users := make([]events.UserID, len(rows))
		for i := range rows {
			users[i] = of(&rows[i]).User
		}
		known, err := s.Database.People(ctx, org.ID(), users)
		if err != nil {
			return err
		}
		for i := range rows {
			who := of(&rows[i])
			who.Login = string(who.User) // until the read models know more
			if found, there := known[who.User]; there {
				*who = found
			}
		}
		return nil
	}
}

func personCells(p projections.Person) []string {
	return []string{string(p.User), p.Login, p.Name, p.Email}
}
