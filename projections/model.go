package projections

import (
	"context"
	"errors"
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
	// read decrypts fields of a row; nil if none is encrypted. If keys are missing, it fails with
	// [events.ErrUnreadable] and returns the columns that it could not read.
	read func(context.Context, Opener, *R) ([]string, error)
	// named returns what other tables copy from a row; nil if they copy nothing.
	named func(*R) (memberKey, sortKey)
}

func (m *model[K, R]) name() string { return m.table.name }

// step is two states and the keys of the rows that may differ between them.
type step struct {
	base, final domain.Roster
	*dirtyKeys
	// strict says that no row may lack what cannot be read.
	strict bool
}

// write adds the rows that only the final state has, changes those that differ, and deletes
// those that only the base state has. Unless the step is strict, a row that changes keeps the texts that
// cannot be read any more, and a row that is added lacks them.
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
	_, err := m.readAll(ctx, open, add, s.strict)
	if err != nil {
		return err
	}
	unread, err := m.readAll(ctx, open, change, s.strict)
	if err != nil {
		return err
	}
	m.table.drop(b, drop)
	whole := change[:0:0]
	for i, row := range change {
		if keep := unread[i]; keep != nil {
			m.table.put(b, []R{row}, keep...)
		} else {
			whole = append(whole, row)
		}
	}
	m.table.put(b, whole)
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

// readAll decrypts fields of rows. Unless that is strict, it returns the columns that could
// not be read, by the index of their row.
func (m *model[K, R]) readAll(ctx context.Context, open Opener, rows []R, strict bool) (map[int][]string, error) {
	if m.read == nil {
		return nil, nil
	}
	var unread map[int][]string
	for i := range rows {
		columns, err := m.read(ctx, open, &rows[i])
		switch {
		case err == nil:
		case strict || !errors.Is(err, events.ErrUnreadable):
			return nil, err
		default:
			if unread == nil {
				unread = map[int][]string{}
			}
			unread[i] = columns
		}
	}
	return unread, nil
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
