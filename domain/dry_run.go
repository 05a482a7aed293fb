package domain

import (
	"cmp"
	"slices"

	"github.com/seed-2026d078/roster/events"
)

// DryRun is the result of a command that was decided and not recorded.
type DryRun struct {
	Events []events.Event
	// Changes are in the order of person and project, the organization first.
	Changes []AccessChange
}

// DryRun decides a command and returns what it would change, and whose access, at that
// instant. Nothing is recorded. It fails with the error of the command.
func (o Organization) DryRun(c Command, m events.Moment) (DryRun, error) {
	happened, err := c.Decide(o, m)
	if err != nil {
		return DryRun{}, err
	}
	seen, everyone := map[accessKey]struct{}{}, false
	note := func(p accessKey) bool {
		seen[p] = struct{}{}
		return true
	}
	after := o
	for i, e := range happened {
		next := after.Evolve(events.Recorded{Event: e, Origin: events.Origin{Version: o.version + 1, Index: i, At: m.At, Actor: m.Actor}})
		if affectsEveryone(e) {
			everyone = true
		} else {
			affected(after, next, e)(note)
		}
		after = next
	}
	if everyone { // once, however often
		yieldEveryone(note, o, after)
		yieldEveryone(note, after, after)
	}
	f := DryRun{Events: happened}
	for p := range seen {
		if change := compareAccess(o, after, p); !change.Empty() {
			f.Changes = append(f.Changes, change)
		}
	}
	slices.SortFunc(f.Changes, func(a, b AccessChange) int {
		return cmp.Or(cmp.Compare(a.User, b.User), cmp.Compare(a.Project, b.Project))
	})
	return f, nil
}
