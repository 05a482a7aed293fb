package domain

import (
	"cmp"
	"slices"

	"github.com/seed-2026d078/roster/events"
)

// Forecast is what a command would lead to.
type Forecast struct {
	Events []events.Event
	// Changes are in the order of person and project, the organization first.
	Changes []AccessChange
}

// Foresee tells what a command would lead to, without anything happening: who would
// gain, lose or change what at that instant. It fails as the command would.
func (o Organization) Foresee(c Command, m events.Moment) (Forecast, error) {
	happened, err := c.Decide(o, m)
	if err != nil {
		return Forecast{}, err
	}
	seen, everyone := map[pair]struct{}{}, false
	note := func(p pair) bool {
		seen[p] = struct{}{}
		return true
	}
	after := o
	for i, e := range happened {
		next := after.Evolve(events.Recorded{Event: e, Origin: events.Origin{Version: o.version + 1, Index: i, At: m.At, Actor: m.Actor}})
		if touchesEveryone(e) {
			everyone = true
		} else {
			touched(after, next, e)(note)
		}
		after = next
	}
	if everyone { // once, however often
		yieldEveryone(note, o, after)
		yieldEveryone(note, after, after)
	}
	f := Forecast{Events: happened}
	for p := range seen {
		if change := compare(o, after, p); !change.Nothing() {
			f.Changes = append(f.Changes, change)
		}
	}
	slices.SortFunc(f.Changes, func(a, b AccessChange) int {
		return cmp.Or(cmp.Compare(a.User, b.User), cmp.Compare(a.Project, b.Project))
	})
	return f, nil
}
