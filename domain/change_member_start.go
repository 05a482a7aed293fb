package domain

import (
	"time"

	"github.com/seed-2026d078/roster/events"
)

// ChangeMemberStart says when a membership starts that has not started.
type ChangeMemberStart struct {
	Member events.UserID
	// From is when it starts; the zero value, or a time that has passed, means at once.
	From time.Time
}

// Decide lets those whom the scheme allows to change ends say when the membership of others starts: later
// for members whom they outrank, or whose role they may take, earlier as long as it is theirs to give. What
// has started ends, and starts no more.
func (c ChangeMemberStart) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	member, err := org.memberToStop(m.Actor, ChangingMemberEnd, c.Member)
	if err != nil {
		return nil, byRule(err, startsAsEnds)
	}
	start := startChange{member.term, c.From, m.Actor == c.Member}
	if same, err := start.check(org, m); same || err != nil {
		return nil, err
	}
	if start.isEarlier(m) {
		if err := org.mayGive(m.Actor, member.Role, member.Levels()); err != nil {
			return nil, err
		}
	}
	return []events.Event{events.MemberStartChanged{Member: c.Member, From: member.From(), To: startOf(c.From, m)}}, nil
}

// startChange is a change of when something starts.
type startChange struct {
	term term
	from time.Time
	// own says that it is the actor's own.
	own bool
}

// check fails if the start cannot be the new one. It reports whether it is so already.
func (s startChange) check(org Organization, m events.Moment) (same bool, err error) {
	pending, from := s.term.pendingStart(org.at), startOf(s.from, m)
	switch {
	case s.term.ended(org.at):
		return false, ErrHasStarted.Because("It ended %s; add it again, with its start.", formatTime(s.term.Until()))
	case pending.Equal(from):
		return true, nil
	case pending.IsZero():
		return false, ErrHasStarted
	case s.own && s.isEarlier(m):
		return false, ErrMayNotAssign.Because("Nobody brings their own start forward; ask somebody else.")
	}
	return false, validateTerm(from, s.term.Until(), m)
}

// isEarlier reports whether the new start gives more time than the one before it.
func (s startChange) isEarlier(m events.Moment) bool { return startOf(s.from, m).Before(s.term.From()) }
