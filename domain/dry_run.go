package domain

import (
	"cmp"
	"slices"

	"github.com/seed-2026d078/roster/events"
)

// DryRun is the result of a command that was decided and not recorded.
type DryRun struct {
	// Events are what would be recorded; none if the command would change nothing.
	Events []events.Event
	// Changes are ordered by person, then by project. A change in the organization
	// itself, whose project is empty, comes before those on projects.
	Changes []AccessChange
	// Before and After are the organization as it is and as it would be, both as of
	// the instant of the command.
	Before, After Organization
}

// DryRun decides a command as [Roster.Decide] does, and returns what it would record
// and whose access it would change at that instant. It records nothing. It fails with
// the error that Decide returns.
func (r Roster) DryRun(id events.OrganizationID, c Command, m events.Moment) (DryRun, error) {
	org, err := r.at(id, m)
	if err != nil {
		return DryRun{}, err
	}
	return org.DryRun(c, m)
}

// DryRun is [Roster.DryRun] for one organization. It takes the organization as of the
// instant for which At was called, and does not check the time of the command.
func (o Organization) DryRun(c Command, m events.Moment) (DryRun, error) {
	happened, err := c.Decide(o, m)
	if err != nil {
		return DryRun{}, err
	}
	keys, everyone := map[accessKey]struct{}{}, false
	add := func(k accessKey) bool {
		keys[k] = struct{}{}
		return true
	}
	after := o
	for i, e := range happened {
		next := after.Evolve(events.Recorded{Event: e, Origin: events.Origin{Version: o.version + 1, Index: i, At: m.At, Actor: m.Actor}})
		if affectsEveryone(e) {
			everyone = true
		} else {
			affected(after, next, e)(add)
		}
		after = next
	}
	if everyone { // once for all such events
		yieldEveryone(add, o, after)
		yieldEveryone(add, after, after)
	}
	result := DryRun{Events: happened, Before: o, After: after}
	for k := range keys {
		if change := compareAccess(o, after, k); !change.Empty() {
			result.Changes = append(result.Changes, change)
		}
	}
	slices.SortFunc(result.Changes, func(a, b AccessChange) int {
		return cmp.Or(cmp.Compare(a.User, b.User), cmp.Compare(a.Project, b.Project))
	})
	return result, nil
}
