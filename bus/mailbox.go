package bus

import (
	"context"

	"github.com/seed-2026d078/roster/events"
)

// mailboxBytes is how much may wait until its reader comes.
const mailboxBytes = 8 << 20

// batch is what waits for a reader.
type batch struct {
	commits []events.Commit
	bytes   int
}

// mailbox holds the batch that waits, if any. It serves one writer and one
// reader: the reader takes all there is, the batch grows while the reader is busy.
type mailbox chan batch

func newMailbox() mailbox { return make(mailbox, 1) }

func (m mailbox) put(ctx context.Context, c events.Commit, size int) error {
	var waiting batch
	select {
	case waiting = <-m:
	default:
	}
	if waiting.bytes >= mailboxBytes {
		m <- waiting
		waiting = batch{}
	}
	waiting.commits = append(waiting.commits, c)
	waiting.bytes += size
	select {
	case m <- waiting:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
