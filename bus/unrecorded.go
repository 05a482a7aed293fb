package bus

import (
	"container/list"
	"time"

	"github.com/seed-2026d078/roster/events"
)

// What is remembered of answers that the ledger does not hold, in bytes.
const (
	unrecordedPerActor        = 1 << 20 // in one organization
	unrecordedPerOrganization = 4 << 20
	unrecordedInAll           = 64 << 20
	// unrecordedOverhead is what one answer takes besides its texts, about.
	unrecordedOverhead = 512
)

// unrecordedAnswers remembers for a day, in memory only, the answers to requests with a key
// that changed nothing or were refused. An actor who has too many in an organization loses
// the oldest of their own there. If there are too many in an organization, or in all, an
// actor who has more than an equal share loses the oldest of their own for each that is
// added. So who asks much, in however many organizations, takes no room from others. If nobody
// has more than that, the oldest answer is forgotten.
type unrecordedAnswers struct {
	byKey         map[idempotencyKey]*unrecordedAnswer
	organizations map[events.OrganizationID]*answerScope
	all           *answerScope
}

// unrecordedAnswer is one answer, which is in two scopes: of its organization, and of all.
type unrecordedAnswer struct {
	actor    events.UserID
	key      idempotencyKey
	digest   string
	given    answer
	expires  time.Duration
	elements [2]scopeElements
}

func (u *unrecordedAnswer) answer(digest string) answer {
	if u.digest != digest {
		return answer{err: ErrKeyReused, known: true}
	}
	given := u.given
	given.unrecorded, given.known = 0, true
	return given
}

// answerList is answers, the oldest first.
type answerList struct {
	list.List

	bytes int
}

// oldest returns the first answer; nil if there is none.
func (l *answerList) oldest() *unrecordedAnswer {
	first := l.Front()
	if first == nil {
		return nil
	}
	return first.Value.(*unrecordedAnswer) //nolint:forcetypeassert // the list has no other values
}

// answerScope is the answers of one organization, or all answers.
type answerScope struct {
	answerList

	actors map[events.UserID]*answerList
	// perActor limits the answers to one actor, limit all of them, in bytes.
	perActor, limit int
}

// scopeElements are the elements of an answer in the lists of a scope: everybody's, and its
// actor's.
type scopeElements struct{ everybody, actor *list.Element }

func newAnswerScope(perActor, limit int) *answerScope {
	return &answerScope{actors: map[events.UserID]*answerList{}, perActor: perActor, limit: limit}
}

func (s *answerScope) add(a *unrecordedAnswer) scopeElements {
	of := s.actors[a.actor]
	if of == nil {
		of = &answerList{}
		s.actors[a.actor] = of
	}
	of.bytes += a.given.unrecorded
	s.bytes += a.given.unrecorded
	return scopeElements{everybody: s.PushBack(a), actor: of.PushBack(a)}
}

func (s *answerScope) remove(a *unrecordedAnswer, at scopeElements) {
	of := s.actors[a.actor]
	of.bytes -= a.given.unrecorded
	s.bytes -= a.given.unrecorded
	s.Remove(at.everybody)
	if of.Remove(at.actor); of.Len() == 0 {
		delete(s.actors, a.actor)
	}
}

// excess returns the answer that is to be forgotten now that an actor has added one; nil
// while there are not too many.
func (s *answerScope) excess(actor events.UserID) *unrecordedAnswer {
	switch of := s.actors[actor]; {
	case of != nil && of.bytes > s.perActor:
		return of.oldest()
	case s.bytes <= s.limit:
		return nil
	case of != nil && of.bytes > s.limit/len(s.actors):
		return of.oldest()
	}
	return s.oldest()
}

func newUnrecordedAnswers() *unrecordedAnswers {
	return &unrecordedAnswers{
		byKey:         map[idempotencyKey]*unrecordedAnswer{},
		organizations: map[events.OrganizationID]*answerScope{},
		all:           newAnswerScope(unrecordedInAll, unrecordedInAll),
	}
}

// find returns the answer that was given to a key in the last day, and whether there is one.
func (u *unrecordedAnswers) find(key idempotencyKey, elapsed time.Duration) (*unrecordedAnswer, bool) {
	found, ok := u.byKey[key]
	return found, ok && elapsed < found.expires
}

// add remembers an answer, and forgets those that are too old or too many.
func (u *unrecordedAnswers) add(actor events.UserID, key idempotencyKey, digest string, given answer, elapsed time.Duration) {
	if before, known := u.byKey[key]; known {
		u.remove(before)
	}
	given.receipt.Repeated = given.err == nil
	a := &unrecordedAnswer{actor: actor, key: key, digest: digest, given: given, expires: elapsed + idempotencyAge}
	u.byKey[key] = a
	for i, scope := range u.scopes(a) {
		a.elements[i] = scope.add(a)
	}
	for _, scope := range u.scopes(a) {
		for excess := scope.excess(actor); excess != nil; excess = scope.excess(actor) {
			u.remove(excess)
		}
	}
	for oldest := u.all.oldest(); oldest != nil && oldest.expires <= elapsed; oldest = u.all.oldest() {
		u.remove(oldest)
	}
}

// scopes returns those of an answer. It makes that of the organization if it is missing.
func (u *unrecordedAnswers) scopes(a *unrecordedAnswer) [2]*answerScope {
	organization := u.organizations[a.key.organization]
	if organization == nil {
		organization = newAnswerScope(unrecordedPerActor, unrecordedPerOrganization)
		u.organizations[a.key.organization] = organization
	}
	return [2]*answerScope{organization, u.all}
}

func (u *unrecordedAnswers) remove(a *unrecordedAnswer) {
	for i, scope := range u.scopes(a) {
		scope.remove(a, a.elements[i])
	}
	delete(u.byKey, a.key)
	if u.organizations[a.key.organization].Len() == 0 {
		delete(u.organizations, a.key.organization)
	}
}

// unrecordedSize returns how many bytes it takes to remember the answer to a call, if that
// changed nothing or was refused for good; else zero.
func (c *call[C]) unrecordedSize(a answer) int {
	size := len(c.Organization) + len(c.Actor) + len(c.Key) + len(c.Digest) + unrecordedOverhead
	switch {
	case len(a.receipt.Events) > 0:
		return 0
	case a.err == nil:
		return size
	case c.RefusalSize == nil:
		return 0
	}
	refusal := c.RefusalSize(a.err)
	if refusal == 0 {
		return 0
	}
	return size + refusal
}
