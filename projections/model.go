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
	named func(*R) (memberKey, sortKey)
}

func (m *model[K, R]) name() string { return m.table.name }

// step is two states and the keys of the rows that may differ between them.
type step struct {
	base, final domain.Roster
	*dirtyKeys
}

// write adds the rows that only the final state has, changes those that differ, and deletes
// those that only the base state has.
func (m *model[K, R]) write(ctx context.Context, b *batch, open Opener, s step) error {
	var add, change, drop []R
	for key := range m.dirty(s.dirtyKeys) {
		now, is := m.find(s.final, key)
		then, was := m.find(s.base, key)
		switch {
		case is && !was:
			add = append(add, now)
		case is && (now != then || m.renamed(s, &now)):
			change = append(change, now)
		case was && !is:
			drop = append(drop, then)
		}
	}
	for _, rows := range [][]R{add, change, drop} {
		m.table.sort(rows)
	}
	for _, rows := range [][]R{add, change} {
		if err := m.readAll(ctx, open, rows); err != nil {
			return err
		}
	}
	m.table.drop(b, drop)
	m.table.put(b, change)
	m.table.add(b, add)
	return nil
}

// renamed reports whether a row copies the name of a member who is called otherwise than in
// the base state.
func (m *model[K, R]) renamed(s step, row *R) bool {
	if m.table.member == nil {
		return false
	}
	key := m.table.member(row)
	before, _ := s.base.Organization(key.org).Member(key.user)
	after, _ := s.final.Organization(key.org).Member(key.user)
	return before.Name != after.Name || before.Login != after.Login
}

// readAll decrypts fields of rows.
func (m *model[K, R]) readAll(ctx context.Context, open Opener, rows []R) error {
	if m.read == nil {
		return nil
	}
	for i := range rows {
		if err := m.read(ctx, open, &rows[i]); err != nil {
			return err
		}
	}
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
