package domain

import (
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/champ"
)

// EffectiveChange is a change of somebody's effective access to a project, whatever caused it.
type EffectiveChange struct {
	User    events.UserID
	Project events.ProjectID
	// From is the access before, To the one after. One of them may be none.
	From, To Access
	// Origin names the last event that changed it.
	events.Origin
}

// EffectiveChanges compares the effective access to projects before an entry with that after it,
// both as of the instant of before, and returns who may do something else, in the order of the
// events. What an entry takes and gives back is no change.
//
// It returns false, and no changes, if the events change more than most accesses, those that a later
// event changes back included. Its cost grows with the people and projects that the events touch.
func EffectiveChanges(before Organization, entry *events.Entry, most int) ([]EffectiveChange, bool) {
	var changed changedKeys
	inPlace := new(champ.Transient)
	after := before
	for r := range entry.Recorded() {
		if _, keeps := r.Event.(events.AccessKeeper); keeps {
			after = after.evolve(inPlace, r)
			continue
		}
		inPlace = new(champ.Transient) // so that after stays as it is
		next := after.evolve(inPlace, r)
		for key := range affected(after, next, r.Event) {
			if key.project == "" || !differs(after.accessOf(key), next.accessOf(key)) {
				continue
			}
			if changed.add(key, r.Origin); len(changed.list) > most {
				return nil, false
			}
		}
		after = next
	}
	var changes []EffectiveChange
	for _, c := range changed.list {
		from, to := before.accessOf(c.key), after.accessOf(c.key)
		if differs(from, to) {
			changes = append(changes, EffectiveChange{c.key.user, c.key.project, from, to, c.Origin})
		}
	}
	return changes, true
}

// differs reports whether two accesses differ in the role, or in the level of a permission.
func differs(a, b Access) bool {
	if a.Role != b.Role {
		return true
	}
	for range differingLevels(a, b) {
		return true
	}
	return false
}

// changedKeys are accesses that an entry changed, each with the last event that changed it.
type changedKeys struct {
	list []changedKey
	// at are the indexes in the list.
	at map[accessKey]int
}

type changedKey struct {
	key accessKey
	events.Origin
}

func (c *changedKeys) add(key accessKey, by events.Origin) {
	if i, again := c.at[key]; again {
		c.list[i].Origin = by
		return
	}
	if c.at == nil {
		c.at = map[accessKey]int{}
	}
	c.at[key] = len(c.list)
	c.list = append(c.list, changedKey{key, by})
}
