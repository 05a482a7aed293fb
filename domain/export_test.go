package domain

import "github.com/seed-2026d078/roster/events"

// DecideWithin decides a command with another limit than [MaxSteps].
func DecideWithin(limit int, o Organization, c Command, m events.Moment) ([]events.Event, error) {
	return o.decide(c, m, limit, nil)
}
