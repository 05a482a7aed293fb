package bus

import (
	"context"

	"github.com/seed-2026d078/roster/events"
)

// queueBytes is how many bytes of messages may wait for the reader of a queue.
const queueBytes = 8 << 20

// batch is consecutive commits with the sizes of their messages in bytes.
type batch struct {
	commits []events.Commit
	sizes   []int
}

func (b batch) bytes() (sum int) {
	for _, size := range b.sizes {
		sum += size
	}
	return sum
}

// cut splits a batch behind a position.
func (b batch) cut(position events.Position) (before, after batch) {
	n := through(b.commits, position)
	return batch{b.commits[:n:n], b.sizes[:n:n]}, batch{b.commits[n:], b.sizes[n:]}
}

// coalescingQueue passes commits from one writer to one reader. The reader gets
// all that has come in since its last read as one batch. The writer blocks while
// queueBytes wait.
type coalescingQueue struct {
	waiting chan batch // at most one
	bytes   int        // of the batch that waits; the writer's
}

func newQueue() *coalescingQueue { return &coalescingQueue{waiting: make(chan batch, 1)} }

func (q *coalescingQueue) put(ctx context.Context, c events.Commit, size int) error {
	select {
	case next := <-q.waiting:
		fits := q.bytes < queueBytes
		if fits {
			next.commits = append(next.commits, c)
			next.sizes = append(next.sizes, size)
			q.bytes += size
		}
		q.waiting <- next
		if fits {
			return nil
		}
	default:
	}
	select {
	case q.waiting <- batch{commits: []events.Commit{c}, sizes: []int{size}}:
		q.bytes = size
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
