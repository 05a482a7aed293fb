package bus

import (
	"context"
	"errors"
	"testing"

	"github.com/seed-2026d078/roster/events"
)

func TestMailboxGrowsUntilItIsFull(t *testing.T) {
	t.Parallel()
	box := newMailbox()
	for p := range events.Position(8) {
		if err := box.put(t.Context(), events.Commit{Position: p + 1}, mailboxBytes/8); err != nil {
			t.Fatal(err)
		}
	}
	given, cancel := context.WithCancel(t.Context())
	cancel()
	if err := box.put(given, events.Commit{Position: 9}, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("a full mailbox took more: %v", err)
	}
	put := make(chan error, 1)
	go func() { put <- box.put(t.Context(), events.Commit{Position: 9}, 1) }()
	if b := <-box; len(b.commits) != 8 || b.commits[7].Position != 8 {
		t.Errorf("took %+v", b.commits)
	}
	if err := <-put; err != nil {
		t.Error(err)
	}
	if b := <-box; len(b.commits) != 1 || b.commits[0].Position != 9 {
		t.Errorf("took %+v", b.commits)
	}
}
