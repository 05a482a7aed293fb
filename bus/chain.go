package bus

import (
	"fmt"

	"github.com/seed-2026d078/roster/events"
)

// chain verifies the hash chain. It is verified up to the checkpoint at.
type chain struct{ at events.Checkpoint }

// read decodes the next message and moves on, if the message continues the chain.
func (c *chain) read(position events.Position, message []byte) (events.Commit, error) {
	commit, err := events.Decode(message, position)
	switch {
	case err != nil:
		return commit, &BrokenError{Position: position, Reason: unreadable, Err: err}
	case position != c.at.Position+1:
		return commit, &BrokenError{Position: c.at.Position + 1, Reason: fmt.Sprintf("the commit is missing, the next one is %d", position)}
	case commit.Previous != c.at.Hash:
		return commit, &BrokenError{Position: position, Reason: "it continues another commit than the one before it: one of both was altered"}
	}
	c.at = commit.Checkpoint()
	return commit, nil
}

// skip moves over a message that the reader knows already.
func (c *chain) skip(position events.Position, message []byte) {
	c.at = events.Checkpoint{Position: position, Hash: events.Sum(message)}
}
