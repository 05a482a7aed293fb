package domain

import (
	"cmp"
	"slices"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/champ"
)

// EffectiveChange is a change of somebody's effective access to a project, whatever caused it.
type EffectiveChange struct {
	User    events.UserID
	Project events.ProjectID
	// From is the access before, without its sources, To the one after. One of them may be none.
	From, To Access
	// Origin names the last event that changed it.
	events.Origin
}

// EffectiveChanges are those that an entry made. They are compared when they are asked for, so that
// many take little memory.
type EffectiveChanges struct {
	before, after Organization
	changed       []changedKey
}

// EffectiveChangesOf compares the effective access to projects before an entry with that after it,
// both as of the instant of before. What an entry takes and gives back is no change.
//
// It returns false, and no changes, if the events change more than most accesses, those that a later
// event changes back included, or if proceed returns false, which is called for each access that is
// compared. Its cost grows with the people and projects that the events touch.
func EffectiveChangesOf(before Organization, entry *events.Entry, most int, proceed func() bool) (EffectiveChanges, bool) {
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
		had, has := newResolver(after), newResolver(next)
		for key := range affected(after, next, r.Event) {
			if !proceed() {
				return EffectiveChanges{}, false
			}
			if key.project == "" || !differs(had.levelsOf(key.user, key.project), has.levelsOf(key.user, key.project)) {
				continue
			}
			if changed.add(key, r.Origin); len(changed.list) > most {
				return EffectiveChanges{}, false
			}
		}
		after = next
	}
	c := EffectiveChanges{before: before, after: after}
	c.changed = slices.DeleteFunc(changed.list, func(k changedKey) bool {
		return k.again && !differs(before.accessOf(k.key), after.accessOf(k.key))
	})
	slices.SortFunc(c.changed, func(a, b changedKey) int {
		return cmp.Or(cmp.Compare(a.key.project, b.key.project), cmp.Compare(a.key.user, b.key.user))
	})
	return c, true
}

// After returns the organization after the entry, as of the same instant; its version stays as before.
func (c EffectiveChanges) After() Organization { return c.after }

// Len returns how many changes there are.
func (c EffectiveChanges) Len() int { return len(c.changed) }

// At returns the change with an index, in the order of the projects, then of the people.
func (c EffectiveChanges) At(i int) EffectiveChange {
	k := c.changed[i]
	return EffectiveChange{k.key.user, k.key.project, newResolver(c.before).levelsOf(k.key.user, k.key.project), c.after.accessOf(k.key), k.Origin}
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
	// again says that several events changed it, so that it may be as before.
	again bool
}

func (c *changedKeys) add(key accessKey, by events.Origin) {
	if i, again := c.at[key]; again {
		c.list[i].Origin, c.list[i].again = by, true
		return
	}
	if c.at == nil {
		c.at = map[accessKey]int{}
	}
	c.at[key] = len(c.list)
	c.list = append(c.list, changedKey{key: key, Origin: by})
}
