package api

import (
	"context"
	"slices"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// Offered is what the actor may do about a row, so that a screen shows no button
// that would be refused.
type Offered struct {
	Actions []events.Action  `json:"actions" doc:"What the actor may do about it now."`
	Roles   []events.RoleKey `json:"roles,omitzero" doc:"The roles that the actor may give, lowest first."`
}

func offered(offer domain.AvailableActions) Offered {
	if offer.Actions == nil {
		offer.Actions = []events.Action{}
	}
	return Offered(offer)
}

// offeredTo is offered about a place that people are added to: there are roles to give
// only where one of these actions is offered, which give them.
func offeredTo(offer domain.AvailableActions, giving ...events.Action) Offered {
	if !slices.ContainsFunc(giving, func(a events.Action) bool { return slices.Contains(offer.Actions, a) }) {
		offer.Roles = nil
	}
	return offered(offer)
}

// present is the moment at which whoever asks could act.
func present(ctx context.Context, org domain.Organization) events.Moment {
	return moment(asked(ctx).actor, org.Last())
}
