package relay

import (
	"context"
	"slices"
	"sync"

	"golang.org/x/sync/semaphore"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

const (
	// maxQueued is how many events wait in a queue. More wait in the follower.
	maxQueued = 20_000
	// comparedAtOnce is how many accesses are compared for an entry at once. If there are more, that
	// is done beside, and the messages of other organizations go on.
	comparedAtOnce = 500
)

// queue holds the commits that are not in the stream for certain. Its methods may be called from
// several goroutines.
type queue struct {
	// more holds a value if there may be more to publish, room one if commits were dropped.
	more, room chan struct{}
	// comparisons are those of the access of many, one of which works at a time.
	comparisons sync.WaitGroup
	comparing   *semaphore.Weighted

	mu sync.Mutex
	// start is where the commits begin: all up to it are in the stream for certain.
	start   events.Checkpoint
	commits []*queuedCommit
	events  int // in the commits

	// The rest is of a term. An organization with entries is in turns.
	sequence uint64 // of the last message published
	byOrg    map[events.OrganizationID][]*queuedEntry
	turns    []events.OrganizationID
	out      map[events.OrganizationID]progress
	// done is how many commits at the front are published. Of those behind, so many as touched says have
	// messages in the stream, all behind the sequence since.
	done, touched int
	since         uint64
}

// queuedCommit is a commit with what is left of it.
type queuedCommit struct {
	at      events.Checkpoint
	entries []*queuedEntry
	events  int
	left    int // entries that are not published in this term
	// touched says that messages are in the stream, all behind the sequence first. The last one is at last.
	touched     bool
	first, last uint64
}

// queuedEntry is an entry with its messages, which are nil until it is known whose access it changed.
type queuedEntry struct {
	of       *queuedCommit
	org      events.OrganizationID
	version  events.Version
	messages *entryMessages
	next     int
}

func newQueue(start events.Checkpoint) *queue {
	return &queue{more: make(chan struct{}, 1), room: make(chan struct{}, 1), comparing: semaphore.NewWeighted(1), start: start}
}

// add adds the commits of a step. It waits while there are many.
func (q *queue) add(ctx context.Context, s bus.Step[domain.Roster]) error {
	// Those that the step has changed so far. Each state is kept until the messages are built, so none is changed in place.
	changed := map[events.OrganizationID]domain.Organization{}
	for i := range s.Commits {
		c := &s.Commits[i]
		queued := &queuedCommit{at: c.Checkpoint(), left: len(c.Entries)}
		var wide []func()
		for j := range c.Entries {
			entry := &c.Entries[j]
			e := &queuedEntry{of: queued, org: entry.Organization, version: entry.Version}
			before, again := changed[entry.Organization]
			if !again {
				before = s.Before.State.Organization(entry.Organization).At(neverEnds)
			}
			compared := 0
			changes, all := domain.EffectiveChangesOf(before, entry, comparedAtOnce, func() bool { compared++; return compared <= comparedAtOnce })
			if all {
				e.messages = &entryMessages{commit: c, entry: entry, created: createdBy(before, entry), changes: changes}
				changed[entry.Organization] = changes.After()
			} else {
				wide = append(wide, func() { q.compare(ctx, e, before, c, entry) })
				changed[entry.Organization] = before.EvolveEntry(entry)
			}
			queued.entries = append(queued.entries, e)
			queued.events += len(entry.Events)
		}
		if err := q.push(ctx, queued); err != nil {
			return err
		}
		for _, compare := range wide {
			q.comparisons.Go(compare)
		}
	}
	return nil
}

// createdBy returns the version to which the creation of an entry's organization led: another one than before, if the entry creates it.
func createdBy(before domain.Organization, entry *events.Entry) events.Version {
	if before.Exists() {
		return before.Created().Version
	}
	return entry.Version
}

// compare compares the access of many, for one entry after another.
func (q *queue) compare(ctx context.Context, e *queuedEntry, before domain.Organization, c *events.Commit, entry *events.Entry) {
	if q.comparing.Acquire(ctx, 1) != nil {
		return // nobody publishes any more
	}
	defer q.comparing.Release(1)
	changes, all := domain.EffectiveChangesOf(before, entry, maxPairs, func() bool { return ctx.Err() == nil })
	messages := &entryMessages{commit: c, entry: entry, created: createdBy(before, entry), changes: changes, resync: !all}
	q.mu.Lock()
	defer q.mu.Unlock()
	e.messages = messages
	signal(q.more)
}

// push adds a commit, once there is room.
func (q *queue) push(ctx context.Context, c *queuedCommit) error {
	for {
		q.mu.Lock()
		if q.events < maxQueued || len(q.commits) == 0 {
			break
		}
		q.mu.Unlock()
		select {
		case <-q.room:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	defer q.mu.Unlock()
	if c.at.Position <= q.start.Position {
		return nil
	}
	q.commits = append(q.commits, c)
	q.events += c.events
	if q.byOrg != nil {
		q.takeTurns(c)
		q.advance()
		signal(q.more)
	}
	return nil
}

// begin begins a term: what is out already is left out. It returns false if the queue begins behind
// the place.
func (q *queue) begin(p place) bool {
	q.drop(func(c *queuedCommit) bool { return c.at.Position <= p.complete.Position })
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.start.Position > p.complete.Position {
		return false
	}
	q.start = p.complete
	q.sequence, q.byOrg, q.turns, q.out = p.sequence, map[events.OrganizationID][]*queuedEntry{}, nil, p.out
	q.done, q.touched = 0, 0
	for _, c := range q.commits {
		c.left, c.touched, c.last = len(c.entries), false, 0
		q.takeTurns(c)
		if slices.ContainsFunc(c.entries, func(e *queuedEntry) bool { return e.version <= q.out[e.org].version }) {
			q.touch(c, p.since)
		}
	}
	q.advance()
	signal(q.more)
	return true
}

// end ends a term.
func (q *queue) end() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.byOrg = nil
}

// takeTurns lets the organizations of a commit take their turns.
func (q *queue) takeTurns(c *queuedCommit) {
	for _, e := range c.entries {
		if len(q.byOrg[e.org]) == 0 {
			q.turns = append(q.turns, e.org)
		}
		q.byOrg[e.org] = append(q.byOrg[e.org], e)
		e.next = 0
		if out, is := q.out[e.org]; is && e.version == out.version {
			e.next = out.index + 1
		}
	}
}

// take returns up to n messages of one entry, those of the organization whose turn it is, and whether
// there is anything to publish.
func (q *queue) take(n int) (e *queuedEntry, messages *entryMessages, from, to int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for i, org := range q.turns {
		e := q.byOrg[org][0]
		if e.messages == nil {
			continue
		}
		q.turns = append(slices.Delete(q.turns, i, i+1), org)
		from, to := e.next, e.messages.count()
		if out, is := q.out[org]; is && e.version < out.version {
			from = to
		}
		return e, e.messages, from, min(from+n, to)
	}
	return nil, nil, 0, 0
}

// isLast reports whether no message waits behind those of an entry up to an index.
func (q *queue) isLast(e *queuedEntry, to int) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return to == e.messages.count() && len(q.turns) == 1 && len(q.byOrg[e.org]) == 1
}

// published notes that messages are in the stream up to a sequence, unless the server says otherwise
// later. The next message of the entry is that with the index.
func (q *queue) published(e *queuedEntry, next int, sequence uint64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.touch(e.of, q.sequence)
	q.sequence, e.next = sequence, next
	if next < e.messages.count() {
		return
	}
	e.of.left--
	e.of.last = sequence
	if q.byOrg[e.org] = q.byOrg[e.org][1:]; len(q.byOrg[e.org]) == 0 {
		delete(q.byOrg, e.org)
		q.turns = slices.DeleteFunc(q.turns, func(org events.OrganizationID) bool { return org == e.org })
	}
	q.advance()
}

// touch notes that a commit has messages in the stream, the first of them behind a sequence.
func (q *queue) touch(c *queuedCommit, behind uint64) {
	if c.touched {
		return
	}
	c.touched, c.first = true, behind
	if q.touched++; q.touched == 1 {
		q.since = behind // those that come are behind it, too
	}
}

// advance counts the commits at the front that are published.
func (q *queue) advance() {
	before := q.done
	for ; q.done < len(q.commits) && q.commits[q.done].left == 0; q.done++ {
		if q.commits[q.done].touched {
			q.touched--
		}
	}
	if q.done == before || q.touched == 0 {
		return
	}
	q.since = q.sequence
	seen := 0
	for _, c := range q.commits[q.done:] {
		if c.touched {
			q.since = min(q.since, c.first)
			seen++
		}
		if seen == q.touched {
			return
		}
	}
}

// place returns up to where all commits are published, and a sequence behind which all messages of
// later ones are.
func (q *queue) place() (complete events.Checkpoint, since uint64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	complete, since = q.start, q.sequence
	if q.done > 0 {
		complete = q.commits[q.done-1].at
	}
	if q.touched > 0 {
		since = q.since
	}
	return complete, since
}

// certain returns the position up to which everything is in the stream for certain.
func (q *queue) certain() events.Position {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.start.Position
}

// acknowledged drops the commits that are in the stream for certain.
func (q *queue) acknowledged(sequence uint64) {
	q.drop(func(c *queuedCommit) bool { return c.left == 0 && c.last <= sequence })
}

// drop drops commits from the front.
func (q *queue) drop(is func(*queuedCommit) bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := 0
	for n < len(q.commits) && is(q.commits[n]) {
		q.start, q.events = q.commits[n].at, q.events-q.commits[n].events
		n++
	}
	if n > 0 {
		q.commits = slices.Delete(q.commits, 0, n)
		q.done = max(q.done-n, 0)
		signal(q.room)
	}
}

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default: // it holds a value
	}
}
