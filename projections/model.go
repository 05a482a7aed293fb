package projections

import (
	"context"
	"iter"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// model keeps the rows R of one table as the state says, each found by a key K.
type model[K, R comparable] struct {
	table table[R]
	// dirty picks the model's keys from those that a batch has dirty.
	dirty func(*dirtyKeys) set[K]
	// find returns the row of a key in a state, and whether there is one.
	find func(domain.Roster, K) (R, bool)
	// rows yields every row of an organization.
	rows func(domain.Organization) iter.Seq[R]
	// read decrypts fields of a row; nil if none is encrypted.
	read func(context.Context, Opener, *R) error
	// named returns what other tables copy from a row; nil if they copy nothing.
	named func(*R) (memberKey, string)
}

// step is two states and the keys of the rows that may differ between them.
type step struct {
	base, final domain.Roster
	*dirtyKeys
}

// write writes the rows that the final state has, and deletes those that only the base
// state has.
func (m *model[K, R]) write(ctx context.Context, b *batch, open Opener, s step) error {
	var put, drop []R
	for key := range m.dirty(s.dirtyKeys) {
		now, is := m.find(s.final, key)
		then, was := m.find(s.base, key)
		switch {
		case is && (!was || now != then):
			put = append(put, now)
		case was && !is:
			drop = append(drop, then)
		}
	}
	if m.read != nil {
		for i := range put {
			if err := m.read(ctx, open, &put[i]); err != nil {
				return err
			}
		}
	}
	m.table.sort(put)
	m.table.sort(drop)
	m.table.drop(b, drop)
	m.table.put(b, put)
	return nil
}

// origin is the columns of the event behind a row.
func origin[R any](prefix string, get func(*R) events.Origin) []column[R] {
	return []column[R]{
		number(prefix+"version", func(r *R) events.Version { return get(r).Version }),
		small(prefix+"index", func(r *R) int { return get(r).Index }),
		timestamp(prefix+"at", func(r *R) time.Time { return get(r).At }),
		text(prefix+"actor", func(r *R) events.UserID { return get(r).Actor }),
	}
}
