package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/events"
)

// markEvery is how often a running server marks how far its ledger is.
const markEvery = 5 * time.Second

// ledgerMark names a commit of the ledger that was durable. The ledger of the data directory
// has this commit from then on, or it is not the same ledger, or it has lost commits.
type ledgerMark struct {
	Position events.Position `json:"position"`
	Hash     events.Hash     `json:"hash"`
}

const markFile = "ledger.json"

// mark returns the commit that was marked last; the zero value if there is none.
func (d *dataDirectory) mark() (events.Checkpoint, error) {
	text, err := os.ReadFile(d.path(markFile))
	if errors.Is(err, fs.ErrNotExist) {
		return events.Checkpoint{}, nil
	}
	if err != nil {
		return events.Checkpoint{}, err
	}
	var at ledgerMark
	if err := json.Unmarshal(text, &at); err != nil {
		return events.Checkpoint{}, &refusedError{fmt.Errorf("%s is damaged, so it does not tell how far the ledger was: if `roster verify` finds every commit in the ledger, "+
			"`roster rebuild` marks its end anew: %w", d.path(markFile), err)}
	}
	return events.Checkpoint(at), nil
}

// setMark marks a commit, which must be durable.
func (d *dataDirectory) setMark(at events.Checkpoint) error {
	text, err := json.Marshal(ledgerMark(at))
	if err != nil {
		return err
	}
	return write(d.path(markFile), string(text)+"\n")
}

// keepMark marks the newest durable commit every few seconds until ctx ends. A mark that
// cannot be written is logged: the one before it stays true.
func (d *dataDirectory) keepMark(ctx context.Context, newest func() events.Checkpoint, log *slog.Logger) {
	tick := time.NewTicker(markEvery)
	defer tick.Stop()
	var marked events.Checkpoint
	for {
		if at := newest(); at != marked {
			if err := d.setMark(at); err != nil {
				log.WarnContext(ctx, "the position of the ledger cannot be marked", "position", at.Position, "error", err)
			} else {
				marked = at
			}
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// checkMark fails if the ledger does not have the commit that the data directory marked.
func checkMark(ctx context.Context, ledger *bus.Ledger, marked events.Checkpoint) error {
	err := ledger.Check(ctx, marked)
	if _, broken := errors.AsType[*bus.BrokenError](err); broken {
		return fmt.Errorf("%w\nThe data directory marked position %d of its ledger, so nothing is served. "+
			"Bring back the newest copy of the ledger. If this one is an older copy that you mean to go on with, "+
			"accept what it lacks with `roster rebuild`", err, marked.Position)
	}
	return err
}
