package domain

import "github.com/seed-2026d078/roster/events"

// DecideWithin decides a command with another limit than [MaxSteps].
func DecideWithin(limit int, o Organization, c Command, m events.Moment) ([]events.Event, error) {
	return o.decide(c, m, newBudget(c, m, limit, nil))
}

// CountSteps decides a command within [MaxSteps], and returns how many steps it cost.
func CountSteps(o Organization, c Command, m events.Moment) ([]events.Event, int, error) {
	b := newBudget(c, m, MaxSteps, nil)
	happened, err := o.decide(c, m, b)
	return happened, b.steps, err
}

// HandsOver reports whether a transient state would take over the state that its last decision has built, for an entry.
func HandsOver(r Roster, e events.Entry) bool {
	_, done := r.takeOver(&e)
	return done
}
