package api

import (
	"slices"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// AvailableActions is what the actor may do about a row, so that a screen shows no
// button that would be refused.
type AvailableActions struct {
	Actions []events.Action  `json:"actions" doc:"What the actor may do about it now."`
	Roles   []events.RoleKey `json:"roles,omitempty" doc:"The roles that the actor may give, lowest first."`
}

func availableActions(found domain.AvailableActions) AvailableActions {
	if found.Actions == nil {
		found.Actions = []events.Action{}
	}
	return AvailableActions(found)
}

// availableOn returns the available actions about something that people are added to. It
// has roles only if one of these actions, which give roles, is available.
func availableOn(found domain.AvailableActions, giving ...events.Action) AvailableActions {
	if !slices.ContainsFunc(giving, func(a events.Action) bool { return slices.Contains(found.Actions, a) }) {
		found.Roles = nil
	}
	return availableActions(found)
}
