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
// the oldest of their own there, an organization with too many the oldest of its own.
type unrecordedAnswers struct {
	byKey         map[idempotencyKey]*unrecordedAnswer
	actors        map[actorIn]*answerList
	organizations map[events.OrganizationID]*answerList
	all           *answerList
}

// actorIn is an actor in an organization.
type actorIn struct {
	organization events.OrganizationID
	actor        events.UserID
}

// unrecordedAnswer is one answer, which is in three lists.
type unrecordedAnswer struct {
	actor    actorIn
	key      idempotencyKey
	digest   string
	given    answer
	expires  time.Duration
	elements [3]*list.Element
}

func (u *unrecordedAnswer) answer(digest string) answer {
	if u.digest != digest {
		return answer{err: ErrKeyReused}
	}
	given := u.given
	given.unrecorded = 0
	return given
}

// answerList is answers with a common limit, the oldest first.
type answerList struct {
	list.List

	bytes, limit int
}

// oldest returns the first answer; nil if there is none.
func (l *answerList) oldest() *unrecordedAnswer {
	first := l.Front()
	if first == nil {
		return nil
	}
	return first.Value.(*unrecordedAnswer) //nolint:forcetypeassert // the list has no other values
}

func newUnrecordedAnswers() *unrecordedAnswers {
	return &unrecordedAnswers{
		byKey:         map[idempotencyKey]*unrecordedAnswer{},
		actors:        map[actorIn]*answerList{},
		organizations: map[events.OrganizationID]*answerList{},
		all:           &answerList{limit: unrecordedInAll},
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
	a := &unrecordedAnswer{actor: actorIn{key.organization, actor}, key: key, digest: digest, given: given, expires: elapsed + idempotencyAge}
	u.byKey[key] = a
	for i, l := range u.lists(a) {
		a.elements[i] = l.PushBack(a)
		l.bytes += given.unrecorded
	}
	for _, l := range u.lists(a) {
		for l.bytes > l.limit {
			u.remove(l.oldest())
		}
	}
	for oldest := u.all.oldest(); oldest != nil && oldest.expires <= elapsed; oldest = u.all.oldest() {
		u.remove(oldest)
	}
}

// lists returns the lists of an answer, which it makes where they are missing.
func (u *unrecordedAnswers) lists(a *unrecordedAnswer) [3]*answerList {
	actor, organization := u.actors[a.actor], u.organizations[a.actor.organization]
	if actor == nil {
		actor = &answerList{limit: unrecordedPerActor}
		u.actors[a.actor] = actor
	}
	if organization == nil {
		organization = &answerList{limit: unrecordedPerOrganization}
		u.organizations[a.actor.organization] = organization
	}
	return [3]*answerList{actor, organization, u.all}
}

func (u *unrecordedAnswers) remove(a *unrecordedAnswer) {
	for i, l := range u.lists(a) {
		l.Remove(a.elements[i])
		l.bytes -= a.given.unrecorded
	}
	delete(u.byKey, a.key)
	if u.actors[a.actor].Len() == 0 {
		delete(u.actors, a.actor)
	}
	if u.organizations[a.actor.organization].Len() == 0 {
		delete(u.organizations, a.actor.organization)
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
